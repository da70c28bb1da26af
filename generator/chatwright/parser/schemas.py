"""Shapes become schemas: each named one once, whatever refers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from chatwright.document import Document, Node, Pointer
from chatwright.ir.schema import (
    NO_ANNOTATIONS,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    MapSchema,
    NamedSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    StringSchema,
    UnionSchema,
)
from chatwright.parser import reading
from chatwright.parser.annotations import annotations_of, bounds_of
from chatwright.parser.compose import Contradiction, annotated, merge
from chatwright.parser.discriminators import Discriminators
from chatwright.parser.findings import Findings
from chatwright.parser.names import Names
from chatwright.parser.shapes import Shape, Shapes, describe, kind_of

MAX_CHAIN = 50
"""How many schemas may be merged into each other, one through the allOf of the next."""


class Schemas:
    """The schemas of a document, built on demand from its shapes and their names."""

    def __init__(
        self, document: Document, shapes: Shapes, names: Names, findings: Findings
    ) -> None:
        self._document = document
        self._shapes = shapes
        self._names = names
        self._findings = findings
        self._discriminators = Discriminators(document, shapes, names, findings)
        self._roots: dict[str, Schema] = {}
        self._chain: list[str] = []
        self._nullable: dict[Shape, bool] = {}

    def named(self) -> tuple[NamedSchema, ...]:
        """Every schema that has a name and deserves one, sorted by it."""
        components = set(self._names.components.values())
        return tuple(
            NamedSchema(
                name=name,
                schema=self.root(name),
                pointer=str(shape.pointer),
                inline=name not in components,
            )
            for name, shape in sorted(self._names.first.items())
            if name in components or not is_container(shape)
        )

    def at(self, pointer: Pointer) -> Schema:
        """The schema of a place: a parameter's, a body's, an item's."""
        return self.place(self._shapes.at(pointer))

    def place(self, shape: Shape) -> Schema:
        """The schema of a shape where it stands: a reference, if it has a name."""
        name = self._names.inline.get(shape)
        noted = annotations_of(shape)
        schema: Schema
        if shape.reference is not None:
            target = self._names.components[shape.reference]
            schema = RefSchema(name=target, annotations=noted)
        elif name is not None and not is_container(shape):
            schema = RefSchema(name=name, annotations=noted)
        else:
            schema = self._plain(shape, named=False)
        return nullable(schema) if self._is_nullable(shape) else schema

    def root(self, name: str) -> Schema:
        """The schema that a name stands for, without the null that its places may allow."""
        known = self._roots.get(name)
        if known is None:
            known = self._roots[name] = self._root(name)
        return known

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself, behind references and null."""
        seen: set[str] = set()
        while isinstance(schema, RefSchema | NullableSchema):
            if isinstance(schema, NullableSchema):
                schema = schema.schema
            elif schema.name in seen:
                return AnySchema()
            else:
                seen.add(schema.name)
                schema = self.root(schema.name)
        return schema

    def _root(self, name: str) -> Schema:
        shape = self._names.first[name]
        if name in self._chain or len(self._chain) >= MAX_CHAIN:
            self._findings.warn(
                "endless-allof",
                f"`{name}` is merged into itself through allOf; read as any value",
                shape.pointer,
            )
            return AnySchema()
        self._chain.append(name)
        try:
            if shape.reference is not None:
                target = self._names.components[shape.reference]
                return RefSchema(name=target, annotations=annotations_of(shape))
            return self._plain(shape, named=True)
        finally:
            self._chain.pop()

    def _is_nullable(self, shape: Shape) -> bool:
        """Whether null is allowed at a place, by itself or by what it refers to or merges."""
        known = self._nullable.get(shape)
        if known is None:
            self._nullable[shape] = shape.nullable
            known = self._nullable[shape] = shape.nullable or self._inherits_null(shape)
        return known

    def _inherits_null(self, shape: Shape) -> bool:
        if shape.reference is not None:
            return self._is_nullable(self._shapes.at(shape.reference))
        parts = [part for part in shape.parts if not part.is_required_only]
        return bool(parts) and all(self._is_nullable(part) for part in parts)

    def _plain(self, shape: Shape, *, named: bool) -> Schema:
        """The schema of a shape in place, null apart."""
        noted = annotations_of(shape)
        if shape.parts:
            return self._merged(shape, named=named)
        if shape.one_of or shape.any_of:
            return self._union(shape)
        if shape.values:
            return self._values(shape, named=named)
        match shape.types:
            case ("string",):
                return StringSchema(
                    format=reading.text(shape.keywords, "format"),
                    min_length=reading.whole(shape.keywords, "minLength"),
                    max_length=reading.whole(shape.keywords, "maxLength"),
                    pattern=reading.text(shape.keywords, "pattern"),
                    annotations=noted,
                )
            case ("integer",):
                return IntegerSchema(
                    format=reading.text(shape.keywords, "format"),
                    bounds=bounds_of(shape),
                    annotations=noted,
                )
            case ("number",):
                return NumberSchema(
                    format=reading.text(shape.keywords, "format"),
                    bounds=bounds_of(shape),
                    annotations=noted,
                )
            case ("boolean",):
                return BooleanSchema(annotations=noted)
            case ("array",):
                return self._array(shape)
            case ("object",):
                return self._object(shape)
            case ("null",):
                return ConstSchema(value=Instance.of(None), annotations=noted)
            case _ if shape.properties or shape.additional is not None:
                return self._object(shape)
            case _ if shape.items is not None:
                return self._array(shape)
            case _:
                return AnySchema(annotations=noted)

    def _array(self, shape: Shape) -> Schema:
        keywords = shape.keywords
        return ArraySchema(
            items=AnySchema() if shape.items is None else self.place(shape.items),
            min_items=reading.whole(keywords, "minItems"),
            max_items=reading.whole(keywords, "maxItems"),
            unique_items=reading.flag(keywords, "uniqueItems"),
            annotations=annotations_of(shape),
        )

    def _object(self, shape: Shape) -> Schema:
        additional = (
            self.place(shape.additional)
            if isinstance(shape.additional, Shape)
            else None
        )
        if shape.additional is True:
            additional = AnySchema()
        if not shape.properties and shape.additional is not False:
            return MapSchema(
                values=additional or AnySchema(),
                min_properties=reading.whole(shape.keywords, "minProperties"),
                max_properties=reading.whole(shape.keywords, "maxProperties"),
                annotations=annotations_of(shape),
            )
        required = reading.texts(shape.keywords, "required")
        return ObjectSchema(
            properties=tuple(
                Property(
                    name=name, schema=self.place(member), required=name in required
                )
                for name, member in (shape.properties or {}).items()
            ),
            additional_properties=additional,
            closed=shape.additional is False,
            discriminator=self._discriminators.of_parent(shape),
            annotations=annotations_of(shape),
        )

    def _values(self, shape: Shape, *, named: bool) -> Schema:
        noted = annotations_of(shape)
        if shape.types == ("boolean",) and len(shape.values) == 2:
            return BooleanSchema(annotations=noted)
        values = tuple(
            dict.fromkeys(
                Instance.of(self._value(shape, value)) for value in shape.values
            )
        )
        if len(values) == 1 and not named:
            return ConstSchema(value=values[0], annotations=noted)
        return EnumSchema(values=values, annotations=noted)

    def _value(self, shape: Shape, value: Node) -> Node:
        """A member of an enum; a number among strings is the text that was written."""
        if shape.types == ("string",) and kind_of(value) in ("integer", "number"):
            self._findings.note(
                "enum-type",
                f"{describe(value)} is no string; read as {describe(str(value))}",
                shape.pointer,
            )
            return str(value)
        return value

    def _union(self, shape: Shape) -> Schema:
        members: Sequence[Shape] = shape.one_of or shape.any_of
        keyword: Literal["oneOf", "anyOf", "type"] = (
            "oneOf" if shape.one_of else "anyOf"
        )
        if not shape.keywords.get(keyword):
            keyword = "type"
        if shape.one_of and shape.any_of:
            self._findings.warn(
                "unsupported-composition",
                "a schema with both oneOf and anyOf; anyOf is left out",
                shape.pointer / "anyOf",
            )
        if shape.properties:
            return self._object(shape)
        variants = tuple(dict.fromkeys(self.place(member) for member in members))
        return UnionSchema(
            keyword=keyword,
            variants=variants,
            discriminator=self._discriminators.of_union(shape, members),
            annotations=annotations_of(shape),
        )

    def _merged(self, shape: Shape, *, named: bool) -> Schema:
        """The one schema that a value must satisfy to satisfy all of a schema's allOf."""
        noted = annotations_of(shape)
        parts = [part for part in shape.parts if not part.is_required_only]
        if len(parts) == 1 and not named:
            return annotated(without_null(self.place(parts[0])), noted)
        required = {
            name
            for each in (shape, *shape.parts)
            for name in reading.texts(each.keywords, "required")
        }
        merged: Schema = AnySchema()
        bases: list[str] = []
        for part in parts:
            name = None
            if part.reference is not None:
                name = self._names.components[part.reference]
            try:
                merged = merge(merged, self.resolved(self.place(part)), self.root)
            except Contradiction as conflict:
                self._findings.warn(
                    "contradictory-allof",
                    f"no value satisfies both {conflict}; this part is left out",
                    part.pointer,
                )
                continue
            if name is not None and self._discriminators.is_parent(name):
                bases.append(name)
        merged = replace(merged, annotations=NO_ANNOTATIONS)
        if isinstance(merged, ObjectSchema):
            merged = replace(
                merged,
                properties=tuple(
                    replace(member, required=member.required or member.name in required)
                    for member in merged.properties
                ),
                bases=tuple(bases),
                discriminator=self._discriminators.of_parent(shape),
            )
        return annotated(merged, noted)


def is_container(shape: Shape) -> bool:
    """Whether an inline schema is written in place, even where a name was set aside for it."""
    return not (shape.properties or shape.is_composed or shape.values)


def nullable(schema: Schema) -> Schema:
    """The schema, or null; the annotations of the place move out."""
    if isinstance(schema, NullableSchema) or is_null(schema):
        return schema
    return NullableSchema(
        schema=replace(schema, annotations=NO_ANNOTATIONS),
        annotations=schema.annotations,
    )


def is_null(schema: Schema) -> bool:
    """Whether null is the only value."""
    return isinstance(schema, ConstSchema) and schema.value == Instance.of(None)


def without_null(schema: Schema) -> Schema:
    """The schema of the values that are not null."""
    if isinstance(schema, NullableSchema):
        return annotated(schema.schema, schema.annotations)
    return schema
