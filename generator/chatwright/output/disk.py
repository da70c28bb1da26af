"""Every change that a generation makes to the file system, one method each."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class Disk:
    """The file system, as far as it is changed; what only reads goes around it."""

    def make_folder(self, path: Path) -> None:
        """Create a folder and its parents where they are not there."""
        path.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path | str, content: bytes) -> None:
        """Write a file."""
        with open(path, "wb") as file:
            file.write(content)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file, or a folder, another name on the same file system, in one step."""
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

    def remove_tree(self, path: Path) -> None:
        """Remove a folder and all that is in it, where it is there."""
        if path.exists():
            shutil.rmtree(path)

    def remove_folder(self, path: Path) -> bool:
        """Remove a folder; False where it is not empty or not there."""
        try:
            path.rmdir()
        except OSError:
            return False
        return True
