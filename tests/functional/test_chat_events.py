"""Answers that are told in events of several kinds: the clients of `tests/cases/chat_events`."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import built, package, write
from tests.runtime.server import Server, answering, chunk, head

PACKAGE = "told_in_events"
CASE = Path(__file__).parents[1] / "cases" / "chat_events"
Object = dict[str, Any]
Module = Callable[[str], Any]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Module]:
    """Imports modules of the client."""
    folder = tmp_path_factory.mktemp("client")
    write(built(CASE / "document.yaml", package(PACKAGE)), folder)
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"{PACKAGE}{name}")
    sys.path.remove(str(folder))


def told(
    load: Module, operation: str, events: list[Object], limit: int = 1 << 24
) -> Any:
    """What events of an operation add up to, None for nothing."""
    accumulator = load("._runtime.chat").Accumulator(
        getattr(load("._operations.chat_api"), operation).stream.chat, b"[DONE]", limit
    )
    raws = [load("._runtime.events").ServerSentEvent(dumped(each)) for each in events]
    accumulator.keep(raws, sum(len(each.raw) for each in raws))
    answer = accumulator.answer()
    return None if answer is None else json.loads(answer)


def dumped(event: Object) -> bytes:
    return json.dumps(event).encode()


def read(
    load: Module, flavour: str, method: str, events: list[Object], *steps: str
) -> list[Any]:
    """What the steps give on one stream of the events: `text` its texts, `final` the answer."""
    body = b"".join(b"data: " + dumped(each) + b"\n\n" for each in events)
    found: list[Any] = []

    def sync(url: str) -> None:
        package = load("")
        with (
            package.ApiClient(package.Configuration(host=url)) as client,
            getattr(package.ChatApi(client), method)({"messages": []}) as stream,
        ):
            for step in steps:
                if step == "text":
                    found.append(list(stream.text()))
                else:
                    found.append(stream.final())

    async def async_(url: str) -> None:
        package, aio = load(""), load(".aio")
        async with aio.ApiClient(package.Configuration(host=url)) as client:
            opened = getattr(aio.ChatApi(client), method)({"messages": []})
            async with opened as stream:
                for step in steps:
                    if step == "text":
                        found.append([text async for text in stream.text()])
                    else:
                        found.append(await stream.final())

    with Server(answering(head(), chunk(body), chunk(b""))) as server:
        if flavour == "sync":
            sync(server.url)
        else:
            asyncio.run(async_(server.url))
    return found


each_flavour = pytest.mark.parametrize("flavour", ["sync", "async"])

BEGUN: Object = {
    "id": "m",
    "role": "assistant",
    "content": [],
    "stop_reason": None,
    "usage": {"input": 3, "output": 1},
}
MESSAGE: list[Object] = [
    {"type": "start", "message": BEGUN},
    {"type": "ping"},
    {"type": "block_start", "index": 0, "block": {"type": "text", "text": ""}},
    {"type": "block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "block_delta", "index": 0, "delta": {"type": "text_delta", "text": " ö"}},
    {
        "type": "block_delta",
        "index": 0,
        "delta": {"type": "source_delta", "source": {"start": 7}},
    },
    {"type": "block_stop", "index": 0},
    {
        "type": "block_start",
        "index": 1,
        "block": {"type": "tool", "id": "t", "name": "f", "input": {}},
    },
    {
        "type": "block_delta",
        "index": 1,
        "delta": {"type": "json_delta", "partial_json": '{"x":'},
    },
    {
        "type": "block_delta",
        "index": 1,
        "delta": {"type": "json_delta", "partial_json": " [1]}"},
    },
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end"},
        "usage": {"output": 9},
    },
]


@each_flavour
def test_an_answer_that_comes_first_and_its_parts_by_number(
    load: Module, flavour: str
) -> None:
    method = "create_message_stream"
    texts, answer = read(load, flavour, method, MESSAGE, "text", "final")
    assert texts == ["Hi", " ö"]
    assert type(answer).__name__ == "Message"
    assert type(answer.content[1]).__name__ == "ToolBlock"
    assert answer.to_dict() == {
        "id": "m",
        "role": "assistant",
        "content": [
            {"type": "text", "text": "Hi ö", "sources": [{"start": 7}]},
            {"type": "tool", "id": "t", "name": "f", "input": {"x": [1]}},
        ],
        "stop_reason": "end",
        "usage": {"input": 3, "output": 9},
    }


@each_flavour
def test_deltas_in_the_answers_shape(load: Module, flavour: str) -> None:
    def content(type_: str, index: int, **content: str) -> Object:
        delta = {"message": {"content": content}}
        return {"type": type_, "index": index, "delta": delta}

    def call(type_: str, index: int, **call: Any) -> Object:
        return {
            "type": type_,
            "index": index,
            "delta": {"message": {"tool_calls": call}},
        }

    events = [
        {"type": "start", "id": "r", "delta": {"message": {"role": "assistant"}}},
        {"type": "plan_delta", "delta": {"message": {"plan": "think"}}},
        {"type": "plan_delta", "delta": {"message": {"plan": " first"}}},
        call("call_start", 1, id="b", function={"name": "g", "arguments": ""}),
        call("call_start", 0, id="a", function={"name": "f", "arguments": ""}),
        call("call_delta", 0, function={"arguments": '{"n":'}),
        call("call_delta", 1, function={"arguments": "{}"}),
        call("call_delta", 0, function={"arguments": "1}"}),
        content("content_start", 0, type="text", text=""),
        content("content_delta", 0, text="He"),
        content("content_delta", 0, text="llo"),
        {"type": "content_end", "index": 0},
        {"type": "end", "delta": {"finish_reason": "complete"}},
    ]
    texts, answer = read(load, flavour, "chat_stream", events, "text", "final")
    assert texts == ["He", "llo"]
    assert answer.to_dict() == {
        "id": "r",
        "message": {
            "role": "assistant",
            "plan": "think first",
            "content": [{"type": "text", "text": "Hello"}],
            "tool_calls": [
                {"id": "a", "function": {"name": "f", "arguments": '{"n":1}'}},
                {"id": "b", "function": {"name": "g", "arguments": "{}"}},
            ],
        },
        "finish_reason": "complete",
    }


RESPONSE: Object = {
    "id": "r",
    "output": [
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Hi!"}],
        }
    ],
}
RESPONDED: list[Object] = [
    {"type": "response.created", "response": {"id": "r", "output": []}},
    {"type": "response.reasoning_text.delta", "delta": "Hm."},
    {"type": "response.output_text.delta", "delta": "Hi"},
    {"type": "response.output_text.delta", "delta": "!"},
    {"type": "response.completed", "response": RESPONSE},
]


@each_flavour
def test_an_answer_that_comes_whole(load: Module, flavour: str) -> None:
    method = "create_response_stream"
    texts, answer = read(load, flavour, method, RESPONDED, "text", "final")
    assert texts == ["Hi", "!"]
    assert type(answer).__name__ == "Response"
    assert answer.to_dict() == RESPONSE


@each_flavour
def test_an_answer_that_never_came_whole(load: Module, flavour: str) -> None:
    error = load(".exceptions").StreamError
    with pytest.raises(error, match="without the whole answer"):
        read(load, flavour, "create_response_stream", RESPONDED[:-1], "final")


@each_flavour
def test_streams_that_say_too_little_have_no_helpers(
    load: Module, flavour: str
) -> None:
    api = load("" if flavour == "sync" else ".aio").ChatApi
    annotations = {
        name: getattr(api, f"{name}_stream").__annotations__["return"]
        for name in ("create_message", "untold")
    }
    prefix = "Async" * (flavour == "async")
    assert annotations["create_message"].startswith(f"{prefix}ChatStream[")
    assert annotations["untold"].startswith(f"{prefix}Stream[")


def test_what_has_no_place_is_left_out(load: Module) -> None:
    assert (
        told(load, "CREATE_MESSAGE", [{"type": "ping"}, {"a": 1}, {"type": 3}]) is None
    )
    lost: Object = {"type": "block_delta", "delta": {"type": "text_delta", "text": "?"}}
    start = MESSAGE[0]
    assert told(load, "CREATE_MESSAGE", [start, lost, {**lost, "index": "x"}]) == BEGUN


def test_json_that_was_cut_off_is_kept_as_text(load: Module) -> None:
    answer = told(load, "CREATE_MESSAGE", [*MESSAGE[:9], MESSAGE[-1]])
    assert answer["content"][1]["input"] == '{"x":'


def test_many_events_are_added_up_as_they_come(load: Module) -> None:
    piece: Object = {
        "type": "block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": 'a "b" \\ ü' * 10},
    }
    events = [*MESSAGE[:5], *[piece] * 5000, *MESSAGE[5:]]
    accumulator = load("._runtime.chat").Accumulator(
        load("._operations.chat_api").CREATE_MESSAGE.stream.chat, b"[DONE]", 1 << 24
    )
    for each in events:
        raw = load("._runtime.events").ServerSentEvent(dumped(each))
        accumulator.keep([raw], len(raw.raw))
    answer = json.loads(accumulator.answer())
    assert answer["content"][0]["text"] == "Hi ö" + 'a "b" \\ ü' * 50_000


# Any message, cut into events: its blocks are begun in order and go on in any.

TEXT: st.SearchStrategy[Any] = st.text(st.characters(codec="utf-8"), max_size=12)
BLOCK: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"type": st.just("text"), "text": TEXT},
    optional={
        "sources": st.lists(
            st.fixed_dictionaries({"start": st.integers(0, 9)}), min_size=1, max_size=3
        )
    },
) | st.fixed_dictionaries(
    {
        "type": st.just("tool"),
        "id": st.text("abc", min_size=1),
        "name": st.text("abc", min_size=1),
        "input": st.dictionaries(TEXT, TEXT | st.integers() | st.none(), max_size=3),
    }
)


def cut(draw: st.DrawFn, text: str) -> list[str]:
    at = draw(st.integers(0, len(text)))
    return [text[:at], text[at:]]


def begun_and_gone_on(draw: st.DrawFn, index: int, block: Object) -> list[Object]:
    deltas: list[Object]
    if block["type"] == "text":
        start: Object = {"type": "text", "text": ""}
        deltas = [
            {"type": "text_delta", "text": piece} for piece in cut(draw, block["text"])
        ]
        deltas += [
            {"type": "source_delta", "source": each}
            for each in block.get("sources", ())
        ]
    else:
        start = {**block, "input": {}}
        deltas = [
            {"type": "json_delta", "partial_json": piece}
            for piece in cut(draw, json.dumps(block["input"]))
        ]
    return [
        {"type": "block_start", "index": index, "block": start},
        *({"type": "block_delta", "index": index, "delta": each} for each in deltas),
    ]


@st.composite
def messages(draw: st.DrawFn) -> tuple[Object, list[Object]]:
    """A message, and events that tell it."""
    blocks: list[Object] = draw(st.lists(BLOCK, max_size=4))
    waiting = [
        begun_and_gone_on(draw, index, block) for index, block in enumerate(blocks)
    ]
    events = [MESSAGE[0]]
    while waiting:
        at = draw(st.integers(0, len(waiting) - 1))
        events.append(waiting[at].pop(0))
        waiting = [each for each in waiting if each]
    events.append(MESSAGE[-1])
    usage = {"input": 3, "output": 9}
    return {**BEGUN, "content": blocks, "stop_reason": "end", "usage": usage}, events


@given(messages())
def test_any_message_cut_into_events_adds_up_to_itself(
    load: Module, case: tuple[Object, list[Object]]
) -> None:
    message, events = case
    assert told(load, "CREATE_MESSAGE", events) == message
