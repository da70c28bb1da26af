"""Servers that fail in every way: what the committed clients make of it, in both flavours."""

from __future__ import annotations

import gc
import gzip
import itertools
import json
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.functional.clients import Caller, plain
from tests.functional.test_calls import each_caller
from tests.functional.test_streams import chunk, texts
from tests.loopback import Answer, LoopbackServer

Loopback = Callable[[str], LoopbackServer]

BODY = json.dumps({"choices": [], "id": "x", "object": "o", "created": 1, "model": "m"})
ERROR: Any = {
    "error": {"message": "slow down", "type": "t", "param": None, "code": "c"}
}
BUSY = Answer.json(ERROR, status=429, headers={"retry-after-ms": "0"})


def called(caller: Caller, server: LoopbackServer, **settings: Any) -> Any:
    """The answer of one call, tried once unless told otherwise."""
    settings.setdefault("retries", 0)
    return caller.run(
        server.url,
        lambda api: caller.method(api)(*caller.arguments(caller.request())),
        **settings,
    )


def streamed(caller: Caller, server: LoopbackServer, **settings: Any) -> list[str]:
    """The texts of one stream, tried once unless told otherwise."""
    settings.setdefault("retries", 0)
    return texts(caller.stream(server.url, caller.request(), **settings).items)


def raw(data: bytes, ending: Any = "close") -> Answer:
    """An answer of exactly these bytes, the head included."""
    return Answer(body=data, head=False, framing="none", ending=ending)


BREAKS = [
    pytest.param(Answer.reset(), id="reset-before-the-head"),
    pytest.param(raw(b"HTTP/1.1 200 OK\r\nConte", "reset"), id="reset-in-the-head"),
    pytest.param(raw(b"HTTP/1.1 200 OK\r\nConte"), id="closed-in-the-head"),
    pytest.param(raw(b""), id="closed-before-the-head"),
    pytest.param(Answer.reset(b'{"id"'), id="reset-in-the-body"),
    pytest.param(Answer.truncated(b'{"id"', missing=90), id="closed-in-the-body"),
    pytest.param(Answer.garbage(), id="garbage"),
    pytest.param(Answer.garbage(b"\xff" * 70_000), id="endless-garbage"),
    pytest.param(
        raw(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
        ),
        id="bad-chunk",
    ),
    pytest.param(
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 20_000 + b"\r\n"),
        id="too-many-headers",
    ),
]


@each_caller
@pytest.mark.parametrize("answer", BREAKS)
def test_connections_that_break(
    caller: Caller, loopback: Loopback, answer: Answer
) -> None:
    server = loopback(caller.vendor.name)
    server.script(answer)
    exceptions = caller.package.exceptions
    with pytest.raises(exceptions.ApiException) as caught:
        called(caller, server, timeout=(5, 2))
    expected = (exceptions.ApiConnectionError, exceptions.ResponseDecodeError)
    assert isinstance(caught.value, expected)
    assert not isinstance(caught.value, exceptions.ApiTimeoutError)
    assert caller.vendor.method in str(caught.value)
    assert "secret" not in str(caught.value)


@each_caller
@pytest.mark.parametrize("answer", BREAKS[:6])
def test_connections_that_break_are_tried_again(
    caller: Caller, loopback: Loopback, answer: Answer
) -> None:
    server = loopback(caller.vendor.name)
    server.script(answer)
    policy = caller.package.configuration.RetryPolicy(retries=1, base=0.0)
    assert plain(called(caller, server, retries=policy)) == server.last.answer
    first, second = server.requests
    assert first.body == second.body


@each_caller
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer.stall(), id="before-the-head"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nConte", "stall"), id="in-the-head"),
        pytest.param(Answer.stall(b'{"id"'), id="in-the-body"),
    ],
)
@pytest.mark.parametrize("timeout", [0.8, (5, 0.2)], ids=["total", "read"])
def test_stalls(
    caller: Caller, loopback: Loopback, answer: Answer, timeout: Any
) -> None:
    server = loopback(caller.vendor.name)
    server.script(answer)
    with pytest.raises(caller.package.exceptions.ApiTimeoutError, match="in time"):
        called(caller, server, timeout=timeout)


