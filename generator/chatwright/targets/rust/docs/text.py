"""Text of a document in the tables of a crate's documents."""

from __future__ import annotations

from chatwright.ir.schema import (
    Instance,
    NullableSchema,
    Schema,
)
from chatwright.targets.markdown import (
    markdown_comment,
    markdown_raw_cell,
)


def cell(text: str) -> str:
    """A description or a summary in a cell of a table."""
    return markdown_raw_cell(markdown_comment(text))


def plain(instance: Instance) -> str:
    """A value as it reads: a string itself, another as JSON."""
    value = instance.value
    return value if isinstance(value, str) else instance.text


def not_null(schema: Schema) -> Schema:
    """The schema of the values that are not null."""
    return schema.schema if isinstance(schema, NullableSchema) else schema
