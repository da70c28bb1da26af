"""Every change that a generation makes to the file system, one method each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

_SYNCS_AT_ONCE = 16


class Disk:
    """The file system, as far as it is changed; what only reads goes around it."""

    def make_folder(self, path: Path) -> None:
        """Create a folder and its parents where they are not there."""
        path.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file."""
        path.write_bytes(content)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name on the same file system, in one step."""
        os.replace(old, new)

    def link(self, old: Path, new: Path) -> None:
        """Give a file a second name, or a copy where the file system has no such thing."""
        try:
            os.link(old, new, follow_symlinks=False)
        except OSError:
            self.write(new, old.read_bytes())

    def remove_file(self, path: Path) -> None:
        """Remove a file that may already be gone."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> bool:
        """Remove a folder; False where it is not empty or not there."""
        try:
            path.rmdir()
        except OSError:
            return False
        return True

    def sync(self, paths: Iterable[Path]) -> None:
        """See to it that files and the names in folders are on the device.

        File systems take many such calls at once for little more than the time of one.
        """
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
            for _ in pool.map(_sync, paths):
                pass


def _sync(path: Path) -> None:
    # Windows syncs only files that are open for writing, and no folders.
    if sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
