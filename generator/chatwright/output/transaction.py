"""Changing many files as if at once.

Everything new is staged in a folder beside the output folder, on the same file system; then a
journal is recorded there, and then files are only renamed: removed ones into the staging folder,
new ones out of it. Whoever finds a staging folder later completes it when it has a journal, and
throws it away when it has none. Every step can be repeated: a rename is done when its source is
gone.

    .chatwright-staging-NAME/  lock  journal.json  new/0 new/1 ...  old/0 old/1 ...
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from chatwright.output import paths
from chatwright.output.disk import Disk
from chatwright.output.manifest import digest
from chatwright.output.plan import Removal, Write
from chatwright.output.tree import Absent, File, Folder, look, parents

_JOURNAL = "journal.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file to write or to remove: the digests of what was there and of what comes.

    None stands for no file.
    """

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The steps of one change, in the order of their numbers in `new/` and `old/`."""

    removals: tuple[Step, ...]
    writes: tuple[Step, ...]


class JournalError(Exception):
    """A staging folder that this version did not leave behind."""


def staging_of(folder: Path) -> Path:
    """The staging folder of an output folder."""
    return folder.parent / f".chatwright-staging-{folder.name}"


def lock_of(staging: Path) -> Path:
    """The lock file in a staging folder."""
    return staging / "lock"


def journal_of(staging: Path) -> Journal | None:
    """The journal of a staging folder, or None where there is none.

    Raises JournalError for a journal that is none, or that names a path outside the folder.
    """
    try:
        content = (staging / _JOURNAL).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        value = json.loads(content)
        if value["format"] != _FORMAT:
            raise JournalError(f"its format is {value['format']!r}, not {_FORMAT}")
        journal = Journal(
            removals=tuple(_step(*step) for step in value["removals"]),
            writes=tuple(_step(*step) for step in value["writes"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise JournalError("it is not a journal") from None
    for step in (*journal.removals, *journal.writes):
        if problem := paths.problem(step.path):
            raise JournalError(f"its path {step.path!r} {problem}")
    return journal


def run(
    disk: Disk, folder: Path, removals: Sequence[Removal], writes: Sequence[Write]
) -> None:
    """Make these changes to a folder, all or none of them.

    The lock is held by the caller. Raises OSError, and leaves the folder as it was, when the
    changes cannot be staged; an interrupt after that is raised when they are complete.
    """
    staging = staging_of(folder)
    journal = Journal(
        removals=tuple(
            Step(path=removal.path, old=removal.old, new=None) for removal in removals
        ),
        writes=tuple(
            Step(path=write.path, old=write.old, new=digest(write.content))
            for write in writes
        ),
    )
    try:
        disk.make_folder(staging / "new")
        disk.make_folder(staging / "old")
        for number, write in enumerate(writes):
            disk.write(staging / "new" / str(number), write.content)
        disk.sync_folder(staging / "new")
        disk.write(staging / f"{_JOURNAL}.part", _dump(journal))
        disk.rename(staging / f"{_JOURNAL}.part", staging / _JOURNAL)
        disk.sync_folder(staging)
    except BaseException:
        if journal_of(staging) is None:
            discard(disk, staging)
            raise
        complete(disk, folder, journal)
        raise
    try:
        complete(disk, folder, journal)
    except KeyboardInterrupt:
        complete(disk, folder, journal)
        raise


def complete(disk: Disk, folder: Path, journal: Journal) -> None:
    """Do what a journal has left to do, and remove it.

    A file that is neither what the journal replaces nor what it writes was changed since, and is
    left alone.
    """
    staging = staging_of(folder)
    for number, step in enumerate(journal.removals):
        trash, target = staging / "old" / str(number), folder / step.path
        if _is_absent(trash) and _is_plain(folder, step.path) and _is(target, step.old):
            disk.rename(target, trash)
    for step in journal.removals:
        for name in reversed(parents(step.path)):
            if not disk.remove_folder(folder / name):
                break
    for number, step in enumerate(journal.writes):
        staged, target = staging / "new" / str(number), folder / step.path
        if (
            _is(staged, step.new)
            and _is_plain(folder, step.path)
            and (_is(target, step.old) or _is(target, step.new))
        ):
            disk.make_folder(target.parent)
            disk.rename(staged, target)
    for path in sorted({(folder / step.path).parent for step in journal.writes}):
        disk.sync_folder(path)
    disk.remove_file(staging / _JOURNAL)
    discard(disk, staging)


def discard(disk: Disk, staging: Path) -> None:
    """Remove what is in a staging folder, but for the lock."""
    for name in ("new", "old"):
        holder = staging / name
        if isinstance(look(holder), Folder):
            for path in sorted(holder.iterdir()):
                disk.remove_file(path)
            disk.remove_folder(holder)
    disk.remove_file(staging / f"{_JOURNAL}.part")


def _is_plain(folder: Path, path: str) -> bool:
    return all(
        isinstance(look(folder / name), Folder | Absent) for name in parents(path)
    )


def _is_absent(path: Path) -> bool:
    return isinstance(look(path), Absent)


def _is(path: Path, content: str | None) -> bool:
    match look(path):
        case File(digest=found):
            return found == content
        case Absent():
            return content is None
        case _:
            return False


def _dump(journal: Journal) -> bytes:
    value = {
        "format": _FORMAT,
        "removals": [(step.path, step.old, step.new) for step in journal.removals],
        "writes": [(step.path, step.old, step.new) for step in journal.writes],
    }
    return json.dumps(value).encode()


def _step(path: object, old: object, new: object) -> Step:
    if not isinstance(path, str):
        raise TypeError
    return Step(path=path, old=cast(str | None, old), new=cast(str | None, new))
