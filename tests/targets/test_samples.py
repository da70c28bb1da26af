"""Samples of schemas: small, finite, and with no more than they must have."""

from __future__ import annotations

from typing import Any

import pytest

from chatwright.ir.schema import (
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
from chatwright.targets.samples import NoSample, sample

TEXT = StringSchema()
NODE = RefSchema(name="Node")


def a_table(**schemas: Schema) -> dict[str, NamedSchema]:
    return {
        name: NamedSchema(name=name, schema=schema, pointer="")
        for name, schema in schemas.items()
    }


def an_object(**required: Schema) -> ObjectSchema:
    return ObjectSchema(
        properties=tuple(
            Property(name=name, schema=schema, required=True)
            for name, schema in required.items()
        )
    )


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (AnySchema(), "text"),
        (BooleanSchema(), False),
        (IntegerSchema(), 1),
        (NumberSchema(), 0.5),
        (TEXT, "text"),
        (StringSchema(format="date"), "2026-01-02"),
        (ConstSchema(value=Instance.of("fixed")), "fixed"),
        (EnumSchema(values=(Instance.of(3), Instance.of(4))), 3),
        (ArraySchema(items=TEXT), ["text"]),
        (MapSchema(values=TEXT), {}),
        (NullableSchema(schema=TEXT), "text"),
        (UnionSchema(keyword="oneOf", variants=(IntegerSchema(), TEXT)), 1),
        (an_object(name=TEXT), {"name": "text"}),
        (ObjectSchema(properties=(Property(name="name", schema=TEXT),)), {}),
    ],
)
def test_values(schema: Schema, value: Any) -> None:
    assert sample(schema, {}) == value
    assert sample(RefSchema(name="Named"), a_table(Named=schema)) == value


@pytest.mark.parametrize(
    ("held", "value"),
    [
        (ArraySchema(items=NODE), []),
        (NullableSchema(schema=NODE), None),
        (UnionSchema(keyword="anyOf", variants=(NODE, TEXT)), "text"),
    ],
)
def test_recursion_ends_where_it_can(held: Schema, value: Any) -> None:
    assert sample(NODE, a_table(Node=an_object(held=held))) == {"held": value}


def test_what_needs_itself_has_none() -> None:
    with pytest.raises(NoSample):
        sample(NODE, a_table(Node=an_object(parent=NODE)))


def test_what_needs_very_much_has_none() -> None:
    levels = {
        f"Level{number}": an_object(
            left=RefSchema(name=f"Level{number + 1}"),
            right=RefSchema(name=f"Level{number + 1}"),
        )
        for number in range(20)
    }
    with pytest.raises(NoSample):
        sample(RefSchema(name="Level0"), a_table(**levels, Level20=TEXT))


def test_what_is_very_deep_has_none() -> None:
    chain = {
        f"Link{number}": an_object(next=RefSchema(name=f"Link{number + 1}"))
        for number in range(100)
    }
    with pytest.raises(NoSample):
        sample(RefSchema(name="Link0"), a_table(**chain, Link100=TEXT))
