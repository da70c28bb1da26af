"""The command line: `chatwright generate`, `check`, `inspect`, `lint` and `list`."""

from __future__ import annotations

from chatwright.cli.commands import main
from chatwright.cli.program import Session

__all__ = ["Session", "main"]
