"""Streams take little memory however long they are, whatever is read of them."""

from __future__ import annotations

import gc
import itertools
import json
import tracemalloc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.functional.clients import CALLERS, Caller
from tests.loopback import Answer, LoopbackServer

Loopback = Callable[[str], LoopbackServer]

MIB = 1024 * 1024
SMALL = 4 * MIB
"""Bytes that a stream may add at its peak, besides its answer."""
LARGE = 48 * MIB
"""The same with an answer that is given up: it is held up to 16 MiB, and joined."""

each_flavour = pytest.mark.parametrize(
    "caller",
    [caller for caller in CALLERS if caller.vendor.name == "openai"],
    ids=lambda caller: caller.flavour,
)
each_reading = pytest.mark.parametrize("reading", ["items", "text", "final"])


def event(text: str, **members: Any) -> bytes:
    item = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}],
        **members,
    }
    return b"data: " + json.dumps(item).encode() + b"\n\n"


def stream(*blocks: bytes, size: int) -> tuple[bytes, ...]:
    """These, again and again up to `size` bytes, and the sentinel."""
    times = size // sum(map(len, blocks)) + 1
    repeated = itertools.chain.from_iterable(itertools.repeat(blocks, times))
    return (*repeated, b"data: [DONE]\n\n")


@contextmanager
def measured() -> Generator[list[int], None, None]:
    """Gives the most bytes that were allocated at once within."""
    peak: list[int] = []
    gc.collect()
    tracemalloc.start()
    try:
        yield peak
        peak.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def peak(caller: Caller, server: LoopbackServer, reading: str) -> tuple[int, Any]:
    """The most bytes allocated while a stream is read, and the last that was read of it."""
    request = caller.request()

    def sync(api: Any) -> tuple[int, Any]:
        with caller.method(api, "_stream")(*caller.arguments(request)) as stream:
            last = next(stream)
            with measured() as most:
                match reading:
                    case "final":
                        last = stream.final()
                    case "text":
                        for piece in stream.text():
                            last = piece
                    case _:
                        for item in stream:
                            last = item
        return most[0], last

    async def async_(api: Any) -> tuple[int, Any]:
        async with caller.method(api, "_stream")(*caller.arguments(request)) as stream:
            last = await anext(stream)
            with measured() as most:
                match reading:
                    case "final":
                        last = await stream.final()
                    case "text":
                        async for piece in stream.text():
                            last = piece
                    case _:
                        async for item in stream:
                            last = item
        return most[0], last

    found: tuple[int, Any] = caller.run(
        server.url, sync if caller.flavour == "sync" else async_
    )
    return found


@each_flavour
@each_reading
def test_ten_thousand_events(caller: Caller, loopback: Loopback, reading: str) -> None:
    server = loopback(caller.vendor.name)
    events = tuple(event("x" * (number % 7), n="y" * 1000) for number in range(100))
    answer = (*itertools.chain.from_iterable(itertools.repeat(events, 100)), b"")
    server.script(Answer.stream((*answer, b"data: [DONE]\n\n")))
    assert sum(map(len, answer)) > 2 * SMALL
    most, last = peak(caller, server, reading)
    assert most < SMALL
    if reading == "final":
        texts = sum(number % 7 for number in range(100)) * 100
        assert last.choices[0].message.content == "x" * texts


@each_flavour
@each_reading
def test_a_hundred_megabytes(caller: Caller, loopback: Loopback, reading: str) -> None:
    server = loopback(caller.vendor.name)
    server.script(
        Answer.stream(stream(event("ab", padding="y" * 50_000), size=100_000_000))
    )
    most, last = peak(caller, server, reading)
    assert most < SMALL
    if reading == "final":
        assert set(last.choices[0].message.content) == {"a", "b"}


@each_flavour
@pytest.mark.parametrize("reading", ["items", "text"])
def test_a_hundred_megabytes_of_text(
    caller: Caller, loopback: Loopback, reading: str
) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.stream(stream(event("x" * 50_000), size=100_000_000)))
    most, _ = peak(caller, server, reading)
    assert most < LARGE


@each_flavour
def test_events_that_inflate(caller: Caller, loopback: Loopback) -> None:
    """100 KB that unpack to an event of 100 MB (RFC 9110, section 8.4.1.3)."""
    server = loopback(caller.vendor.name)
    first, bomb = event("a"), b"data: " + b"x" * 100_000_000
    server.script(Answer.stream((first, bomb)).gzipped())

    def read(api: Any) -> int:
        with caller.method(api, "_stream")(*caller.arguments(caller.request())) as it:
            next(it)
            with measured() as most, pytest.raises(Exception, match="larger than"):
                next(it)
        return most[0]

    async def read_async(api: Any) -> int:
        stream = caller.method(api, "_stream")(*caller.arguments(caller.request()))
        async with stream as it:
            await anext(it)
            with measured() as most, pytest.raises(Exception, match="larger than"):
                await anext(it)
        return most[0]

    most: int = caller.run(server.url, read if caller.flavour == "sync" else read_async)
    assert most < LARGE
