"""The runtime as a whole: what importing it costs, and sharing it between threads."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.conftest import Serve
from tests.runtime.flavours import SyncCaller
from tests.runtime.package import NAME, assemble, load
from tests.runtime.server import response

HEAVY = ["aiohttp", "asyncio", "http.client", "pydantic", "ssl", "urllib3"]


@pytest.mark.parametrize(
    ("module", "loads"),
    [
        ("exceptions", []),
        ("api_response", []),
        ("streaming", []),
        ("configuration", []),
        ("_runtime.operation", []),
        ("_runtime.request", []),
        ("_runtime.sync_client", []),
        ("_runtime.async_client", ["asyncio"]),
        ("_runtime.sync_rest", ["http.client", "ssl", "urllib3"]),
    ],
)
def test_imports(module: str, loads: list[str], tmp_path: Path) -> None:
    """Heavy packages are loaded where they are first used."""
    assemble(tmp_path)
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, {NAME}.{module}; print(*({HEAVY!r} & sys.modules.keys()))".replace(
                f"{HEAVY!r}", f"set({HEAVY!r})"
            ),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(said.split()) - {"ssl"} == set(loads) - {"ssl"}
    if "asyncio" not in loads:
        assert ("ssl" in said.split()) is ("ssl" in loads)


def test_threads_share_a_client(serve: Serve) -> None:
    server = serve(lambda _: [response(b'{"id":"1","message":{"role":"x"}}')])
    caller = SyncCaller(load("configuration").Configuration(host=server.url))
    chat = load("operations").CHAT
    arguments: Any = "r", {"messages": []}, None, None
    with ThreadPoolExecutor(32) as threads:
        found = [
            threads.submit(caller.call, chat, *arguments).result for _ in range(200)
        ]
        assert {result().data.id for result in found} == {"1"}
    assert len(server.requests) == 200
    caller.close()
