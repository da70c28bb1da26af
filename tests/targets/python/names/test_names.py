"""Names are decided once for a package, and what collides is resolved and said."""

from __future__ import annotations

import ast

import pytest
from pydantic import BaseModel

from chatwright.ir.api import (
    EventStream,
    MediaType,
    Parameter,
    RequestBody,
)
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    IntegerSchema,
    MapSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    StringSchema,
    UnionSchema,
)
from chatwright.targets.arguments import ordered_arguments
from chatwright.targets.python.names import MODEL_ATTRIBUTES, Names, decide, has_model
from chatwright.targets.templates import folder
from tests.targets.apis import TEXT, api, enum, named, operation, record

BYTES = StringSchema(format="binary")
FOO = named("Foo", record(a=TEXT))


def names_of(*schemas: tuple[str, Schema]) -> Names:
    return decide(api(*(named(name, schema) for name, schema in schemas)), "pkg")


def codes(names: Names) -> list[str]:
    return [diagnostic.code for diagnostic in names.diagnostics]


def test_names_a_chat_completions_package() -> None:
    names = decide(
        api(
            named(
                "ChatCompletionRequest", record(maxTokens=IntegerSchema(), model=TEXT)
            ),
            named(
                "ChatCompletionRequest_messages_inner", record(role=TEXT), inline=True
            ),
            named("FinishReason", enum("stop", "content-filter")),
            operations=(operation("createChatCompletion", "chat completions"),),
        ),
        "vendor.sdk",
    )
    assert names.package == "vendor.sdk"
    assert {name: model.class_name for name, model in names.models.items()} == {
        "ChatCompletionRequest": "ChatCompletionRequest",
        "ChatCompletionRequest_messages_inner": "ChatCompletionRequestMessagesInner",
        "FinishReason": "FinishReason",
    }
    assert names.models["ChatCompletionRequest"].module == "chat_completion_request"
    assert names.models["ChatCompletionRequest"].document == "ChatCompletionRequest"
    assert names.fields["ChatCompletionRequest", "maxTokens"] == "max_tokens"
    assert names.members["FinishReason", '"content-filter"'] == "CONTENT_MINUS_FILTER"
    assert names.apis["chat completions"].class_name == "ChatCompletionsApi"
    assert names.apis["chat completions"].module == "chat_completions_api"
    assert names.methods == {"createChatCompletion": "create_chat_completion"}
    assert names.diagnostics == ()


def test_schemas_of_the_same_class_are_told_apart() -> None:
    names = names_of(
        ("foo_bar", record(a=TEXT)), ("FooBar", record(b=TEXT)), ("FooBar2", TEXT)
    )
    assert names.models["FooBar"].class_name == "FooBar"
    assert names.models["foo_bar"].class_name == "FooBar2"
    assert names.models["foo_bar"].module == "foo_bar2"
    assert codes(names) == ["schema-name-collision"]
    assert "/components/schemas/foo_bar" in names.diagnostics[0].message


def test_a_counted_name_does_not_take_a_name_that_another_has() -> None:
    names = names_of(("foo", record()), ("Foo", record()), ("Foo2", record()))
    assert {name: model.class_name for name, model in names.models.items()} == {
        "Foo": "Foo",
        "Foo2": "Foo2",
        "foo": "Foo3",
    }


def test_classes_that_share_a_module_name_get_their_own() -> None:
    names = names_of(("HTTPFoo", record()), ("HttpFoo", record()))
    assert [model.module for model in names.models.values()] == [
        "http_foo",
        "http_foo2",
    ]
    assert [model.class_name for model in names.models.values()] == [
        "HTTPFoo",
        "HttpFoo",
    ]


def test_documents_differ_in_more_than_case() -> None:
    names = names_of(("FineTune", record()), ("Finetune", record()))
    assert [model.document for model in names.models.values()] == [
        "FineTune",
        "Finetune2",
    ]


def test_a_model_gives_its_document_to_an_api() -> None:
    names = decide(
        api(named("ChatApi", record()), operations=(operation("chat"),)), "pkg"
    )
    assert names.apis["chat"].document == "ChatApi"
    assert names.models["ChatApi"].document == "ChatApi2"
    assert names.hidden == {"ChatApi"}


@pytest.mark.parametrize("name", ["ApiClient", "Configuration", "ApiException"])
def test_runtime_names_win_at_the_top_of_the_package(name: str) -> None:
    names = names_of((name, record(a=TEXT)))
    assert names.models[name].class_name == name
    assert names.hidden == {name}
    assert codes(names) == ["runtime-name-collision"]


