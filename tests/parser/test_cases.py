"""Golden cases: a document in, the intermediate schema and the diagnostics out.

Each directory of `cases` holds a `document.yaml`, which may come with others that it refers to and
with an `overlay.yaml`, and the `expected.json` that it parses to. There is no code per case;
`--update-golden` rewrites what is expected.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatwright.document import load
from chatwright.ir.walk import to_json
from chatwright.parser import Parsed, parse
from tests.parser.invariants import violations

CASES = sorted(
    path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir()
)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool) -> None:
    monkeypatch.chdir(case)
    overlays = ["overlay.yaml"] if Path("overlay.yaml").exists() else []

    parsed = parse(load("document.yaml", overlays=overlays))

    text = json.dumps(shown(parsed), indent=2, ensure_ascii=False) + "\n"
    expected = case / "expected.json"
    if update_golden:
        expected.write_text(text, "utf-8")
    assert expected.read_text("utf-8") == text
    assert violations(parsed.api) == []


def shown(parsed: Parsed) -> dict[str, Any]:
    """What a case looks at: all but the header of the document."""
    api = to_json(parsed.api)
    for key in ("kind", "title", "version", "source"):
        del api[key]
    api["schemas"] = {
        named["name"]: without(named, "kind", "name", "pointer")
        for named in api.get("schemas", [])
    }
    api["operations"] = [
        without(operation, "kind", "pointer") for operation in api.get("operations", [])
    ]
    found: dict[str, Any] = {key: value for key, value in api.items() if value}
    if parsed.left_out:
        found["left_out"] = parsed.left_out
    if parsed.diagnostics:
        found["diagnostics"] = [
            str(diagnostic).splitlines()[0] for diagnostic in parsed.diagnostics
        ]
    return found


def without(shown: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key not in keys}
