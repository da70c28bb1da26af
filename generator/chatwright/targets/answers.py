"""What operations answer with when they do not stream."""

from __future__ import annotations

from typing import Literal, TypeAlias

from chatwright.ir.api import Operation, Response
from chatwright.ir.schema import AnySchema, RefSchema, Schema, SchemaTable, StringSchema

Undescribed: TypeAlias = Literal["anything", "text", "bytes"]
"""What a media type without a schema holds."""


def body(response: Response) -> Schema | None:
    """What a response holds, of an event stream only where it holds nothing else.

    A schema that says nothing does not make JSON of what is none (OpenAPI 3.1, section 4.8.14.3).
    """
    described = {
        m.name: m.schema
        for m in response.content
        if m.schema is not None
        and not (isinstance(m.schema, AnySchema) and _kind(m.name) != "anything")
    }
    plain = [schema for name, schema in described.items() if "event-stream" not in name]
    return next(iter(plain or described.values()), None)


def answer(operation: Operation) -> Schema | None:
    """What the first successful response holds, else the default one; None for no body."""
    found = _answer(operation)
    return body(found) if found is not None else None


def undescribed(response: Response) -> Undescribed | None:
    """What a response without schemas holds (OpenAPI 3.1, section 4.8.14.3: `image/png: {}`),
    None where it has no body."""
    if not response.content:
        return None
    return _kind(response.content[0].name)


def _kind(media_type: str) -> Undescribed:
    name = media_type.partition(";")[0].strip().lower()
    if name.endswith(("json", "*/*")) or "event-stream" in name:
        return "anything"
    return "text" if name.startswith("text/") else "bytes"


def is_file(operation: Operation, schemas: SchemaTable) -> bool:
    """Whether an operation answers with bytes."""
    found = _answer(operation)
    if found is None:
        return False
    schema = body(found)
    if schema is None:
        return undescribed(found) == "bytes"
    seen: set[str] = set()
    while isinstance(schema, RefSchema) and schema.name not in seen:
        seen.add(schema.name)
        schema = schemas[schema.name].schema
    return isinstance(schema, StringSchema) and schema.format == "binary"


def _answer(operation: Operation) -> Response | None:
    responses = {each.status: each for each in operation.responses}
    return next(
        (each for status, each in responses.items() if status.startswith("2")),
        responses.get("default"),
    )
