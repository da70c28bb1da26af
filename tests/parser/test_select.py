"""Slices of an Api: which operations and schemas stay, and that nothing is renamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwright.diagnostics import InputError
from chatwright.document import load
from chatwright.ir import walk
from chatwright.ir.api import Api
from chatwright.parser import parse, select
from tests.parser.invariants import violations

DOCUMENT = Path(__file__).with_name("select.yaml")


@pytest.fixture(scope="module")
def api() -> Api:
    return parse(load(DOCUMENT)).api


def ids(api: Api) -> list[str]:
    return [operation.id for operation in api.operations]


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([], ["createChat", "createChat_0", "listFiles", "getFile"]),
        (["createChat"], ["createChat", "createChat_0"]),
        (["Files"], ["listFiles", "getFile"]),
        (["Beta"], ["createChat_0"]),
        (["/files"], ["listFiles"]),
        (["/files/{id}"], ["getFile"]),
        (["/files*"], ["listFiles", "getFile"]),
        (["get*", "list?iles"], ["listFiles", "getFile"]),
        (["chat"], ["createChat"]),
        (["getFile", "chat", "getFile"], ["createChat", "getFile"]),
    ],
)
def test_operations(api: Api, selectors: list[str], expected: list[str]) -> None:
    assert ids(select(api, selectors)) == expected


def test_only_what_is_needed_stays_under_its_name(api: Api) -> None:
    part = select(api, ["/files/{id}"])

    assert [named.name for named in part.schemas] == ["File", "Id"]
    assert [tag.name for tag in part.tags] == ["Files"]
    assert part.chat is None
    assert set(part.schemas) < set(api.schemas)
    assert violations(part) == []


def test_an_enum_stays_open_where_only_a_left_out_operation_answers_with_it(
    tmp_path: Path,
) -> None:
    sends = (
        "  /roles: {post: {operationId: sendRole, responses: {}, requestBody: {content:"
        ' {application/json: {schema: {$ref: "#/components/schemas/Role"}}}}}}'
    )
    text = DOCUMENT.read_text("utf-8").replace("paths:", f"paths:\n{sends}")
    path = tmp_path / "document.yaml"
    path.write_text(text, "utf-8")

    whole = parse(load(path)).api
    part = select(whole, ["sendRole"])

    assert walk.to_json(part.schemas[0].schema)["open"] is True


def test_the_chat_profile_stays_with_its_operation(api: Api) -> None:
    assert api.chat is not None
    assert select(api, ["chat"]).chat == api.chat


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("creatChat", "createChat"),
        ("/file", "/files"),
        ("files", "Files"),
        ("nothing-like-it-at-all", "Chat"),
        ("zzz*", "Chat"),
    ],
)
def test_an_unknown_selector_names_the_nearest(
    api: Api, selector: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        select(api, [selector])

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "unknown-operation"
    assert f"`{selector}`" in diagnostic.message
    assert hint in diagnostic.message


def test_chat_where_there_is_none(api: Api) -> None:
    with pytest.raises(InputError) as caught:
        select(select(api, ["Files"]), ["chat"])

    assert caught.value.diagnostics[0].code == "no-chat-completion"
