"""Sample JSON values of schemas: what the document gives as examples, else made up."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never, cast

from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    Bounds,
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
from chatwright.targets.python.docs.acceptance import accepts
from chatwright.targets.text import python_string

_DEPTH = 12
_MOST_STEPS = 2000
_LONGEST = 400
_LONGEST_TEXT = 1000
_FEWEST = 2
_TEXTS: Mapping[str | None, str] = {
    "binary": "aGVsbG8=",
    "byte": "aGVsbG8=",
    "date": "2024-01-31",
    "date-time": "2024-01-31T12:00:00Z",
    "email": "user@example.com",
    "uri": "https://example.com",
    "url": "https://example.com",
    "uuid": "38400000-8cf0-11bd-b23e-10b96e4ef00d",
}
_SHAPES = (
    "a",
    "A",
    "0",
    "1",
    "abc",
    "ABC",
    "abc123",
    "a-b",
    "a_b",
    "1.0",
    "#ffffff",
    "en",
    "EUR",
)


class Unsampled(Exception):
    """No value of a schema was found."""


class Samples:
    """Samples of one document's schemas."""

    def __init__(self, schemas: SchemaTable) -> None:
        self._schemas = schemas
        self._found: dict[str, Any] = {}
        self._steps = 0

    def of(self, schema: Schema, hint: str = "value") -> Any:
        """A JSON value that the schema allows; texts are made up from `hint`.

        Raises Unsampled where none was found in a bounded search.
        """
        self._steps = 0
        return self._value(schema, hint, ())

    def variants(self, schema: UnionSchema, hint: str) -> Sequence[tuple[Schema, Any]]:
        """Each variant of a union with a value, as far as one was found."""
        found: list[tuple[Schema, Any]] = []
        for variant in schema.variants:
            try:
                value = self.of(variant, hint)
            except Unsampled:
                continue
            found.append((variant, self._discriminated(schema, variant, value)))
        return found

    def _value(self, schema: Schema, hint: str, inside: tuple[str, ...]) -> Any:
        self._steps += 1
        if self._steps > _MOST_STEPS or len(inside) > _DEPTH:
            raise Unsampled
        for value in self._known(schema):
            if accepts(schema, value, self._schemas):
                return value
        value = self._made(schema, hint, inside)
        # What is made is allowed, but lists and maps may be asked to be longer than samples are.
        sized = isinstance(schema, ArraySchema | MapSchema)
        if sized and not accepts(schema, value, self._schemas):
            raise Unsampled
        return value

    def _known(self, schema: Schema) -> Iterator[Any]:
        """What the document itself gives, as far as it is short."""
        notes = schema.annotations
        for instance in (*notes.examples, *((notes.default,) if notes.default else ())):
            if len(instance.text) <= _LONGEST and instance.value is not None:
                yield instance.value

    def _made(self, schema: Schema, hint: str, inside: tuple[str, ...]) -> Any:
        match schema:
            case AnySchema():
                return {}
            case BooleanSchema():
                return True
            case IntegerSchema():
                return _number(schema.bounds, 1)
            case NumberSchema():
                return _number(schema.bounds, 0.5)
            case StringSchema():
                return self._text(schema, hint)
            case ConstSchema():
                return schema.value.value
            case EnumSchema():
                return schema.values[0].value
            case ArraySchema():
                return self._array(schema, hint, inside)
            case MapSchema():
                return self._map(schema, hint, inside)
            case ObjectSchema():
                return self._object(schema, inside)
            case UnionSchema():
                return self._union(schema, hint, inside)
            case NullableSchema():
                return self._value(schema.schema, hint, inside)
            case RefSchema():
                return self._referenced(schema.name, hint, inside)
            case _:
                assert_never(schema)

    def _referenced(self, name: str, hint: str, inside: tuple[str, ...]) -> Any:
        if name in self._found:
            return self._found[name]
        if name in inside:
            raise Unsampled
        target = self._schemas[name].schema
        value = self._value(target, hint, (*inside, name))
        if isinstance(target, ObjectSchema | UnionSchema):
            self._found[name] = value
        return value

    def _text(self, schema: StringSchema, hint: str) -> str:
        least = schema.min_length or 0
        if least > _LONGEST_TEXT:
            raise Unsampled
        made = _TEXTS.get(schema.format, f"{hint}_example")
        for candidate in (made, hint, *_SHAPES):
            text = (candidate * (least // len(candidate) + 1))[
                : max(least, len(candidate))
            ]
            shorter = text if schema.max_length is None else text[: schema.max_length]
            if accepts(schema, shorter, self._schemas):
                return shorter
        raise Unsampled

    def _array(
        self, schema: ArraySchema, hint: str, inside: tuple[str, ...]
    ) -> list[Any]:
        if schema.max_items == 0:
            return []
        try:
            item = self._value(schema.items, hint, inside)
        except Unsampled:
            if schema.min_items:
                raise
            return []
        least = max(schema.min_items or 1, 1)
        if not schema.unique_items or least == 1:
            return [item] * min(least, _LONGEST)
        if isinstance(schema.items, EnumSchema):
            return [value.value for value in schema.items.values[:least]]
        raise Unsampled

    def _map(
        self, schema: MapSchema, hint: str, inside: tuple[str, ...]
    ) -> dict[str, Any]:
        least = schema.min_properties or 0
        if isinstance(schema.values, AnySchema) and not least:
            return {}
        try:
            value = self._value(schema.values, hint, inside)
        except Unsampled:
            if least:
                raise
            return {}
        return {
            f"key{index or ''}": value for index in range(min(max(least, 1), _LONGEST))
        }

    def _object(self, schema: ObjectSchema, inside: tuple[str, ...]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for member in schema.properties:
            if member.required:
                members[member.name] = self._value(member.schema, member.name, inside)
        for member in schema.properties:
            shown = bool(member.schema.annotations.examples) or len(members) < _FEWEST
            if shown and not member.required:
                with contextlib.suppress(Unsampled):
                    members[member.name] = self._value(
                        member.schema, member.name, inside
                    )
        return {
            member.name: members[member.name]
            for member in schema.properties
            if member.name in members
        }

    def _union(self, schema: UnionSchema, hint: str, inside: tuple[str, ...]) -> Any:
        for variant in schema.variants:
            try:
                value = self._value(variant, hint, inside)
            except Unsampled:
                continue
            return self._discriminated(schema, variant, value)
        raise Unsampled

    def _discriminated(self, schema: UnionSchema, variant: Schema, value: Any) -> Any:
        """The value with the discriminator's property as the mapping has it for the variant."""
        if (
            schema.discriminator is None
            or not isinstance(variant, RefSchema)
            or not isinstance(value, dict)
        ):
            return value
        for key, target in schema.discriminator.mapping:
            named: dict[str, Any] = {**value, schema.discriminator.property_name: key}
            if target == variant.name and accepts(variant, named, self._schemas):
                return named
        return cast("dict[str, Any]", value)


def json_text(value: Any) -> str:
    """The value as indented JSON; what a reader would not see is written as an escape."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if not text.isascii() and not all(
        char.isascii() or python_string(char) == f'"{char}"' for char in text
    ):
        text = json.dumps(value, indent=2)
    return text.replace("\x7f", "\\u007f")


def _number(bounds: Bounds, preferred: int | float) -> int | float:
    step = bounds.multiple_of or 1
    candidates: list[int | float] = [preferred, 1, 0, 0.5, step]
    for limit in (bounds.minimum, bounds.maximum):
        candidates.extend([] if limit is None else [limit])
    for limit, sign in ((bounds.exclusive_minimum, 1), (bounds.exclusive_maximum, -1)):
        candidates.extend([] if limit is None else [limit + sign, limit + sign * step])
    from_schema = NumberSchema(bounds=bounds)
    for candidate in candidates:
        if accepts(from_schema, candidate, {}) and (
            isinstance(preferred, float) or candidate == int(candidate)
        ):
            return candidate
    raise Unsampled
