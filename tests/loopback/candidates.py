"""Values that may fit a schema, likeliest first."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import suppress

from tests.loopback.discriminators import subtypes, tagged
from tests.loopback.document import Document
from tests.loopback.nodes import Json, Object, mapping, sequence
from tests.loopback.scalars import numbers, strings
from tests.loopback.schemas import Schemas, is_nullable

References = tuple[str, ...]
"""The references that were followed to a schema: one among them is not followed again."""


class NoValue(Exception):
    """No value of a schema could be found, or only an endless one."""


class Candidates:
    """Makes values with every property that can have one, or (not `full`) the required ones."""

    def __init__(self, document: Document, schemas: Schemas, *, full: bool) -> None:
        self._document = document
        self._schemas = schemas
        self._full = full

    def first(self, schema: Json, name: str, followed: References = ()) -> Json:
        """A value that fits, for the property `name`; raises NoValue where none is found."""
        for value in self._of(schema, name, followed):
            for whole in (value, self._completed(schema, value)):
                if self._schemas.valid(schema, whole):
                    return whole
        raise NoValue(f"no valid value found for the schema {json.dumps(schema)[:200]}")

    def _completed(self, schema: Json, value: Json) -> Json:
        """An object with a text for whatever is required and described nowhere."""
        if not isinstance(value, dict):
            return value
        return {name: name for name in self._required(schema)} | value

    def _required(self, schema: Json, followed: References = ()) -> Iterator[str]:
        found = mapping(schema)
        yield from map(str, sequence(found.get("required")))
        reference = found.get("$ref")
        if isinstance(reference, str) and reference not in followed:
            target = self._document.find(reference)
            yield from self._required(target, (*followed, reference))
        for keyword in ("allOf", "anyOf", "oneOf"):
            for member in sequence(found.get(keyword)):
                yield from self._required(member, followed)

    def _of(self, schema: Json, name: str, followed: References) -> Iterator[Json]:
        if not isinstance(schema, dict):
            yield name
            return
        if isinstance(reference := schema.get("$ref"), str):
            if reference not in followed:
                target = self._document.find(reference)
                yield from self._of(target, name, (*followed, reference))
        elif followed and (found := subtypes(self._document, schema, followed[-1])):
            for subtype in found:
                yield from self._of(subtype, name, followed)
        else:
            yield from _stated(schema)
            yield from self._built(schema, name, followed)
        if is_nullable(schema):
            yield None

    def _built(self, schema: Object, name: str, followed: References) -> Iterator[Json]:
        if members := sequence(schema.get("allOf")):
            yield from self._joined(schema, members, name, followed)
        elif found := variants(schema):
            base = {k: x for k, x in schema.items() if k not in ("oneOf", "anyOf")}
            for variant in found:
                for value in self._varied(base, variant, name, followed):
                    made = tagged(schema, variant, value)
                    yield made
                    if made != value:
                        yield value
        else:
            declared = schema.get("type")
            types = declared if isinstance(declared, list) else [declared]
            for type_ in sorted(types, key=lambda x: x == "null"):
                yield from self._typed(schema, type_, name, followed)

    def _varied(
        self, base: Object, variant: Json, name: str, followed: References
    ) -> Iterator[Json]:
        """Values of a schema with one of its variants: often that only names what it requires."""
        if not base.get("properties"):
            yield from self._of(variant, name, followed)
            return
        yield from self._joined(base, [variant], name, followed)
        needed = sequence(mapping(variant).get("required"))
        required = [*sequence(base.get("required")), *needed]
        yield from self._object({**base, "required": required}, followed)

    def _joined(
        self, schema: Object, members: list[Json], name: str, followed: References
    ) -> Iterator[Json]:
        rest = {key: value for key, value in schema.items() if key != "allOf"}
        if "properties" in rest or variants(rest):
            members = [*members, rest]
        parts = [
            list(itertools.islice(self._of(member, name, followed), 8))
            for member in members
        ]
        combinations = itertools.product(*filter(None, parts))
        for combination in itertools.islice(combinations, 64):
            if all(isinstance(part, dict) for part in combination):
                yield {k: x for part in combination for k, x in mapping(part).items()}
            elif combination:
                yield combination[-1]
                yield combination[0]

    def _typed(
        self, schema: Object, type_: Json, name: str, followed: References
    ) -> Iterator[Json]:
        match type_:
            case "string":
                yield from strings(schema, name)
            case "integer":
                yield from numbers(schema, name, int)
            case "number":
                yield from numbers(schema, name, lambda x: x + 0.5)
            case "boolean":
                yield True
            case "null":
                yield None
            case "array":
                yield from self._array(schema, name, followed)
            case "object":
                yield from self._object(schema, followed)
            case _:
                if "properties" in schema or "additionalProperties" in schema:
                    yield from self._object(schema, followed)
                elif "items" in schema:
                    yield from self._array(schema, name, followed)
                else:
                    yield name

    def _array(self, schema: Object, name: str, followed: References) -> Iterator[Json]:
        least = schema.get("minItems")
        with suppress(NoValue):
            items = schema.get("items", True)
            if isinstance(items, list):
                yield [self.first(item, name, followed) for item in items]
                return
            item = self.first(items, name, followed)
            count = max(1, least if isinstance(least, int) else 1)
            if count == 1 or schema.get("uniqueItems") is not True:
                yield [item] * count
            else:
                found = itertools.islice(self._of(items, name, followed), 64)
                yield list({json.dumps(x): x for x in found}.values())[:count]
        yield []

    def _object(self, schema: Object, followed: References) -> Iterator[Json]:
        required = sequence(schema.get("required"))
        result: Object = {}
        for name, part in mapping(schema.get("properties")).items():
            if mapping(part).get(self._schemas.hidden) is True:
                continue
            if self._full or name in required:
                try:
                    result[name] = self.first(part, name, followed)
                except NoValue:
                    if name in required:
                        return
        extra = schema.get("additionalProperties")
        if self._full and isinstance(extra, dict):
            with suppress(NoValue):
                result["key"] = self.first(extra, "key", followed)
        yield result
        if self._full:
            yield {name: value for name, value in result.items() if name in required}


def _stated(schema: Object) -> Iterator[Json]:
    """What the document itself says that a value looks like."""
    for keyword in ("const", "example", "default"):
        if schema.get(keyword) is not None:
            yield schema[keyword]
    yield from sequence(schema.get("examples"))
    yield from sequence(schema.get("enum"))


def variants(schema: Object) -> list[Json]:
    """The members of `oneOf` or `anyOf`, null last."""
    found = sequence(schema.get("oneOf")) or sequence(schema.get("anyOf"))
    return sorted(found, key=lambda variant: mapping(variant).get("type") == "null")
