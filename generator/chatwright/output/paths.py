"""Which relative paths a generated tree may hold: the same ones on every machine.

A path that is legal here but not on Windows or macOS would be a client that half of its users
cannot check out, and a path from a hostile document must never leave the output folder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])(\..*)?",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\ud800-\udfff]')
_LONGEST_PART = 255


def problem(path: str) -> str | None:
    """Why a path may not stand in a generated tree, or None when it may."""
    if not path:
        return "is empty"
    if path.startswith("/"):
        return "is absolute"
    if forbidden := _FORBIDDEN.search(path):
        return f"holds {forbidden.group()!a}, which is not allowed in file names everywhere"
    for part in path.split("/"):
        if found := _part_problem(part):
            return found
    return None


@lru_cache(maxsize=1000)
def _part_problem(part: str) -> str | None:
    if part in ("", ".", ".."):
        return f"holds the part {part!r}"
    if part.endswith((".", " ")) or part.startswith(" "):
        return f"holds the part {part!r}, which starts or ends with a blank or dot"
    if _DEVICE.fullmatch(part):
        return f"holds {part!r}, a device on Windows"
    if part.casefold() == ".git":
        return "reaches into a Git repository"
    if len(part.encode()) > _LONGEST_PART:
        return f"holds a part of more than {_LONGEST_PART} bytes"
    return None


def collision(paths: Iterable[str]) -> tuple[str, str] | None:
    """Two paths that cannot exist side by side everywhere, or None.

    They differ only in case or in Unicode normalisation, wholly or in a folder, or one of them
    is a folder of the other.
    """
    spelled: dict[str, tuple[str, str]] = {}
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in sorted(paths):
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            prefix = "/".join(parts[:length])
            key = _fold(prefix)
            spelling, owner = spelled.setdefault(key, (prefix, path))
            if spelling != prefix:
                return owner, path
            if length < len(parts):
                folders.setdefault(key, path)
        key = _fold(path)
        if key in files:
            return files[key], path
        files[key] = path
    for key in files.keys() & folders.keys():
        return files[key], folders[key]
    return None


def _fold(path: str) -> str:
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
