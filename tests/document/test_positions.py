"""Every node's location is where its text is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatwright.diagnostics import Severity
from chatwright.document import Document, Node, Pointer, load
from chatwright.document.pointer import children
from tests.document.values import VALUES


def nodes(root: Node, pointer: Pointer) -> Iterator[tuple[Node, Pointer]]:
    yield root, pointer
    for token, node in children(root):
        yield from nodes(node, pointer / token)


def text_at(document: Document, pointer: Pointer, text: str) -> str:
    """The text from a node's location on."""
    location = document.location(pointer)
    lines = text.split("\n")
    return "\n".join(lines[location.line - 1 :])[location.column - 1 :]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("positions")


@given(
    value=VALUES,
    indent=st.sampled_from([None, 0, 3]),
    name=st.sampled_from(["json", "yaml"]),
)
def test_json(folder: Path, value: Node, indent: int | None, name: str) -> None:
    text = json.dumps(
        {"openapi": "3.1.0", "x-value": value}, indent=indent, ensure_ascii=False
    )
    path = folder / f"openapi.{name}"
    path.write_bytes(text.encode())
    document = load(path)
    for node, pointer in nodes(document.root["x-value"], document.pointer / "x-value"):
        there, _ = json.JSONDecoder().raw_decode(text_at(document, pointer, text))
        parent = document.get(pointer.parent)
        assert there == (pointer.name if isinstance(parent, dict) else node)


def scalars(text: str) -> set[str]:
    """What the scalar at the start of a text may be: outside of a flow collection, and inside."""
    line = text.split("\n")[0]
    found: set[str] = set()
    for context in (line, f"[{line}"):
        with suppress(yaml.YAMLError):
            for event in yaml.parse(context):
                if isinstance(event, yaml.ScalarEvent):
                    found.add(event.value)
                    break
    return found


LINES = st.text("ab c1:#-'\"\\\u00e9\U0001f600", max_size=12)
TREES = st.recursive(
    LINES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(LINES, inner, min_size=1, max_size=4)
    ),
    max_leaves=15,
)


@given(value=TREES, flow=st.sampled_from([None, True, False]), indent=st.integers(2, 5))
def test_yaml(folder: Path, value: Node, flow: bool | None, indent: int) -> None:
    text: str = yaml.safe_dump(
        {"openapi": "3.1.0", "x-value": value},
        default_flow_style=flow,
        indent=indent,
        width=10_000,
        allow_unicode=True,
    )
    path = folder / "openapi.yaml"
    path.write_bytes(text.encode())
    document = load(path)
    for node, pointer in nodes(document.root["x-value"], document.pointer / "x-value"):
        there = text_at(document, pointer, text)
        if isinstance(document.get(pointer.parent), dict):
            assert pointer.name in scalars(there)
        elif isinstance(node, str):
            assert node in scalars(there)
        elif there[0] not in "[{-?":
            assert isinstance(node, dict)
            assert min(node) in scalars(there)


def test_a_caret_stands_under_the_character(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(
        'openapi: 3.1.0\r\n"名前": {\tx-a: 1, "\U0001f600": {b: 2}}\n', encoding="utf-8"
    )
    document = load(path)
    pointer = document.pointer / "名前" / "\U0001f600" / "b"
    finding = document.diagnostic(Severity.NOTE, "code", "message", pointer)
    assert str(finding.location).removeprefix(str(path)) == ":2:23"
    # Each of the two Han characters and the emoji is two columns wide.
    assert finding.excerpt.splitlines()[1:] == [
        '  2 | "名前": {\tx-a: 1, "\U0001f600": {b: 2}}',
        "    |          \t               ^",
    ]
