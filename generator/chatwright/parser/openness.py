"""Which enums a vendor may extend: those that it answers with."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from chatwright.ir import walk
from chatwright.ir.api import Api, Operation, Webhook
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    IntegerSchema,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    StringSchema,
    UnionSchema,
)


def opened(api: Api) -> Api:
    """The Api with every enum open that a response, a streamed item or a webhook can hold."""
    received = [*walk.webhook_schemas(api.webhooks)]
    for operation in api.operations:
        received += walk.response_schemas(operation)
        received += walk.webhook_schemas(operation.callbacks)
    answered = {name for schema in received for name in walk.references(schema)}
    if api.event is not None:
        answered.update(walk.references(api.event))
    reached = walk.reachable(answered, walk.table(api))
    return replace(
        api,
        schemas=tuple(
            (
                replace(named, schema=opened_schema(named.schema))
                if named.name in reached
                else named
            )
            for named in api.schemas
        ),
        operations=tuple(opened_operation(operation) for operation in api.operations),
        webhooks=tuple(map(opened_webhook, api.webhooks)),
        event=api.event and opened_schema(api.event),
    )


def opened_webhook(webhook: Webhook) -> Webhook:
    """The webhook with the enums that stand in its payload open."""
    return replace(webhook, payload=webhook.payload and opened_schema(webhook.payload))


def opened_operation(operation: Operation) -> Operation:
    """The operation with the enums that stand in its responses open."""
    stream = operation.event_stream
    return replace(
        operation,
        responses=tuple(
            replace(
                response,
                content=tuple(
                    (
                        media_type
                        if media_type.schema is None
                        else replace(
                            media_type, schema=opened_schema(media_type.schema)
                        )
                    )
                    for media_type in response.content
                ),
                headers=tuple(
                    replace(header, schema=opened_schema(header.schema))
                    for header in response.headers
                ),
            )
            for response in operation.responses
        ),
        callbacks=tuple(map(opened_webhook, operation.callbacks)),
        event_stream=stream
        and replace(stream, item_schema=opened_schema(stream.item_schema)),
    )


def opened_property(member: Property) -> Property:
    """The property with the enums that stand in it open."""
    opened = opened_schema(member.schema)
    return member if opened is member.schema else replace(member, schema=opened)


def opened_schema(schema: Schema) -> Schema:
    """The schema with the enums that stand in it open."""
    match schema:
        case EnumSchema():
            return replace(schema, open=True)
        case ArraySchema():
            return replace(schema, items=opened_schema(schema.items))
        case MapSchema():
            return replace(schema, values=opened_schema(schema.values))
        case NullableSchema():
            return replace(schema, schema=opened_schema(schema.schema))
        case UnionSchema():
            return replace(schema, variants=tuple(map(opened_schema, schema.variants)))
        case ObjectSchema():
            additional = schema.additional_properties
            return replace(
                schema,
                properties=tuple(map(opened_property, schema.properties)),
                additional_properties=additional and opened_schema(additional),
            )
        case (
            AnySchema()
            | BooleanSchema()
            | IntegerSchema()
            | NumberSchema()
            | StringSchema()
            | ConstSchema()
            | RefSchema()
        ):
            return schema
        case _:
            assert_never(schema)
