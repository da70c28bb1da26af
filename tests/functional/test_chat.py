"""The text of streamed chat completions, and the answers that their chunks add up to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from tests.functional.clients import Caller, plain
from tests.functional.test_calls import each_caller
from tests.loopback import Answer, LoopbackServer

Loopback = Callable[[str], LoopbackServer]

ANSWERS = {
    "gabber": "ChatCompletionResponse",
    "tachyon": "ChatCompletionChunkResponse",
    "openai": "CreateChatCompletionResponse",
    "together": "ChatCompletionResponse",
}


def chunk(index: int = 0, /, finish: str | None = None, **delta: Any) -> Any:
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": index, "delta": delta, "finish_reason": finish}],
    }


def read(
    caller: Caller, host: str, *steps: str | int, **settings: Any
) -> tuple[Any, ...]:
    """What the steps give, one after another, on one stream: `text` all of its texts, a number
    those of a choice, `item` the next item, `close` nothing, `final` the whole answer.
    """
    request = caller.request()

    def sync(api: Any) -> tuple[Any, ...]:
        found: list[Any] = []
        with caller.method(api, "_stream")(*caller.arguments(request)) as stream:
            for step in steps:
                match step:
                    case "text":
                        found.append(list(stream.text()))
                    case "item":
                        found.append(next(stream))
                    case "close":
                        stream.close()
                    case "final":
                        found.append(stream.final())
                    case _:
                        found.append(list(stream.text(step)))
        return tuple(found)

    async def async_(api: Any) -> tuple[Any, ...]:
        found: list[Any] = []
        async with caller.method(api, "_stream")(*caller.arguments(request)) as stream:
            for step in steps:
                match step:
                    case "text":
                        found.append([text async for text in stream.text()])
                    case "item":
                        found.append(await anext(stream))
                    case "close":
                        await stream.close()
                    case "final":
                        found.append(await stream.final())
                    case _:
                        found.append([text async for text in stream.text(step)])
        return tuple(found)

    action = sync if caller.flavour == "sync" else async_
    return cast("tuple[Any, ...]", caller.run(host, action, **settings))


def message(caller: Caller, choice: Any) -> Any:
    """The message of an answer's choice: Tachyon's answers are of the chunks' type."""
    return choice.delta if caller.vendor.name == "tachyon" else choice.message


@each_caller
def test_the_vendors_own_stream(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    texts, answer = read(caller, server.url, "text", "final")
    assert "".join(texts) == "Hello, wörld 🎈"
    assert all(texts)
    assert type(answer).__name__ == ANSWERS[caller.vendor.name]
    (choice,) = answer.choices
    assert message(caller, choice).content == "Hello, wörld 🎈"
    assert message(caller, choice).role == "assistant"
    assert plain(choice)["finish_reason"] == "stop"


@each_caller
def test_the_answer_holds_what_was_read_before(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    item, texts, first, second = read(
        caller, server.url, "item", "text", "final", "final"
    )
    assert plain(first) == plain(second)
    content = message(caller, first.choices[0]).content
    assert (item.choices[0].delta.content or "") + "".join(texts) == content


@each_caller
def test_several_choices_and_tool_calls(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)

    def call(index: int, id_: str, name: str, arguments: str) -> Any:
        function = {"name": name, "arguments": arguments}
        called = {"index": index, "id": id_, "type": "function", "function": function}
        return chunk(1, role="assistant", content="", tool_calls=[called])

    def go_on(index: int, arguments: str) -> Any:
        called = {"index": index, "function": {"arguments": arguments}}
        return chunk(1, content="", tool_calls=[called])

    server.script(
        Answer.events(
            [
                chunk(0, role="assistant", content="a"),
                call(0, "x", "f", ""),
                chunk(0, content="b"),
                call(1, "y", "g", "{"),
                go_on(0, '{"n":'),
                go_on(1, "}"),
                go_on(0, "1}"),
                chunk(1, "tool_calls"),
                chunk(0, "stop", content=""),
            ]
        )
    )
    (answer,) = read(caller, server.url, "final")
    found = plain(answer)
    kept = found["choices"][0]
    name = "delta" if caller.vendor.name == "tachyon" else "message"
    assert (kept["index"], kept["finish_reason"]) == (0, "stop")
    assert kept[name] == {"role": "assistant", "content": "ab"}
    assert found["choices"][1]["finish_reason"] == "tool_calls"
    called = found["choices"][1][name]["tool_calls"]
    functions = [
        {"name": "f", "arguments": '{"n":1}'},
        {"name": "g", "arguments": "{}"},
    ]
    assert [each["function"] for each in called] == functions
    assert [each["id"] for each in called] == ["x", "y"]
    if caller.vendor.name in ("gabber", "openai"):
        assert not any("index" in each for each in called)


@each_caller
def test_the_text_of_one_choice(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    events = [chunk(0, content="a"), chunk(1, content="b"), chunk(0, content="c")]
    for index, texts in ((0, ["a", "c"]), (1, ["b"]), (2, [])):
        server.script(Answer.events(events))
        assert read(caller, server.url, index) == (texts,)


@each_caller
def test_no_answer_of_a_stream_that_was_closed_early(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk(content=str(n)) for n in range(10)]))
    with pytest.raises(caller.package.ApiValueError, match="has not come whole"):
        read(caller, server.url, "item", "close", "final")


@each_caller
@pytest.mark.parametrize("step", ["text", "final"])
def test_a_stream_that_breaks_off_gives_no_answer(
    caller: Caller, loopback: Loopback, step: str
) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk(content="a")], sentinel=None))
    with pytest.raises(caller.package.exceptions.StreamError, match="broke off"):
        read(caller, server.url, step)


@each_caller
def test_a_stream_without_items_gives_no_answer(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([]))
    with pytest.raises(caller.package.exceptions.StreamError, match="first item"):
        read(caller, server.url, "final")


@each_caller
def test_an_answer_that_is_too_large(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.events([chunk(content="x" * 50_000)] * 40))
    with pytest.raises(caller.package.exceptions.StreamError, match="max_event_size"):
        read(caller, server.url, "final", max_event_size=1_000_000)
