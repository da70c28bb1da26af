"""Deterministic values that fit a schema: what the loopback server answers with."""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import StrEnum
from functools import cache
from typing import cast

from tests.loopback.document import Document, Json, Object, mapping, pointed, sequence
from tests.loopback.schemas import Schemas, is_nullable

_FORMATS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "duration": "PT1S",
    "uuid": "6f1b6c1e-2b7c-4d56-9d0f-3c2a1b0e4d5f",
    "uri": "https://example.com/a",
    "uri-reference": "/a",
    "url": "https://example.com/a",
    "email": "a@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "aGVsbG8=",
}


class Mode(StrEnum):
    """How much of a schema an answer fills in: every property, or only the required ones."""

    FULL = "full"
    MINIMAL = "minimal"


class NoValue(Exception):
    """No value of a schema could be found, or only an endless one."""


class Values:
    """Makes values for the schemas of one document."""

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self._document = document
        self._schemas = schemas
        self._made: Callable[[str, Mode], str] = cache(self._make)

    def make(self, schema: Json, mode: Mode) -> Json:
        """A valid value of the schema, always the same; raises NoValue where none is found."""
        return cast(Json, json.loads(self._made(json.dumps(schema), mode)))

    def _make(self, text: str, mode: Mode) -> str:
        schema = cast(Json, json.loads(text))
        maker = _Maker(self._document, self._schemas, mode)
        for value in maker.candidates(schema, "value", ()):
            if self._schemas.valid(schema, value):
                return json.dumps(value)
        raise NoValue(f"no valid value found for the schema {text[:200]}")

    def fit(self, schema: Json, partial: Json, filler: Object) -> Json:
        """The partial value cut to the schema's properties, with the required ones added.

        A required property is `filler`'s of the same name where the schema accepts that.
        """
        variants = [self._flat(schema)]
        variants += [self._flat(x) for x in _variants(variants[0])]
        flat = next(
            (x for x in variants if "properties" in x or "items" in x), variants[0]
        )
        if isinstance(partial, list):
            return [self.fit(flat.get("items", True), item, filler) for item in partial]
        properties = mapping(flat.get("properties"))
        if not isinstance(partial, dict) or not properties:
            return partial
        result = {
            name: self.fit(properties[name], value, filler)
            for name, value in partial.items()
            if name in properties
        }
        for name in map(str, sequence(flat.get("required"))):
            if name not in result:
                part = properties.get(name, True)
                fits = name in filler and self._schemas.valid(part, filler[name])
                result[name] = filler[name] if fits else self.make(part, Mode.MINIMAL)
        return result

    def _flat(self, schema: Json) -> Object:
        """The schema with its references followed and its allOf members laid together."""
        resolved = self._document.resolve(schema)
        if "allOf" not in resolved:
            return resolved
        parts = [self._flat(part) for part in sequence(resolved["allOf"])] + [resolved]
        flat: Object = {key: value for part in parts for key, value in part.items()}
        flat["properties"] = {k: v for part in parts for k, v in _properties(part)}
        flat["required"] = [x for part in parts for x in sequence(part.get("required"))]
        return flat


