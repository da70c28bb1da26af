"""Names of the arguments of methods."""

from __future__ import annotations

from collections.abc import Mapping

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
from chatwright.pins import Pin
from chatwright.targets.arguments import Argument, arguments
from chatwright.targets.python import spelling
from chatwright.targets.python.names.distinct import distinct
from chatwright.targets.python.names.models import ModelName


def parameters_of(
    api: Api,
    schemas: SchemaTable,
    models: Mapping[str, ModelName],
    pins: Mapping[tuple[str, str, str], Pin],
) -> Mapping[tuple[str, str, str], str]:
    """What each argument is called, by the operation\'s id, location and name; a body\'s is ""."""
    parameters: dict[tuple[str, str, str], str] = {}
    for operation in api.operations:
        given = arguments(operation, schemas)
        wanted = [
            (
                pins[operation.id, argument.location, argument.name].name
                if (operation.id, argument.location, argument.name) in pins
                else _natural(operation, argument, schemas, models)
            )
            for argument in given
        ]
        for argument, name in zip(given, distinct(wanted, greedy=True), strict=True):
            parameters[operation.id, argument.location, argument.name] = name
    return parameters


def _natural(
    operation: Operation,
    argument: Argument,
    schemas: SchemaTable,
    models: Mapping[str, ModelName],
) -> str:
    if argument.location == "body":
        return _body_argument(operation, argument.schema, schemas, models)
    alias = argument.parameter.alias if argument.parameter else None
    return spelling.argument(alias or argument.name)


def _body_argument(
    operation: Operation,
    schema: Schema,
    schemas: SchemaTable,
    models: Mapping[str, ModelName],
) -> str:
    """`x-codegen-request-body-name`, the model's name or that of the model in an array, or
    `request_body` for another array or a map, or `body`."""
    if operation.request_body is not None and operation.request_body.name:
        return spelling.argument(operation.request_body.name)
    inside_array = False
    seen: set[str] = set()
    while True:
        match schema:
            case RefSchema(name=name) if name in models:
                is_enum = isinstance(schemas[name].schema, EnumSchema)
                if is_enum and not inside_array:
                    return "body"
                return spelling.argument(models[name].class_name)
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
