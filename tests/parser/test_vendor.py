"""Names and facts that documents carry for other generators, from the document to the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chatwright import published
from chatwright.document import load
from chatwright.ir.api import Api
from chatwright.ir.schema import RefSchema, UnionSchema
from chatwright.parser import parse
from chatwright.pipeline import build
from chatwright.project_file import read
from tests.building import client, package

TEXT = {"type": "string"}


def written(
    folder: Path, *, schemas: Mapping[str, Any] | None = None, **operation: Any
) -> Path:
    path = folder / "acme.json"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Acme", "version": "1"},
        "paths": {
            "/chat": {
                "post": {
                    "operationId": "createChat",
                    "tags": ["Chat"],
                    "responses": {"200": {"description": "Fine."}},
                    **operation,
                }
            },
            "/models": {
                "get": {
                    "operationId": "listModels",
                    "responses": {"200": {"description": "Fine."}},
                }
            },
        },
        "components": {"schemas": schemas or {}},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def names(path: Path, *, vendor: bool = True) -> published.Published:
    """The public names of the package of a document."""
    named = replace(client(path), vendor_names=vendor)
    return published.load(build(named, package("acme")).files[published.FILE_NAME])


def api(path: Path, *, vendor: bool = True) -> Api:
    return parse(load(path), vendor_names=vendor).api


CHAT = "#/paths/~1chat/post"
THING = "#/components/schemas/Thing"


@pytest.mark.parametrize(
    ("extension", "name"),
    [
        ({"x-fern-sdk-method-name": "complete"}, "ChatApi.complete"),
        ({"x-speakeasy-name-override": "getUsage"}, "ChatApi.get_usage"),
        ({"x-fern-sdk-group-name": "embed-jobs"}, "EmbedJobsApi.create_chat"),
        ({"x-fern-sdk-group-name": ["beta", "jobs"]}, "BetaJobsApi.create_chat"),
        ({"x-speakeasy-group": "beta.jobs"}, "BetaJobsApi.create_chat"),
        ({"x-fern-sdk-method-name": 3}, "ChatApi.create_chat"),
        ({"x-fern-sdk-method-name": "import"}, "ChatApi.call_import"),
        ({"x-fern-sdk-method-name": "list_models"}, "ChatApi.list_models"),
    ],
)
def test_operations(tmp_path: Path, extension: dict[str, Any], name: str) -> None:
    path = written(tmp_path, **extension)
    assert names(path)[CHAT].name == name
    assert names(path, vendor=False)[CHAT].name == "ChatApi.create_chat"


@pytest.mark.parametrize(
    "key", ["x-fern-ignore", "x-speakeasy-ignore", "x-stainless-skip"]
)
def test_what_the_vendor_leaves_out_is_left_out_and_noted(
    tmp_path: Path, key: str
) -> None:
    extension: dict[str, Any] = {key: True}
    path = written(tmp_path, **extension)
    parsed = parse(load(path), vendor_names=True)
    assert [each.id for each in parsed.api.operations] == ["listModels"]
    assert [each.code for each in parsed.diagnostics] == ["ignored-operation"]
    assert parsed.left_out == 0
    assert len(api(path, vendor=False).operations) == 2
    extension[key] = ["go"]
    assert len(api(written(tmp_path, **extension)).operations) == 2


@pytest.mark.parametrize(
    "key", ["x-fern-parameter-name", "x-speakeasy-name-override", "x-ms-client-name"]
)
def test_parameters(tmp_path: Path, key: str) -> None:
    parameter = {"name": "X-Trace", "in": "header", "schema": TEXT, key: "traceId"}
    path = written(tmp_path, parameters=[parameter])
    assert names(path)[CHAT].members == {"X-Trace": "trace_id"}
    assert names(path, vendor=False)[CHAT].members == {"X-Trace": "x_trace"}


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"x-fern-type-name": "Gadget"}, "Gadget"),
        ({"x-speakeasy-name-override": "gadget"}, "Gadget"),
        ({"x-ms-client-name": "Gadget"}, "Gadget"),
        ({"x-ms-enum": {"name": "Gadget"}}, "Gadget"),
        ({"x-fern-type-name": ""}, "Thing"),
    ],
)
def test_schemas(tmp_path: Path, schema: dict[str, Any], name: str) -> None:
    thing = {"type": "object", "properties": {"a": TEXT}, **schema}
    path = written(tmp_path, schemas={"Thing": thing})
    assert names(path)[THING].name == name
    assert names(path, vendor=False)[THING].name == "Thing"


@pytest.mark.parametrize(
    "key", ["x-fern-property-name", "x-speakeasy-name-override", "x-ms-client-name"]
)
def test_properties_also_where_they_are_merged(tmp_path: Path, key: str) -> None:
    base = {"type": "object", "properties": {"schema": {**TEXT, key: "schemaText"}}}
    thing = {
        "allOf": [
            {"$ref": "#/components/schemas/Base"},
            {"type": "object", "properties": {"schema": {**TEXT, "minLength": 1}}},
        ]
    }
    path = written(tmp_path, schemas={"Base": base, "Thing": thing})
    assert names(path)[THING].members == {"schema": "schema_text"}
    assert names(path, vendor=False)[THING].members == {"schema": "var_schema"}


@pytest.mark.parametrize(
    ("extension", "members"),
    [
        ({"x-enumNames": ["First", "Second"]}, ["First", "Second"]),
        ({"x-speakeasy-enums": ["ONE", "TWO"]}, ["ONE", "TWO"]),
        ({"x-speakeasy-enums": {"b": "TWO"}}, ["A", "TWO"]),
        ({"x-fern-enum": {"a": {"name": "One", "description": "x"}}}, ["One", "B"]),
        (
            {"x-ms-enum": {"values": [{"value": "b", "name": "Two"}, 3]}},
            ["A", "Two"],
        ),
    ],
)
def test_enums(tmp_path: Path, extension: dict[str, Any], members: list[str]) -> None:
    path = written(
        tmp_path, schemas={"Thing": {**TEXT, "enum": ["a", "b"], **extension}}
    )
    assert [*names(path)[THING].members.values()] == members
    assert [*names(path, vendor=False)[THING].members.values()] == ["A", "B"]


def test_varnames_count_always_and_are_what_python_can_say(tmp_path: Path) -> None:
    schema = {
        **TEXT,
        "enum": ["a", None, "c", "d", "e", "f", "g"],
        "x-enum-varnames": ["Alpha", "Nil", "twoWords", "Two Words", "class", "Alpha"],
    }
    path = written(tmp_path, schemas={"Thing": schema})
    for vendor in (True, False):
        assert dict(names(path, vendor=vendor)[THING].members) == {
            "a": "Alpha",
            "c": "twoWords",
            "d": "TWO_WORDS",
            "e": "CLASS",
            "f": "Alpha2",
            "g": "G",
        }


def test_fern_says_what_an_operation_streams(tmp_path: Path) -> None:
    item = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in "AB"]}
    streaming: dict[str, Any] = {
        "x-fern-streaming": {
            "stream-condition": "$request.live",
            "format": "json",
            "response-stream": item,
        }
    }
    path = written(
        tmp_path,
        schemas={name: {"type": "object", "properties": {name: TEXT}} for name in "AB"},
        **streaming,
    )
    parsed = api(path, vendor=False)
    stream = parsed.operations[0].event_stream
    assert stream is not None
    assert (stream.media_type, stream.selector) == ("application/x-ndjson", "live")
    assert isinstance(stream.item_schema, RefSchema)
    items = {each.name: each.schema for each in parsed.schemas}
    assert isinstance(items[stream.item_schema.name], UnionSchema)


@pytest.mark.parametrize("said", [True, False, "sse", {}, {"response-stream": 3}])
def test_what_fern_does_not_say_is_not_guessed(tmp_path: Path, said: object) -> None:
    extension: dict[str, Any] = {"x-fern-streaming": said}
    operation = api(written(tmp_path, **extension)).operations[0]
    assert operation.id == "createChat"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [("vendor", True), ("{vendor: true}", True), ("{vendor: false}", False)],
)
def test_the_project_file_asks_for_them(
    tmp_path: Path, entry: str, expected: bool
) -> None:
    path = tmp_path / "chatwright.yaml"
    path.write_text(
        f"clients: {{a: {{document: d, names: {entry},"
        " targets: {python: {package: p}}}}",
        encoding="utf-8",
    )
    assert read(path).clients[0].vendor_names is expected
