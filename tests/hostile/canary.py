"""A canary: it sings when text that should be dead is run."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

# What hostile text might do first (the audit events of PEP 578).
_WATCHED = frozenset(
    {
        "builtins.input",
        "compile",
        "ctypes.dlopen",
        "import",
        "open",
        "os.exec",
        "os.link",
        "os.listdir",
        "os.mkdir",
        "os.posix_spawn",
        "os.remove",
        "os.rename",
        "os.spawn",
        "os.symlink",
        "os.system",
        "shutil.rmtree",
        "socket.connect",
        "subprocess.Popen",
        "urllib.Request",
    }
)
IMPORTING = frozenset({"compile", "ctypes.dlopen", "import", "open", "os.listdir"})
"""What an import does: it reads, compiles and loads."""
_CHANGING = frozenset({"os.mkdir", "os.rename"})
_WRITING = os.O_WRONLY | os.O_RDWR
_NAME = "canary"
_songs: list[str] = []
_armed: list[frozenset[str]] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if not _armed or event not in _WATCHED:
        return
    writes = event in _CHANGING or (event == "open" and arguments[2] & _WRITING)
    bytecode = writes and "__pycache__" in str(arguments[0])
    if not bytecode and (writes or event in _armed[-1]):
        _songs.append(f"{event} {arguments!r}")


def _canary(*arguments: object, **named: object) -> str:
    _songs.append(f"canary{arguments!r}")
    return "canary"


sys.addaudithook(_listen)


@contextmanager
def silence(*, allowed: frozenset[str] = frozenset()) -> Generator[None]:
    """Fails where, inside it, anything calls `canary` or does what is watched but not `allowed`.

    To write files is never allowed, but for the bytecode of imported modules.
    """
    _songs.clear()
    _armed.append(_WATCHED - allowed)
    setattr(builtins, _NAME, _canary)
    try:
        yield
    finally:
        delattr(builtins, _NAME)
        _armed.pop()
    assert not _songs, [song[:200] for song in _songs[:5]]