class _Maker:
    def __init__(self, document: Document, schemas: Schemas, mode: Mode) -> None:
        self._document = document
        self._schemas = schemas
        self._full = mode is Mode.FULL

    def candidates(
        self, schema: Json, name: str, stack: tuple[str, ...]
    ) -> Iterator[Json]:
        """Values that may fit, likeliest first; `name` is the property that they are for."""
        if not isinstance(schema, dict):
            yield name
            return
        if isinstance(reference := schema.get("$ref"), str):
            if reference not in stack:
                target = pointed(self._document.root, reference)
                yield from self.candidates(target, name, (*stack, reference))
        else:
            yield from self._stated(schema)
            yield from self._built(schema, name, stack)
        if is_nullable(schema):
            yield None

    def _first(self, schema: Json, name: str, stack: tuple[str, ...]) -> Json:
        for value in self.candidates(schema, name, stack):
            if self._schemas.valid(schema, value):
                return value
        raise NoValue(name)

    def _stated(self, schema: Object) -> Iterator[Json]:
        """What the document itself says that a value looks like."""
        for keyword in ("const", "example", "default"):
            if schema.get(keyword) is not None:
                yield schema[keyword]
        yield from sequence(schema.get("examples"))
        yield from sequence(schema.get("enum"))

    def _built(
        self, schema: Object, name: str, stack: tuple[str, ...]
    ) -> Iterator[Json]:
        if members := sequence(schema.get("allOf")):
            yield from self._joined(schema, members, name, stack)
        elif variants := _variants(schema):
            base = {
                key: x for key, x in schema.items() if key not in ("oneOf", "anyOf")
            }
            for variant in variants:
                if base.get("properties"):
                    yield from self._joined(base, [variant], name, stack)
                else:
                    yield from self.candidates(variant, name, stack)
        else:
            declared = schema.get("type")
            types = declared if isinstance(declared, list) else [declared]
            for type_ in sorted(types, key=lambda x: x == "null"):
                yield from self._typed(schema, type_, name, stack)

    def _joined(
        self, schema: Object, members: list[Json], name: str, stack: tuple[str, ...]
    ) -> Iterator[Json]:
        rest = {key: value for key, value in schema.items() if key != "allOf"}
        parts = [
            list(itertools.islice(self.candidates(x, name, stack), 8)) for x in members
        ]
        if "properties" in rest or _variants(rest):
            parts.append(list(itertools.islice(self.candidates(rest, name, stack), 8)))
        for combination in itertools.islice(
            itertools.product(*filter(None, parts)), 64
        ):
            if all(isinstance(part, dict) for part in combination):
                yield {
                    key: x for part in combination for key, x in mapping(part).items()
                }
            elif combination:
                yield combination[-1]
                yield combination[0]

    def _typed(
        self, schema: Object, type_: Json, name: str, stack: tuple[str, ...]
    ) -> Iterator[Json]:
        match type_:
            case "string":
                yield _string(schema, name)
            case "integer":
                yield from _numbers(schema, name, int)
            case "number":
                yield from _numbers(schema, name, lambda x: x + 0.5)
            case "boolean":
                yield True
            case "null":
                yield None
            case "array":
                yield from self._array(schema, name, stack)
            case "object":
                yield from self._object(schema, stack)
            case _:
                if "properties" in schema or "additionalProperties" in schema:
                    yield from self._object(schema, stack)
                elif "items" in schema:
                    yield from self._array(schema, name, stack)
                else:
                    yield name

    def _array(
        self, schema: Object, name: str, stack: tuple[str, ...]
    ) -> Iterator[Json]:
        least = schema.get("minItems")
        with suppress(NoValue):
            item = self._first(schema.get("items", True), name, stack)
            yield [item] * max(1, least if isinstance(least, int) else 1)
        yield []

    def _object(self, schema: Object, stack: tuple[str, ...]) -> Iterator[Json]:
        required = sequence(schema.get("required"))
        result: Object = {}
        for name, part in _properties(schema):
            if mapping(part).get("writeOnly") is True:
                continue
            if self._full or name in required:
                try:
                    result[name] = self._first(part, name, stack)
                except NoValue:
                    if name in required:
                        return
        extra = schema.get("additionalProperties")
        if self._full and isinstance(extra, dict):
            with suppress(NoValue):
                result["key"] = self._first(extra, "key", stack)
        yield result
        if self._full:
            yield {name: value for name, value in result.items() if name in required}


def _properties(schema: Object) -> Iterator[tuple[str, Json]]:
    yield from mapping(schema.get("properties")).items()


def _variants(schema: Object) -> list[Json]:
    found = sequence(schema.get("oneOf")) or sequence(schema.get("anyOf"))
    return sorted(found, key=lambda variant: mapping(variant).get("type") == "null")


def _string(schema: Object, name: str) -> str:
    value = _FORMATS.get(str(schema.get("format")), name)
    least, most = schema.get("minLength"), schema.get("maxLength")
    if isinstance(least, int):
        value = value.ljust(least, "x")
    return value[:most] if isinstance(most, int) else value


def _numbers(
    schema: Object, name: str, shape: Callable[[int], int | float]
) -> Iterator[int | float]:
    """A number that differs from property to property, then the bounds themselves."""
    yield shape(zlib.crc32(name.encode()) % 1000)
    for bound, step in (
        ("minimum", 0),
        ("maximum", 0),
        ("exclusiveMinimum", 1),
        ("exclusiveMaximum", -1),
        ("multipleOf", 0),
    ):
        value = schema.get(bound)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield value + step
    yield 1
