"""Whatever a server answers, what is raised is one of the package's own exceptions."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.flavours import AsyncCaller, Caller, SyncCaller
from tests.runtime.package import load
from tests.runtime.server import Drop, Received, Server, chunk

operations = load("operations")
exceptions = load("exceptions")
Configuration = load("configuration").Configuration
Policy = load("_runtime.retry").RetryPolicy

CHAT: tuple[Any, ...] = (operations.CHAT, "r", {"messages": []}, None, None)
WHOLE = b'{"id":"1","message":{"role":"x"}}'
EVENTS = b'data: {"text":"a"}\n\ndata: [DONE]\n\n'
PACKED = gzip.compress(WHOLE, mtime=0)

STARTS = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 429 Slow",
    b"HTTP/1.1 500 \xff",
    b"HTTP/1.1 307 ",
    b"HTTP/1.0 200 OK",
    b"HTTP/1.1 204 None",
    b"HTTP/1.1 304 None",
    b"HTTP/1.1 101 S",
    b"HTTP/1.1 200",
    b"HTTP/1.1 99 Low",
    b"HTTP/1.1 1000 High",
    b"HTTP/9.9 200 OK",
    b"HTTP/1.1 -1 No",
    b"ICY 200 OK",
    b"HTTP/1.1 abc",
    b"\x16\x03\x01\x02\x00",
    b"",
)
HEADERS = (
    b"Content-Length: 0",
    b"Content-Length: 33",
    b"Content-Length: 99999999999999999",
    b"Content-Length: -1",
    b"Content-Length: x",
    b"Content-Length: 1, 2",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: x",
    b"Connection: close",
    b"Content-Encoding: gzip",
    b"Content-Encoding: deflate",
    b"Content-Encoding: br",
    b"Content-Encoding: zstd",
    b"Content-Encoding: gzip, gzip",
    b"Content-Encoding: x",
    b"Content-Type: application/json",
    b"Content-Type: text/event-stream",
    b"Content-Type: \xff/\x80; charset=nonsense",
    b"Content-Type: text/plain; charset=x",
    b"Location: http://[",
    b"Location: //",
    b"Location: http://h:99999/",
    b"Location: ?",
    b"Location: http://h.invalid:x/",
    b"Location: \xff",
    b"Location: http://\xff.test/",
    b"Retry-After: Sun, 06 Nov 99999999999 08:49:37 GMT",
    b"retry-after-ms: 0",
    b"Set-Cookie: \x01=\xff",
    b"no colon",
    b": no name",
    b" folded",
    b"N\0: null",
    b"X: " + b"x" * 70_000,
)
BODIES = (
    WHOLE,
    EVENTS,
    PACKED,
    PACKED[:-5],
    zlib.compress(WHOLE),
    b"\x1f\x8b\x08\xff",
    chunk(WHOLE) + chunk(b""),
    chunk(WHOLE),
    chunk(PACKED) + chunk(b""),
    chunk(EVENTS),
    b"-5\r\n12345\r\n",
    b"fffffffffffffffffff\r\n",
    b"zz\r\n",
    b"0\r\nTrailer: \xff\r\n",
    b"5;\xff\r\n12345\r\n0\r\n\r\n",
    b"{",
    b"[" * 5000,
    b"\xff\xfe",
    b"",
)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """The bytes of an answer that is nearly one."""
    lines = [
        draw(st.sampled_from(STARTS)),
        *draw(st.lists(st.sampled_from(HEADERS), max_size=4)),
    ]
    end = draw(st.sampled_from([b"\r\n", b"\r\n", b"\n", b"\r"]))
    whole = end.join([*lines, b"", b""]) + draw(st.sampled_from(BODIES))
    return whole[: draw(st.sampled_from([len(whole)] * 3 + [len(whole) // 2]))]


@pytest.mark.parametrize("flavour", [SyncCaller, AsyncCaller], ids=["sync", "async"])
@pytest.mark.parametrize("streams", [False, True], ids=["call", "stream"])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(answers(), min_size=2, max_size=2))
def test_garbage(flavour: type[Caller], streams: bool, sent: list[bytes]) -> None:
    following: Iterator[bytes] = iter(sent)

    def answer(_: Received) -> Iterable[bytes]:
        yield next(following, b"")
        raise Drop

    with Server(answer) as server:
        caller = flavour(
            Configuration(
                host=server.url,
                timeout=(5, 5),
                retries=Policy(retries=1, base=0.0, retry_after_cap=0.0),
                proxy="",
            )
        )
        try:
            with suppress(exceptions.OpenApiException):
                read(caller, streams)
        finally:
            caller.close()


def read(caller: Caller, streams: bool) -> Any:
    if not streams:
        return caller.call(*CHAT)
    opened = caller.open(*CHAT)
    try:
        return list(opened)
    finally:
        opened.close()
