"""The one schema that a value must satisfy to satisfy two: what allOf means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar

from msgspec.structs import replace

from chatwright.ir.schema import (
    NO_ANNOTATIONS,
    Annotations,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    Bounds,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    StringSchema,
    UnionSchema,
)

Limit = TypeVar("Limit", int, int | float)

MAX_VARIANTS = 256
"""How many variants a union of merged unions may have."""

MAX_NARROWED = 2_000
"""How many variants a union may have that one schema narrows: each becomes a model of its own."""

Lookup: TypeAlias = Callable[[str], Schema]
"""The schema that a name stands for."""


class Contradiction(Exception):
    """Two schemas that no value satisfies together; its text says why."""


def merge(left: Schema, right: Schema, lookup: Lookup) -> Schema:
    """The schema of the values that satisfy both; annotations of the right one win.

    Raises Contradiction where there is no such schema, or no way to write it down.
    """
    merged = _merge(left, right, lookup)
    return annotated(merged, annotated(left, right.annotations).annotations)


def too_many(union: UnionSchema, other: Schema, limit: int) -> Contradiction:
    """What to raise for a union and a schema that make one of more variants than the limit."""
    return Contradiction(
        f"{kind(union)} and {kind(other)} without more than {limit:,} variants"
    )


def leaves(union: UnionSchema, lookup: Lookup) -> Iterator[Schema]:
    """The variants of a union, and those of the unions among them, in order."""
    seen: set[Schema] = set()
    waiting = list(reversed(union.variants))
    while waiting:
        variant = waiting.pop()
        if variant in seen:
            continue
        seen.add(variant)
        inner = resolved(variant, lookup)
        if isinstance(inner, UnionSchema):
            waiting.extend(reversed(inner.variants))
        else:
            yield variant


def resolved(schema: Schema, lookup: Lookup) -> Schema:
    """The schema itself, behind references and null; any value where it refers to itself."""
    seen: set[str] = set()
    while isinstance(schema, RefSchema | NullableSchema):
        if isinstance(schema, NullableSchema):
            schema = schema.schema
        elif schema.name in seen:
            return AnySchema()
        else:
            seen.add(schema.name)
            schema = lookup(schema.name)
    return schema


def demanding(schema: ObjectSchema, required: frozenset[str]) -> ObjectSchema:
    """The object with more of its properties required."""
    return replace(
        schema,
        properties=tuple(
            replace(member, required=member.required or member.name in required)
            for member in schema.properties
        ),
    )


def same(left: Schema, right: Schema) -> bool:
    """Whether two schemas differ in their annotations at most."""
    return replace(left, annotations=NO_ANNOTATIONS) == replace(
        right, annotations=NO_ANNOTATIONS
    )


def annotated(schema: Schema, noted: Annotations) -> Schema:
    """The schema with annotations over its own: what `noted` does not say stays."""
    if noted == NO_ANNOTATIONS:
        return schema
    own = schema.annotations
    return replace(
        schema,
        annotations=Annotations(
            title=own.title if noted.title is None else noted.title,
            description=(
                own.description if noted.description is None else noted.description
            ),
            default=own.default if noted.default is None else noted.default,
            examples=noted.examples or own.examples,
            deprecated=noted.deprecated or own.deprecated,
            read_only=noted.read_only or own.read_only,
            write_only=noted.write_only or own.write_only,
        ),
    )


def _merge(left: Schema, right: Schema, lookup: Lookup) -> Schema:
    match left, right:
        case AnySchema(), _:
            return right
        case _, AnySchema():
            return left
        case NullableSchema(), NullableSchema():
            return NullableSchema(schema=merge(left.schema, right.schema, lookup))
        case NullableSchema(), _:
            return merge(left.schema, right, lookup)
        case _, NullableSchema():
            return merge(left, right.schema, lookup)
        case RefSchema(), RefSchema() if left.name == right.name:
            return left
        case RefSchema(), _:
            return _merge_reference(left, right, lookup)
        case _, RefSchema():
            return _merge_reference(right, left, lookup)
        case UnionSchema(), _:
            return _merge_union(left, right, lookup)
        case _, UnionSchema():
            return _merge_union(right, left, lookup)
        case (ConstSchema() | EnumSchema()), _:
            return _restrict(left, right)
        case _, (ConstSchema() | EnumSchema()):
            return _restrict(right, left)
        case BooleanSchema(), BooleanSchema():
            return right
        case StringSchema(), StringSchema():
            return _merge_strings(left, right)
        case IntegerSchema(), (IntegerSchema() | NumberSchema()):
            return replace(left, bounds=_merge_bounds(left.bounds, right.bounds))
        case NumberSchema(), IntegerSchema():
            return replace(right, bounds=_merge_bounds(left.bounds, right.bounds))
        case NumberSchema(), NumberSchema():
            return NumberSchema(
                format=right.format or left.format,
                bounds=_merge_bounds(left.bounds, right.bounds),
            )
        case ArraySchema(), ArraySchema():
            return ArraySchema(
                items=_override(left.items, right.items, lookup),
                min_items=_highest(left.min_items, right.min_items),
                max_items=_lowest(left.max_items, right.max_items),
                unique_items=left.unique_items or right.unique_items,
            )
        case MapSchema(), MapSchema():
            return MapSchema(
                values=_override(left.values, right.values, lookup),
                described=left.described or right.described,
                min_properties=_highest(left.min_properties, right.min_properties),
                max_properties=_lowest(left.max_properties, right.max_properties),
            )
        case ObjectSchema(), MapSchema():
            return _open(left, right)
        case MapSchema(), ObjectSchema():
            return _open(right, left)
        case ObjectSchema(), ObjectSchema():
            return _merge_objects(left, right, lookup)
        case _:
            raise Contradiction(f"{kind(left)} and {kind(right)}")


def _merge_reference(reference: RefSchema, other: Schema, lookup: Lookup) -> Schema:
    """A reference narrowed by a schema in place: the reference, if nothing is narrowed."""
    target = lookup(reference.name)
    merged = _merge(target, other, lookup)
    bare = replace(merged, annotations=target.annotations)
    return reference if bare == target else merged


def _merge_union(union: UnionSchema, other: Schema, lookup: Lookup) -> Schema:
    """The variants that the other schema leaves."""
    if isinstance(other, MapSchema) and other.values == AnySchema():
        return union
    left: dict[Schema, None] = {}
    for variant in leaves(union, lookup):
        try:
            both = merge(variant, other, lookup)
        except Contradiction:
            continue
        left.update(
            dict.fromkeys(both.variants if isinstance(both, UnionSchema) else (both,))
        )
        if len(left) > MAX_VARIANTS:
            raise too_many(union, other, MAX_VARIANTS)
    match tuple(left):
        case ():
            raise Contradiction(f"{kind(union)} and {kind(other)}")
        case (only,):
            return only
        case kept:
            discriminator = union.discriminator if kept == union.variants else None
            return replace(union, variants=kept, discriminator=discriminator)


def _restrict(values: ConstSchema | EnumSchema, other: Schema) -> Schema:
    """The members of an enum that another schema allows."""
    members = values.values if isinstance(values, EnumSchema) else (values.value,)
    if isinstance(other, EnumSchema):
        allowed = {member.identity for member in other.values}
        kept = tuple(member for member in members if member.identity in allowed)
    else:
        kept = tuple(member for member in members if _allows(other, member))
    match kept:
        case ():
            raise Contradiction(f"{kind(values)} and {kind(other)}")
        case (only,) if len(members) > 1 or isinstance(values, ConstSchema):
            return ConstSchema(value=only)
        case _:
            aliases = values.aliases if isinstance(values, EnumSchema) else ()
            left = {*kept}
            return EnumSchema(
                values=kept,
                aliases=tuple(each for each in aliases if each[0] in left),
            )


def _allows(schema: Schema, member: Instance) -> bool:
    """Whether a value has the type, or is one of the values, of a schema without references."""
    value = member.value
    match schema:
        case ConstSchema():
            return schema.value.identity == member.identity
        case StringSchema():
            return isinstance(value, str)
        case BooleanSchema():
            return isinstance(value, bool)
        case IntegerSchema() if isinstance(value, float):
            return value.is_integer()
        case IntegerSchema():
            return isinstance(value, int) and not isinstance(value, bool)
        case NumberSchema():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ArraySchema():
            return isinstance(value, list)
        case ObjectSchema() | MapSchema():
            return isinstance(value, dict)
        case _:
            return True


def _merge_strings(left: StringSchema, right: StringSchema) -> StringSchema:
    return StringSchema(
        format=right.format or left.format,
        min_length=_highest(left.min_length, right.min_length),
        max_length=_lowest(left.max_length, right.max_length),
        pattern=right.pattern or left.pattern,
    )


def _merge_bounds(left: Bounds, right: Bounds) -> Bounds:
    return Bounds(
        minimum=_highest(left.minimum, right.minimum),
        maximum=_lowest(left.maximum, right.maximum),
        exclusive_minimum=_highest(left.exclusive_minimum, right.exclusive_minimum),
        exclusive_maximum=_lowest(left.exclusive_maximum, right.exclusive_maximum),
        multiple_of=right.multiple_of or left.multiple_of,
    )


def _open(object_: ObjectSchema, map_: MapSchema) -> ObjectSchema:
    """An object whose other members are as the map's, where the map says how they are."""
    if map_.values == AnySchema() or object_.additional_properties is not None:
        return object_
    return replace(object_, additional_properties=map_.values)


