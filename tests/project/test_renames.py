"""An edit of the document renames nothing else, or the rename is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from chatwright import pipeline, published
from chatwright.cli import main
from chatwright.diagnostics import Severity
from tests.building import client, package

TEXT = {"type": "string"}


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def document(schemas: dict[str, Any], operations: list[str]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Acme", "version": "1"},
        "paths": {
            f"/{index}": {
                "post": {
                    "operationId": name,
                    "requestBody": {
                        "content": {
                            "application/json": {
                                "schema": record(kind=record(**{name: TEXT}))
                            }
                        }
                    },
                    "responses": {"200": {"description": "Fine."}},
                }
            }
            for index, name in enumerate(operations)
        },
        "components": {"schemas": schemas},
    }


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def generate(
    schemas: dict[str, Any], operations: list[str], *options: str, names: str = "{}"
) -> Result:
    Path("acme.json").write_text(json.dumps(document(schemas, operations), indent=1))
    Path("chatwright.yaml").write_text(
        "clients:\n  acme:\n    document: acme.json\n"
        f"    names: {names}\n"
        "    targets: {python: {package: acme, output: out}}\n"
    )
    return CliRunner().invoke(main, ("generate", *options))


BEFORE = {"Chat": record(tool=record(a=TEXT)), "Other": record(b=TEXT)}


def test_a_schema_that_takes_the_name_of_another_is_said_with_the_way_to_keep_it() -> (
    None
):
    assert generate(BEFORE, []).exit_code == 0
    after = {**BEFORE, "Chat_tool": record(c=TEXT)}
    result = generate(after, [])
    assert result.exit_code == 0
    assert re.search(
        r"acme\.json:\d+:\d+ warning renamed: `ChatTool` is now `ChatTool1`; `names: "
        r'\{schemas: \{"Chat_tool_1": ChatTool\}\}` brings it back',
        result.stderr,
    )
    assert "1 name changed;" in result.stdout
    again = generate(after, [], "--rebuild")
    assert "renamed" not in again.stderr
    assert "changed;" not in again.stdout


def test_a_rename_that_was_asked_for_is_not_said() -> None:
    assert generate(BEFORE, []).exit_code == 0
    result = generate(BEFORE, [], names="{schemas: {Chat_tool: Tool}}")
    assert result.exit_code == 0
    assert "renamed" not in result.stderr


def test_the_warnings_of_a_tree_do_not_depend_on_the_tree_before_it() -> None:
    after = {**BEFORE, "Chat_tool": record(c=TEXT)}
    assert generate(BEFORE, []).exit_code == 0
    assert generate(after, []).exit_code == 0
    stepped = Path("out/.chatwright-manifest.json").read_bytes()
    assert generate(after, [], "--rebuild").exit_code == 0
    assert Path("out/.chatwright-manifest.json").read_bytes() == stepped
    assert CliRunner().invoke(main, ("check",)).exit_code == 0


def test_a_schema_that_is_gone_is_a_note() -> None:
    assert generate(BEFORE, []).exit_code == 0
    result = generate({"Other": BEFORE["Other"]}, [], "--verbose")
    assert "note removed: `Chat` is gone" in result.stderr
    assert "note removed: `ChatTool` is gone" in result.stderr


def test_a_listing_that_cannot_be_read_is_none() -> None:
    assert generate(BEFORE, []).exit_code == 0
    Path("out", published.FILE_NAME).write_text("<<<<<<<")
    assert generate(BEFORE, [], "--force", "--rebuild").exit_code == 0


NAMES = ("Chat", "chat", "Chat_tool", "ChatTool", "Tool", "create_request", "Role")
SCHEMAS = st.sampled_from(
    [
        record(tool=record(a=TEXT)),
        record(tool=record(b=TEXT), Tool=record(c=TEXT)),
        record(kind=record(create=TEXT)),
        {"type": "string", "enum": ["a", "A", "a-b"]},
    ]
)


def named(listing: bytes) -> set[str]:
    """Every public name of a tree."""
    return {
        name
        for owner in published.load(listing).values()
        for name in (
            owner.name,
            *(f"{owner.name}.{each}" for each in owner.members.values()),
        )
    }


@settings(max_examples=40, deadline=None)
@given(
    schemas=st.dictionaries(st.sampled_from(NAMES), SCHEMAS, max_size=4),
    added=st.tuples(st.sampled_from(NAMES), SCHEMAS),
    operations=st.lists(st.sampled_from(["create", "Create", "list"]), max_size=2),
    another=st.sampled_from([None, "create", "create_0", "list"]),
    first=st.booleans(),
)
def test_what_is_added_renames_nothing_or_it_is_said(
    tmp_path_factory: pytest.TempPathFactory,
    schemas: dict[str, Any],
    added: tuple[str, Any],
    operations: list[str],
    another: str | None,
    first: bool,
) -> None:
    folder = tmp_path_factory.mktemp("edit")
    target = package("acme")
    path = folder / "acme.json"
    renamed = client(path)
    path.write_text(json.dumps(document(schemas, operations)))
    before = pipeline.build(renamed, target).files[published.FILE_NAME]

    edited = (
        {added[0]: added[1], **schemas} if first else {**schemas, added[0]: added[1]}
    )
    if added[0] in schemas:
        edited = schemas
    # Paths are numbered: what is added comes last, and the others stay where they are.
    path.write_text(
        json.dumps(document(edited, [*operations, *([another] if another else [])]))
    )
    after = pipeline.build(renamed, target, before)

    said = " ".join(
        each.message for each in after.renamed if each.severity is Severity.WARNING
    )
    lost = named(before) - named(after.files[published.FILE_NAME])
    for name in lost:
        owner = name.partition(".")[0]
        assert f"`{name}`" in said or f"`{owner}`" in said, (name, said)
