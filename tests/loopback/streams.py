"""The items of an event stream, chat chunks above all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.loopback.candidates import NoValue
from tests.loopback.nodes import Json, Object, mapping, sequence
from tests.loopback.operations import Stream
from tests.loopback.schemas import Schemas
from tests.loopback.values import Mode, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPlan:
    """What a streamed chat answer says.

    `content` is the text delta by delta; `tool_call` a function's name and its arguments in
    fragments, or None; `usage` whether a chunk with the usage comes last.
    """

    content: tuple[str, ...] = ("Hel", "lo", ", wör", "ld 🎈")
    tool_call: tuple[str, tuple[str, ...]] | None = None
    usage: bool = False


_FILLER: Object = {
    "role": "assistant",
    "content": "",
    "id": "call_1",
    "name": "get_weather",
    "arguments": "",
    "tool_id": "call_1",
    "tool_name": "get_weather",
}

WEATHER_CALL = ("get_weather", ('{"ci', 'ty": "Tō', 'kyō"}'))


def items(
    stream: Stream, plan: ChatPlan, values: Values, schemas: Schemas, mode: Mode
) -> list[Json]:
    """The stream's items: one of each event where it has several, three equal ones where an item
    has no `choices` with a `delta`."""
    if stream.events:
        return [values.make(schema, mode) for _, schema in stream.events]
    base = values.make(stream.item, mode)
    full = mapping(values.make(stream.item, Mode.FULL))
    choices = sequence(full.get("choices"))
    if not choices or "delta" not in mapping(choices[0]):
        return [base, base, base]
    chunk = {key: value for key, value in mapping(base).items() if key != "usage"}
    found: list[Json] = []
    for choice in _choices(plan):
        fitted = values.fit(stream.item, {**chunk, "choices": [choice]}, _FILLER)
        if not schemas.valid(stream.item, fitted):
            choice.pop("finish_reason", None)
            fitted = values.fit(stream.item, {**chunk, "choices": [choice]}, _FILLER)
        # Tachyon's tool calls have no arguments, so that every fragment looks the same.
        if not ("tool_calls" in mapping(choice["delta"]) and fitted == found[-1]):
            found.append(fitted)
    if plan.usage and "usage" in full:
        last: Object = {**chunk, "choices": [], "usage": full["usage"]}
        found.append(values.fit(stream.item, last, _FILLER))
    for item in found:
        if problems := schemas.errors(stream.item, item):
            raise NoValue(f"a chunk does not fit its schema: {problems[0]}")
    return found


def _choices(plan: ChatPlan) -> Iterator[Object]:
    yield _choice({"role": "assistant", "content": ""})
    for part in plan.content:
        yield _choice({"content": part})
    if plan.tool_call:
        name, fragments = plan.tool_call
        opening: Object = {"name": name, "arguments": ""}
        yield _choice(_call({"id": "call_1", "type": "function", "function": opening}))
        for fragment in fragments:
            yield _choice(_call({"function": {"arguments": fragment}}))
    yield _choice({}, "tool_calls" if plan.tool_call else "stop")


def _choice(delta: Object, finish_reason: str | None = None) -> Object:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _call(fields: Object) -> Object:
    return {"tool_calls": [{"index": 0, **fields}]}
