"""Fixtures of the whole suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.loopback import LoopbackServer

SPECS = Path(__file__).parent.parent / "specs"


@pytest.fixture(scope="session")
def loopback_pool() -> Iterator[Callable[[Path], LoopbackServer]]:
    """Starts one server for each document that is asked for, and stops them in the end."""
    with ExitStack() as stack:
        started: dict[Path, LoopbackServer] = {}

        def start(path: Path) -> LoopbackServer:
            if path not in started:
                started[path] = stack.enter_context(LoopbackServer(path))
            return started[path]

        yield start


@pytest.fixture
def loopback(
    loopback_pool: Callable[[Path], LoopbackServer],
) -> Iterator[Callable[[str | Path], LoopbackServer]]:
    """The server of a vendor (`loopback("openai")`) or of a document (`loopback(path)`), cleared.

    After the test each server that it used is verified: no request broke the document, and every
    scripted answer was asked for. A test that means to break it clears `server.violations`.
    """
    used: dict[Path, LoopbackServer] = {}

    def take(document: str | Path) -> LoopbackServer:
        path = SPECS / f"{document}.yaml" if isinstance(document, str) else document
        if path not in used:
            used[path] = loopback_pool(path)
            used[path].clear()
        return used[path]

    yield take
    for server in used.values():
        server.verify()
