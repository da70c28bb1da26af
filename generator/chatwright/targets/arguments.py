"""An operation's arguments: its parameters, then its body or the fields of a form."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from chatwright.ir.api import MediaType, Operation, Parameter, ParameterLocation
from chatwright.ir.schema import (
    ArraySchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
)

ArgumentLocation: TypeAlias = ParameterLocation | Literal["body", "form"]

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_BYTES = StringSchema(format="binary")


class Argument(Struct, frozen=True, kw_only=True):
    """One argument. `name` is the parameter's or the form field's on the wire, "" for the body;
    `parameter` is None in a body."""

    location: ArgumentLocation
    name: str
    schema: Schema
    required: bool
    description: str | None = None
    parameter: Parameter | None = None


def arguments(operation: Operation, schemas: SchemaTable) -> tuple[Argument, ...]:
    """The arguments in the document's order, the body's last."""
    parameters = tuple(
        Argument(
            location=parameter.location,
            name=parameter.name,
            schema=parameter.schema,
            required=parameter.required,
            description=parameter.description,
            parameter=parameter,
        )
        for parameter in operation.parameters
    )
    return parameters + _body(operation, schemas)


def ordered_arguments(
    operation: Operation, schemas: SchemaTable
) -> tuple[Argument, ...]:
    """The arguments as a signature has them: required ones first."""
    return tuple(
        sorted(
            arguments(operation, schemas), key=lambda argument: not argument.required
        )
    )


def is_file(argument: Argument) -> bool:
    """Whether an argument is a file of a form, which is read while it is sent."""
    schema = argument.schema
    return (
        argument.location == "form"
        and isinstance(schema, StringSchema)
        and schema.format == "binary"
    )


def is_files(argument: Argument) -> bool:
    """Whether an argument is a list of such files."""
    schema = argument.schema
    return (
        argument.location == "form"
        and isinstance(schema, ArraySchema)
        and isinstance(schema.items, StringSchema)
        and schema.items.format == "binary"
    )


def is_bytes(argument: Argument) -> bool:
    """Whether an argument is a body of bytes."""
    schema = argument.schema
    return (
        argument.location == "body"
        and isinstance(schema, StringSchema)
        and schema.format == "binary"
    )


def media_type(operation: Operation) -> MediaType | None:
    """The representation that the body's arguments are made from: the document's first."""
    if operation.request_body is None or not operation.request_body.content:
        return None
    return operation.request_body.content[0]


def _body(operation: Operation, schemas: SchemaTable) -> tuple[Argument, ...]:
    body = operation.request_body
    first = media_type(operation)
    if body is None or first is None:
        return ()
    form = _form(first, schemas)
    if form is not None:
        return tuple(
            Argument(
                location="form",
                name=member.name,
                schema=member.schema,
                required=member.required,
                description=member.schema.annotations.description,
            )
            for member in form.properties
        )
    return (
        Argument(
            location="body",
            name="",
            schema=_BYTES if first.schema is None else first.schema,
            required=body.required,
            description=body.description,
        ),
    )


def _form(first: MediaType, schemas: SchemaTable) -> ObjectSchema | None:
    """The object whose properties are form fields, None where the body is one argument."""
    if first.name.partition(";")[0].strip().lower() not in _FORMS:
        return None
    schema = first.schema
    while isinstance(schema, RefSchema | NullableSchema):
        schema = (
            schemas[schema.name].schema
            if isinstance(schema, RefSchema)
            else schema.schema
        )
    return schema if isinstance(schema, ObjectSchema) and schema.properties else None
