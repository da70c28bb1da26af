"""Names are decided once for a crate, and what would be called the same is numbered."""

from __future__ import annotations

import pytest

from chatwright.ir.api import (
    EventStream,
    MediaType,
    Parameter,
    RequestBody,
)
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    ConstSchema,
    Discriminator,
    EnumSchema,
    Instance,
    MapSchema,
    NullableSchema,
    RefSchema,
    Schema,
    UnionSchema,
)
from chatwright.targets.rust.names import ModelName, Names, decide, own_enum, variants
from tests.targets.apis import TEXT, api, enum, named, operation, record

FOO = named("Foo", record(a=TEXT))
STREAM = EventStream(media_type="text/event-stream", item_schema=TEXT)


def names_of(**schemas: Schema) -> Names:
    return decide(api(*(named(name, schema) for name, schema in schemas.items())))


def parameter(name: str, *, required: bool = False) -> Parameter:
    return Parameter(
        name=name,
        location="query",
        schema=TEXT,
        required=required,
        style="form",
        explode=True,
    )


def test_models_of_one_type_are_numbered() -> None:
    names = names_of(Foo=record(a=TEXT), foo=record(b=TEXT), FOO_=record(c=TEXT))
    assert {each.type.lower() for each in names.models.values()} == {
        "foo",
        "foo2",
        "foo3",
    }
    assert len({each.module for each in names.models.values()}) == 3


def test_a_module_has_the_name_of_the_schema() -> None:
    names = names_of(_part_one_of_5=record(a=TEXT))
    assert names.models["_part_one_of_5"] == ModelName(
        type="PartOneOf5", module="_part_one_of_5"
    )


def test_only_objects_enums_and_unions_are_models() -> None:
    names = names_of(
        Text=TEXT,
        Several=ArraySchema(items=TEXT),
        Kind=enum("a"),
        Either=UnionSchema(keyword="oneOf", variants=(TEXT, RefSchema(name="Kind"))),
    )
    assert set(names.models) == {"Kind", "Either"}


def test_fields_of_one_name_are_numbered() -> None:
    names = names_of(Foo=record(a_b=TEXT, aB=TEXT, type=TEXT, Type=TEXT))
    assert [names.fields["Foo", name] for name in ("a_b", "aB", "type", "Type")] == [
        "a_b",
        "a_b2",
        "r#type",
        "type2",
    ]


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        (enum("a", "b"), ["a", "b"]),
        (NullableSchema(schema=ArraySchema(items=enum("a"))), ["a"]),
        (ConstSchema(value=Instance.of("only")), ["only"]),
        (enum(1, 2), None),
        (ConstSchema(value=Instance.of(1)), None),
        (RefSchema(name="Kind"), None),
        (TEXT, None),
    ],
)
def test_a_property_has_an_enum_of_texts_for_itself(
    schema: Schema, values: list[str] | None
) -> None:
    found = own_enum(schema)
    assert (found and [each.value for each in found.values]) == values


def test_an_enum_of_a_property_is_not_called_as_its_struct_is() -> None:
    names = names_of(Kind=record(kind=enum("a"), Other=enum("b"), other=enum("c")))
    assert names.enums == {
        ("Kind", "kind"): "Kind2",
        ("Kind", "Other"): "Other",
        ("Kind", "other"): "Other2",
    }


def test_variants_leave_unknown_free() -> None:
    assert variants(enum("a", "A", "unknown", "")) == ("A", "A2", "Unknown_", "Empty")


def test_variants_are_called_what_the_document_says_where_rust_would() -> None:
    found = EnumSchema(
        values=tuple(map(Instance.of, (1, 2))),
        aliases=(
            (Instance.of(1), "FirstOne"),
            (Instance.of(2), "SECOND_ONE"),
        ),
    )
    assert variants(found) == ("FirstOne", "SecondOne")


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (TEXT, "String"),
        (RefSchema(name="Foo"), "Foo"),
        (ArraySchema(items=RefSchema(name="Foo")), "ArrayVecFoo"),
        (MapSchema(values=TEXT), "Object"),
        (AnySchema(), "Value"),
        (NullableSchema(schema=TEXT), "String"),
    ],
)
def test_members_of_unions_are_called_after_their_types(
    member: Schema, expected: str
) -> None:
    union = UnionSchema(keyword="oneOf", variants=(member, enum(1)))
    names = decide(api(FOO, named("Either", union)))
    assert names.members["Either"][0] == expected


def test_members_of_unions_are_called_after_their_first_values() -> None:
    union = UnionSchema(
        keyword="oneOf",
        variants=(RefSchema(name="Foo"), RefSchema(name="Bar")),
        discriminator=Discriminator(
            property_name="type",
            mapping=(("first", "Foo"), ("other", "Foo"), ("unknown", "Bar")),
            declared=True,
        ),
    )
    bar = named("Bar", record(b=TEXT))
    names = decide(api(FOO, bar, named("Either", union)))
    assert names.members["Either"] == ("First", "Unknown_")


def test_operations_of_one_name_are_numbered_in_their_module() -> None:
    names = decide(
        api(
            operations=(
                operation("list_all"),
                operation("listAll"),
                operation("ListAll", "models"),
            )
        )
    )
    assert names.functions == {
        "list_all": "list_all",
        "listAll": "list_all_0",
        "ListAll": "list_all",
    }
    assert names.errors == {
        "list_all": "ListAllError",
        "listAll": "ListAll0Error",
        "ListAll": "ListAllError",
    }


def test_a_stream_gives_way_to_functions() -> None:
    names = decide(
        api(
            operations=(
                operation("chat", event_stream=STREAM),
                operation("chat_stream"),
            )
        )
    )
    assert names.functions["chat_stream"] == "chat_stream"
    assert names.streams == {"chat": "chat_stream_0"}


def test_tags_of_one_title_share_a_module() -> None:
    names = decide(
        api(operations=(operation("a", "chat"), operation("b", "Chat (new)")))
    )
    assert names.apis["chat"].title == "ChatApi"
    shared = decide(api(operations=(operation("a", "chat"), operation("b", "(Chat)"))))
    assert shared.apis["chat"] == shared.apis["(Chat)"]


def test_arguments_are_numbered_in_the_documents_order() -> None:
    found = operation(
        "chat",
        parameters=(
            parameter("a"),
            parameter("A", required=True),
            parameter("call"),
        ),
        request_body=RequestBody(
            content=(MediaType(name="application/json", schema=RefSchema(name="Foo")),)
        ),
    )
    assert decide(api(FOO, operations=(found,))).arguments == {
        ("chat", "query", "a"): "a",
        ("chat", "query", "A"): "a2",
        ("chat", "query", "call"): "call2",
        ("chat", "body", ""): "foo",
    }
