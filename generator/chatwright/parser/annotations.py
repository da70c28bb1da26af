"""What a schema says that constrains nothing, and the limits that it sets."""

from __future__ import annotations

from chatwright.document import Node
from chatwright.ir.schema import (
    NO_ANNOTATIONS,
    NO_BOUNDS,
    Annotations,
    Bounds,
    Instance,
)
from chatwright.parser import reading
from chatwright.parser.shapes import Shape

ANNOTATIONS = frozenset(
    {
        "default",
        "deprecated",
        "description",
        "example",
        "examples",
        "readOnly",
        "title",
        "writeOnly",
    }
)
"""The keywords that are kept as annotations."""


def annotations_of(shape: Shape) -> Annotations:
    """The annotations of a place (JSON Schema Validation, section 9)."""
    if not shape.around and ANNOTATIONS.isdisjoint(shape.keywords):
        return NO_ANNOTATIONS
    found = Annotations(
        title=_text(shape.annotation("title")),
        description=_text(shape.annotation("description")),
        default=_default(shape),
        examples=_examples(shape),
        deprecated=shape.annotation("deprecated") is True,
        read_only=shape.annotation("readOnly") is True,
        write_only=shape.annotation("writeOnly") is True,
    )
    return NO_ANNOTATIONS if found == NO_ANNOTATIONS else found


def bounds_of(shape: Shape) -> Bounds:
    """Numeric limits (JSON Schema Validation, section 6.2)."""
    keywords = shape.keywords
    multiple_of = reading.number(keywords, "multipleOf")
    found = Bounds(
        minimum=reading.number(keywords, "minimum"),
        maximum=reading.number(keywords, "maximum"),
        exclusive_minimum=reading.number(keywords, "exclusiveMinimum"),
        exclusive_maximum=reading.number(keywords, "exclusiveMaximum"),
        multiple_of=multiple_of if multiple_of and multiple_of > 0 else None,
    )
    return NO_BOUNDS if found == NO_BOUNDS else found


def _text(value: Node) -> str | None:
    return value if isinstance(value, str) else None


def _default(shape: Shape) -> Instance | None:
    """The default; one of null says nothing, unless null is allowed."""
    for keywords in (*shape.around, shape.keywords):
        if "default" in keywords:
            value = keywords["default"]
            if value is not None or shape.nullable:
                return reading.instance(value)
    return None


def _examples(shape: Shape) -> tuple[Instance, ...]:
    """The examples; `example` is OpenAPI 3.0's one."""
    found: dict[Instance, None] = {}
    for keywords in (*shape.around, shape.keywords):
        single = (keywords["example"],) if "example" in keywords else ()
        for value in (*single, *reading.sequence(keywords, "examples")):
            example = reading.instance(value)
            if example is not None:
                found.setdefault(example)
    return tuple(found)
