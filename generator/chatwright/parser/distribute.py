"""A union beside other schemas in one allOf: each of its variants satisfies them as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from chatwright.ir.schema import (
    AnySchema,
    Discriminator,
    ObjectSchema,
    RefSchema,
    Schema,
    UnionSchema,
)
from chatwright.parser.compose import (
    MAX_NARROWED,
    MAX_VARIANTS,
    Contradiction,
    Lookup,
    is_any_object,
    kind,
    leaves,
    merge,
    resolved,
    same,
    too_many,
)


def distribute(
    union: UnionSchema,
    base: Schema,
    lookup: Lookup,
    add: Callable[[ObjectSchema], str],
) -> Schema:
    """A union and a schema that each of its variants satisfies as well.

    An object to which that adds something needs a name of its own, which `add` gives it. Raises
    Contradiction where no variant is left, or too many are.
    """
    if base == AnySchema() or is_any_object(base):
        return union
    pairs: list[tuple[Schema, Schema]] = []
    for variant in leaves(union, lookup):
        alone = resolved(variant, lookup)
        try:
            both = merge(alone, base, lookup)
        except Contradiction:
            continue
        if same(both, alone):
            pairs.append((variant, variant))
        else:
            some = both.variants if isinstance(both, UnionSchema) else (both,)
            pairs.extend((variant, each) for each in some)
        limit = MAX_VARIANTS if isinstance(base, UnionSchema) else MAX_NARROWED
        if len(pairs) > limit:
            raise too_many(union, base, limit)
    renamed: dict[str, str] = {}
    variants: dict[Schema, None] = {}
    for variant, each in pairs:
        if isinstance(each, ObjectSchema):
            each = RefSchema(name=add(each))
            if isinstance(variant, RefSchema):
                renamed[variant.name] = each.name
        variants.setdefault(each)
    match tuple(variants):
        case ():
            raise Contradiction(f"{kind(union)} and {kind(base)}")
        case (only,):
            return only
        case kept:
            discriminator = renaming(union.discriminator, renamed, kept)
            return replace(union, variants=kept, discriminator=discriminator)


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
