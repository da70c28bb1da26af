"""Streams from a server, in both flavours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.flavours import AsyncCaller
from tests.runtime.package import load
from tests.runtime.server import Drop, Received, answering, chunk, head, response

operation = load("_runtime.operation")
operations = load("operations")
exceptions = load("exceptions")

PROMPT = {"messages": [{"role": "user", "content": "hi"}]}
CHAT = (operations.CHAT, "r", PROMPT, None, None)
LOG = (operations.LOG,)

EVENTS = [b'data: {"text":"a"}\n\n', b'id: 7\nevent: x\ndata: {"text":"b"}\n\n']
DONE = b"data: [DONE]\n\n"
WHOLE = b"".join(EVENTS) + DONE


def texts(opened: Any) -> list[str]:
    return [item.text for item in opened]


def failing(
    opened: Any, error: type[BaseException], match: str
) -> tuple[list[str], Any]:
    """The items before the error, and the error."""
    found: list[str] = []
    with pytest.raises(error, match=match) as caught:
        for item in opened:
            found.append(item.text)
    return found, caught.value


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((head(), chunk(WHOLE), chunk(b"")), id="one-chunk"),
        pytest.param(
            (head(), *map(chunk, [*EVENTS, DONE]), chunk(b"")), id="chunk-each"
        ),
        pytest.param(
            (head() + b"".join(map(chunk, [*EVENTS, DONE, b""])),),
            id="chunk-each-at-once",
        ),
        pytest.param(
            (
                head(),
                *(chunk(WHOLE[at : at + 1]) for at in range(len(WHOLE))),
                chunk(b""),
            ),
            id="chunk-a-byte",
        ),
        pytest.param((head(chunked=False), WHOLE), id="until-closed"),
        pytest.param((response(WHOLE, content_type="text/event-stream"),), id="length"),
        pytest.param(
            (head("text/event-stream; charset=utf-8"), chunk(WHOLE), chunk(b"")),
            id="charset",
        ),
        pytest.param(
            (head("application/json"), chunk(WHOLE), chunk(b"")), id="as-json"
        ),
        pytest.param((head("text/plain"), chunk(WHOLE), chunk(b"")), id="as-text"),
        pytest.param((head(), chunk(WHOLE[:-2]), chunk(b"")), id="sentinel-unfinished"),
        pytest.param(
            (head(), chunk(WHOLE + b"data: more\n\n"), chunk(b"")), id="after-sentinel"
        ),
    ],
)
def test_streams(serve: Serve, connect: Connect, pieces: tuple[bytes, ...]) -> None:
    server = serve(answering(*pieces))
    opened = connect(server).open(*CHAT)
    assert opened.stream.response.status == 200
    assert opened.stream.response.headers["Content-Type"]
    assert opened.stream.event is None
    assert texts(opened) == ["a", "b"]
    assert list(opened) == []
    (received,) = server.requests
    assert json.loads(received.body) == {**PROMPT, "stream": True}
    assert received.headers["accept"] == "text/event-stream"


def test_what_is_known_before_the_first_item(serve: Serve, connect: Connect) -> None:
    known = threading.Event()
    started = head().replace(b"\r\n\r\n", b"\r\nX-Request-Id: r7\r\n\r\n")

    def answer(_: Received) -> Iterator[bytes]:
        yield started
        known.wait()
        yield chunk(WHOLE) + chunk(b"")

    opened = connect(serve(answer)).open(*CHAT)
    try:
        assert opened.stream.response.status == 200
        assert opened.stream.response.headers["x-request-id"] == "r7"
        assert opened.stream.request_id == "r7"
        assert opened.stream.event is None
    finally:
        known.set()
    assert texts(opened) == ["a", "b"]


def test_a_stream_without_a_request_id(serve: Serve, connect: Connect) -> None:
    opened = connect(serve(answering(head(), chunk(WHOLE), chunk(b"")))).open(*CHAT)
    assert opened.stream.request_id is None


def test_events_stay_reachable(serve: Serve, connect: Connect) -> None:
    opened = connect(serve(answering(head(), chunk(WHOLE), chunk(b"")))).open(*CHAT)
    opened.next()
    assert (opened.stream.event.event, opened.stream.event.id) == ("message", "")
    assert type(opened.next()).__name__ == "Chunk"
    event = opened.stream.event
    assert (event.event, event.id, event.data) == ("x", "7", '{"text":"b"}')


@pytest.mark.parametrize("chunked", [True, False])
def test_items_come_with_their_bytes(
    serve: Serve, connect: Connect, chunked: bool
) -> None:
    received = threading.Event()

    def answer(_: Received) -> Iterator[bytes]:
        cut = chunk if chunked else bytes
        yield head(chunked=chunked) + cut(EVENTS[0])
        received.wait()
        yield cut(EVENTS[1] + DONE) + (chunk(b"") if chunked else b"")

    opened = connect(serve(answer)).open(*CHAT)
    try:
        assert opened.next().text == "a"
    finally:
        received.set()
    assert texts(opened) == ["b"]


def test_lines(serve: Serve, connect: Connect) -> None:
    lines = b'{"text":"a"}\n\n{"text":"b"}'
    server = serve(answering(head("application/x-ndjson"), chunk(lines), chunk(b"")))
    assert texts(connect(server).open(*LOG)) == ["a", "b"]
    assert server.requests[0].headers["accept"] == "application/x-ndjson"


def test_text_items(serve: Serve, connect: Connect) -> None:
    described = operation.Operation(
        id="log", method="GET", path="/x", stream=operation.EventStream("str")
    )
    pieces = head(), chunk(b"data: plain\ndata: text\n\n"), chunk(b"")
    assert list(connect(serve(answering(*pieces))).open(described)) == ["plain\ntext"]


def test_a_stream_without_a_sentinel_just_ends(serve: Serve, connect: Connect) -> None:
    pieces = head(), chunk(b"".join(EVENTS) + b'data: {"text":"c"}'), chunk(b"")
    assert texts(connect(serve(answering(*pieces))).open(*LOG)) == ["a", "b", "c"]


def test_an_undeclared_sentinel_ends_too(serve: Serve, connect: Connect) -> None:
    pieces = head(), chunk(WHOLE), chunk(b"")
    assert texts(connect(serve(answering(*pieces))).open(*LOG)) == ["a", "b"]


def cut(*pieces: bytes) -> Iterator[bytes]:
    yield from pieces
    raise Drop


@pytest.mark.parametrize(
    ("arguments", "pieces", "resets", "match"),
    [
        pytest.param(
            CHAT,
            (head(), chunk(WHOLE[:-14]), chunk(b"")),
            False,
            r"ended without \[DONE\]",
            id="no-sentinel",
        ),
        pytest.param(
            CHAT,
            (head(), chunk(WHOLE[:-14] + b'data: {"te'), chunk(b"")),
            False,
            r"ended without \[DONE\]",
            id="in-an-event",
        ),
        pytest.param(
            LOG,
            (head(), chunk(WHOLE[:-14] + b'data: {"te'), chunk(b"")),
            False,
            "in the middle of an event",
            id="in-an-event-without-sentinel",
        ),
        pytest.param(
            LOG,
            (head(), chunk(WHOLE[:-14])),
            False,
            "broke off: the connection",
            id="no-last-chunk",
        ),
        pytest.param(
            CHAT,
            (head(), chunk(WHOLE[:-14])),
            True,
            "broke off: the connection",
            id="reset",
        ),
        pytest.param(
            CHAT,
            (head(chunked=False), WHOLE[:-14]),
            False,
            r"ended without \[DONE\]",
            id="closed",
        ),
        pytest.param(
            LOG,
            (response(WHOLE[:-14] + b" " * 9, content_type="text/event-stream")[:-9],),
            True,
            "broke off: the connection",
            id="length",
        ),
    ],
)
def test_streams_that_break_off(
    serve: Serve,
    connect: Connect,
    arguments: Any,
    pieces: tuple[bytes, ...],
    resets: bool,
    match: str,
) -> None:
    received = threading.Event()

    def answer(_: Received) -> Iterator[bytes]:
        yield from pieces
        if pieces[-1] != chunk(b""):
            received.wait()
            raise Drop if resets else ConnectionAbortedError

    opened = connect(serve(answer)).open(*arguments)
    found = [opened.next().text, opened.next().text]
    received.set()
    more, error = failing(opened, exceptions.StreamError, match)
    assert (found, more) == (["a", "b"], [])
    assert error.status == 200
    assert error.headers["content-type"] == "text/event-stream"
    assert str(error).startswith(f"{arguments[0].id}: the stream broke off")
    assert "(status 200" in str(error)


def test_a_stream_that_stalls(serve: Serve, connect: Connect) -> None:
    over = threading.Event()

    def answer(_: Received) -> Iterator[bytes]:
        yield head() + chunk(EVENTS[0])
        over.wait()

    opened = connect(serve(answer)).open(*CHAT, request_timeout=(5, 0.05))
    try:
        found, _ = failing(
            opened,
            exceptions.ApiTimeoutError,
            "chat: the rest of the answer of .* did not come in time",
        )
    finally:
        over.set()
    assert found == ["a"]


@pytest.mark.parametrize(
    ("event", "data"),
    [
        (b'data: {"error":{"message":"Overloaded"}}\n\n', "Trouble"),
        (b'event: error\ndata: {"error":{"message":"Overloaded"}}\n\n', "Trouble"),
        (b'event: error\ndata: {"message":"Overloaded"}\n\n', "dict"),
        (b"event: error\ndata: Overloaded\n\n", "NoneType"),
        (b'data: {"error":"Overloaded"}\n\n', "dict"),
        (b'data: {"error":{"message":"Overloaded"}}', "Trouble"),
    ],
)
def test_errors_in_a_stream(
    serve: Serve, connect: Connect, event: bytes, data: str
) -> None:
    server = serve(answering(head(), chunk(EVENTS[0] + event), chunk(b"")))
    opened = connect(server).open(*CHAT)
    found, error = failing(
        opened, exceptions.StreamError, "carries an error: Overloaded"
    )
    assert found == ["a"]
    assert type(error.data).__name__ == data
    assert error.event.raw in event
    assert error.body == error.event.data


@pytest.mark.parametrize(
    "data",
    [
        b'{"text":"a","error":null}',
        b'{"text":"a","index":1,"meta":{"error":{"x":1}}}',
        b'{"text":"\\"error\\""}',
    ],
)
def test_events_that_are_no_errors(serve: Serve, connect: Connect, data: bytes) -> None:
    server = serve(
        answering(head(), chunk(b"data: " + data + b"\n\n" + DONE), chunk(b""))
    )
    assert len(list(connect(server).open(*CHAT))) == 1


def test_events_that_cannot_be_read(serve: Serve, connect: Connect) -> None:
    server = serve(
        answering(head(), chunk(EVENTS[0] + b"data: {oops\n\n" + DONE), chunk(b""))
    )
    found, error = failing(
        connect(server).open(*CHAT),
        exceptions.ResponseDecodeError,
        "an event is not what",
    )
    assert (found, error.raw) == (["a"], b"{oops")


@pytest.mark.parametrize("mode", ["lenient", "strict", "off"])
def test_events_that_do_not_fit(serve: Serve, connect: Connect, mode: str) -> None:
    server = serve(
        answering(head(), chunk(b'data: {"index":1}\n\n' + DONE), chunk(b""))
    )
    opened = connect(server, response_validation=mode).open(*CHAT)
    if mode == "strict":
        failing(opened, exceptions.ResponseDecodeError, "text: Field required")
    else:
        assert [(item.text, item.index) for item in opened] == [(None, 1)]


def test_events_are_bounded(serve: Serve, connect: Connect) -> None:
    server = serve(
        answering(head(), chunk(EVENTS[0] + b"data: " + b"x" * 2000), chunk(b""))
    )
    opened = connect(server, max_event_size=1000).open(*CHAT)
    found, _ = failing(opened, exceptions.StreamError, "larger than 1000 bytes")
    assert found == ["a"]


@pytest.mark.parametrize(
    ("content_type", "body", "match"),
    [
        (
            "application/json",
            b'{"id":"1","message":{"role":"x"}}',
            "a JSON document and no stream",
        ),
        ("application/json", b'\n [{"id":"1"}]', "a JSON document and no stream"),
        ("application/json", b'{"error":{"message":"No"}}', "carries an error: No"),
        ("text/html", b"<html></html>", "the answer is no stream"),
    ],
)
def test_answers_that_are_no_stream(
    serve: Serve, connect: Connect, content_type: str, body: bytes, match: str
) -> None:
    caller = connect(serve(answering(response(body, content_type=content_type))))
    with pytest.raises(exceptions.StreamError, match=match):
        list(caller.open(*CHAT))


def test_documents_are_bounded(serve: Serve, connect: Connect) -> None:
    document = b'{"id":"' + b"x" * 2000
    pieces = head("application/json"), chunk(document[:900]), chunk(document[900:])
    caller = connect(serve(answering(*pieces, chunk(b""))), max_event_size=1000)
    with pytest.raises(exceptions.StreamError, match="a JSON document and no stream"):
        list(caller.open(*CHAT))


def test_failures_are_raised_when_the_stream_opens(
    serve: Serve, connect: Connect
) -> None:
    failed = response(b'{"error":{"message":"Slow down"}}', status="429 Too Many")
    caller = connect(serve(answering(failed)))
    with pytest.raises(
        exceptions.RateLimitException, match="chat: 429 Too Many: Slow down"
    ) as caught:
        caller.open(*CHAT)
    assert caught.value.data.error == {"message": "Slow down"}


def test_operations_that_do_not_stream(serve: Serve, connect: Connect) -> None:
    described = operation.Operation(id="get", method="GET", path="/x")
    caller = connect(serve(answering(response(b"{}"))))
    with pytest.raises(exceptions.ApiValueError, match="get does not stream"):
        caller.open(described)


def test_a_finished_stream_gives_its_connection_back(
    serve: Serve, connect: Connect
) -> None:
    server = serve(answering(head(), chunk(WHOLE), chunk(b"")))
    caller = connect(server)
    for _ in range(3):
        opened = caller.open(*CHAT)
        assert texts(opened) == ["a", "b"]
        opened.close()
    assert server.connections == 1


@pytest.mark.parametrize("taken", [0, 1])
def test_a_stream_that_is_left_gives_its_connection_back(
    serve: Serve, connect: Connect, taken: int
) -> None:
    over = threading.Event()

    def answer(received: Received) -> Iterator[bytes]:
        if b'"stream"' not in received.body:
            yield response(b'{"id":"1","message":{"role":"x"}}')
            return
        yield head() + chunk(EVENTS[0])
        over.wait()

    caller = connect(serve(answer), connection_pool_maxsize=1)
    for _ in range(3):
        opened = caller.open(*CHAT)
        for _ in range(taken):
            opened.next()
        opened.close()
        opened.close()
        assert caller.call(*CHAT).data.id == "1"
    over.set()


def test_an_asynchronous_stream_opens_itself(serve: Serve) -> None:
    server = serve(answering(head(), chunk(WHOLE), chunk(b"")))
    caller = AsyncCaller(load("configuration").Configuration(host=server.url))

    async def read() -> list[str]:
        stream = caller.client.call_stream(
            CHAT[0], CHAT[1:], load("_runtime.request").CallOptions()
        )
        with pytest.raises(exceptions.ApiValueError, match="has not been opened"):
            _ = stream.response
        with pytest.raises(exceptions.ApiValueError, match="has not been opened"):
            _ = stream.request_id
        assert stream.event is None
        return [item.text async for item in stream]

    assert caller.runner.run(read()) == ["a", "b"]
    caller.close()


def test_ten_thousand_events(serve: Serve, connect: Connect) -> None:
    pieces = [chunk(b'data: {"text":"%d"}\n\n' % number) for number in range(10_000)]
    server = serve(answering(head() + b"".join(pieces) + chunk(DONE) + chunk(b"")))
    assert texts(connect(server).open(*CHAT)) == [
        str(number) for number in range(10_000)
    ]
