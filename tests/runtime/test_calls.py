"""Calls against a server, in both flavours."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import load
from tests.runtime.server import (
    Received,
    Server,
    answering,
    chunk,
    head,
    response,
)

operation = load("_runtime.operation")
operations = load("operations")
exceptions = load("exceptions")
Body, Field, Operation = operation.Body, operation.FormField, operation.Operation

PROMPT = {"messages": [{"role": "user", "content": "hi"}]}
REPLY = {"id": "1", "message": {"role": "assistant", "content": "hello"}}
CHAT = (operations.CHAT, "r", PROMPT, None, None)


def get(expression: str | None, **described: Any) -> Any:
    described = {"responses": {"200": expression}, **described}
    return Operation(id="get", method="GET", path="/x", **described)


def test_a_call(serve: Serve, connect: Connect) -> None:
    server = serve(
        answering(response(json.dumps(REPLY).encode(), headers=[("X-Id", "7")]))
    )
    caller = connect(server, access_token="sk-1")
    answer = caller.call(*CHAT)
    assert type(answer.data).__name__ == "Reply"
    assert answer.data.message.content == "hello"
    assert answer.status_code == 200
    assert answer.headers["x-ID"] == "7"
    assert json.loads(answer.raw_data) == REPLY
    (received,) = server.requests
    assert (received.method, received.target) == ("POST", "/rooms/r/chat")
    assert json.loads(received.body) == PROMPT
    assert received.headers["authorization"] == "Bearer sk-1"
    assert received.headers["user-agent"] == "sample/1.0.0/python"
    assert received.headers["content-length"] == str(len(received.body))


def test_connections_are_kept(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(json.dumps(REPLY).encode())))
    caller = connect(server)
    for _ in range(5):
        caller.call(*CHAT)
    assert server.connections == 1


def test_connections_that_the_server_closes_are_opened_again(
    serve: Serve, connect: Connect
) -> None:
    body = json.dumps(REPLY).encode()
    server = serve(answering(response(body, headers=[("Connection", "close")])))
    caller = connect(server)
    for _ in range(3):
        assert caller.call(*CHAT).data.id == "1"
    assert server.connections == 3


def test_a_closed_client_can_be_used_again(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(json.dumps(REPLY).encode())))
    first = connect(server)
    first.call(*CHAT)
    second = connect(server)
    second.call(*CHAT)
    assert server.connections == 2


@pytest.mark.parametrize(
    ("expression", "content_type", "body", "expected"),
    [
        ("dict[str, int]", "application/json", b'{"a":1}', {"a": 1}),
        (
            "dict[str, int]",
            "application/vnd.x+json; charset=utf-8",
            b'{"a":1}',
            {"a": 1},
        ),
        ("dict[str, int]", "text/plain", b'{"a":1}', {"a": 1}),
        ("dict[str, int]", None, b'{"a":1}', {"a": 1}),
        ("str", "application/json", b'"\\u00e9"', "\u00e9"),
        ("str", "text/plain", "\u00e9".encode(), "\u00e9"),
        ("str", "text/plain; charset=latin-1", b"\xe9", "\u00e9"),
        ("str", "text/plain; charset=no-such", b"a", "a"),
        (
            "list[str]",
            "application/json; charset=utf-16",
            '["\u00e9"]'.encode("utf-16"),
            ["\u00e9"],
        ),
        ("bytes", "audio/mpeg", b"\0\xff", b"\0\xff"),
        ("bytearray", "audio/mpeg", b"\0\xff", bytearray(b"\0\xff")),
        ("bytearray", "application/json", b"", bytearray()),
        ("str", "text/plain", b"", ""),
        ("Reply", "application/json", b"", None),
        (None, "application/json", b'{"a":1}', None),
    ],
)
def test_answers(
    serve: Serve,
    connect: Connect,
    expression: str | None,
    content_type: str | None,
    body: bytes,
    expected: Any,
) -> None:
    caller = connect(serve(answering(response(body, content_type=content_type))))
    answer = caller.call(get(expression))
    assert answer.data == expected
    assert type(answer.data) is type(expected)
    assert answer.raw_data == body


@pytest.mark.parametrize(
    ("status", "responses", "expected"),
    [
        ("201 Created", {"200": "str", "201": "list[int]"}, [1]),
        ("202 Accepted", {"2XX": "list[int]"}, [1]),
        ("203 Other", {"default": "list[int]", "200": "str"}, [1]),
        ("206 Other", {"200": "list[int]"}, [1]),
        ("204 No Content", {"204": None}, None),
    ],
)
def test_the_answer_that_its_status_describes(
    serve: Serve,
    connect: Connect,
    status: str,
    responses: dict[str, str],
    expected: Any,
) -> None:
    body = b"" if status.startswith("204") else b"[1]"
    caller = connect(serve(answering(response(body, status=status))))
    assert caller.call(get(None, responses=responses)).data == expected


def test_answers_in_chunks_and_compressed(serve: Serve, connect: Connect) -> None:
    zipped = gzip.compress(b"[1,2]")
    start = head("application/json").replace(
        b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"
    )
    pieces = [start, chunk(zipped[:7]), chunk(zipped[7:]), chunk(b"")]
    caller = connect(serve(answering(*pieces)))
    assert caller.call(get("list[int]")).data == [1, 2]


@pytest.mark.parametrize("size", [1, 10, 8191, 8192, 8193, 100_000])
def test_chunks_of_every_size(serve: Serve, connect: Connect, size: int) -> None:
    body = json.dumps(["x" * 50_000]).encode()
    step = max(size, len(body) // 2000)
    cuts = [chunk(body[at : at + step]) for at in range(0, len(body), step)]
    server = serve(answering(head("application/json") + b"".join(cuts) + chunk(b"")))
    caller = connect(server)
    for _ in range(2):
        assert caller.call(get("list[str]")).raw_data == body
    assert server.connections == 1


def test_raw_answers_are_not_read(serve: Serve, connect: Connect) -> None:
    failing = response(b"no", status="500 Oops", content_type="text/plain")
    caller = connect(serve(answering(failing)))
    assert caller.raw(get("str")) == (500, b"no")


@pytest.mark.parametrize("framing", ["chunked", "length"])
def test_raw_answers_come_as_they_are_sent(
    serve: Serve, connect: Connect, framing: str
) -> None:
    """No piece is sent before the caller has the one before."""
    had = [threading.Event() for _ in range(3)]

    def answer(_: Received) -> Iterable[bytes]:
        if framing == "chunked":
            yield head("text/plain")
        else:
            yield response(b"012", content_type="text/plain")[:-3]
        for number, event in enumerate(had):
            data = str(number).encode()
            yield chunk(data) if framing == "chunked" else data
            assert event.wait(10)
        if framing == "chunked":
            yield chunk(b"")

    pieces = connect(serve(answer)).raw_pieces(get("str"))
    for number, event in enumerate(had):
        assert next(pieces) == str(number).encode()
        event.set()
    assert next(pieces, None) is None


def test_raw_answers_may_be_streams(serve: Serve, connect: Connect) -> None:
    server = serve(answering(head(), chunk(b"data: {}\n\n"), chunk(b"")))
    prompt = {**PROMPT, "stream": True}
    assert connect(server).raw(operations.CHAT, "r", prompt, None, None) == (
        200,
        b"data: {}\n\n",
    )
    assert json.loads(server.requests[0].body) == prompt


@pytest.mark.parametrize("mode", ["lenient", "strict", "off"])
def test_answers_that_do_not_fit(serve: Serve, connect: Connect, mode: str) -> None:
    caller = connect(
        serve(answering(response(b'{"id":"1"}'))), response_validation=mode
    )
    if mode == "strict":
        with pytest.raises(
            exceptions.ResponseDecodeError, match=r"chat: the answer .*message: Field"
        ):
            caller.call(*CHAT)
    else:
        answer = caller.call(*CHAT)
        assert (answer.data.id, answer.data.message) == ("1", None)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html>", "text/html"),
        (b"{", "application/json"),
        (b"\xff", "application/json"),
    ],
)
def test_answers_that_cannot_be_read(
    serve: Serve, connect: Connect, body: bytes, content_type: str
) -> None:
    caller = connect(serve(answering(response(body, content_type=content_type))))
    with pytest.raises(exceptions.ResponseDecodeError) as caught:
        caller.call(*CHAT)
    assert caught.value.raw == body
    assert caught.value.status == 200
    assert caught.value.headers["content-type"] == content_type
    assert content_type in str(caught.value)


def test_an_empty_answer_is_refused_where_validation_is_strict(
    serve: Serve, connect: Connect
) -> None:
    caller = connect(serve(answering(response(b""))), response_validation="strict")
    with pytest.raises(exceptions.ResponseDecodeError, match="the answer is empty"):
        caller.call(*CHAT)


def test_a_stream_is_no_answer(serve: Serve, connect: Connect) -> None:
    server = serve(answering(head(), chunk(b"data: {}\n\n")))
    caller = connect(server)
    with pytest.raises(exceptions.StreamError, match="call chat_stream instead"):
        caller.call(*CHAT)
    with pytest.raises(exceptions.StreamError, match="without preloading"):
        caller.call(get("Reply"))


def test_files_are_sent_as_they_are_read(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(range(256)) * 4000)
    server = serve(answering(response(b"1")))
    caller = connect(server)
    upload = Operation(
        id="upload",
        method="POST",
        path="/files",
        arguments=(Field("file", "file", "bytes", file=True),),
        content_types=("multipart/form-data",),
        responses={"200": "int"},
    )
    assert caller.call(upload, path).data == 1
    (received,) = server.requests
    assert received.headers["content-length"] == str(len(received.body))
    assert "transfer-encoding" not in received.headers
    assert path.read_bytes() in received.body


def test_headers_in_utf_8(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(json.dumps(REPLY).encode())))
    connect(server).call(operations.CHAT, "r", PROMPT, "\u00e9\u4e16", None)
    (received,) = server.requests
    assert received.headers["x-trace"].encode("latin-1").decode() == "\u00e9\u4e16"


def test_the_target_is_sent_as_it_was_built(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(json.dumps(REPLY).encode())))
    connect(server).call(operations.CHAT, "a/b?c%2F#\u00e9 +~'", PROMPT, None, None)
    (received,) = server.requests
    assert received.target == "/rooms/a%2Fb%3Fc%252F%23%C3%A9%20%2B~%27/chat"


@pytest.mark.parametrize(
    ("arguments", "method", "content_type", "body"),
    [
        (("GET", "/p"), "GET", None, b""),
        (("post", "/p", None, {"a": 1}), "POST", "application/json", b'{"a": 1}'),
        (
            (
                "POST",
                "/p",
                {"Content-Type": "application/x-www-form-urlencoded"},
                None,
                [("a", "b c")],
            ),
            "POST",
            "application/x-www-form-urlencoded",
            b"a=b%20c",
        ),
        (("PUT", "/p", {"Content-Type": "text/x"}, "raw"), "PUT", "text/x", b"raw"),
    ],
)
def test_calls_that_no_operation_describes(
    serve: Serve,
    connect: Connect,
    arguments: tuple[Any, ...],
    method: str,
    content_type: str | None,
    body: bytes,
) -> None:
    server = serve(answering(response(b"{}", status="404 Not Found")))
    answer = connect(server).request(
        arguments[0], server.url + arguments[1], *arguments[2:]
    )
    assert (answer.status, answer.data) == (404, b"{}")
    assert answer.getheader("content-TYPE") == "application/json"
    (received,) = server.requests
    assert (received.method, received.target, received.body) == (method, "/p", body)
    assert received.headers.get("content-type") == content_type


def redirecting(server: Server, **targets: str) -> Any:
    """Answers `/x` with a redirect, and says what it received elsewhere."""

    def answer(received: Received) -> list[bytes]:
        if received.target != "/x":
            said = {"method": received.method, "headers": received.headers}
            return [
                response(json.dumps({**said, "body": received.body.decode()}).encode())
            ]
        return [
            response(
                status=targets["status"], headers=[("Location", targets["location"])]
            )
        ]

    server.answer = answer
    return server


@pytest.mark.parametrize(
    ("status", "method", "followed", "body"),
    [
        ("301 Moved", "POST", "GET", ""),
        ("302 Found", "POST", "GET", ""),
        ("303 See Other", "PUT", "GET", ""),
        ("307 Temporary", "POST", "POST", '"b"'),
        ("308 Permanent", "PUT", "PUT", '"b"'),
        ("302 Found", "PUT", "PUT", '"b"'),
    ],
)
def test_redirects(
    serve: Serve, connect: Connect, status: str, method: str, followed: str, body: str
) -> None:
    server = redirecting(serve(answering()), status=status, location="/y?z=1#f")
    described = Operation(
        id="put",
        method=method,
        path="/x",
        arguments=(Body("body", "str"),),
        content_types=("application/json",),
        responses={"200": "dict[str, Any]"},
        security=(("HeaderKey",),),
    )
    caller = connect(server, api_key={"HeaderKey": "sk-secret"})
    said = caller.call(described, "b").data
    assert (said["method"], said["body"]) == (followed, body)
    assert ("content-type" in said["headers"]) is bool(body)
    assert said["headers"]["x-api-key"] == "sk-secret"
    assert server.requests[1].target == "/y?z=1"


def test_credentials_stay_with_their_origin(serve: Serve, connect: Connect) -> None:
    other = redirecting(serve(answering()), status="", location="")
    server = redirecting(serve(answering()), status="307 T", location=f"{other.url}/y")
    described = get(
        "dict[str, Any]",
        security=(("HeaderKey", "Bearer", "CookieKey"),),
    )
    keys = {"HeaderKey": "sk-1", "CookieKey": "sk-2"}
    caller = connect(server, api_key=keys, access_token="sk-3")
    said = caller.call(described).data
    assert "sk-3" in server.requests[0].headers["authorization"]
    assert not {"x-api-key", "authorization", "cookie"} & set(said["headers"])


def test_redirects_end(serve: Serve, connect: Connect) -> None:
    server = redirecting(serve(answering()), status="302 Found", location="/x")
    with pytest.raises(exceptions.ApiException) as caught:
        connect(server).call(get("str"))
    assert caught.value.status == 302
    assert len(server.requests) == 11


@pytest.mark.parametrize(
    "location",
    [
        *("ftp://h/", "file:///etc/passwd", "", "http://", "http://[", "http://h:x/"),
        *("http://h:99999/", "http://\xff.test/", "http://h/a b", "//[::1"),
    ],
)
def test_redirects_to_what_cannot_be_asked_for_are_not_followed(
    serve: Serve, connect: Connect, location: str
) -> None:
    server = redirecting(serve(answering()), status="302 Found", location=location)
    with pytest.raises(exceptions.ApiException) as caught:
        connect(server).call(get("str"))
    assert caught.value.status == 302
