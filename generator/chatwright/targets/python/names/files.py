"""Names of files: taken by every system, and unique without regard to case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chatwright.targets.words import next_name

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9])", re.IGNORECASE)
_LONGEST_STEM = 200
"""In bytes: file systems take 255, and endings and counters come after it."""


def distinct_stems(stems: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Stems that differ from each other, and from those taken, in more than case."""
    used = {name.casefold() for name in taken}
    decided: list[str] = []
    for name in stems:
        while name.casefold() in used:
            name = next_name(name)
        used.add(name.casefold())
        decided.append(name)
    return decided


def stem(name: str, prefix: str) -> str:
    """A file name without its ending that every system takes."""
    shorter = name.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return f"{prefix}{shorter}" if _DEVICE.fullmatch(shorter) else shorter
