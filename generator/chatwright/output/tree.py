"""What stands in an output folder now, or will once a recorded journal is completed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from chatwright.output.manifest import digest


class Absent(Struct, frozen=True, kw_only=True):
    """There is nothing of that name."""


class File(Struct, frozen=True, kw_only=True):
    """A regular file, by the SHA-256 of its bytes."""

    digest: str


class Folder(Struct, frozen=True, kw_only=True):
    """A folder, and the relative path of everything below it that is no folder or is empty.

    The contents are there only where a file is wanted in the folder's place.
    """

    contents: frozenset[str]


class Other(Struct, frozen=True, kw_only=True):
    """A symbolic link, a device, or something else that Chatwright never writes."""

    kind: str


Entry: TypeAlias = Absent | File | Folder | Other


def look(path: Path) -> Entry:
    """What stands at a path; symbolic links are not followed. Folders come without contents."""
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return Absent()
    if stat.S_ISREG(mode):
        return File(digest=digest(path.read_bytes()))
    if stat.S_ISDIR(mode):
        return Folder(contents=frozenset())
    return Other(kind="symbolic link" if stat.S_ISLNK(mode) else "special file")


def holds(path: Path, content: str | None) -> bool:
    """Whether a path is the regular file of a digest, or nothing where that is None."""
    match look(path):
        case File(digest=found):
            return found == content
        case Absent():
            return content is None
        case _:
            return False


def contents(root: Path, path: str) -> frozenset[str]:
    """Everything below a folder of the tree that is no folder, or is an empty one."""
    found: set[str] = set()
    for folder, folders, files in os.walk(root / path):
        here = Path(folder).relative_to(root)
        found.update((here / file).as_posix() for file in files)
        found.update(
            (here / name).as_posix()
            for name in folders
            if os.path.islink(Path(folder, name))
        )
        if not folders and not files:
            found.add(here.as_posix())
    return frozenset(found)


def parents(path: str) -> list[str]:
    """The folders that a relative path goes through, outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]
