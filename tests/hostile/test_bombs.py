"""No document takes long to refuse or to generate, much memory, or the program down."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.hostile.bombs import BOMBS, PATTERNS, Bomb, patterns

if sys.platform == "win32":
    pytest.skip("Windows limits no processes so", allow_module_level=True)

from tests.hostile.limited import Said, generate, said

PLACE = re.compile(r"bad\.(?:json|yaml):\d+:\d+ (?:error|warning) [\w-]+: \S")


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str, tmp_path: Path) -> None:
    said = exploded(BOMBS[name], tmp_path)
    if BOMBS[name].refused is None:
        assert said.code == 0, said.err[:2000]
        return
    assert said.code == 1
    refused = rf"bad\.\w+:\d+:\d+ error {BOMBS[name].refused}: "
    assert re.match(refused, said.err), said.err[:2000]


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_inspected(name: str, tmp_path: Path) -> None:
    bomb = BOMBS[name]
    (tmp_path / f"bad.{bomb.suffix}").write_text(bomb.text, "utf-8")
    found = said(tmp_path, "inspect", "--spec", f"bad.{bomb.suffix}")
    assert found.code == (0 if bomb.refused is None else 1), found.err[:2000]
    assert "Traceback" not in found.err


def test_patterns(tmp_path: Path) -> None:
    """Each is checked in linear time, or said not to be checked."""
    said = exploded(patterns(), tmp_path)
    assert said.code == 0, said.err[:2000]
    written = (tmp_path / "out" / "small" / "models" / "a.py").read_text("utf-8")
    unchecked = re.findall(r"^bad\.json:.*? is not checked: ", said.err, re.MULTILINE)
    # Each of those stands in a property and in a parameter.
    assert written.count("pattern=") + len(unchecked) / 2 == len(PATTERNS)
    assert unchecked and "pattern=" in written


def exploded(bomb: Bomb, folder: Path) -> Said:
    """What a run on a bomb says; every finding has a place, and an end that is a sentence."""
    (folder / f"bad.{bomb.suffix}").write_text(bomb.text, "utf-8")
    said = generate(folder, f"bad.{bomb.suffix}")
    findings = [line for line in said.err.splitlines() if " error " in line[:80]]
    assert "Traceback" not in said.err and "this is a bug" not in said.err
    assert all(PLACE.match(line) for line in findings)
    assert max(map(len, findings), default=0) < 2000
    return said
