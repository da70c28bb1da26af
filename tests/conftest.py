"""Fixtures of the whole suite."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from tests.loopback import LoopbackServer

# Continuous integration runs the same examples each time, and is slower than a developer.
settings.register_profile("chatwright", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("chatwright")

UPDATE_GOLDEN = "CHATWRIGHT_UPDATE_GOLDEN"
SPECS = Path(__file__).parent.parent / "specs"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help=f"rewrite the expected files of golden cases (also with {UPDATE_GOLDEN}=1)",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden cases are rewritten instead of compared."""
    return (
        bool(request.config.getoption("--update-golden")) or UPDATE_GOLDEN in os.environ
    )


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
