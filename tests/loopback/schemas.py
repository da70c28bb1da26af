"""Schema Objects of any OpenAPI 3.x spelling as JSON Schema 2020-12, and their validators."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from functools import cache

import jsonschema_rs

from tests.loopback.document import Document, Json, Object, mapping, sequence

_SCHEMA_MAPS = frozenset(
    {"properties", "patternProperties", "$defs", "dependentSchemas"}
)
_SCHEMA_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SCHEMAS = frozenset(
    {
        "items",
        "additionalProperties",
        "not",
        "propertyNames",
        "contains",
        "if",
        "then",
        "else",
    }
)
_KEPT = frozenset(
    {
        *(
            "$ref",
            "type",
            "enum",
            "const",
            "format",
            "pattern",
            "multipleOf",
            "required",
        ),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
        *("minProperties", "maxProperties", "minContains", "maxContains"),
    }
)


class Direction(StrEnum):
    """Which way a value travels: it decides what readOnly and writeOnly mean."""

    REQUEST = "request"
    RESPONSE = "response"


class Schemas:
    """The schemas of one document, as validators for one direction."""

    def __init__(self, document: Document, direction: Direction) -> None:
        self._document = document
        self._hidden = "readOnly" if direction is Direction.REQUEST else "writeOnly"
        components = mapping(document.root.get("components"))
        self._components: Object = {
            "schemas": {
                name: self.converted(schema)
                for name, schema in mapping(components.get("schemas")).items()
            }
        }
        self._validator: Callable[[str], jsonschema_rs.Draft202012Validator] = cache(
            self._compiled
        )

    def errors(self, schema: Json, value: Json) -> list[str]:
        """What is wrong with the value, each as `$.path: message`."""
        validator = self._validator(json.dumps(schema))
        return [
            "".join(
                [
                    "$",
                    *(f"[{part!r}]" for part in error.instance_path),
                    ": ",
                    error.message,
                ]
            )
            for error in validator.iter_errors(value)
        ]

    def valid(self, schema: Json, value: Json) -> bool:
        """Whether the schema accepts the value."""
        return self._validator(json.dumps(schema)).is_valid(value)

    def _compiled(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        root: Object = {
            "allOf": [self.converted(json.loads(schema))],
            "components": self._components,
        }
        return jsonschema_rs.Draft202012Validator(root, validate_formats=True)

    def converted(self, schema: Json) -> Json:
        """The schema as JSON Schema 2020-12, `nullable` and boolean exclusive bounds translated."""
        if not isinstance(schema, dict):
            return schema
        result: Object = {}
        for key, value in schema.items():
            if key in _SCHEMA_MAPS:
                result[key] = {
                    name: self.converted(x) for name, x in mapping(value).items()
                }
            elif key in _SCHEMA_LISTS:
                result[key] = [self.converted(x) for x in sequence(value)]
            elif key in _SCHEMAS:
                result[key] = self.converted(value)
            elif key in _KEPT:
                result[key] = value
        for bound, exclusive in (
            ("minimum", "exclusiveMinimum"),
            ("maximum", "exclusiveMaximum"),
        ):
            if result.get(exclusive) is True and bound in result:
                result[exclusive] = result.pop(bound)
            elif isinstance(result.get(exclusive), bool):
                del result[exclusive]
        if "required" in result:
            result["required"] = [
                name
                for name in sequence(result["required"])
                if not self._is_hidden(mapping(schema.get("properties")).get(str(name)))
            ]
        return _or_null(result) if is_nullable(schema) else result

    def _is_hidden(self, schema: Json | None) -> bool:
        return (
            mapping(schema).get(self._hidden) is True
            or self._document.resolve(schema).get(self._hidden) is True
        )


def _or_null(schema: Object) -> Object:
    if isinstance(type_ := schema.get("type"), str) and not {"enum", "const"} & set(
        schema
    ):
        return {**schema, "type": [type_, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def is_nullable(schema: Object) -> bool:
    """Whether `nullable: true` is said here, or by a bare member of allOf (as Together does)."""
    return schema.get("nullable") is True or {"nullable": True} in sequence(
        schema.get("allOf")
    )
