"""Which operation is the chat completion, by what its schemas look like."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from chatwright.ir import walk
from chatwright.ir.api import Api, ChatProfile, Operation, SchemaPath
from chatwright.ir.schema import (
    ArraySchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    UnionSchema,
)

ITEM = "*"

TEXT: tuple[SchemaPath, ...] = (
    ("choices", ITEM, "message", "content"),
    ("message", "content", ITEM, "text"),
    ("message", "content"),
    ("completion_message", "content"),
    ("content", ITEM, "text"),
    ("text",),
)
"""Where vendors put the text of an answer, the most usual place first."""

TEXT_DELTA: tuple[SchemaPath, ...] = (
    ("choices", ITEM, "delta", "content"),
    ("delta", "message", "content", "text"),
    ("event", "delta", "text"),
    ("delta", "text"),
    ("message", "content"),
)
TOOL_CALLS_DELTA: tuple[SchemaPath, ...] = (
    ("choices", ITEM, "delta", "tool_calls"),
    ("message", "tool_calls"),
)


class Candidate(Struct, frozen=True, kw_only=True):
    """An operation that could be the chat completion, and how well it fits."""

    profile: ChatProfile
    fit: tuple[int, ...]


def chat_profile(api: Api) -> ChatProfile | None:
    """The profile of the operation that fits best, the first of equals; None where none does."""
    schemas = walk.table(api)
    candidates = [
        candidate
        for operation in api.operations
        if (candidate := _candidate(operation, schemas)) is not None
    ]
    best = max(candidates, key=lambda candidate: candidate.fit, default=None)
    return best.profile if best else None


def find(
    schema: Schema | None, paths: Iterable[SchemaPath], schemas: SchemaTable
) -> SchemaPath | None:
    """The first of some paths that a schema has."""
    if schema is None:
        return None
    return next((path for path in paths if found_at(schema, path, schemas)), None)


def found_at(
    schema: Schema, path: SchemaPath, schemas: SchemaTable
) -> tuple[Schema, ...]:
    """The schemas at the end of a path, references and null apart: one for each variant."""
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
            case ArraySchema() if rest[0] == ITEM:
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


def answer(operation: Operation) -> Schema | None:
    """What the operation answers with where it does not stream: its first successful JSON."""
    for response in operation.responses:
        for media_type in response.content:
            if response.status.startswith("2") and "json" in media_type.name:
                return media_type.schema
    return None


def _candidate(operation: Operation, schemas: SchemaTable) -> Candidate | None:
    if operation.method != "post":
        return None
    request = _name(_request(operation))
    if request is None:
        return None
    sent = schemas[request].schema
    match found_at(sent, ("messages",), schemas):
        case (ArraySchema(),):
            pass
        case _:
            return None
    answered = answer(operation)
    stream = operation.event_stream
    streamed = stream.item_schema if stream else None
    chunk = _name(streamed)
    profile = ChatProfile(
        operation=operation.id,
        request=request,
        messages=("messages",),
        model=find(sent, [("model",)], schemas),
        tools=find(sent, [("tools",)], schemas),
        response=_name(answered),
        text=find(answered, TEXT, schemas),
        chunk=chunk,
        text_delta=find(streamed, TEXT_DELTA, schemas) if chunk else None,
        tool_calls_delta=find(streamed, TOOL_CALLS_DELTA, schemas) if chunk else None,
    )
    speaks = find(answered, (*TEXT, *TEXT_DELTA), schemas) or profile.text_delta
    if speaks is None:
        return None
    demanded = [parameter for parameter in operation.parameters if parameter.required]
    usual = (TEXT[0], TEXT_DELTA[0])
    return Candidate(
        profile=profile,
        fit=(
            (profile.text == usual[0]) + (profile.text_delta == usual[1]),
            -len(demanded),
            (profile.text is not None) + (profile.text_delta is not None),
            (profile.model is not None) + (profile.tools is not None),
            -operation.deprecated,
        ),
    )


def _request(operation: Operation) -> Schema | None:
    body = operation.request_body
    for media_type in body.content if body else ():
        if "json" in media_type.name:
            return media_type.schema
    return None


def _name(schema: Schema | None) -> str | None:
    return schema.name if isinstance(schema, RefSchema) else None
