"""Trees for the tests of output: written, read back whole, and disks that die."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from chatwright import output
from chatwright.output.disk import Disk

COUNTS = output.Counts(operations_written=3, operations_left_out=1, warnings=2)
OLD_INPUTS = {"document": "a" * 64}
NEW_INPUTS = {"document": "b" * 64}

OLD = {
    "README.md": b"old readme\n",
    "api/__init__.py": b"",
    "api/chat.py": b"chat = 1\n",
    "docs/Gone.md": b"gone\n",
    "moved": b"a file that becomes a folder\n",
    "kind/old.py": b"a folder that becomes a file\n",
}
NEW = {
    "README.md": b"new readme\n",
    "api/__init__.py": b"",
    "api/chat.py": b"chat = 2\n",
    "api/models.py": b"models = 1\n",
    "moved/inside.py": b"inside\n",
    "kind": b"a file\n",
}


def write(
    folder: Path,
    files: Mapping[str, bytes],
    inputs: Mapping[str, str] = NEW_INPUTS,
    *,
    force: bool = False,
    disk: Disk | None = None,
) -> output.Written:
    """Write a tree with the counts of these tests."""
    return output.write(
        folder, files, inputs=inputs, counts=COUNTS, force=force, disk=disk
    )


def compare(
    folder: Path, files: Mapping[str, bytes], inputs: Mapping[str, str] = NEW_INPUTS
) -> output.Comparison:
    """Compare with a tree of the counts of these tests."""
    return output.compare(folder, files, inputs=inputs, counts=COUNTS)


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every path below a folder: the bytes of a file, the target of a link, None for a folder."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = os.fsencode(os.readlink(path))
        else:
            found[name] = path.read_bytes() if path.is_file() else None
    return found


class Died(BaseException):
    """What a disk that has died raises, instead of doing anything more."""


class DyingDisk(Disk):
    """A disk that does `steps` things, the last of them by half, and then nothing ever again.

    To the code that uses it this is as a kill: nothing that it does on its way out has an effect.
    """

    def __init__(self, steps: int) -> None:
        self.left = steps

    def _step(self) -> None:
        if self.left <= 0:
            raise Died
        self.left -= 1

    def make_folder(self, path: Path) -> None:
        self._step()
        super().make_folder(path)

    def write(self, path: Path | str, content: bytes) -> None:
        if self.left == 1:
            Path(path).write_bytes(content[: len(content) // 2])
        self._step()
        super().write(path, content)

    def rename(self, old: Path, new: Path) -> None:
        self._step()
        super().rename(old, new)

    def link(self, old: Path, new: Path) -> None:
        self._step()
        super().link(old, new)

    def remove_file(self, path: Path) -> None:
        self._step()
        super().remove_file(path)

    def remove_tree(self, path: Path) -> None:
        if self.left == 1:
            files = sorted(file for file in path.rglob("*") if file.is_file())
            for file in files[: (len(files) + 1) // 2]:
                file.unlink()
        self._step()
        super().remove_tree(path)

    def remove_folder(self, path: Path) -> bool:
        self._step()
        return super().remove_folder(path)
