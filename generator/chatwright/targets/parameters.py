"""What arguments are called: pinned, or as OpenAPI Generator calls them in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from chatwright.ir.api import Api, Operation
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    EnumSchema,
    MapSchema,
    NullableSchema,
    RefSchema,
    Schema,
    SchemaTable,
)
from chatwright.targets.arguments import Argument, arguments
from chatwright.targets.distinct import distinct

Key: TypeAlias = tuple[str, str, str]
"""An argument: the operation's id, the location and the name, which is "" for a body."""


def parameters(
    api: Api,
    schemas: SchemaTable,
    types: Mapping[str, str],
    spell: Callable[[str], str],
    pins: Mapping[Key, str],
    taken: Iterable[str] = (),
) -> dict[Key, str]:
    """What each argument is called. `types` are the names of models, `pins` names that are spelt
    already, and `taken` those that no argument has. The second of a name is counted up.
    """
    found: dict[Key, str] = {}
    for operation in api.operations:
        given = arguments(operation, schemas)
        keys = [(operation.id, each.location, each.name) for each in given]
        wanted = [
            pins.get(key) or spell(_natural(operation, each, schemas, types))
            for key, each in zip(keys, given, strict=True)
        ]
        found |= zip(keys, distinct(wanted, taken, greedy=True), strict=True)
    return found


def _natural(
    operation: Operation,
    argument: Argument,
    schemas: SchemaTable,
    types: Mapping[str, str],
) -> str:
    if argument.location == "body":
        return _body(operation, argument.schema, schemas, types)
    alias = argument.parameter.alias if argument.parameter else None
    return alias or argument.name


def _body(
    operation: Operation, schema: Schema, schemas: SchemaTable, types: Mapping[str, str]
) -> str:
    """`x-codegen-request-body-name`, the model's name or that of the model in an array, or
    `request_body` for another array or a map, or `body`."""
    if operation.request_body is not None and operation.request_body.name:
        return operation.request_body.name
    inside_array = False
    seen: set[str] = set()
    while True:
        match schema:
            case RefSchema(name=name) if name in types:
                is_enum = isinstance(schemas[name].schema, EnumSchema)
                return "body" if is_enum and not inside_array else types[name]
            case RefSchema(name=name) if name not in seen:
                seen.add(name)
                schema = schemas[name].schema
            case NullableSchema():
                schema = schema.schema
            case ArraySchema():
                inside_array = True
                schema = schema.items
            case MapSchema(values=AnySchema()) if not inside_array:
                return "body"
            case MapSchema():
                return "request_body"
            case _:
                return "request_body" if inside_array else "body"
