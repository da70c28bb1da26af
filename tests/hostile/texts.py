"""The hostile cases: `cases/<kind>.json` holds texts by what is hostile about them.

JSON, because it can write every code point: NUL, controls and lone surrogates.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


def texts(kind: str) -> dict[str, str]:
    """The hostile texts of a kind of literal, by name."""
    found: dict[str, str] = json.loads((CASES / f"{kind}.json").read_text())
    return found


def hostile(*kinds: str, length: int = 1_000_000) -> pytest.MarkDecorator:
    """Runs a test with each `text` of the kinds, and with a long one of some characters."""
    found = {
        f"{kind}-{name}".replace(" ", "-"): text
        for kind in kinds
        for name, text in texts(kind).items()
    }
    found["long"] = ("canary()\n\"'\\`| " * (length // 14 + 1))[:length]
    return pytest.mark.parametrize("text", list(found.values()), ids=list(found))
