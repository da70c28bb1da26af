"""Sample values fit their schemas, and only fitting values of a document are taken over."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.ir.schema import (
    Annotations,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    Bounds,
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
from chatwright.targets.operations import number_text
from chatwright.targets.python.docs.acceptance import accepts
from chatwright.targets.python.docs.samples import Samples, Unsampled, json_text

TEXT = StringSchema()
LIMITED = IntegerSchema(bounds=Bounds(minimum=2, exclusive_maximum=8, multiple_of=3))
CLOSED = ObjectSchema(
    properties=(Property(name="a", schema=TEXT, required=True),), closed=True
)
OPEN = ObjectSchema(properties=(), additional_properties=IntegerSchema())


VALUES: list[tuple[Schema, list[Any], list[Any]]] = [
    (BooleanSchema(), [True, False], [0, "true", None]),
    (LIMITED, [3, 6, 3.0], [0, 9, 4, 3.5, True, "3"]),
    (NumberSchema(), [0, 1.5, -1e300], [float("inf"), float("nan"), True, "1"]),
    (StringSchema(min_length=2, max_length=3), ["ab", "日本語"], ["a", "abcd", 12]),
    (StringSchema(pattern="^[a-z]+$"), ["ab"], ["", "A"]),
    (StringSchema(pattern="("), [], ["", "("]),
    (StringSchema(format="date"), ["2024-02-29"], ["2023-02-29", "tomorrow"]),
    (StringSchema(format="date-time"), ["2024-02-29T12:00:00Z"], ["noon"]),
    (StringSchema(format="uuid"), ["38400000-8cf0-11bd-b23e-10b96e4ef00d"], ["1"]),
    (StringSchema(format="byte"), ["aGVsbG8="], ["a", "é"]),
    (ConstSchema(value=Instance.of(1)), [1], [True, "1"]),
    (EnumSchema(values=(Instance.of("a"), Instance.of(1))), ["a", 1], [True, "b"]),
    (
        ArraySchema(items=TEXT, min_items=1, unique_items=True),
        [["a", "b"]],
        [[], ["a", "a"], [1]],
    ),
    (
        MapSchema(values=TEXT, max_properties=1),
        [{}, {"a": "b"}],
        [{"a": 1}, {"a": "", "b": ""}],
    ),
    (CLOSED, [{"a": "b"}], [{}, {"a": 1}, {"a": "b", "c": 1}, []]),
    (OPEN, [{}, {"a": 1}], [{"a": "b"}]),
    (NullableSchema(schema=TEXT), [None, "a"], [1]),
    (
        UnionSchema(keyword="oneOf", variants=(TEXT, CLOSED)),
        ["a", {"a": "b"}],
        [1, {}],
    ),
    (AnySchema(), [None, 1, {"a": []}], []),
]


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    VALUES,
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_accepts_what_a_schema_allows(
    schema: Schema, good: list[Any], bad: list[Any]
) -> None:
    assert [value for value in good if not accepts(schema, value, {})] == []
    assert [value for value in bad if accepts(schema, value, {})] == []


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (Annotations(examples=(Instance.of(1), Instance.of("given"))), "given"),
        (Annotations(default=Instance.of("by default")), "by default"),
        (Annotations(examples=(Instance.of("x" * 1000),)), "name_example"),
        (Annotations(), "name_example"),
    ],
)
def test_takes_the_documents_own_values(notes: Annotations, expected: str) -> None:
    assert Samples({}).of(StringSchema(annotations=notes), "name") == expected


def named(name: str, schema: Schema) -> NamedSchema:
    return NamedSchema(name=name, schema=schema, pointer="")


def test_recursion_ends() -> None:
    again = RefSchema(name="Node")
    node = ObjectSchema(
        properties=(
            Property(name="children", schema=ArraySchema(items=again), required=True),
            Property(name="next", schema=again),
        )
    )
    assert Samples({"Node": named("Node", node)}).of(again) == {"children": []}


def test_what_has_no_finite_value_is_not_sampled() -> None:
    again = RefSchema(name="Node")
    node = ObjectSchema(
        properties=(Property(name="next", schema=again, required=True),)
    )
    with pytest.raises(Unsampled):
        Samples({"Node": named("Node", node)}).of(again)


def test_a_search_that_branches_ends() -> None:
    never = StringSchema(pattern="^(?!)$")
    schema: Schema = never
    for _ in range(30):
        schema = UnionSchema(keyword="anyOf", variants=(schema, schema, never))
    with pytest.raises(Unsampled):
        Samples({}).of(schema)


def test_variants_carry_their_discriminator() -> None:
    kind = ObjectSchema(properties=(Property(name="kind", schema=TEXT, required=True),))
    union = UnionSchema(
        keyword="oneOf",
        variants=(RefSchema(name="A"), RefSchema(name="B")),
        discriminator=Discriminator(
            property_name="kind", mapping=(("a", "A"), ("b", "B")), declared=True
        ),
    )
    samples = Samples({"A": named("A", kind), "B": named("B", kind)})
    assert [value for _, value in samples.variants(union, "x")] == [
        {"kind": "a"},
        {"kind": "b"},
    ]


numbers = st.none() | st.integers(-50, 50)


@given(
    bounds=st.builds(
        Bounds,
        minimum=numbers,
        maximum=numbers,
        exclusive_minimum=numbers,
        exclusive_maximum=numbers,
        multiple_of=st.none() | st.integers(1, 9),
    ),
    whole=st.booleans(),
)
def test_numbers_are_within_their_bounds(bounds: Bounds, whole: bool) -> None:
    schema = IntegerSchema(bounds=bounds) if whole else NumberSchema(bounds=bounds)
    try:
        value = Samples({}).of(schema)
    except Unsampled:
        return
    assert accepts(schema, value, {})


@given(value=st.recursive(st.none() | st.booleans() | st.text(), st.lists))
def test_json_texts_stand_in_raw_strings(value: Any) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert '"""' not in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0, "0.0"),
        (1.5, "1.5"),
        (-0.25, "-0.25"),
        (1e-3, "0.001"),
        (1e-4, "0.00010"),
        (1e-8, "1.0E-8"),
        (1e7, "1.0E+7"),
        (12345678.9, "12345678.9"),
        (1e300, "1.0E+300"),
    ],
)
def test_numbers_are_written_as_java_writes_them(value: float, text: str) -> None:
    assert number_text(value) == text
