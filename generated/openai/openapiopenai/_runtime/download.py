"""The body of an answer as a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeAlias

from ..exceptions import ApiValueError

Progress: TypeAlias = Callable[[int, int | None], object]
"""Told of each piece of a file: the bytes that have come, and those of the whole file, None where
the API does not say."""


class Download:
    """A file that is written beside `path`, and takes its place where the `with` block succeeds.

    Where it fails, nothing is left of it, and what was at `path` before is still there. Links
    are followed.
    """

    def __init__(
        self, path: str | os.PathLike[str], progress: Progress | None = None
    ) -> None:
        self.path = Path(path)
        self.received = 0
        self._total: int | None = None
        self._progress = progress

    def __enter__(self) -> Self:
        """Opens the file; raises ApiValueError where none can be written there."""
        target = os.path.realpath(self.path)
        if os.path.exists(target) and not os.path.isfile(target):
            raise ApiValueError(f"cannot write {self.path}: it is no file")
        name = f".{os.urandom(8).hex()}.part"
        partial = os.path.join(os.path.dirname(target), name)
        try:
            file = open(partial, "xb")
        except OSError as error:
            raise ApiValueError(
                f"cannot write {self.path}: {error.strerror}"
            ) from error
        self._target = target
        self._partial = partial
        self._file: BinaryIO = file
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            with self._file:
                pass
            if exc_type is None:
                os.replace(self._partial, self._target)
        finally:
            with suppress(OSError):
                os.unlink(self._partial)

    def begin(self, headers: Mapping[str, str]) -> None:
        """Takes the size of the file from the headers of its answer, unless it is packed (RFC
        9110, section 8.6)."""
        length = headers.get("content-length") or ""
        packed = headers.get("content-encoding", "identity") != "identity"
        self._total = int(length) if length.isdecimal() and not packed else None

    def write(self, data: bytes) -> None:
        """Adds a piece; raises OSError where the disk is full."""
        self._file.write(data)

    def written(self, data: bytes) -> None:
        """Tells the caller of a piece that was added."""
        self.received += len(data)
        if self._progress is not None:
            self._progress(self.received, self._total)
