"""`.chatwright-ignore`: paths of an output folder that generation leaves alone.

The syntax is `.gitignore`'s, as `.openapi-generator-ignore` has it; the file stands at the top of
the output folder and is never written by Chatwright.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

FILE_NAME = ".chatwright-ignore"


def read(folder: Path) -> bytes | None:
    """The ignore file of an output folder, or None where there is none."""
    path = folder / FILE_NAME
    return path.read_bytes() if path.is_file() else None


def rules(text: str) -> Callable[[str], bool]:
    """Whether a relative path is protected, by the lines of an ignore file.

    Raises ValueError for a line that is no pattern.
    """
    if not any(line.strip() and not line.startswith("#") for line in text.splitlines()):
        return lambda path: False
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(text.splitlines()).match_file
