"""Walks over schemas: children, references, reachability, and the IR as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never, cast

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from chatwright.ir.api import Api, Operation, Webhook
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)


def children(schema: Schema) -> Iterator[Schema]:
    """The schemas that stand directly in this one, in the document's order."""
    match schema:
        case ArraySchema():
            yield schema.items
        case ObjectSchema():
            for member in schema.properties:
                yield member.schema
            if schema.additional_properties is not None:
                yield schema.additional_properties
        case MapSchema():
            yield schema.values
        case UnionSchema():
            yield from schema.variants
        case NullableSchema():
            yield schema.schema
        case (
            AnySchema()
            | BooleanSchema()
            | IntegerSchema()
            | NumberSchema()
            | StringSchema()
            | ConstSchema()
            | EnumSchema()
            | RefSchema()
        ):
            return
        case _:
            assert_never(schema)


def references(schema: Schema) -> Iterator[str]:
    """The names that this schema refers to, itself or below, in order; repeats included."""
    stack = [schema]
    while stack:
        current = stack.pop()
        if isinstance(current, RefSchema):
            yield current.name
        elif isinstance(current, ObjectSchema):
            yield from current.bases
            if current.discriminator is not None:
                yield from (name for _, name in current.discriminator.mapping)
        stack.extend(reversed(tuple(children(current))))


def reachable(names: Iterable[str], schemas: SchemaTable) -> frozenset[str]:
    """The given names and all that their schemas refer to, at any depth."""
    found: set[str] = set()
    stack = list(names)
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(references(schemas[name].schema))
    return frozenset(found)


def request_schemas(operation: Operation) -> Iterator[Schema]:
    """The schemas of what is sent: parameters, then bodies."""
    for parameter in operation.parameters:
        yield parameter.schema
    if operation.request_body is not None:
        for media_type in operation.request_body.content:
            if media_type.schema is not None:
                yield media_type.schema


def response_schemas(operation: Operation) -> Iterator[Schema]:
    """The schemas of what comes back: bodies, headers, streamed items."""
    for response in operation.responses:
        for media_type in response.content:
            if media_type.schema is not None:
                yield media_type.schema
        for header in response.headers:
            yield header.schema
    if operation.event_stream is not None:
        yield operation.event_stream.item_schema


def webhook_schemas(webhooks: Iterable[Webhook]) -> Iterator[Schema]:
    """The schemas of what the vendor sends by itself."""
    for webhook in webhooks:
        if webhook.payload is not None:
            yield webhook.payload


def table(api: Api) -> SchemaTable:
    """The Api's schemas by name."""
    return {named.name: named for named in api.schemas}


def to_json(value: object) -> Any:
    """Any IR value as plain JSON data: `kind` names the class, defaults are left out."""
    match value:
        case Instance():
            return value.value
        case tuple():
            return [to_json(item) for item in cast("tuple[object, ...]", value)]
        case Struct():
            shown: dict[str, Any] = {"kind": type(value).__name__}
            for field in fields(value):
                content = getattr(value, field.name)
                if field.default is NODEFAULT or content != field.default:
                    shown[field.name] = to_json(content)
            return shown
        case _:
            return value
