"""Small Api values, built by hand."""

from __future__ import annotations

from chatwright.ir.api import (
    Api,
    EventStream,
    Operation,
    Parameter,
    RequestBody,
    Source,
)
from chatwright.ir.schema import (
    EnumSchema,
    Instance,
    Json,
    NamedSchema,
    ObjectSchema,
    Property,
    Schema,
    StringSchema,
)

TEXT = StringSchema()


def named(name: str, schema: Schema, *, inline: bool = False) -> NamedSchema:
    return NamedSchema(
        name=name, schema=schema, pointer=f"/components/schemas/{name}", inline=inline
    )


def record(*bases: str, **properties: Schema) -> ObjectSchema:
    return ObjectSchema(
        properties=tuple(
            Property(name=name, schema=schema) for name, schema in properties.items()
        ),
        bases=bases,
    )


def enum(*values: Json) -> EnumSchema:
    return EnumSchema(values=tuple(map(Instance.of, values)))


def api(*schemas: NamedSchema, operations: tuple[Operation, ...] = ()) -> Api:
    return Api(
        title="Test",
        version="1",
        source=Source(file="test.yaml", openapi="3.1.0"),
        schemas=tuple(sorted(schemas, key=lambda schema: schema.name)),
        operations=operations,
    )


def operation(
    identifier: str,
    tag: str = "chat",
    *,
    event_stream: EventStream | None = None,
    parameters: tuple[Parameter, ...] = (),
    request_body: RequestBody | None = None,
) -> Operation:
    return Operation(
        id=identifier,
        method="post",
        path=f"/{identifier}",
        tag=tag,
        event_stream=event_stream,
        parameters=parameters,
        request_body=request_body,
    )
