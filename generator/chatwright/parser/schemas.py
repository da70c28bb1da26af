"""Shapes become schemas: each named one once, whatever refers to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from chatwright.diagnostics import InputError
from chatwright.document import Document, Node, Pointer
from chatwright.ir.schema import (
    NO_ANNOTATIONS,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Discriminator,
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
from chatwright.parser.names import COMPONENTS, Names
from chatwright.parser.shapes import (
    MAX_CHAIN,
    NULL,
    Shape,
    Shapes,
    describe,
    kind_of,
    typed,
)

Keyword: TypeAlias = Literal["oneOf", "anyOf", "type"]


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
        self._added: dict[str, NamedSchema] = {}

    def named(self) -> tuple[NamedSchema, ...]:
        """Every schema that has a name and deserves one, sorted by it."""
        components = set(self._names.components.values())
        own = {
            name
            for pointer, name in self._names.components.items()
            if pointer.tokens[:-1] in ((), COMPONENTS)
        }
        found = [
            NamedSchema(
                name=name,
                schema=self.root(name),
                pointer=str(shape.pointer),
                inline=name not in own,
            )
            for name, shape in self._names.first.items()
            if name in components or not is_container(shape)
        ]
        found.extend(self._added.values())
        return tuple(sorted(found, key=lambda named: named.name))

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
            schema = self._plain(shape, None)
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
            if shape.reference is None:
                return self._plain(shape, name)
            self._shapes.target(shape)
            target = self._names.components[shape.reference]
            return RefSchema(name=target, annotations=annotations_of(shape))
        except InputError as error:
            self._findings.include(error)
            return AnySchema()
        finally:
            self._chain.pop()

    def _is_nullable(self, shape: Shape, depth: int = 0) -> bool:
        """Whether null is allowed at a place, by itself or by what it refers to or merges."""
        if shape.types == NULL:
            return False
        known = self._nullable.get(shape)
        if known is None:
            self._nullable[shape] = shape.nullable
            known = self._nullable[shape] = shape.nullable or (
                depth < MAX_CHAIN and self._inherits_null(shape, depth + 1)
            )
        return known

    def _inherits_null(self, shape: Shape, depth: int) -> bool:
        if shape.reference is not None:
            try:
                target = self._shapes.target(shape)
            except InputError as error:
                self._findings.include(error)
                return False
            return self._is_nullable(target, depth)
        variants = (*shape.one_of, *shape.any_of)
        if any(self._is_nullable(variant, depth) for variant in variants):
            return True
        parts = [part for part in shape.parts if not part.is_required_only]
        return bool(parts) and all(self._is_nullable(part, depth) for part in parts)

    def _plain(self, shape: Shape, name: str | None) -> Schema:
        """The schema of a shape in place, null apart."""
        noted = annotations_of(shape)
        if shape.parts:
            return self._merged(shape, name)
        if shape.one_of or shape.any_of:
            return self._union(shape, name)
        if shape.values:
            return self._values(shape, named=name is not None)
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
                return self._object(shape, name)
            case ("null",):
                return ConstSchema(value=Instance.of(None), annotations=noted)
            case _ if shape.properties or shape.additional is not None:
                return self._object(shape, name)
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

    def _object(self, shape: Shape, name: str | None) -> Schema:
        additional = (
            self.place(shape.additional)
            if isinstance(shape.additional, Shape)
            else None
        )
        closed = shape.additional is False
        if shape.additional is True:
            additional = AnySchema()
        if not shape.properties and (name is None or not closed):
            most = reading.whole(shape.keywords, "maxProperties")
            return MapSchema(
                values=additional or AnySchema(),
                min_properties=reading.whole(shape.keywords, "minProperties"),
                max_properties=0 if closed else most,
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
            closed=closed,
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

    def _union(self, shape: Shape, name: str | None) -> Schema:
        members = shape.one_of or shape.any_of
        keyword: Keyword = "oneOf" if shape.one_of else "anyOf"
        if keyword not in shape.keywords:
            keyword = "type"
        if shape.one_of and shape.any_of:
            self._findings.warn(
                "unsupported-composition",
                "a schema with both oneOf and anyOf; anyOf is left out",
                shape.pointer / "anyOf",
            )
        if all(member.is_required_only for member in members):
            return self._plain(replace(shape, one_of=(), any_of=()), name)
        variants = tuple(
            dict.fromkeys(without_null(self.place(member)) for member in members)
        )
        if len(variants) == 1:
            return annotated(variants[0], annotations_of(shape))
        union = UnionSchema(
            keyword=keyword,
            variants=variants,
            discriminator=self._discriminators.of_union(shape, members),
            annotations=annotations_of(shape),
        )
        if shape.properties and name is not None:
            base = self._object(replace(shape, one_of=(), any_of=()), name)
            return self._distributed(name, union, base, frozenset(), shape)
        return union

    def _merged(self, shape: Shape, name: str | None) -> Schema:
        """The one schema that a value must satisfy to satisfy all of a schema's allOf."""
        noted = annotations_of(shape)
        parts = [part for part in shape.parts if not part.is_required_only]
        own = replace(shape, parts=(), nullable=False)
        constrained = own.is_composed or own.values or own.additional is not None
        if len(parts) == 1 and name is None and not constrained:
            return annotated(without_null(self.place(parts[0])), noted)
        required = frozenset(
            property_name
            for each in (shape, *shape.parts)
            for property_name in reading.texts(each.keywords, "required")
        )
        schemas = [self._part(part) for part in parts]
        merged: Schema = AnySchema()
        unions: list[UnionSchema] = []
        bases: list[str] = []
        for part, schema in zip(
            (*parts, own), (*schemas, self._plain(typed(own), None)), strict=True
        ):
            demand = schema if name is None else self.resolved(schema)
            if isinstance(demand, UnionSchema) and name is not None:
                unions.append(demand)
                continue
            try:
                merged = merge(merged, demand, self.root)
            except Contradiction as conflict:
                if part.types or part.reference is not None:
                    self._contradiction(conflict, part)
                continue
            if isinstance(schema, RefSchema) and self._discriminators.is_parent(
                schema.name
            ):
                bases.append(schema.name)
        merged = replace(merged, annotations=NO_ANNOTATIONS)
        if isinstance(merged, ObjectSchema):
            merged = replace(
                demanding(merged, required),
                bases=tuple(bases),
                discriminator=self._discriminators.of_parent(shape),
            )
        for union in unions:
            assert name is not None
            merged = self._distributed(name, union, merged, required, shape)
        return annotated(merged, noted)

    def _part(self, part: Shape) -> Schema:
        """A member of allOf; one without a type speaks of the type that its limits are for."""
        schema = without_null(self.place(part))
        if isinstance(schema, AnySchema) and part.reference is None:
            return self._plain(typed(part), None)
        return schema

    def _distributed(
        self,
        name: str,
        union: UnionSchema,
        base: Schema,
        required: frozenset[str],
        shape: Shape,
    ) -> Schema:
        """A union and a schema that each of its variants satisfies as well.

        A variant to which that adds something becomes a schema of its own: `name_oneOf`.
        """
        renamed: dict[str, str] = {}
        variants: list[Schema] = []
        for variant in union.variants:
            alone = self.resolved(variant)
            if isinstance(alone, UnionSchema):
                alone = self._distributed(name, alone, base, required, shape)
                variants.extend(
                    alone.variants if isinstance(alone, UnionSchema) else (alone,)
                )
                continue
            try:
                both = merge(alone, base, self.root)
            except Contradiction as conflict:
                self._contradiction(conflict, shape)
                continue
            if isinstance(both, ObjectSchema):
                both = demanding(both, required)
            if same(both, alone):
                variants.append(variant)
            elif isinstance(both, ObjectSchema):
                added = self._add(f"{name}_{union.keyword}", both, shape)
                variants.append(RefSchema(name=added))
                if isinstance(variant, RefSchema):
                    renamed[variant.name] = added
            else:
                variants.append(both)
        return replace(
            union,
            variants=tuple(variants),
            discriminator=renaming(union.discriminator, renamed, variants),
        )

    def _add(self, name: str, schema: Schema, shape: Shape) -> str:
        """Gives a schema that the document does not write out a name of its own."""
        unique, count = name, 0
        while unique in self._names.first or unique in self._added:
            count += 1
            unique = f"{name}_{count}"
        self._roots[unique] = schema
        self._added[unique] = NamedSchema(
            name=unique, schema=schema, pointer=str(shape.pointer), inline=True
        )
        return unique

    def _contradiction(self, conflict: Contradiction, shape: Shape) -> None:
        self._findings.warn(
            "contradictory-allof",
            f"no value satisfies both {conflict}; this part is left out",
            shape.pointer,
        )


def demanding(schema: ObjectSchema, required: frozenset[str]) -> ObjectSchema:
    """The object with more of its properties required."""
    return replace(
        schema,
        properties=tuple(
            replace(member, required=member.required or member.name in required)
            for member in schema.properties
        ),
    )


def renaming(
    discriminator: Discriminator | None,
    renamed: Mapping[str, str],
    variants: Sequence[Schema],
) -> Discriminator | None:
    """The discriminator for variants of other names, None where it does not reach them."""
    if discriminator is None:
        return None
    names = {variant.name for variant in variants if isinstance(variant, RefSchema)}
    mapping = tuple(
        (value, renamed.get(name, name)) for value, name in discriminator.mapping
    )
    if names != {name for _, name in mapping}:
        return None
    return replace(discriminator, mapping=mapping)


def same(left: Schema, right: Schema) -> bool:
    """Whether two schemas differ in their annotations at most."""
    return replace(left, annotations=NO_ANNOTATIONS) == replace(
        right, annotations=NO_ANNOTATIONS
    )


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
