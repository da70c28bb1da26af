"""Changing many files as if at once.

Everything new is staged in a folder beside the output folder, on the same file system. An output
folder that is not there yet is staged whole, and renamed into its place. For any other a
journal is recorded there, and only then the output folder is changed: files that go are renamed
into the staging folder, files that come are renamed out of it, and a file that is replaced keeps
a second name there for as long. Whoever finds a staging folder with a journal completes the
change, or undoes it where that fails; a staging folder without a journal is thrown away.

    .chatwright-staging-NAME/  lock  journal.json  new/NUMBER ...  old/NUMBER ...  whole/PATH ...

Every step can be repeated, and undone, from any state in which a process may have died. A machine
that loses its power may also lose what was written last: the digests of journal and manifest tell.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from msgspec import Struct

from chatwright.output import paths
from chatwright.output.disk import Disk
from chatwright.output.plan import Removal, Write
from chatwright.output.tree import Absent, Folder, holds, look, parents

_JOURNAL = "journal.json"
_WHOLE = "whole"
_FORMAT = 1


class Step(Struct, frozen=True, kw_only=True):
    """One file to write, replace or remove: the digests of what was there and of what comes.

    None stands for no file.
    """

    path: str
    old: str | None
    new: str | None


class Journal(Struct, frozen=True, kw_only=True):
    """The steps of one change, each under its number in `new/` and `old/`."""

    steps: tuple[Step, ...]


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
        journal = Journal(steps=tuple(_step(*step) for step in value["steps"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise JournalError("it is not a journal") from None
    for step in journal.steps:
        if problem := paths.problem(step.path):
            raise JournalError(f"its path {step.path!r} {problem}")
    return journal


def create(disk: Disk, folder: Path, writes: Sequence[Write]) -> None:
    """Make a folder of these files, where there is nothing yet; the caller holds the lock.

    Raises OSError, and leaves nothing, when that cannot be done or something is there by now.
    """
    staging = staging_of(folder)
    whole = staging / _WHOLE
    try:
        for name in {file.path.rpartition("/")[0] for file in writes}:
            disk.make_folder(whole / name)
        for file in writes:
            disk.write(os.path.join(whole, file.path), file.content)
        disk.rename(whole, folder)
    except BaseException:
        discard(disk, staging)
        raise


def run(
    disk: Disk, folder: Path, removals: Sequence[Removal], writes: Sequence[Write]
) -> None:
    """Make these changes to a folder, all or none of them; the caller holds the lock.

    Raises OSError, and leaves the folder as it was, when they cannot be made. An interrupt is
    raised when the folder is as it was, or when the changes are complete.
    """
    staging = staging_of(folder)
    steps = (
        *(Step(path=gone.path, old=gone.old, new=None) for gone in removals),
        *(Step(path=file.path, old=file.old, new=file.new) for file in writes),
    )
    journal = Journal(steps=steps)
    try:
        disk.make_folder(staging / "new")
        disk.make_folder(staging / "old")
        new = staging / "new"
        for number, file in enumerate(writes, start=len(removals)):
            disk.write(new / str(number), file.content)
        disk.write(staging / f"{_JOURNAL}.part", _dump(journal))
    except BaseException:
        discard(disk, staging)
        raise
    try:
        disk.rename(staging / f"{_JOURNAL}.part", staging / _JOURNAL)
        complete(disk, folder, journal, just_staged=True)
    except KeyboardInterrupt:
        settle(disk, folder)
        raise
    except OSError:
        undo(disk, folder, journal)
        raise


def settle(disk: Disk, folder: Path) -> None:
    """Complete the change that a staging folder records, or undo it, or throw it away.

    Raises OSError when neither can be done, and JournalError.
    """
    staging = staging_of(folder)
    journal = journal_of(staging)
    if journal is None:
        discard(disk, staging)
        return
    try:
        complete(disk, folder, journal)
    except OSError:
        undo(disk, folder, journal)


def complete(
    disk: Disk, folder: Path, journal: Journal, *, just_staged: bool = False
) -> None:
    """Do what a journal has left to do, and remove it.

    A file that is neither what the journal replaces nor what it writes was changed since, and is
    left alone. What this process has `just_staged` is what it wrote: it is not read again.
    """
    staging = staging_of(folder)
    new_files, old_files = staging / "new", staging / "old"
    removed = [step.path for step in journal.steps if step.new is None]
    ways = _Ways(folder)
    for number, step in enumerate(journal.steps):
        if step.new is None and ways.are_plain(step.path):
            _remove(disk, folder / step.path, step, old_files / str(number))
    _prune(disk, folder, removed)
    ways = _Ways(folder)
    made: set[Path] = set()
    for number, step in enumerate(journal.steps):
        if step.new is None or not ways.are_plain(step.path):
            continue
        target, new = folder / step.path, new_files / str(number)
        if just_staged or holds(new, step.new):
            if step.old is None and target.parent not in made:
                disk.make_folder(target.parent)
                made.add(target.parent)
            _put(disk, target, step, new, old_files / str(number))
    _finish(disk, folder, journal)


def undo(disk: Disk, folder: Path, journal: Journal) -> None:
    """Take back what was done of a journal, and remove it."""
    staging = staging_of(folder)
    written = [step.path for step in journal.steps if step.new is not None]
    ways = _Ways(folder)
    for number, step in enumerate(journal.steps):
        target, old = folder / step.path, staging / "old" / str(number)
        if step.new is None or not ways.are_plain(step.path):
            continue
        if _is_absent(staging / "new" / str(number)) and holds(target, step.new):
            if step.old is None:
                disk.remove_file(target)
            elif holds(old, step.old):
                disk.rename(old, target)
    _prune(disk, folder, written)
    for number, step in enumerate(journal.steps):
        target, old = folder / step.path, staging / "old" / str(number)
        if step.new is None and holds(old, step.old) and _is_absent(target):
            disk.make_folder(target.parent)
            disk.rename(old, target)
    _finish(disk, folder, journal)


def _remove(disk: Disk, target: Path, step: Step, old: Path) -> None:
    if _is_absent(old) and holds(target, step.old):
        disk.rename(target, old)


def _put(disk: Disk, target: Path, step: Step, new: Path, old: Path) -> None:
    if holds(target, step.old):
        if step.old is not None and _is_absent(old):
            disk.link(target, old)
        disk.rename(new, target)


def _prune(disk: Disk, folder: Path, files: Sequence[str]) -> None:
    """Remove the folders that these files have left empty."""
    for path in files:
        for name in reversed(parents(path)):
            if not disk.remove_folder(folder / name):
                break


def _finish(disk: Disk, folder: Path, journal: Journal) -> None:
    staging = staging_of(folder)
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
    disk.remove_tree(staging / _WHOLE)
    disk.remove_file(staging / f"{_JOURNAL}.part")


class _Ways:
    """What the folders are that files are reached through, each looked at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._plain: dict[str, bool] = {}

    def are_plain(self, path: str) -> bool:
        """Whether a path goes through no link and no file, as far as there is anything."""
        name = path.rpartition("/")[0]
        if name not in self._plain:
            self._plain[name] = all(
                isinstance(look(self._folder / each), Folder | Absent)
                for each in parents(path)
            )
        return self._plain[name]


def _is_absent(path: Path) -> bool:
    return isinstance(look(path), Absent)


def _dump(journal: Journal) -> bytes:
    steps = [(step.path, step.old, step.new) for step in journal.steps]
    return json.dumps({"format": _FORMAT, "steps": steps}).encode()


def _step(path: object, old: object, new: object) -> Step:
    if not isinstance(path, str):
        raise TypeError
    return Step(path=path, old=cast(str | None, old), new=cast(str | None, new))
