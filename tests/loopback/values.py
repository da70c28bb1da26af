"""Deterministic values that fit a schema: what the loopback server answers with."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import cast

from tests.loopback.candidates import Candidates, variants
from tests.loopback.document import Document
from tests.loopback.nodes import Json, Object, mapping, sequence
from tests.loopback.schemas import Schemas


class Mode(StrEnum):
    """How much of a schema an answer fills in: every property, or only the required ones."""

    FULL = "full"
    MINIMAL = "minimal"


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
        maker = Candidates(self._document, self._schemas, full=mode is Mode.FULL)
        return json.dumps(maker.first(cast(Json, json.loads(text)), "value"))

    def fit(self, schema: Json, partial: Json, filler: Object) -> Json:
        """The partial value cut to the schema's properties, with the required ones added.

        A required property is `filler`'s of the same name where the schema accepts that.
        """
        flats = [self.flat(schema)]
        flats += [self.flat(x) for x in variants(flats[0])]
        flat = next((x for x in flats if "properties" in x or "items" in x), flats[0])
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

    def flat(self, schema: Json) -> Object:
        """The schema with its references followed and its allOf members laid together."""
        resolved = self._document.resolve(schema)
        if "allOf" not in resolved:
            return resolved
        parts = [self.flat(part) for part in sequence(resolved["allOf"])] + [resolved]
        flat: Object = {key: value for part in parts for key, value in part.items()}
        flat["properties"] = {
            name: x
            for part in parts
            for name, x in mapping(part.get("properties")).items()
        }
        flat["required"] = [x for part in parts for x in sequence(part.get("required"))]
        return flat