@each_caller
def test_a_slow_drip_ends_with_the_total_time(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    server.script(
        Answer(
            headers={"Content-Type": "application/json"},
            body=tuple(bytes([each]) for each in BODY.encode()),
            delay=0.03,
        )
    )
    timeout = caller.package.configuration.Timeout(connect=5, read=5, total=0.8)
    with pytest.raises(caller.package.exceptions.ApiTimeoutError):
        called(caller, server, timeout=timeout)
    assert server.last.finished.wait(5)
    assert server.last.aborted


@each_caller
def test_a_slow_drip_is_no_stall(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    pieces = tuple(BODY[at : at + 8].encode() for at in range(0, len(BODY), 8))
    server.script(
        Answer(headers={"Content-Type": "application/json"}, body=pieces, delay=0.01)
    )
    assert plain(called(caller, server, timeout=(5, 2))) == json.loads(BODY)


@each_caller
def test_compressed_answers(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.json(json.loads(BODY)).gzipped())
    assert plain(called(caller, server)) == json.loads(BODY)


@each_caller
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_truncated_compression(caller: Caller, loopback: Loopback, kept: float) -> None:
    packed = gzip.compress(BODY.encode() * 20, mtime=0)
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server = loopback(caller.vendor.name)
    server.script(Answer(headers=headers, body=packed[: int(len(packed) * kept)]))
    with pytest.raises(caller.package.ApiException) as caught:
        called(caller, server)
    assert caller.vendor.method in str(caught.value)


@each_caller
@pytest.mark.parametrize(
    "content_type", ["text/html", "application/octet-stream", "nonsense", ""]
)
def test_wrong_content_types(
    caller: Caller, loopback: Loopback, content_type: str
) -> None:
    server = loopback(caller.vendor.name)
    page = Answer(headers={"Content-Type": content_type}, body=b"<html>Sign in</html>")
    server.script(page)
    with pytest.raises(caller.package.exceptions.ResponseDecodeError) as caught:
        called(caller, server)
    assert caught.value.raw == b"<html>Sign in</html>"
    server.script(Answer(headers={"Content-Type": content_type}, body=BODY.encode()))
    assert plain(called(caller, server)) == json.loads(BODY)


@each_caller
@pytest.mark.parametrize("status", [307, 308])
def test_redirects(caller: Caller, loopback: Loopback, status: int) -> None:
    server = loopback(caller.vendor.name)
    called(caller, server)
    path = server.last.path
    server.script(Answer.redirect(path, status=status))
    assert plain(called(caller, server)) == server.last.answer
    assert json.loads(server.last.body) == caller.vendor.wire
    assert {each.header("authorization") for each in server.requests} == {
        caller.vendor.headers.get("authorization")
    }


@each_caller
def test_credentials_stay_with_their_origin(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    other = loopback("together" if caller.vendor.name != "together" else "openai")
    server.script(Answer.redirect(f"{other.origin}/there"))
    other.script(Answer.json(json.loads(BODY)))
    called(caller, server)
    for name in ("authorization", "x-api-key", "cookie"):
        assert other.last.header(name) is None
    other.violations.clear()


@each_caller
def test_endless_redirects(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    called(caller, server)
    server.script(*[Answer.redirect(server.last.path)] * 11)
    with pytest.raises(caller.package.ApiException) as caught:
        called(caller, server)
    assert caught.value.status == 307


@each_caller
def test_a_storm_of_rate_limits_that_passes(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(BUSY, BUSY)
    assert plain(called(caller, server, retries=None)) == server.last.answer
    assert len(server.requests) == 3
    assert {request.connection for request in server.requests} == {1}


@each_caller
def test_a_storm_of_rate_limits_that_stays(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(*[BUSY] * 3)
    with pytest.raises(
        caller.package.exceptions.RateLimitException, match="slow down"
    ) as caught:
        called(caller, server, retries=None)
    assert caught.value.retry_after == 0
    assert len(server.requests) == 3


@each_caller
def test_a_vendor_that_asks_for_too_much(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.json(ERROR, status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(caller.package.exceptions.RateLimitException) as caught:
        called(caller, server, retries=None)
    assert caught.value.retry_after == 3600


@each_caller
def test_options_of_a_group(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(BUSY, BUSY)
    found = caller.run(
        server.url,
        lambda api: caller.method(api.with_options(retries=2))(
            *caller.arguments(caller.request())
        ),
        retries=0,
    )
    assert plain(found) == server.last.answer


def several(caller: Caller, server: LoopbackServer, count: int, **settings: Any) -> Any:
    """So many calls over one client."""

    def sync(api: Any) -> None:
        for _ in range(count):
            caller.method(api)(*caller.arguments(caller.request()))

    async def async_(api: Any) -> None:
        for _ in range(count):
            await caller.method(api)(*caller.arguments(caller.request()))

    return caller.run(
        server.url, sync if caller.flavour == "sync" else async_, **settings
    )


@each_caller
def test_connections_that_the_server_does_not_keep(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    once = Answer.json(json.loads(BODY))
    server.script(*[replace(once, ending="close")] * 3)
    policy = caller.package.configuration.RetryPolicy(base=0.0)
    several(caller, server, 4, retries=policy)
    assert len(server.requests) == 4


@each_caller
@pytest.mark.parametrize("ending", ["close", "reset"])
def test_streams_that_break(caller: Caller, loopback: Loopback, ending: Any) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk("a")], sentinel=None, ending=ending))
    with pytest.raises(caller.package.exceptions.StreamError):
        streamed(caller, server, retries=5)
    assert len(server.requests) == 1


@each_caller
def test_streams_that_stall(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk("a")], sentinel=None, ending="stall"))
    with pytest.raises(caller.package.exceptions.ApiTimeoutError):
        streamed(caller, server, timeout=0.5)


@each_caller
def test_a_streams_time_is_between_its_events(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk("a")] * 30, delay=0.03))
    assert streamed(caller, server, timeout=0.7) == ["a"] * 30


@each_caller
def test_a_stream_with_a_total_time(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk("a")] * 200, delay=0.02))
    timeout = caller.package.configuration.Timeout(connect=5, read=5, total=0.8)
    with pytest.raises(caller.package.exceptions.ApiTimeoutError):
        streamed(caller, server, timeout=timeout)


@each_caller
def test_a_stream_is_tried_again_until_it_starts(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    server.script(BUSY, Answer.reset())
    policy = caller.package.configuration.RetryPolicy(base=0.0)
    assert "".join(filter(None, streamed(caller, server, retries=policy)))
    assert len(server.requests) == 3


@each_caller
def test_the_pool_is_reusable_after_streams_that_were_left(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    endless = Answer.events([chunk("a")] * 1000, delay=0.001)
    server.script(endless, endless)

    def sync(api: Any) -> None:
        for _ in range(2):
            stream = caller.method(api, "_stream")(*caller.arguments(caller.request()))
            with stream:
                next(stream)
        caller.method(api)(*caller.arguments(caller.request()))

    async def async_(api: Any) -> None:
        for _ in range(2):
            stream = caller.method(api, "_stream")(*caller.arguments(caller.request()))
            async with stream:
                await anext(stream)
        await caller.method(api)(*caller.arguments(caller.request()))

    caller.run(
        server.url,
        sync if caller.flavour == "sync" else async_,
        connection_pool_maxsize=1,
    )
    assert len(server.requests) == 3


EVENTS = 10_000
MEMORY = 4 * 1024 * 1024
"""Bytes that a stream may add at its peak, far less than it carries."""


@each_caller
def test_ten_thousand_events_at_flat_memory(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    text = json.dumps(chunk("x" * 1000)).encode()
    block = b"data: " + text + b"\n\n"
    whole = (*itertools.repeat(block * 10, EVENTS // 10), b"data: [DONE]\n\n")
    assert sum(map(len, whole)) > 2 * MEMORY

    def counted(items: Iterator[Any]) -> int:
        count = 0
        for item in items:
            count += 1
            assert item.choices
            if count == 100:
                gc.collect()
                tracemalloc.start()
        return count

    def sync(api: Any) -> int:
        with caller.method(api, "_stream")(
            *caller.arguments(caller.request())
        ) as stream:
            return counted(stream)

    async def async_(api: Any) -> int:
        count = 0
        async with caller.method(api, "_stream")(
            *caller.arguments(caller.request())
        ) as stream:
            async for item in stream:
                count += 1
                assert item.choices
                if count == 100:
                    gc.collect()
                    tracemalloc.start()
        return count

    server.script(Answer.stream(whole))
    try:
        count = caller.run(
            server.url,
            sync if caller.flavour == "sync" else async_,
            max_event_size=256 * 1024,
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == EVENTS
    assert peak < MEMORY
