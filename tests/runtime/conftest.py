"""Fixtures of the runtime's tests."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from tests.runtime.certificates import Authority
from tests.runtime.flavours import AsyncCaller, Caller, SyncCaller
from tests.runtime.package import load
from tests.runtime.server import Answer, Server


class Serve(Protocol):
    """Starts a server that answers so, under TLS where it is given."""

    def __call__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> Server: ...


Connect = Callable[..., Caller]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers that stop with the test."""
    with ExitStack() as stack:

        def started(answer: Answer, tls: ssl.SSLContext | None = None) -> Server:
            return stack.enter_context(Server(answer, tls))

        yield started


@pytest.fixture(params=[SyncCaller, AsyncCaller], ids=["sync", "async"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Makes clients of one flavour, of a server or with a configuration, closed with the test.

    They try nothing again unless the test says so.
    """
    with ExitStack() as stack:

        def made(server: Server | None = None, **settings: Any) -> Caller:
            if server is not None:
                settings.setdefault("host", server.url)
            settings.setdefault("retries", 0)
            configuration = load("configuration").Configuration(**settings)
            caller: Caller = request.param(configuration)
            stack.callback(caller.close)
            return caller

        yield made


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that nobody knows."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no proxies."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
