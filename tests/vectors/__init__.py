"""Cases that the runtimes of every language must pass: what they mean, each file says itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a file here."""
    text = Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["cases"]
    return found
