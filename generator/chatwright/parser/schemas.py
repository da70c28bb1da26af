"""Shapes become schemas: each named one once, whatever refers to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec.structs import replace

from chatwright.diagnostics import InputError
from chatwright.document import Node, Pointer
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
    distinct,
)
from chatwright.parser import reading
from chatwright.parser.annotations import annotations_of, bounds_of
from chatwright.parser.compose import (
    Contradiction,
    annotated,
    demanding,
    merge,
    resolved,
    without_null,
)
from chatwright.parser.discriminators import Discriminators
from chatwright.parser.distribute import distribute
from chatwright.parser.findings import Findings
from chatwright.parser.names import COMPONENTS, Names, sanitize, target_name
from chatwright.parser.shapes import (
    MAX_CHAIN,
    NULL,
    Shape,
    Shapes,
    typed,
)
from chatwright.parser.vendor import Vendor
from chatwright.regex import problem

Keyword: TypeAlias = Literal["oneOf", "anyOf", "type"]


class Schemas:
    """The schemas of a document, built on demand from its shapes and their names."""

    def __init__(
        self,
        shapes: Shapes,
        names: Names,
        discriminators: Discriminators,
        findings: Findings,
        vendor: Vendor,
    ) -> None:
        self._vendor = vendor
        self._shapes = shapes
        self._names = names
        self._findings = findings
        self._discriminators = discriminators
        self._roots: dict[str, Schema] = {}
        self._chain: list[str] = []
        self._nullable: dict[Shape, bool] = {}
        self._added: dict[str, NamedSchema] = {}
        self._placed: dict[Shape, Schema] = {}

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
                alias=self._vendor.schema(shape.keywords),
            )
            for name, shape in self._names.first.items()
            if name in components or not is_container(shape)
        ]
        found.extend(self._added.values())
        return tuple(sorted(found, key=lambda named: named.name))

    def at(self, pointer: Pointer) -> Schema:
        """The schema of a place: a parameter's, a body's, an item's."""
        return self.place(self._shapes.at(pointer))

    def dangles(self, pointer: Pointer) -> bool:
        """Whether the schema of a place, built by now, is a `$ref` that leads nowhere."""
        return self._shapes.dangles(pointer)

    def place(self, shape: Shape) -> Schema:
        """The schema of a shape where it stands: a reference, if it has a name."""
        name = self._names.inline.get(shape)
        schema: Schema
        if shape.reference is not None:
            target = self._names.components[shape.reference]
            schema = RefSchema(name=target, annotations=annotations_of(shape))
        elif name is not None and not is_container(shape):
            schema = RefSchema(name=name, annotations=annotations_of(shape))
        else:
            schema = self._in_place(shape)
        return nullable(schema) if self._is_nullable(shape) else schema

    def _in_place(self, shape: Shape) -> Schema:
        """The schema of a shape without a name; one that has to have one gets one."""
        known = self._placed.get(shape)
        if known is None:
            known = self._plain(shape, None)
            if isinstance(known, ObjectSchema | UnionSchema):
                name = self._add(self._fallback(shape), known, shape.pointer)
                known = RefSchema(name=name, annotations=known.annotations)
            self._placed[shape] = known
        return known

    def added(self, name: str, schema: Schema, pointer: Pointer) -> RefSchema:
        """A schema that the document does not write out, under `name` or the next that is free."""
        return RefSchema(name=self._add(name, schema, pointer))

    def root(self, name: str) -> Schema:
        """The schema that a name stands for, without the null that its places may allow."""
        known = self._roots.get(name)
        if known is None:
            known = self._roots[name] = self._root(name)
        return known

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself, behind references and null."""
        return resolved(schema, self.root)

    def _root(self, name: str) -> Schema:
        shape = self._names.first[name]
        if name in self._chain or len(self._chain) >= MAX_CHAIN:
            reason = (
                f"`{name}` is merged into itself through allOf"
                if name in self._chain
                else f"more than {MAX_CHAIN} schemas are merged through allOf"
            )
            self._findings.warn(
                "endless-allof", f"{reason}; read as any value", shape.pointer
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
            self._findings.include(error, "read as any value")
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
                self._findings.include(error, "read as any value")
                return False
            return self._is_nullable(target, depth)
        variants = (*shape.one_of, *shape.any_of)
        if any(self._is_nullable(variant, depth) for variant in variants):
            return True
        parts = [part for part in shape.parts if not part.is_required_only]
        return bool(parts) and all(self._is_nullable(part, depth) for part in parts)

    def _plain(self, shape: Shape, name: str | None) -> Schema:
        """The schema of a shape in place, null apart."""
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
                    pattern=self._pattern(shape),
                    annotations=annotations_of(shape),
                )
            case ("integer",):
                return IntegerSchema(
                    format=reading.text(shape.keywords, "format"),
                    bounds=bounds_of(shape),
                    annotations=annotations_of(shape),
                )
            case ("number",):
                return NumberSchema(
                    format=reading.text(shape.keywords, "format"),
                    bounds=bounds_of(shape),
                    annotations=annotations_of(shape),
                )
            case ("boolean",):
                return BooleanSchema(annotations=annotations_of(shape))
            case ("array",):
                return self._array(shape)
            case ("object",):
                return self._object(shape, name)
            case ("null",):
                return ConstSchema(
                    value=Instance.of(None), annotations=annotations_of(shape)
                )
            case _ if shape.properties or shape.additional is not None:
                return self._object(shape, name)
            case _ if shape.items is not None:
                return self._array(shape)
            case _:
                return AnySchema(annotations=annotations_of(shape))

    def _pattern(self, shape: Shape) -> str | None:
        pattern = reading.text(shape.keywords, "pattern")
        reason = None if pattern is None else problem(pattern)
        if reason is None:
            return pattern
        self._findings.warn(
            "unsupported-keyword",
            f"the pattern {reading.describe(pattern)} is not checked: {reason}",
            shape.pointer / "pattern",
        )
        return None

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
                described=additional is not None,
                min_properties=reading.whole(shape.keywords, "minProperties"),
                max_properties=0 if closed else most,
                annotations=annotations_of(shape),
            )
        required = reading.texts(shape.keywords, "required")
        return ObjectSchema(
            properties=tuple(
                Property(
                    name=name,
                    schema=self.place(member),
                    required=name in required,
                    alias=self._vendor.property(member.keywords),
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
        members = [self._member(shape, value) for value in shape.values]
        values = distinct(value for value in members if value is not None)
        match values:
            case ():
                return AnySchema(annotations=noted)
            case (only,) if not named:
                return ConstSchema(value=only, annotations=noted)
            case _ if named and (variants := apart(values)) is not None:
                return UnionSchema(
                    keyword="anyOf", variants=variants, annotations=noted
                )
            case _:
                return EnumSchema(
                    values=values,
                    aliases=tuple(self._aliases(shape, values)),
                    annotations=noted,
                )

    def _aliases(
        self, shape: Shape, values: tuple[Instance, ...]
    ) -> Iterator[tuple[Instance, str]]:
        known = {*values}
        for value, name in self._vendor.members(shape.keywords):
            member = reading.instance(value)
            if member in known:
                yield member, name

    def _member(self, shape: Shape, value: Node) -> Instance | None:
        """A member of an enum; a number among strings is the text that was written."""
        if shape.types == ("string",) and reading.kind_of(value) in (
            "integer",
            "number",
        ):
            self._findings.note(
                "enum-type",
                f"{reading.describe(value)} is no string; read as {reading.describe(str(value))}",
                shape.pointer,
            )
            return Instance.of(str(value))
        member = reading.instance(value)
        if member is None:
            self._findings.warn(
                "unsupported-value",
                "an enum has a member that is nested too deep or not finite; left out",
                shape.pointer,
            )
        return member

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
        variants = unlike(without_null(self.place(member)) for member in members)
        if len(variants) == 1:
            return annotated(variants[0], annotations_of(shape))
        union = UnionSchema(
            keyword=keyword,
            variants=variants,
            discriminator=self._discriminators.of_union(shape, members),
            annotations=annotations_of(shape),
        )
        if shape.properties:
            base = self._object(replace(shape, one_of=(), any_of=()), name)
            return annotated(
                self._distributed(union, base, shape, name), union.annotations
            )
        return union

    def _merged(self, shape: Shape, name: str | None) -> Schema:
        """The one schema that a value must satisfy to satisfy all of a schema's allOf."""
        noted = annotations_of(shape)
        parts = [part for part in shape.parts if not part.is_required_only]
        own = replace(shape, parts=(), nullable=False)
        constrained = own.is_composed or own.values or own.additional is not None
        if len(parts) == 1 and name is None and not constrained:
            return annotated(self._part(parts[0]), noted)
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
                bases=self._discriminators.nearest(bases),
                discriminator=self._discriminators.of_parent(shape),
            )
        for union in unions:
            merged = self._distributed(union, merged, shape, name, required)
        return annotated(merged, noted)

    def _part(self, part: Shape) -> Schema:
        """A member of allOf; one without a type speaks of the type that its limits are for."""
        if part.reference is not None or part in self._names.inline:
            return without_null(self.place(part))
        return self._plain(typed(part), None)

    def _distributed(
        self,
        union: UnionSchema,
        base: Schema,
        shape: Shape,
        name: str | None,
        required: frozenset[str] = frozenset(),
    ) -> Schema:
        """A union and a schema that each variant satisfies as well, or the union alone."""
        prefix = f"{name or self._fallback(shape)}_{union.keyword}"

        def add(variant: ObjectSchema) -> str:
            return self._add(prefix, demanding(variant, required), shape.pointer)

        try:
            return distribute(union, base, self.root, add)
        except Contradiction as conflict:
            self._contradiction(conflict, shape)
            return union

    def _fallback(self, shape: Shape) -> str:
        """What to call a schema that only merging made one that needs a name."""
        return sanitize(target_name(shape.pointer))

    def _add(self, name: str, schema: Schema, pointer: Pointer) -> str:
        """Gives a schema that the document does not write out a name of its own."""
        unique, count = name, 0
        while unique in self._names.first or unique in self._added:
            count += 1
            unique = f"{name}_{count}"
        self._roots[unique] = schema
        self._added[unique] = NamedSchema(
            name=unique, schema=schema, pointer=str(pointer), inline=True
        )
        return unique

    def _contradiction(self, conflict: Contradiction, shape: Shape) -> None:
        self._findings.warn(
            "contradictory-allof",
            f"no value satisfies both {conflict}; this part is left out",
            shape.pointer,
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


def apart(values: tuple[Instance, ...]) -> tuple[Schema, Schema] | None:
    """The booleans of an enum and its other values, where there are numbers among these: few
    languages can have both in one enum."""
    booleans = [each for each in values if isinstance(each.value, bool)]
    others = tuple(each for each in values if not isinstance(each.value, bool))
    if not booleans or not any(isinstance(x.value, int | float) for x in others):
        return None
    several = len(booleans) > 1
    first = BooleanSchema() if several else ConstSchema(value=booleans[0])
    return first, EnumSchema(values=others)


def unlike(schemas: Iterable[Schema]) -> tuple[Schema, ...]:
    """The first of the schemas that are equal."""
    found: dict[Schema | str, Schema] = {}
    for schema in schemas:
        told = schema.value.identity if isinstance(schema, ConstSchema) else schema
        found.setdefault(told, schema)
    return tuple(found.values())


def is_null(schema: Schema) -> bool:
    """Whether null is the only value."""
    return isinstance(schema, ConstSchema) and schema.value == Instance.of(None)
