"""Small JSON values of schemas, for tests that generated code carries."""

from __future__ import annotations

from typing import Any, assert_never

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
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)

_TEXTS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "uuid": "00000000-0000-4000-8000-000000000001",
}
_DEEPEST = 32
_MOST = 200


class NoSample(Exception):
    """A schema has no small value: it needs itself, or very much."""


def sample(schema: Schema, schemas: SchemaTable) -> Any:
    """A value of a schema, as JSON data: of objects what they require, of arrays one item.

    Bounds, lengths and patterns are not minded. Raises NoSample.
    """
    return _Sampling(schemas).of(schema, ())


class _Sampling:
    """The making of one value."""

    def __init__(self, schemas: SchemaTable) -> None:
        self._schemas = schemas
        self._made = 0

    def of(self, schema: Schema, inside: tuple[str, ...], depth: int = 0) -> Any:
        self._made += 1
        if depth > _DEEPEST or self._made > _MOST:
            raise NoSample
        below = depth + 1
        match schema:
            case AnySchema():
                return "text"
            case BooleanSchema():
                return False
            case IntegerSchema():
                return 1
            case NumberSchema():
                return 0.5
            case StringSchema():
                return _TEXTS.get(schema.format or "", "text")
            case ConstSchema():
                return schema.value.value
            case EnumSchema():
                return schema.values[0].value
            case ArraySchema():
                try:
                    return [self.of(schema.items, inside, below)]
                except NoSample:
                    return []
            case ObjectSchema():
                return {
                    each.name: self.of(each.schema, inside, below)
                    for each in schema.properties
                    if each.required
                }
            case MapSchema():
                return {}
            case UnionSchema():
                return self._any_of(schema, inside, below)
            case NullableSchema():
                try:
                    return self.of(schema.schema, inside, below)
                except NoSample:
                    return None
            case RefSchema(name=name):
                if name in inside:
                    raise NoSample
                return self.of(self._schemas[name].schema, (*inside, name), below)
            case _:
                assert_never(schema)

    def _any_of(self, schema: UnionSchema, inside: tuple[str, ...], depth: int) -> Any:
        for variant in schema.variants:
            try:
                return self.of(variant, inside, depth)
            except NoSample:
                continue
        raise NoSample