def _merge_objects(
    left: ObjectSchema, right: ObjectSchema, lookup: Lookup
) -> ObjectSchema:
    """All properties of both, the left one's first.

    `additionalProperties: false` speaks of the properties beside it (JSON Schema Core, section
    10.3.2.3), so that a closed part would refuse the other's properties; vendors do not mean that.
    """
    properties = {member.name: member for member in left.properties}
    for member in right.properties:
        known = properties.get(member.name)
        if known is None:
            properties[member.name] = member
            continue
        try:
            schema = _override(known.schema, member.schema, lookup)
        except Contradiction as conflict:
            raise Contradiction(f"property `{member.name}`: {conflict}") from None
        properties[member.name] = Property(
            name=member.name,
            schema=schema,
            required=known.required or member.required,
            alias=member.alias or known.alias,
        )
    return ObjectSchema(
        properties=tuple(properties.values()),
        additional_properties=right.additional_properties or left.additional_properties,
        closed=left.closed or right.closed,
    )


def _override(known: Schema, member: Schema, lookup: Lookup) -> Schema:
    """A member that both sides have; where one side refers to a container, the later side holds.

    Merging what they refer to would go on for ever where it is recursive.
    """
    refers = isinstance(without_null(known), RefSchema) or isinstance(
        without_null(member), RefSchema
    )
    before, after = resolved(known, lookup), resolved(member, lookup)
    if not refers or not (_is_container(before) and _is_container(after)):
        merged = merge(known, member, lookup)
        return member if isinstance(merged, UnionSchema) else merged
    if isinstance(before, ArraySchema) != isinstance(after, ArraySchema) and not (
        isinstance(before, UnionSchema) or isinstance(after, UnionSchema)
    ):
        raise Contradiction(f"{kind(before)} and {kind(after)}")
    kept = known if is_any_object(after) else member
    noted = annotated(known, member.annotations).annotations
    return annotated(kept, noted)


