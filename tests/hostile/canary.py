"""A canary: it sings when text that should be dead is run."""

from __future__ import annotations

import builtins
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
        "os.listdir",
        "os.posix_spawn",
        "os.remove",
        "os.spawn",
        "os.system",
        "shutil.rmtree",
        "socket.connect",
        "subprocess.Popen",
        "urllib.Request",
    }
)
_NAME = "canary"
_songs: list[str] = []
_armed: list[frozenset[str]] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if _armed and event in _armed[-1]:
        _songs.append(f"{event} {arguments!r}")


def _canary(*arguments: object, **named: object) -> str:
    _songs.append(f"canary{arguments!r}")
    return "canary"


sys.addaudithook(_listen)


@contextmanager
def silence(*, allowed: frozenset[str] = frozenset()) -> Generator[None]:
    """Fails where, inside it, anything calls `canary` or does what is watched but not `allowed`."""
    _songs.clear()
    _armed.append(_WATCHED - allowed)
    setattr(builtins, _NAME, _canary)
    try:
        yield
    finally:
        delattr(builtins, _NAME)
        _armed.pop()
    assert _songs == []
