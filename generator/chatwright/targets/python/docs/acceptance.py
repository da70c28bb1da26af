"""Whether a JSON value is one that a schema allows (JSON Schema Validation, 2020-12).

Examples and defaults in documents are often not; only those that are stand in ours.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import math
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Any, assert_never, cast

from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    Bounds,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.regex import matches

_DEPTH = 30
_MOST_STEPS = 10_000


def accepts(schema: Schema, value: Any, schemas: SchemaTable) -> bool:
    """Whether `value` is allowed.

    One that is nested deeper than 30 is not, nor is one that takes more than 10,000 steps to tell:
    unions of each other have more ways through them than anyone can go.
    """
    return _accepts(schema, value, schemas, _DEPTH, count())


def _accepts(
    schema: Schema, value: Any, schemas: SchemaTable, depth: int, steps: Iterator[int]
) -> bool:
    if depth < 0 or next(steps) >= _MOST_STEPS:
        return False

    def inner(schema: Schema, value: Any) -> bool:
        return _accepts(schema, value, schemas, depth - 1, steps)

    match schema:
        case AnySchema():
            return True
        case BooleanSchema():
            return isinstance(value, bool)
        case IntegerSchema():
            return (
                _is_number(value)
                and value == math.floor(value)
                and _bounded(schema.bounds, value)
            )
        case NumberSchema():
            return _is_number(value) and _bounded(schema.bounds, value)
        case StringSchema():
            return isinstance(value, str) and _is_text(schema, value)
        case ConstSchema():
            return Instance.of(value).identity == schema.value.identity
        case EnumSchema():
            told = Instance.of(value).identity
            return any(told == each.identity for each in schema.values)
        case ArraySchema():
            if not isinstance(value, list):
                return False
            items = cast("Sequence[Any]", value)
            texts = {Instance.of(item).identity for item in items}
            return (
                _sized(len(items), schema.min_items, schema.max_items)
                and (not schema.unique_items or len(texts) == len(items))
                and all(inner(schema.items, item) for item in items)
            )
        case MapSchema():
            if not isinstance(value, dict):
                return False
            members = cast("dict[str, Any]", value)
            return _sized(
                len(members), schema.min_properties, schema.max_properties
            ) and all(inner(schema.values, member) for member in members.values())
        case ObjectSchema():
            return isinstance(value, dict) and _is_object(
                schema, cast("dict[str, Any]", value), inner
            )
        case UnionSchema():
            return any(inner(variant, value) for variant in schema.variants)
        case NullableSchema():
            return value is None or inner(schema.schema, value)
        case RefSchema():
            return inner(schemas[schema.name].schema, value)
        case _:
            assert_never(schema)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and (isinstance(value, int) or math.isfinite(value))
    )


def _bounded(bounds: Bounds, value: int | float) -> bool:
    return (
        (bounds.minimum is None or value >= bounds.minimum)
        and (bounds.maximum is None or value <= bounds.maximum)
        and (bounds.exclusive_minimum is None or value > bounds.exclusive_minimum)
        and (bounds.exclusive_maximum is None or value < bounds.exclusive_maximum)
        and (
            not bounds.multiple_of
            or Fraction(value) % Fraction(bounds.multiple_of) == 0
        )
    )


def _sized(size: int, least: int | None, most: int | None) -> bool:
    return size >= (least or 0) and (most is None or size <= most)


def _is_text(schema: StringSchema, value: str) -> bool:
    parse = _FORMATS.get(schema.format)
    if parse is not None:
        try:
            parse(value)
        except ValueError:
            return False
    return _sized(len(value), schema.min_length, schema.max_length) and (
        schema.pattern is None or matches(schema.pattern, value) is True
    )


def _base64(value: str) -> None:
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(value) from error


_FORMATS: Mapping[str | None, Callable[[str], object]] = {
    "binary": _base64,
    "byte": _base64,
    "date": datetime.date.fromisoformat,
    "date-time": datetime.datetime.fromisoformat,
    "uuid": uuid.UUID,
}


def _is_object(
    schema: ObjectSchema, value: Mapping[str, Any], inner: Callable[[Schema, Any], bool]
) -> bool:
    properties = {member.name: member for member in schema.properties}
    others = value.keys() - properties.keys()
    return (
        all(member.name in value for member in schema.properties if member.required)
        and all(
            inner(member.schema, value[name])
            for name, member in properties.items()
            if name in value
        )
        and not (schema.closed and others)
        and all(
            schema.additional_properties is None
            or inner(schema.additional_properties, value[name])
            for name in others
        )
    )