def is_any_object(schema: Schema) -> bool:
    """Whether a schema is that of every object, whether or not the document says so."""
    return schema in (
        MapSchema(values=AnySchema()),
        MapSchema(values=AnySchema(), described=True),
    )


def _is_container(schema: Schema) -> bool:
    return isinstance(schema, ArraySchema | MapSchema | ObjectSchema | UnionSchema)


def without_null(schema: Schema) -> Schema:
    """The schema of the values that are not null, with the annotations of the place."""
    if isinstance(schema, NullableSchema):
        return annotated(schema.schema, schema.annotations)
    return schema


def _highest(left: Limit | None, right: Limit | None) -> Limit | None:
    return max((bound for bound in (left, right) if bound is not None), default=None)


def _lowest(left: Limit | None, right: Limit | None) -> Limit | None:
    return min((bound for bound in (left, right) if bound is not None), default=None)


def kind(schema: Schema) -> str:
    """What a schema is, as a message says it."""
    match schema:
        case ConstSchema():
            return f"the constant {schema.value.text}"
        case EnumSchema():
            return f"one of {', '.join(value.text for value in schema.values[:5])}"
        case UnionSchema():
            return f"a {schema.keyword}"
        case RefSchema():
            return f"`{schema.name}`"
        case _:
            name = type(schema).__name__.removesuffix("Schema").lower()
            return f"{'an' if name[0] in 'aeio' else 'a'} {name}"
