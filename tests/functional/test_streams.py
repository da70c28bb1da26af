"""Streams: typed items as they come, and every way for them to end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.functional.clients import Caller, plain
from tests.functional.test_calls import each_caller
from tests.loopback import Answer, LoopbackServer

Loopback = Callable[[str], LoopbackServer]


def chunk(text: str) -> dict[str, Any]:
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "delta": {"role": "assistant", "content": text},
                "finish_reason": "stop",
            }
        ],
    }


def texts(items: list[Any]) -> list[str]:
    return [choice.delta.content for item in items for choice in item.choices]


@each_caller
def test_the_vendors_own_stream(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    streamed = caller.stream(server.url, caller.request())
    assert streamed.status == 200
    assert [plain(item) for item in streamed.items] == server.last.answer
    assert "".join(filter(None, texts(streamed.items))) == "Hello, wörld 🎈"
    assert json.loads(server.last.body) == {**caller.vendor.wire, "stream": True}
    assert "text/event-stream" in (server.last.header("accept") or "")


@each_caller
@pytest.mark.parametrize("split", [1, 7, 1000])
def test_any_split(caller: Caller, loopback: Loopback, split: int) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk("ä"), chunk("b\n"), chunk("🎈")], split=split))
    assert texts(caller.stream(server.url, caller.request()).items) == [
        "ä",
        "b\n",
        "🎈",
    ]


@each_caller
@pytest.mark.parametrize(
    ("content_type", "start"),
    [
        ("application/x-ndjson", b""),
        ("application/jsonl; charset=utf-8", b""),
        ("application/stream+json", b""),
        ("application/json-seq", b"\x1e"),
    ],
)
@pytest.mark.parametrize("split", [1, 1000])
def test_the_format_is_that_of_the_answer(
    caller: Caller, loopback: Loopback, content_type: str, start: bytes, split: int
) -> None:
    server = loopback(caller.vendor.name)
    items = [chunk("ä"), chunk("b\n"), chunk("🎈")]
    pieces = [start + json.dumps(item).encode() + b"\n" for item in items]
    server.script(Answer.stream(pieces, split=split, content_type=content_type))
    streamed = caller.stream(server.url, caller.request())
    assert texts(streamed.items) == ["ä", "b\n", "🎈"]


@each_caller
def test_lines_that_are_cut(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    lines = [json.dumps(chunk(text)).encode() + b"\n" for text in "ab"]
    server.script(
        Answer.stream([lines[0], lines[1][:20]], content_type="application/jsonl")
    )
    with pytest.raises(caller.package.exceptions.StreamError, match="broke off"):
        caller.stream(server.url, caller.request())


@each_caller
def test_a_line_that_is_too_large(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    lines = [json.dumps(chunk("x" * 2000)).encode() + b"\n"]
    server.script(Answer.stream(lines, content_type="application/x-ndjson"))
    with pytest.raises(caller.package.exceptions.StreamError, match="larger than"):
        caller.stream(server.url, caller.request(), max_event_size=1000)


@each_caller
def test_leaving_early(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk(str(n)) for n in range(100)], delay=0.001))
    streamed = caller.stream(server.url, caller.request(), most=2)
    assert texts(streamed.items) == ["0", "1"]


@each_caller
def test_a_stream_that_ends_without_its_sentinel(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk("a")], sentinel=None))
    with pytest.raises(caller.package.exceptions.StreamError):
        caller.stream(server.url, caller.request())


@each_caller
def test_a_stream_that_is_cut(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(
        Answer.events([chunk("a"), chunk("b")], sentinel=None, ending="reset")
    )
    with pytest.raises(caller.package.exceptions.ApiException):
        caller.stream(server.url, caller.request())


@each_caller
def test_an_error_in_mid_stream(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    error: Any = {
        "error": {"message": "out of luck", "type": "t", "param": None, "code": None}
    }
    server.script(Answer.events([chunk("a"), error]))
    with pytest.raises(
        caller.package.exceptions.StreamError, match="out of luck"
    ) as caught:
        caller.stream(server.url, caller.request())
    assert json.loads(caught.value.event.data) == error
    assert type(caught.value.data).__name__ == (caller.vendor.error or "dict")


@each_caller
def test_an_error_instead_of_a_stream(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.json({"error": {"message": "who are you"}}, status=401))
    with pytest.raises(
        caller.package.exceptions.UnauthorizedException, match="who are you"
    ):
        caller.stream(server.url, caller.request())


@each_caller
def test_a_chunk_that_does_not_fit_still_arrives(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    strange: Any = {
        "choices": [
            {"delta": {"content": "x", "role": "oracle"}, "finish_reason": "why"}
        ]
    }
    server.script(Answer.events([strange]))
    items = caller.stream(server.url, caller.request()).items
    assert texts(items) == ["x"]
    assert plain(items[0]) == strange
