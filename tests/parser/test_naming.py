"""Inline schemas have the names that OpenAPI Generator 7.26.0 gives them.

Each `naming/<feature>.txt` lists the components that its InlineModelResolver makes of the document
beside it, as its own run printed them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwright.document import load
from chatwright.parser.findings import Findings
from chatwright.parser.names import assign, sanitize
from chatwright.parser.shapes import Shapes

FEATURES = sorted((Path(__file__).parent / "naming").glob("*.yaml"))


def names(document: Path) -> list[str]:
    loaded = load(document)
    return sorted(assign(loaded, Shapes(loaded, Findings(loaded))).first)


@pytest.mark.parametrize("document", FEATURES, ids=lambda path: path.stem)
def test_names_are_those_of_openapi_generator(document: Path) -> None:
    expected = document.with_suffix(".txt").read_text("utf-8").split()

    assert names(document) == expected


@pytest.mark.parametrize("document", FEATURES, ids=lambda path: path.stem)
def test_names_do_not_depend_on_the_version(document: Path, tmp_path: Path) -> None:
    text = document.read_text("utf-8")
    head, rest = text.split("\n", 1)
    other = tmp_path / "document.yaml"
    other.write_text(
        f"openapi: {'3.1.0' if '3.0' in head else '3.0.3'}\n{rest}", "utf-8"
    )

    assert names(other) == names(document)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My Title!", "My_Title_"),
        ("3D", "_3D"),
        ("a.b-c", "a_b_c"),
        ("/v1/{id}", "_v1__id_"),
        ("é", "_"),
        ("", ""),
    ],
)
def test_sanitize(text: str, name: str) -> None:
    assert sanitize(text) == name