@pytest.mark.parametrize("name", ["Any", "Literal", "UUID", "Annotated", "Union"])
def test_classes_do_not_capture_names_of_types(name: str) -> None:
    assert names_of((name, record(a=TEXT))).models[name].class_name == f"Model{name}"


@pytest.mark.parametrize(
    ("name", "module"), [("Aux", "model_aux"), ("COM1", "model_com1")]
)
def test_no_file_is_a_device(name: str, module: str) -> None:
    model = names_of((name, record())).models[name]
    assert (model.class_name, model.module, model.document) == (
        name,
        module,
        f"Model{name}",
    )


def test_long_names_fit_into_file_names() -> None:
    models = names_of(("A" * 400, record()), ("A" * 401, record())).models.values()
    assert all(
        len(model.module) < 250 and len(model.document) < 250 for model in models
    )
    assert len({model.module for model in models}) == 2


@pytest.mark.parametrize(
    "name", ["copy", "dict", "additional_properties", "model_dump", "to_dict"]
)
def test_fields_do_not_override_members_of_the_model(name: str) -> None:
    names = names_of(("Foo", record(**{name: TEXT})))
    assert names.fields["Foo", name] == f"var_{name}"


def test_the_members_of_models_are_known() -> None:
    runtime = ast.parse(
        (folder() / "python/_runtime/model.py").read_text(encoding="utf-8")
    )
    (model,) = (
        node
        for node in runtime.body
        if isinstance(node, ast.ClassDef) and node.name == "Model"
    )
    own = {node.name for node in ast.walk(model) if isinstance(node, ast.FunctionDef)}
    public = {name for name in own | set(dir(BaseModel)) if not name.startswith("_")}
    assert public <= MODEL_ATTRIBUTES


def test_fields_do_not_capture_a_name_of_an_annotation() -> None:
    names = names_of(
        (
            "Captures",
            record(bytes=BYTES, list=ArraySchema(items=IntegerSchema()), int=TEXT),
        ),
        (
            "Harmless",
            record(bytes=ArraySchema(items=IntegerSchema()), date=TEXT, object=TEXT),
        ),
    )
    assert [names.fields["Captures", name] for name in ("bytes", "list", "int")] == [
        "var_bytes",
        "var_list",
        "var_int",
    ]
    assert [names.fields["Harmless", name] for name in ("bytes", "date", "object")] == [
        "bytes",
        "var_date",
        "object",
    ]
    assert set(codes(names)) == {"field-renamed"}


def test_an_inherited_field_has_one_name() -> None:
    names = names_of(
        ("Base", record(bytes=TEXT, **{"a-b": TEXT, "a b": TEXT})),
        (
            "Heir",
            record(
                "Base",
                bytes=TEXT,
                **{"a-b": TEXT, "a b": TEXT, "a_b": TEXT, "raw": BYTES},
            ),
        ),
    )
    for key in ("bytes", "a-b", "a b"):
        assert names.fields["Base", key] == names.fields["Heir", key]
    assert names.fields["Heir", "bytes"] == "var_bytes"
    assert names.fields["Heir", "a_b"] == "a_b"


def test_fields_and_members_of_the_same_name_are_told_apart() -> None:
    names = names_of(
        ("Foo", record(**{"a-b": TEXT, "a b": TEXT})),
        ("Order", enum("asc", "ASC", "Asc")),
    )
    assert [names.fields["Foo", key] for key in ("a-b", "a b")] == ["a_b", "a_b2"]
    assert [names.members["Order", f'"{key}"'] for key in ("asc", "ASC", "Asc")] == [
        "ASC",
        "ASC2",
        "ASC3",
    ]


def test_operations_of_the_same_name_are_counted_within_their_api() -> None:
    names = decide(
        api(
            operations=(
                operation("getFoo"),
                operation("get_foo"),
                operation("GetFoo", "other"),
                operation("get-foo"),
            )
        ),
        "pkg",
    )
    assert names.methods == {
        "getFoo": "get_foo",
        "get_foo": "get_foo_0",
        "GetFoo": "get_foo",
        "get-foo": "get_foo_1",
    }
    assert codes(names) == ["operation-name-collision"] * 2


