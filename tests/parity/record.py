"""What was measured of a peer, made once for each document and kept in a folder of `.bench`."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any


def digest(document: Path) -> str:
    """What tells a document from all others, short enough for the name of a folder."""
    return hashlib.sha256(document.read_bytes()).hexdigest()[:16]


def recorded(folder: Path, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `measure` gave, JSON data, when it was called with the folder empty: now or before."""
    record = folder / "record.json"
    if not record.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        record.write_text(json.dumps(measure()), encoding="utf-8")
    found: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    return found
