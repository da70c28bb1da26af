"""Every operation of a document can be called, in both flavours, and its answers come back whole.

`make test` calls those of the golden cases and of a sample of the corpus, `make corpus` all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.difference import difference
from tests.corpus.documents import CORPUS, ROOT, chosen
from tests.corpus.package import built, write
from tests.loopback.nodes import Json

CASES = sorted((ROOT / "tests" / "cases").glob("*/document.yaml"))


def outcome(document: Path, folder: Path) -> dict[str, Any]:
    """What becomes of the operations of a document, whose package is written to the folder."""
    write(built(document), folder)
    called = subprocess.run(
        [sys.executable, "-m", "tests.corpus.calls", document],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        capture_output=True,
        text=True,
    )
    assert called.stderr == ""
    found: dict[str, Any] = json.loads(called.stdout)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_case(case: Path, tmp_path: Path) -> None:
    found = outcome(case, tmp_path)

    assert (found["wrong"], found["impossible"]) == ({}, {})


@pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"no folder {CORPUS}; set CHATWRIGHT_CORPUS"
)
@pytest.mark.parametrize("name", chosen())
def test_document(name: str, tmp_path: Path) -> None:
    found = outcome(CORPUS / name, tmp_path)

    assert (found["wrong"], found["impossible"]) == ({}, {})


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
