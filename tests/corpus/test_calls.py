"""Every operation of a document can be called, in both flavours, and its answers come back whole.

`make test` calls those of the golden cases and of a sample of the corpus, `make corpus` all.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.building import write
from tests.corpus.anything import imprecise, is_silent
from tests.corpus.calls import Outcome, called
from tests.corpus.difference import difference
from tests.corpus.documents import CORPUS, ROOT, chosen
from tests.corpus.package import built
from tests.loopback.document import Document
from tests.loopback.nodes import Json, Object

ENDLESS = "required-cycles"
"""The case whose answers no value fits."""

CASES = sorted(
    each
    for each in (ROOT / "tests" / "cases").glob("*/document.yaml")
    if each.parent.name != ENDLESS
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_case(case: Path, tmp_path: Path) -> None:
    build = built(case)
    write(build, tmp_path)
    assert called(case, tmp_path) == Outcome(called=build.operations_written)


@pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"no folder {CORPUS}; set CHATWRIGHT_CORPUS"
)
@pytest.mark.parametrize("name", chosen())
def test_document(name: str, tmp_path: Path) -> None:
    build = built(CORPUS / name)
    write(build, tmp_path)
    assert called(CORPUS / name, tmp_path) == Outcome(called=build.operations_written)


LOOP: Json = {"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}
SCHEMAS: Object = {
    "Loop": LOOP,
    "Free": {"type": "object"},
    "Thing": {
        "properties": {"loop": {"$ref": "#/components/schemas/Loop"}, "free": {}}
    },
}
DOCUMENT: Object = {
    "openapi": "3.1.0",
    "info": {"title": "Loop", "version": "1"},
    "paths": {},
    "components": {"schemas": SCHEMAS},
}


def test_imprecise_annotations_are_found(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")

    assert imprecise(path) == ["Thing.loop"]


@pytest.mark.parametrize(
    ("node", "silent"),
    [
        ({}, True),
        ({"description": "x"}, True),
        ({"type": "object"}, True),
        ({"type": ["array", "null"]}, True),
        ({"$ref": "#/components/schemas/Free"}, True),
        ({"anyOf": [{"type": "string"}, {}]}, True),
        ({"allOf": [{}, {"type": "object"}]}, True),
        ({"type": "string"}, False),
        ({"enum": [1]}, False),
        ({"type": "object", "properties": {"a": {}}}, False),
        ({"type": "object", "additionalProperties": {"type": "string"}}, False),
        ({"items": {"type": "string"}}, False),
        ({"allOf": [{}, {"type": "string"}]}, False),
        ({"$ref": "#/components/schemas/Loop"}, False),
    ],
)
def test_schemas_that_say_nothing(node: Json, silent: bool) -> None:
    assert is_silent(node, Document(DOCUMENT)) is silent


@pytest.mark.parametrize(
    ("found", "sent"),
    [
        ({"a": [1, "x", None]}, {"a": [1.0, "x", None]}),
        ("2026-01-02T03:04:05.120000Z", "2026-01-02T03:04:05.12+00:00"),
        (
            "6f1b6c1e-2b7c-4d56-9d0f-3c2a1b0e4d5f",
            "6F1B6C1E-2B7C-4D56-9D0F-3C2A1B0E4D5F",
        ),
    ],
)
def test_same(found: Json, sent: Json) -> None:
    assert difference(found, sent) is None


@pytest.mark.parametrize(
    ("found", "sent", "where"),
    [
        ({"a": [1, 2]}, {"a": [1, 3]}, "$.a[1]"),
        ({"a": 1}, {"a": 1, "b": None}, "$"),
        ([1], [1, 2], "$"),
        (1, True, "$"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", "$"),
        ("x", "X", "$"),
    ],
)
def test_different(found: Json, sent: Json, where: str) -> None:
    assert str(difference(found, sent)).startswith(f"{where}: sent ")
