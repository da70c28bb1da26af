"""Examples run as they stand: those of the committed clients' documents and those of users.

All call the loopback server, which judges their requests by the vendor's own document. An example
of a document names the vendor's address, or none: it is the Configuration that is led elsewhere.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from enum import EnumType
from typing import Any

import pytest

from tests.committed import Committed, each_client
from tests.fences import EXAMPLES, Example, documents
from tests.loopback import LoopbackServer, Mode

Loopback = Callable[[str], LoopbackServer]
Lead = Callable[[Committed, str], None]

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def lead(monkeypatch: pytest.MonkeyPatch) -> Lead:
    """Makes every Configuration of a package one of another host."""

    def patch(client: Committed, host: str) -> None:
        configuration = importlib.import_module(client.package).Configuration
        made = configuration.__init__

        def init(self: object, *_: object, **named: Any) -> None:
            made(self, **{**named, "host": host})

        monkeypatch.setattr(configuration, "__init__", init)

    return patch


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_documents(
    example: Example,
    loopback: Loopback,
    lead: Lead,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = loopback(example.client.name)
    lead(example.client, server.url)
    for variable in re.findall(r"\bos\.environ\[['\"](\w+)", example.text):
        monkeypatch.setenv(variable, "secret")
    exec(compile(example.text, str(example), "exec"), {"__name__": "__main__"})
    assert bool(server.requests) is ("ApiClient(" in example.text)
    assert capsys.readouterr().out.strip() or "print(" not in example.text


@each_client
def test_documents_have_examples(client: Committed) -> None:
    """The README shows a call, a stream and the other flavour; guides and models something."""
    shown = [example for example in EXAMPLES if example.client == client]
    package = importlib.import_module(client.package)
    for document in documents(client):
        enum = isinstance(getattr(package, document.stem, None), EnumType)
        assert any(each.document == document for each in shown) is not enum
    readme = [each.text for each in shown if each.document.name == "README.md"]
    assert any("_stream(" in text for text in readme)
    assert any("await " in text for text in readme)
    assert any("await " not in text for text in readme)


@pytest.mark.parametrize("mode", Mode)
@each_client
def test_programs(
    client: Committed,
    mode: Mode,
    loopback: Loopback,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = loopback(client.name)
    server.mode = mode
    importlib.import_module(f"tests.examples.{client.name}").main(server.url)
    streamed = [
        request for request in server.requests if b'"stream":true' in request.body
    ]
    assert streamed
    assert len(streamed) < len(server.requests)
    assert "Hel" in capsys.readouterr().out
