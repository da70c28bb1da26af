"""What the chunks of chat completions add up to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.package import load

chat = load("_runtime.chat")
operation = load("_runtime.operation")
Event = load("_runtime.events").ServerSentEvent

DONE = b"[DONE]"
STREAM = operation.ChatChunks(
    ("choices", "*", "delta", "content"),
    message="message",
    unindexed=("tool_calls",),
)
SAME = STREAM._replace(message=None, unindexed=())
FLAT = operation.ChatChunks(("message", "content"))

Object = dict[str, Any]


def added_up(
    chunks: Sequence[Object], stream: Any = STREAM, limit: int = 1 << 24
) -> Any:
    accumulator = chat.Accumulator(stream, DONE, limit)
    for chunk in chunks:
        raw = json.dumps(chunk).encode()
        accumulator.keep([Event(raw)], len(raw))
    answer = accumulator.answer()
    return None if answer is None else json.loads(answer)


def deltas(*given: Object) -> list[Object]:
    return [{"choices": [{"index": 0, "delta": delta}]} for delta in given]


def message(*given: Object, stream: Any = STREAM) -> Any:
    """The message that some deltas add up to."""
    (choice,) = added_up(deltas(*given), stream)["choices"]
    return choice["message" if stream.message else "delta"]


def test_texts_are_joined_and_names_are_not() -> None:
    assert message(
        {"role": "assistant", "content": ""},
        {"content": "Hello"},
        {"role": "assistant", "content": ", wörld", "vendor": {"thought": "a"}},
        {"content": None, "vendor": {"thought": "b", "audio_url": "u", "n": 1}},
        {"role": "", "vendor": {"audio_url": "u", "n": 2}},
        {},
    ) == {
        "role": "assistant",
        "content": "Hello, wörld",
        "vendor": {"thought": "ab", "audio_url": "u", "n": 2},
    }


def test_null_stays_where_nothing_comes() -> None:
    assert message({"content": None, "refusal": None}, {"refusal": "no"}) == {
        "content": None,
        "refusal": "no",
    }


@pytest.mark.parametrize("unindexed", [True, False])
def test_tool_calls_are_told_apart_by_their_index(unindexed: bool) -> None:
    def call(index: int, **members: Any) -> Object:
        return {"tool_calls": [{"index": index, **members}]}

    found = message(
        call(1, id="b", type="function", function={"name": "g", "arguments": ""}),
        call(0, id="a", type="function", function={"name": "f", "arguments": '{"x"'}),
        call(1, function={"arguments": "{}"}),
        call(0, function={"arguments": ":1}", "name": ""}, id=None),
        stream=STREAM if unindexed else STREAM._replace(unindexed=()),
    )["tool_calls"]
    first: Object = {
        "id": "a",
        "type": "function",
        "function": {"name": "f", "arguments": '{"x":1}'},
    }
    second: Object = {
        "id": "b",
        "type": "function",
        "function": {"name": "g", "arguments": "{}"},
    }
    if not unindexed:
        first["index"], second["index"] = 0, 1
    assert found == [first, second]


def test_tool_calls_that_are_all_numbered_0_are_told_apart_by_their_ids() -> None:
    def call(id_: str | None, arguments: str) -> Object:
        function = {"arguments": arguments}
        return {"tool_calls": [{"index": 0, "id": id_, "function": function}]}

    found = message(call("a", "1"), call("b", "2"), call(None, "3"), call("a", "4"))
    assert [each["function"]["arguments"] for each in found["tool_calls"]] == [
        "1",
        "23",
        "4",
    ]


def test_tool_calls_without_an_index_are_told_apart_by_their_ids() -> None:
    def call(id_: str, text: str) -> Object:
        return {"tool_calls": [{"id": id_, "function": {"arguments": text}}]}

    assert message(call("a", "x"), call("b", "z"), call("a", "y")) == {
        "tool_calls": [
            {"id": "a", "function": {"arguments": "xy"}},
            {"id": "b", "function": {"arguments": "z"}},
        ]
    }


def test_items_that_cannot_be_told_apart_are_appended() -> None:
    assert message({"notes": [{"a": 1}, 2]}, {"notes": [{"a": 1}]}) == {
        "notes": [{"a": 1}, 2, {"a": 1}]
    }


def test_content_that_changes_between_text_and_parts_keeps_all() -> None:
    thinking = {"type": "thinking", "thinking": "?"}
    assert message({"content": "a"}, {"content": [thinking]})["content"] == [
        {"type": "text", "text": "a"},
        thinking,
    ]
    assert message(
        {"content": ""}, {"content": [thinking]}, {"content": "b"}, {"content": "c"}
    )["content"] == [thinking, {"type": "text", "text": "bc"}]


def test_choices() -> None:
    assert added_up(
        [
            {"choices": [{"index": 1, "delta": {"content": "b"}}]},
            {
                "choices": [
                    {"index": 0, "delta": {"content": "a"}, "finish_reason": None},
                    {
                        "index": 1,
                        "delta": {"content": "B"},
                        "finish_reason": "length",
                        "logprobs": {"content": [{"token": "B"}], "refusal": None},
                    },
                ]
            },
            {"choices": [{"index": 0, "delta": None, "finish_reason": "stop"}]},
            {
                "choices": [
                    {
                        "index": 1,
                        "delta": {},
                        "finish_reason": None,
                        "logprobs": {"content": [{"token": "."}]},
                    }
                ]
            },
        ]
    ) == {
        "choices": [
            {"index": 0, "message": {"content": "a"}, "finish_reason": "stop"},
            {
                "index": 1,
                "message": {"content": "bB"},
                "finish_reason": "length",
                "logprobs": {
                    "content": [{"token": "B"}, {"token": "."}],
                    "refusal": None,
                },
            },
        ]
    }


def test_choices_without_an_index_have_that_of_their_position() -> None:
    chunk = {"choices": [{"delta": {"content": "a"}}, {"delta": {"content": "b"}}]}
    assert added_up([chunk, chunk]) == {
        "choices": [{"message": {"content": "aa"}}, {"message": {"content": "bb"}}]
    }


def test_around_the_choices_the_last_value_counts() -> None:
    assert added_up(
        [
            {"object": "chat.completion.chunk", "id": "1", "citations": ["a"]},
            {"id": "1", "usage": None, "choices": [], "citations": ["a", "b"]},
            {"id": "", "usage": {"total": 1}, "model": "m"},
            {"usage": {"total": 2}, "choices": []},
        ]
    ) == {
        "object": "chat.completion",
        "id": "1",
        "citations": ["a", "b"],
        "usage": {"total": 2},
        "choices": [],
        "model": "m",
    }


def test_a_message_beside_the_delta_gives_way() -> None:
    choice = {"delta": {"content": "b"}, "message": {"content": "ab"}}
    assert added_up([{"choices": [choice]}, {"choices": [choice]}]) == {
        "choices": [{"message": {"content": "bb"}}]
    }


def test_answers_of_the_chunks_type() -> None:
    (chunk,) = deltas({"content": "a"})
    chunk["object"] = "chat.completion.chunk"
    assert added_up([chunk, chunk], SAME) == {
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": "aa"}}],
    }


def test_chunks_without_choices() -> None:
    assert added_up(
        [
            {"model": "m", "message": {"role": "assistant", "content": "a"}},
            {"model": "m", "message": {"content": "b"}, "done": True},
        ],
        FLAT,
    ) == {
        "model": "m",
        "message": {"role": "assistant", "content": "ab"},
        "done": True,
    }


@pytest.mark.parametrize("raw", [b"null", b"[1]", b"x", b"", b'{"choices":'])
def test_what_is_no_chunk_is_left_out(raw: bytes) -> None:
    accumulator = chat.Accumulator(STREAM, DONE, 100)
    accumulator.keep([Event(raw), Event(DONE), Event(b'{"id":"after"}')], 1)
    assert accumulator.answer() is None


def test_answers_are_bounded_and_chunks_are_not_held() -> None:
    text = "x" * 100
    pieces = deltas(*[{"content": text}] * 100)
    assert added_up(pieces, limit=1 << 12) is None
    (choice,) = added_up(pieces, limit=1 << 15)["choices"]
    assert choice["message"] == {"content": text * 100}
    assert added_up([{"id": text}] * 100, limit=1 << 12) == {"id": text}


@pytest.mark.parametrize(
    ("chunk", "index", "texts"),
    [
        ({"choices": [{"index": 0, "delta": {"content": "a"}}]}, 0, ["a"]),
        ({"choices": [{"index": 1, "delta": {"content": "a"}}]}, 0, []),
        ({"choices": [{"index": 1, "delta": {"content": "a"}}]}, 1, ["a"]),
        ({"choices": [{"delta": {"content": "a"}}]}, 0, ["a"]),
        ({"choices": [{"index": 0, "delta": {"content": ""}}]}, 0, []),
        ({"choices": [{"index": 0, "delta": {"content": None}}]}, 0, []),
        ({"choices": [{"index": 0, "delta": None}]}, 0, []),
        ({"choices": None}, 0, []),
        ({"choices": []}, 0, []),
        ({}, 0, []),
        (
            {
                "choices": [
                    {"delta": {"content": [{"text": "a"}, {"x": 1}, {"text": "b"}]}}
                ]
            },
            0,
            ["a", "b"],
        ),
        (7, 0, []),
    ],
)
def test_texts(chunk: object, index: int, texts: list[str]) -> None:
    accumulator = chat.Accumulator(STREAM, DONE, 100)
    assert list(accumulator.texts(json.dumps(chunk).encode(), index)) == texts


# Any answer, cut into deltas: what is joined is cut anywhere, what belongs together stays in
# order, choices and calls of tools come in any.

TEXT: st.SearchStrategy[Any] = st.text(st.characters(codec="utf-8"), max_size=12)
NAME: st.SearchStrategy[Any] = st.text("abc_", min_size=1, max_size=4)
NUMBER: st.SearchStrategy[Any] = st.integers(-5, 5)
CALL: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {
        "type": st.just("function"),
        "function": st.fixed_dictionaries({"name": NAME, "arguments": TEXT}),
    }
)
TOKEN: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"token": TEXT, "logprob": NUMBER, "top_logprobs": st.lists(st.just({"token": ""}))}
)
MESSAGE: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"role": st.sampled_from(["assistant", "tool"])},
    optional={
        "content": TEXT | st.none(),
        "refusal": TEXT | st.none(),
        "reasoning_content": TEXT,
        "tool_calls": st.lists(CALL, min_size=1, max_size=3),
        "function_call": st.fixed_dictionaries({"name": NAME, "arguments": TEXT}),
        "audio": st.fixed_dictionaries(
            {"id": NAME, "data": TEXT, "transcript": TEXT, "expires_at": NUMBER}
        ),
    },
)
CHOICE: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"message": MESSAGE, "finish_reason": NAME | st.none()},
    optional={
        "logprobs": st.none()
        | st.fixed_dictionaries({"content": st.lists(TOKEN), "refusal": st.none()})
    },
)
RESPONSE: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {
        "id": NAME,
        "object": st.just("chat.completion"),
        "created": NUMBER,
        "model": NAME,
        "choices": st.lists(CHOICE, min_size=1, max_size=3),
    },
    optional={
        "usage": st.fixed_dictionaries({"total_tokens": NUMBER}),
        "system_fingerprint": NAME | st.none(),
    },
)
JOINED = {"content", "refusal", "reasoning_content", "arguments", "data", "transcript"}


def cut(draw: st.DrawFn, value: Object) -> list[Object]:
    """An object as the deltas that add up to it."""
    pieces: list[Object] = []
    for name, member in value.items():
        if isinstance(member, dict):
            inner = cast("Object", member)
            pieces += [{name: each} for each in cut(draw, inner)]
        elif name == "tool_calls":
            pieces += mixed(
                draw,
                [
                    [
                        {name: [{"index": at, **each}]}
                        for each in cut(draw, {"id": f"call_{at}", **call})
                    ]
                    for at, call in enumerate(member)
                ],
            )
        elif name in JOINED and isinstance(member, str):
            at = draw(st.integers(0, len(member)))
            pieces += [{name: member[:at]}, {name: member[at:]}]
        else:
            pieces.append({name: member})
    return pieces


def mixed(draw: st.DrawFn, several: list[list[Object]]) -> list[Object]:
    """Several sequences as one, each in its order."""
    found: list[Object] = []
    waiting = [list(each) for each in several if each]
    while waiting:
        at = draw(st.integers(0, len(waiting) - 1))
        found.append(waiting[at].pop(0))
        waiting = [each for each in waiting if each]
    return found


@st.composite
def streamed(draw: st.DrawFn) -> tuple[Object, list[Object]]:
    """An answer, and chunks that add up to it."""
    response: Object = draw(RESPONSE)
    pieces: list[list[Object]] = []
    for index, choice in enumerate(response["choices"]):
        for at, call in enumerate(choice["message"].get("tool_calls", ())):
            call["id"] = f"call_{at}"
        choice["index"] = index
        parts: list[Object] = [{"delta": d} for d in cut(draw, choice["message"])]
        logprobs: Object | None = choice.get("logprobs")
        if "logprobs" in choice:
            parts.append(
                {"delta": {}, "logprobs": logprobs and {**logprobs, "content": []}}
            )
        for token in (logprobs or {}).get("content", ()):
            parts.append({"delta": {}, "logprobs": {"content": [token]}})
        parts.append({"delta": {}, "finish_reason": choice["finish_reason"]})
        pieces.append([{"choices": [{"index": index, **part}]} for part in parts])
    around = {
        name: value
        for name, value in response.items()
        if name not in ("choices", "object", "usage")
    }
    around["object"] = "chat.completion.chunk"
    chunks = [{**around, "usage": None, **each} for each in mixed(draw, pieces)]
    if "usage" in response:
        chunks.append({"choices": [], "usage": response["usage"]})
    else:
        chunks = [
            {name: value for name, value in each.items() if name != "usage"}
            for each in chunks
        ]
    return response, chunks


@given(streamed())
def test_any_answer_cut_into_chunks_adds_up_to_itself(
    case: tuple[Object, list[Object]],
) -> None:
    response, chunks = case
    assert added_up(chunks) == response


LIKE: st.SearchStrategy[Any] = st.tuples(
    st.text('ab"\\\\\n\u00e9\U0001f388', max_size=3),
    st.sampled_from([{}, {}, {}, {"reasoning": "r"}, {"tool_calls": [{"index": 0}]}]),
    st.sampled_from([0, 0, 0, 1]),
)


@given(st.lists(LIKE, max_size=40), st.booleans())
def test_chunks_that_are_alike_add_up_as_all_others(
    given_: list[tuple[str, Object, int]], ascii_only: bool
) -> None:
    chunks: list[Object] = [
        {"id": "a", "choices": [{"index": index, "delta": {"content": text, **more}}]}
        for text, more, index in given_
    ]
    one_by_one = load("_runtime.chat_chunks").ChunkSum(STREAM)
    accumulator = chat.Accumulator(STREAM, DONE, 1 << 24)
    for each in chunks:
        one_by_one.add(each)
        accumulator.keep([Event(json.dumps(each, ensure_ascii=ascii_only).encode())], 1)
    assert json.loads(accumulator.answer() or b"{}") == one_by_one.answer()
