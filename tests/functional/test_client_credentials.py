"""A package whose document names a token endpoint: its guide's program needs an id and a secret."""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.building import built, package, write
from tests.runtime.server import Received, Server, response

PACKAGE = "granted_client"
FOLDER = Path(__file__).parent / "granted"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package, which can be imported."""
    folder = tmp_path_factory.mktemp("granted")
    write(built(FOLDER / "document.yaml", package(PACKAGE)), folder)
    return folder


def answer(received: Received) -> list[bytes]:
    if received.target == "/oauth/token":
        return [response(b'{"access_token":"t1","expires_in":60}')]
    if received.headers.get("authorization") != "Bearer t1":
        return [response(b"{}", status="401 No")]
    return [response(b'["a"]')]


def called(flavour: str, configuration: Any) -> list[str]:
    """What the operation answers, in a flavour."""
    package = PACKAGE if flavour == "sync" else f"{PACKAGE}.aio"
    module = importlib.import_module(package)
    if flavour == "sync":
        with module.ApiClient(configuration) as client:
            found: list[str] = module.ThingsApi(client).list_things()
            return found

    async def main() -> list[str]:
        async with module.ApiClient(configuration) as client:
            found: list[str] = await module.ThingsApi(client).list_things()
            return found

    return asyncio.run(main())


def verified(server: Server, client: str) -> None:
    token, thing = server.requests
    assert thing.headers["authorization"] == "Bearer t1"
    assert token.headers["authorization"] == f"Basic {client}"
    assert parse_qs(token.body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["things:read things:write"],
    }


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_the_guides_program(
    written: Path, monkeypatch: pytest.MonkeyPatch, flavour: str
) -> None:
    monkeypatch.setattr(sys, "path", [str(written), *sys.path])
    guide = (written / "docs/Configuration.md").read_text(encoding="utf-8")
    (program,) = [each for each in BLOCK.findall(guide) if "ClientCred" in each]
    names: dict[str, Any] = {}
    exec(compile(program, "Configuration.md", "exec"), names)
    configuration = names["configuration"]
    assert configuration.host == "https://api.example.com/v1"
    with Server(answer) as server:
        configuration.host = f"{server.url}/v1"
        assert called(flavour, configuration) == ["a"]
        verified(server, "Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=")


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_the_guides_variables(
    written: Path, monkeypatch: pytest.MonkeyPatch, flavour: str
) -> None:
    monkeypatch.setattr(sys, "path", [str(written), *sys.path])
    guide = (written / "docs/Configuration.md").read_text(encoding="utf-8")
    for variable, value in (("CLIENT_ID", "i"), ("CLIENT_SECRET", "s")):
        assert f"`GRANTED_{variable}` | program" in guide
        monkeypatch.setenv(f"GRANTED_{variable}", value)
    assert "discovery is left to you" in guide
    with Server(answer) as server:
        module = importlib.import_module(PACKAGE)
        assert called(flavour, module.Configuration(host=server.url)) == ["a"]
        verified(server, "aTpz")
