"""Defaults as OpenAPI Generator's documents write them: Python's literals, and Java's numbers."""

from __future__ import annotations

from typing import Any

from chatwright.ir.schema import (
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    NumberSchema,
    Schema,
    SchemaTable,
    StringSchema,
)
from chatwright.targets.operations import default, number_text
from chatwright.targets.python.docs.escapes import one_line


def default_text(schema: Schema, schemas: SchemaTable) -> str | None:
    """The default of a place, None where it has none that is shown."""
    found = default(schema, schemas)
    return None if found is None else _text(*found)


def _text(given: Instance, schema: Schema) -> str | None:
    value: Any = given.value
    match schema:
        case StringSchema(format="date" | "date-time"):
            return None
        case BooleanSchema():
            return "True" if value in (True, "true") else "False"
        case NumberSchema() | IntegerSchema() if isinstance(value, int | float):
            return number_text(value)
        case StringSchema() | EnumSchema() | ConstSchema() if isinstance(value, str):
            return _string(value)
        case EnumSchema() | ConstSchema() if isinstance(value, int | float):
            return number_text(value)
        case StringSchema() if not isinstance(value, dict | list):
            return _string(given.text)
        case ArraySchema() if isinstance(value, list):
            return given.text
        case _:
            return None


def _string(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    shown = escaped.replace("\n", "\\n").replace("\r", "\\r")
    return f"'{one_line(shown)}'"
