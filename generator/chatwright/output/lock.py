"""One writer at a time for each output folder.

The lock is the kernel's, on a file in the staging folder, so it ends with its process. The file
goes when its last holder goes: whoever locks a file that has lost its name tries again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
    import time

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_lock(descriptor: int) -> None:
        while not _try_lock(descriptor):
            time.sleep(0.1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _ignore() -> None:
    return None


@contextmanager
def hold(
    path: Path,
    *,
    create: Callable[[], None] = _ignore,
    on_wait: Callable[[], None] = _ignore,
) -> Generator[bool]:
    """Hold the lock of a file until the block ends.

    `create` makes the file's folder, and is called again when another holder has just removed
    it; without it a file that is not there is no lock, and the block gets False. `on_wait` is
    called once when another process holds the lock.
    """
    descriptor = _acquire(path, create, on_wait)
    if descriptor is None:
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


def _acquire(
    path: Path, create: Callable[[], None], on_wait: Callable[[], None]
) -> int | None:
    flags = os.O_RDONLY if create is _ignore else os.O_RDWR | os.O_CREAT
    waited = False
    while True:
        create()
        try:
            descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except FileNotFoundError:
            if create is _ignore:
                return None
            continue
        try:
            if not _try_lock(descriptor):
                if not waited:
                    waited = True
                    on_wait()
                _wait_lock(descriptor)
            if _names(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _names(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
