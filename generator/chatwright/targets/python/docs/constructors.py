"""JSON values as the Python that builds them from a package's models."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any, assert_never, cast

from msgspec import Struct

from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
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
from chatwright.targets.python.docs.acceptance import accepts
from chatwright.targets.python.layout import (
    Doc,
    call,
    dict_display,
    keyword,
    list_display,
)
from chatwright.targets.python.names import Names
from chatwright.targets.text import python_literal, python_string

_NEAR = 30


class Construction(Struct, frozen=True, kw_only=True):
    """An expression, the models that it uses by NamedSchema.name, and the names of the standard
    library that it uses."""

    doc: Doc
    models: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


class Constructors(Struct, frozen=True, kw_only=True):
    """Constructions with the models of one package."""

    schemas: SchemaTable
    names: Names

    def of(self, schema: Schema, value: Any) -> Construction:
        """The expression for a JSON value that the schema allows."""
        schema = self._settled(schema, value)
        match schema:
            case (
                AnySchema()
                | BooleanSchema()
                | IntegerSchema()
                | NumberSchema()
                | ConstSchema()
            ):
                return Construction(doc=python_literal(value))
            case StringSchema():
                return _string(schema, value)
            case EnumSchema():
                return Construction(doc=python_literal(value))
            case ArraySchema():
                items = [
                    self.of(schema.items, item) for item in cast("list[Any]", value)
                ]
                return _combined(list_display(*(item.doc for item in items)), items)
            case MapSchema():
                members = {
                    key: self.of(schema.values, member)
                    for key, member in cast("dict[str, Any]", value).items()
                }
                entries = [
                    (python_string(key), each.doc) for key, each in members.items()
                ]
                return _combined(dict_display(*entries), members.values())
            case ObjectSchema():
                return Construction(doc=python_literal(value))
            case NullableSchema() | UnionSchema():
                return Construction(doc=python_literal(value))
            case RefSchema():
                return self._model(schema.name, value)
            case _:
                assert_never(schema)

    def _settled(self, schema: Schema, value: Any) -> Schema:
        """The schema that a value is built from, behind unions, null and references to what is no
        model; any value where there is none near by."""
        for _ in range(_NEAR):
            match schema:
                case UnionSchema():
                    schema = self._variant(schema, value)
                case NullableSchema() if value is not None:
                    schema = schema.schema
                case RefSchema() if not self._is_model(schema.name):
                    schema = self.schemas[schema.name].schema
                case _:
                    return schema
        return AnySchema()

    def _is_model(self, name: str) -> bool:
        target = self.schemas[name].schema
        return name in self.names.models and isinstance(
            target, EnumSchema | ObjectSchema
        )

    def _model(self, name: str, value: Any) -> Construction:
        target = self.schemas[name].schema
        class_name = self.names.models[name].class_name
        if isinstance(target, EnumSchema):
            member = self.names.members.get((name, Instance.of(value).text))
            doc = f"{class_name}.{member}" if member else python_literal(value)
            return Construction(doc=doc, models=frozenset({name}))
        if not isinstance(target, ObjectSchema):
            return Construction(doc=python_literal(value))
        members = cast("Mapping[str, Any]", value)
        arguments: dict[str, Construction] = {}
        for each in target.properties:
            constant = each.required and isinstance(each.schema, ConstSchema)
            if each.name in members and not constant:
                attribute = self.names.fields[name, each.name]
                arguments[attribute] = self.of(each.schema, members[each.name])
        others = members.keys() - {each.name for each in target.properties}
        if others:
            rest = {key: members[key] for key in members if key in others}
            arguments["additional_properties"] = Construction(doc=python_literal(rest))
        built = call(
            class_name, *(keyword(key, each.doc) for key, each in arguments.items())
        )
        return _combined(built, arguments.values(), models=frozenset({name}))

    def _variant(self, schema: UnionSchema, value: Any) -> Schema:
        accepting = [
            each for each in schema.variants if accepts(each, value, self.schemas)
        ]
        if schema.discriminator is not None and isinstance(value, dict):
            told = cast("dict[str, Any]", value).get(schema.discriminator.property_name)
            targets = [
                name for key, name in schema.discriminator.mapping if key == told
            ]
            for each in accepting:
                if isinstance(each, RefSchema) and each.name in targets:
                    return each
        return accepting[0] if accepting else AnySchema()


def _string(schema: StringSchema, value: str) -> Construction:
    literal = python_string(value)
    match schema.format:
        case "binary":
            return Construction(doc=repr(base64.b64decode(value)))
        case "date":
            return Construction(
                doc=call("date.fromisoformat", literal), names=frozenset({"date"})
            )
        case "date-time":
            return Construction(
                doc=call("datetime.fromisoformat", literal),
                names=frozenset({"datetime"}),
            )
        case "uuid":
            return Construction(doc=call("UUID", literal), names=frozenset({"UUID"}))
        case _:
            return Construction(doc=literal)


def _combined(
    doc: Doc, parts: Iterable[Construction], models: frozenset[str] = frozenset()
) -> Construction:
    used = tuple(parts)
    return Construction(
        doc=doc,
        models=models.union(*(part.models for part in used)),
        names=frozenset[str]().union(*(part.names for part in used)),
    )
