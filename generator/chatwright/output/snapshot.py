"""What an output folder holds: now, or once an interrupted generation is completed."""

from __future__ import annotations

from pathlib import Path

from chatwright.output import transaction
from chatwright.output.transaction import Journal
from chatwright.output.tree import (
    Absent,
    Entry,
    File,
    Folder,
    Other,
    contents,
    holds,
    look,
    parents,
)


class Snapshot:
    """An output folder as it is, or as it will be once a journal is completed; `is_new` says that
    there is nothing yet."""

    def __init__(self, folder: Path, *, journal: Journal | None) -> None:
        self._folder = folder
        self.is_new = journal is None and isinstance(look(folder), Absent)
        staging = transaction.staging_of(folder)
        self._staged: dict[str, Path] = {}
        self._gone: set[str] = set()
        self._left: set[str] = set()
        for number, step in enumerate(journal.steps if journal else ()):
            staged = staging / "new" / str(number)
            match self.entry(step.path, deep=True):
                case File(digest=found):
                    expected = found == step.old
                case Absent():
                    expected = step.old is None or step.new is None
                case Folder() | Other():
                    expected = False
            if expected and step.new is None:
                self._gone.add(step.path)
                self._left.update(parents(step.path))
            elif expected and holds(staged, step.new):
                self._staged[step.path] = staged

    def entry(self, path: str, *, deep: bool = False) -> Entry:
        """What stands at a relative path; a folder has its contents only if `deep`."""
        if self.is_new:
            return Absent()
        if path in self._staged:
            return look(self._staged[path])
        match look(self._folder / path):
            case Folder() if deep:
                inside = contents(self._folder, path) - self._gone - self._left
                return Folder(contents=inside) if inside else Absent()
            case File() if path in self._gone:
                return Absent()
            case entry:
                return entry

    def content(self, path: str) -> bytes | None:
        """The bytes of the regular file at a relative path, or None where there is none."""
        if not isinstance(self.entry(path), File):
            return None
        return (self._staged.get(path) or self._folder / path).read_bytes()
