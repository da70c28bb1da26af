"""Whether, and how, an operation answers with a sequence of items.

From OpenAPI 3.2's `itemSchema` (section 4.14.1), from a streaming media type in a successful
response, or from the `x-event-stream` extension, which an overlay sets where a vendor is silent:
`{item, selector, sentinel, media_type}`, or `false` where there is no stream. Many vendors
declare nothing but the request's `stream: true`: then any items may come. Vendors whose clients
Fern generates say it to Fern, in `x-fern-streaming`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from chatwright.document import Node
from chatwright.ir.api import EventStream, RequestBody
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    Instance,
    NullableSchema,
    ObjectSchema,
    Schema,
    UnionSchema,
)
from chatwright.parser import reading
from chatwright.parser.paths import PathOperation
from chatwright.parser.schemas import Schemas

EVENT_STREAM = "text/event-stream"
STREAMS = (
    EVENT_STREAM,
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/ndjson",
    "application/x-ndjson",
    "application/stream+json",
    "application/x-json-stream",
    "application/json-seq",
)
SELECTOR = "stream"
FERN = "x-fern-streaming"
FERN_ITEM = "response-stream"
ENVELOPE = frozenset({"data", "event", "id", "retry"})
"""The fields of a server-sent event (HTML, section 9.2.6)."""


class Declared(Struct, frozen=True, kw_only=True):
    """A stream as a response declares it."""

    media_type: str
    schema: Schema


class Unwrapped(Struct, frozen=True, kw_only=True):
    """What the events of a stream carry; see EventStream."""

    item: Schema
    sentinel: str | None = None
    events: tuple[tuple[str, Schema], ...] = ()
    envelope: bool = False


def event_stream(
    operation: PathOperation,
    body: RequestBody | None,
    declared: Iterator[Declared],
    schemas: Schemas,
) -> EventStream | None:
    """The stream that an operation answers with, None where it does not stream."""
    extension = operation.node.get("x-event-stream")
    if extension is False:
        return None
    told = reading.mapping(operation.node, "x-event-stream")
    fern = reading.mapping(operation.node, FERN)
    found = next(declared, None)
    for node, extension_name, key in (
        (told, "x-event-stream", "item"),
        (fern, FERN, FERN_ITEM),
    ):
        if key in node:
            at = operation.pointer / extension_name / key
            media_type = found.media_type if found else _fern_media_type(fern)
            found = Declared(media_type=media_type, schema=schemas.at(at))
            break
    switch = (
        reading.text(told, "selector")
        or selector(body, schemas)
        or _fern_selector(fern)
    )
    if found is None:
        if switch is None:
            return None
        found = Declared(media_type=EVENT_STREAM, schema=AnySchema())
    carried = unwrapped(found.schema, schemas)
    return EventStream(
        media_type=reading.text(told, "media_type") or found.media_type,
        item_schema=carried.item,
        selector=switch,
        sentinel=reading.text(told, "sentinel") or carried.sentinel,
        events=carried.events,
        envelope=carried.envelope,
    )


def _fern_media_type(fern: Mapping[str, Node]) -> str:
    return "application/x-ndjson" if fern.get("format") == "json" else EVENT_STREAM


def _fern_selector(fern: Mapping[str, Node]) -> str | None:
    """The request property of a `stream-condition` such as `$request.stream`."""
    condition = reading.text(fern, "stream-condition") or ""
    prefix, _, name = condition.partition(".")
    return name if prefix == "$request" and name and "." not in name else None


def is_stream(media_type: str) -> bool:
    """Whether a body of this media type is a sequence of items."""
    return media_type.split(";")[0].strip().lower() in STREAMS


def selector(body: RequestBody | None, schemas: Schemas) -> str | None:
    """The request property that turns a stream on: a boolean called `stream`."""
    for media_type in body.content if body else ():
        if media_type.schema is None:
            continue
        request = schemas.resolved(media_type.schema)
        if not isinstance(request, ObjectSchema):
            continue
        for member in request.properties:
            if member.name == SELECTOR and isinstance(
                schemas.resolved(member.schema), BooleanSchema
            ):
                return SELECTOR
    return None


def unwrapped(schema: Schema, schemas: Schemas) -> Unwrapped:
    """What the events carry, and the data that ends the stream, where the schema tells.

    A vendor may describe the decoded items, or the events: objects that hold an item in `data`.
    """
    resolved = schemas.resolved(schema)
    if isinstance(resolved, ArraySchema):
        schema = resolved.items
        resolved = schemas.resolved(schema)
    if not isinstance(resolved, UnionSchema):
        data = _carried(schema, schemas)
        return Unwrapped(item=data or schema, envelope=_opens([data], schemas))
    ends = {variant: _sentinel(variant, schemas) for variant in resolved.variants}
    items = [variant for variant, end in ends.items() if end is None]
    sentinel = next((end for end in ends.values() if end is not None), None)
    carried = [(variant, _carried(variant, schemas)) for variant in items]
    match carried:
        case []:
            return Unwrapped(item=schema)
        case [(only, data)]:
            return Unwrapped(
                item=data or only,
                sentinel=sentinel,
                envelope=_opens([data], schemas),
            )
        case _:
            events = tuple(
                (event, data)
                for variant, data in carried
                if data is not None
                for event in _events(variant, schemas)
            )
            whole = all(data is not None for _, data in carried)
            distinct = {data for _, data in events}
            opens = _opens([data for _, data in carried], schemas)
            if whole and len(distinct) == 1:
                return Unwrapped(item=events[0][1], sentinel=sentinel, envelope=opens)
            return Unwrapped(
                item=schema,
                sentinel=sentinel,
                events=events if whole else (),
                envelope=opens,
            )


def _opens(carried: Sequence[Schema | None], schemas: Schemas) -> bool:
    """Whether an event in the data of another is told from what the events carry."""
    return all(
        data is not None and not _looks_like_an_event(data, schemas) for data in carried
    )


def _looks_like_an_event(schema: Schema, schemas: Schemas) -> bool:
    resolved = schemas.resolved(schema)
    variants = resolved.variants if isinstance(resolved, UnionSchema) else (schema,)
    objects = [schemas.resolved(variant) for variant in variants]
    return any(
        ENVELOPE.issuperset(names) and "data" in names
        for each in objects
        if isinstance(each, ObjectSchema)
        for names in [{member.name for member in each.properties}]
    )


def _events(schema: Schema, schemas: Schemas) -> tuple[str, ...]:
    """The names of the events that an envelope is of (HTML, section 9.2.6)."""
    resolved = schemas.resolved(schema)
    members = resolved.properties if isinstance(resolved, ObjectSchema) else ()
    event = next((member.schema for member in members if member.name == "event"), None)
    named = schemas.resolved(event) if event is not None else None
    values: tuple[Instance, ...] = ()
    if isinstance(named, ConstSchema):
        values = (named.value,)
    elif isinstance(named, EnumSchema):
        values = named.values
    names = [each.value for each in values if isinstance(each.value, str)]
    return tuple(names) or ("message",)


def _carried(schema: Schema, schemas: Schemas) -> Schema | None:
    """What the `data` of an event holds, None where the schema describes no event."""
    resolved = schemas.resolved(schema)
    if not isinstance(resolved, ObjectSchema):
        return None
    members = {member.name: member.schema for member in resolved.properties}
    if "data" not in members or not ENVELOPE.issuperset(members):
        return None
    data = members["data"]
    # A payload may have a member called `data` itself: an event's name tells the two apart.
    named = "event" in members and isinstance(
        schemas.resolved(members["event"]), ConstSchema | EnumSchema
    )
    if named or isinstance(schemas.resolved(data), ObjectSchema | UnionSchema):
        return data.schema if isinstance(data, NullableSchema) else data
    return None


def _sentinel(schema: Schema, schemas: Schemas) -> str | None:
    """The text that ends a stream, None where the schema is of an item."""
    resolved = schemas.resolved(schema)
    if isinstance(resolved, ObjectSchema):
        members = {member.name: member.schema for member in resolved.properties}
        if "data" not in members or not ENVELOPE.issuperset(members):
            return None
        resolved = schemas.resolved(members["data"])
    match resolved:
        case ConstSchema():
            value = resolved.value.value
        case EnumSchema(values=(only,)):
            value = only.value
        case _:
            return None
    return value if isinstance(value, str) else None
