"""What calls give: the type of an operation's answer, and how it is read."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from chatwright.ir.api import Operation, Response
from chatwright.ir.schema import (
    ArraySchema,
    MapSchema,
    NullableSchema,
    RefSchema,
    Schema,
    StringSchema,
)
from chatwright.targets import answers
from chatwright.targets.operations import main_response
from chatwright.targets.rust.types import VALUE, Types


class Answer(Struct, frozen=True, kw_only=True):
    """A Rust type, how it is read, and the schema of the model that it is or holds, if any."""

    type: str
    kind: Literal["json", "text", "raw", "nothing"]
    model: str | None = None


def answer(operation: Operation, types: Types) -> Answer:
    """What the first successful response holds, else the default one."""
    response = main_response(operation)
    return _answer(response, types) if response else Answer(type="()", kind="nothing")


def error_type(response: Response, types: Types) -> str | None:
    """The type of what a response that is no success holds, None where it has no schema."""
    schema = answers.body(response)
    return None if schema is None else types.of(schema)


def _answer(response: Response, types: Types) -> Answer:
    if not response.content:
        return Answer(type="()", kind="nothing")
    schema = answers.body(response)
    if schema is None:
        match answers.undescribed(response):
            case "text":
                return Answer(type="String", kind="text")
            case "bytes":
                return Answer(type="reqwest::Response", kind="raw")
            case _:
                return Answer(type=VALUE, kind="json")
    if _is_binary(schema, types):
        return Answer(type="reqwest::Response", kind="raw")
    text = types.of(schema)
    media_type = response.content[0].name.partition(";")[0].strip().lower()
    if text == "String" and not media_type.endswith("json"):
        return Answer(type=text, kind="text")
    return Answer(type=text, kind="json", model=_model(schema, types))


def _model(schema: Schema, types: Types) -> str | None:
    seen: set[str] = set()
    while True:
        match schema:
            case RefSchema(name=name) if name in types.names.models:
                return name
            case RefSchema(name=name) if name not in seen:
                seen.add(name)
                schema = types.schemas[name].schema
            case ArraySchema(items=inner) | NullableSchema(schema=inner):
                schema = inner
            case MapSchema(values=inner):
                schema = inner
            case _:
                return None


def _is_binary(schema: Schema, types: Types) -> bool:
    seen: set[str] = set()
    while isinstance(schema, RefSchema) and schema.name not in seen:
        seen.add(schema.name)
        schema = types.schemas[schema.name].schema
    return isinstance(schema, StringSchema) and schema.format == "binary"
