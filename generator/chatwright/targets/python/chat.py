"""Which streams add up to the answer of a chat completion, and where their chunks have the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatwright.ir.api import ChatProfile, Operation, SchemaPath
from chatwright.ir.schema import (
    ArraySchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    UnionSchema,
)
from chatwright.targets.python.answers import answer

_ITEM = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunks:
    """How the items of a stream add up.

    `text` is where an item has its text. `message` is what the answer calls the object that
    holds it, None where it is of the items' type. `unindexed` names the lists beside the text
    whose items have an `index` in the stream only.
    """

    text: SchemaPath
    message: str | None = None
    unindexed: tuple[str, ...] = ()


def chunks(
    operation: Operation, profile: ChatProfile, schemas: SchemaTable
) -> Chunks | None:
    """How the items of an operation's stream add up to its answer.

    None where it does not stream, where its items or its answer are no chat completion of the
    profile's shape, or where they differ in more than the name of the object with the text.
    """
    stream = operation.event_stream
    whole = answer(operation)
    delta = profile.text_delta
    if stream is None or whole is None or delta is None or len(delta) < 2:
        return None
    item = stream.item_schema
    if not any(_at(item, delta, schemas)):
        return None
    if any(_at(whole, delta, schemas)):
        return Chunks(text=delta)
    text = profile.text
    if text is None or not any(_at(whole, text, schemas)):
        return None
    if (*text[:-2], text[-1]) != (*delta[:-2], delta[-1]):
        return None
    return Chunks(
        text=delta,
        message=text[-2],
        unindexed=tuple(
            name
            for name in _lists(item, delta[:-1], schemas)
            if any(_at(item, (*delta[:-1], name, _ITEM, "index"), schemas))
            and not any(_at(whole, (*text[:-1], name, _ITEM, "index"), schemas))
        ),
    )


def _lists(schema: Schema, path: SchemaPath, schemas: SchemaTable) -> Iterable[str]:
    """The names of the lists of the objects at a path, in the document's order."""
    return dict.fromkeys(
        member.name
        for found in _at(schema, path, schemas)
        if isinstance(found, ObjectSchema)
        for member in found.properties
        if any(
            isinstance(each, ArraySchema) for each in _at(member.schema, (), schemas)
        )
    )


def _at(schema: Schema, path: SchemaPath, schemas: SchemaTable) -> tuple[Schema, ...]:
    """The schemas at the end of a path, without references and null: one for each variant."""
    found: list[Schema] = []
    seen: set[tuple[str, SchemaPath]] = set()
    waiting = [(schema, path)]
    while waiting:
        current, rest = waiting.pop()
        match current:
            case RefSchema():
                if (current.name, rest) not in seen:
                    seen.add((current.name, rest))
                    waiting.append((schemas[current.name].schema, rest))
            case NullableSchema():
                waiting.append((current.schema, rest))
            case UnionSchema():
                waiting.extend((variant, rest) for variant in current.variants[::-1])
            case _ if not rest:
                found.append(current)
            case ArraySchema() if rest[0] == _ITEM:
                waiting.append((current.items, rest[1:]))
            case ObjectSchema():
                waiting.extend(
                    (member.schema, rest[1:])
                    for member in current.properties
                    if member.name == rest[0]
                )
            case _:
                continue
    return tuple(found)
