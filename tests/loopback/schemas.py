"""Schema Objects of any OpenAPI 3.x spelling as JSON Schema 2020-12, and their validators."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache
from typing import TypeAlias

import jsonschema_rs

from tests.loopback.document import Document
from tests.loopback.nodes import Json, Object, mapping, sequence

Validator: TypeAlias = jsonschema_rs.Draft202012Validator

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


_REFERENCE = "reference"


class Direction(StrEnum):
    """Which way a value travels: it decides what readOnly and writeOnly mean."""

    REQUEST = "request"
    RESPONSE = "response"


class Schemas:
    """The schemas of one document, as validators for one direction.

    A `$ref` becomes a keyword of our own, so that what it points at is compiled once, and only
    when a value comes to it: compiled in its place, a large document's schemas fill the memory.
    """

    def __init__(self, document: Document, direction: Direction) -> None:
        self._document = document
        self.hidden = "readOnly" if direction is Direction.REQUEST else "writeOnly"
        self._written: Callable[[str], Validator] = cache(self._read)
        referred: Callable[[str], Validator] = cache(self._found)
        self._keywords = {_REFERENCE: _keyword(referred)}

    def errors(self, schema: Json, value: Json) -> list[str]:
        """What is wrong with the value, each as `$.path: message`."""
        return list(_errors(self._written(json.dumps(schema)), value))

    def valid(self, schema: Json, value: Json) -> bool:
        """Whether the schema accepts the value."""
        return self._written(json.dumps(schema)).is_valid(value)

    def _read(self, schema: str) -> Validator:
        return self._compiled(json.loads(schema))

    def _found(self, reference: str) -> Validator:
        return self._compiled(self._document.find(reference))

    def _compiled(self, schema: Json) -> Validator:
        root: Object = {"allOf": [self.converted(schema)]}
        return Validator(root, validate_formats=True, keywords=self._keywords)

    def converted(self, schema: Json) -> Json:
        """The schema as JSON Schema 2020-12, `nullable` and boolean exclusive bounds translated."""
        if not isinstance(schema, dict):
            return schema if isinstance(schema, bool) else True
        result: Object = {}
        for key, value in schema.items():
            if not _is_sound(key, value):
                continue
            if key == "$ref":
                result[_REFERENCE] = value
            elif key == "oneOf":
                # Documents say it of what overlaps, and servers do not count what fits.
                result["allOf"] = [
                    *sequence(result.get("allOf")),
                    {"anyOf": [self.converted(x) for x in sequence(value)]},
                ]
            elif key == "items" and isinstance(value, list):
                result["prefixItems"] = [self.converted(x) for x in value]
            elif key in _SCHEMA_MAPS:
                result[key] = {
                    name: self.converted(x) for name, x in mapping(value).items()
                }
            elif key in _SCHEMA_LISTS:
                made = [self.converted(x) for x in sequence(value)]
                result[key] = [*sequence(result.get(key)), *made]
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
                for name in dict.fromkeys(map(str, sequence(result["required"])))
                if not self._is_hidden(mapping(schema.get("properties")).get(name))
            ]
        return _or_null(result) if is_nullable(schema) else result

    def _is_hidden(self, schema: Json | None) -> bool:
        return (
            mapping(schema).get(self.hidden) is True
            or self._document.resolve(schema).get(self.hidden) is True
        )


def _keyword(
    referred: Callable[[str], Validator],
) -> type[jsonschema_rs.KeywordValidator]:
    """The keyword that stands for `$ref`; `referred` compiles what a reference points at."""

    class Reference:
        def __init__(
            self, parent_schema: Object, value: str, schema_path: list[str | int]
        ) -> None:
            self._reference = value

        def validate(self, instance: jsonschema_rs.JSONType) -> None:
            if not referred(self._reference).is_valid(instance):
                raise ValueError(self._reference)

        def iter_errors(self, instance: jsonschema_rs.JSONType) -> Iterator[ValueError]:
            for message in _errors(referred(self._reference), instance):
                yield ValueError(message)

    return Reference


def _errors(validator: Validator, value: jsonschema_rs.JSONType) -> Iterator[str]:
    """What is wrong with the value, each as `$.path: message`."""
    for error in validator.iter_errors(value):
        path = "".join(["$", *(f"[{part!r}]" for part in error.instance_path)])
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Custom):
            yield path + error.message.removeprefix("$")
        else:
            yield f"{path}: {error.message}"


def _is_sound(key: str, value: Json) -> bool:
    """Whether a keyword says something: documents have `type: null`, and `required: true`."""
    match key:
        case "type":
            return isinstance(value, str | list)
        case "enum":
            return isinstance(value, list) and bool(value)
        case "required" | "allOf" | "anyOf" | "oneOf" | "prefixItems":
            return isinstance(value, list) and (key == "required" or bool(value))
        case _:
            return True


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