def test_the_variants_of_a_method_have_names_of_their_own() -> None:
    stream = EventStream(media_type="text/event-stream", item_schema=TEXT)
    names = decide(
        api(
            operations=(
                operation("chat", event_stream=stream),
                operation("chat_stream"),
                operation("chat_with_http_info"),
                operation("api_client"),
            )
        ),
        "pkg",
    )
    assert names.methods == {
        "chat": "chat",
        "chat_stream": "chat_stream",
        "chat_with_http_info": "chat_with_http_info_0",
        "api_client": "call_api_client",
    }
    assert names.streams == {"chat": "chat_stream_0"}


def test_tags_that_give_the_same_class_share_it() -> None:
    names = decide(
        api(
            operations=(
                operation("a", "chat"),
                operation("b", "Chat"),
                operation("c", "x"),
            )
        ),
        "pkg",
    )
    assert names.apis["chat"] is names.apis["Chat"]
    assert names.apis["x"].class_name == "XApi"
    assert codes(names) == ["tag-collision"]


@pytest.mark.parametrize(
    ("schema", "argument"),
    [
        (RefSchema(name="Foo"), "foo"),
        (RefSchema(name="Order"), "body"),
        (ArraySchema(items=RefSchema(name="Foo")), "foo"),
        (ArraySchema(items=ArraySchema(items=RefSchema(name="Foo"))), "foo"),
        (ArraySchema(items=RefSchema(name="Order")), "order"),
        (ArraySchema(items=TEXT), "request_body"),
        (RefSchema(name="Foos"), "foo"),
        (MapSchema(values=RefSchema(name="Foo")), "request_body"),
        (MapSchema(values=AnySchema()), "body"),
        (TEXT, "body"),
        (None, "body"),
    ],
)
def test_the_body_is_named_after_its_model(
    schema: Schema | None, argument: str
) -> None:
    body = RequestBody(content=(MediaType(name="application/json", schema=schema),))
    names = decide(
        api(
            FOO,
            named("Order", enum("a", "b")),
            named("Foos", ArraySchema(items=RefSchema(name="Foo"))),
            operations=(operation("op", request_body=body),),
        ),
        "pkg",
    )
    assert names.parameters["op", "body", ""] == argument


def test_arguments_are_counted_up_and_ordered_as_openapi_generator_does() -> None:
    def query(name: str, required: bool = False) -> Parameter:
        return Parameter(
            name=name,
            location="query",
            schema=TEXT,
            style="form",
            explode=True,
            required=required,
        )

    form = ObjectSchema(
        properties=(
            Property(name="file", schema=BYTES, required=True),
            Property(name="id", schema=TEXT),
        )
    )
    upload = operation(
        "upload",
        parameters=(query("q"), query("id", required=True)),
        request_body=RequestBody(
            content=(MediaType(name="multipart/form-data", schema=form),)
        ),
    )
    names = decide(api(operations=(upload,)), "pkg")
    ordered = ordered_arguments(upload, {})
    assert [names.argument(upload, argument) for argument in ordered] == [
        "id",
        "file",
        "q",
        "id2",
    ]


def test_a_request_body_name_wins() -> None:
    body = RequestBody(
        content=(MediaType(name="application/json", schema=RefSchema(name="Foo")),),
        name="myBody",
    )
    names = decide(api(FOO, operations=(operation("op", request_body=body),)), "pkg")
    assert names.parameters["op", "body", ""] == "my_body"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (record(), True),
        (UnionSchema(keyword="oneOf", variants=(TEXT,)), True),
        (UnionSchema(keyword="type", variants=(TEXT,)), False),
        (enum("a"), True),
        (enum(True), False),
        (ArraySchema(items=TEXT), False),
        (MapSchema(values=TEXT), False),
        (TEXT, False),
    ],
)
def test_objects_unions_and_enums_have_models(schema: Schema, expected: bool) -> None:
    assert has_model(schema) is expected


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_methods_do_not_hide_members_of_an_api(flavour: str) -> None:
    source = (folder() / f"python/_runtime/{flavour}_api.py").read_text(
        encoding="utf-8"
    )
    module = ast.parse(source)
    (base,) = (
        node
        for node in module.body
        if isinstance(node, ast.ClassDef) and node.name.endswith("Api")
    )
    # Methods are made by functions of the module, where a class's own names come first.
    members = {
        node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)
    }
    members |= {
        node.attr
        for node in ast.walk(base)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    public = sorted(name for name in members if not name.startswith("_"))
    names = decide(api(operations=tuple(map(operation, public))), "pkg")
    assert public
    assert not set(public) & set(names.methods.values())
