"""Proxies, TLS and event loops."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import urllib3

from tests.runtime.conftest import Connect, Serve
from tests.runtime.flavours import SyncCaller
from tests.runtime.package import NAME, assemble, load
from tests.runtime.server import answering, response

exceptions = load("exceptions")
tls = load("_runtime.tls")
Configuration = load("configuration").Configuration
Operation = load("_runtime.operation").Operation
Options = load("_runtime.request").CallOptions

GET = Operation(id="get", method="GET", path="/x", responses={"200": "int"})


def test_a_proxy(serve: Serve, connect: Connect) -> None:
    proxy = serve(answering(response(b"1")))
    caller = connect(
        host="http://api.invalid", proxy=proxy.url, proxy_headers={"X-Proxy": "p"}
    )
    assert caller.call(GET).data == 1
    (received,) = proxy.requests
    assert received.target == "http://api.invalid/x"
    assert received.headers["host"] == "api.invalid"


def test_hosts_that_need_no_proxy(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"1")))
    caller = connect(server, proxy="http://127.0.0.1:1", no_proxy="127.0.0.0/8")
    assert caller.call(GET).data == 1
    assert server.requests[0].target == "/x"


def test_no_tls_where_it_is_asked_for(connect: Connect) -> None:
    def answer() -> None:
        accepted, _ = listener.accept()
        with accepted:
            accepted.recv(65536)
            accepted.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        caller = connect(host=f"https://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(
            exceptions.ApiConnectionError, match=r"get: the connection to https://"
        ):
            caller.call(GET)
        answering.join()


@pytest.mark.parametrize(
    ("settings", "mode", "checks"),
    [
        ({}, ssl.CERT_REQUIRED, True),
        ({"verify_ssl": False}, ssl.CERT_NONE, False),
        ({"assert_hostname": False}, ssl.CERT_REQUIRED, False),
    ],
)
def test_tls_settings(
    settings: dict[str, Any], mode: ssl.VerifyMode, checks: bool
) -> None:
    configuration = Configuration(**settings)
    made = tls.context(configuration)
    assert (made.verify_mode, made.check_hostname) == (mode, checks)
    assert tls.is_customised(configuration) is bool(settings)


def test_one_client_in_several_event_loops(serve: Serve) -> None:
    server = serve(answering(response(b"1")))
    client = load("aio.api_client").ApiClient(Configuration(host=server.url))

    async def twice() -> list[int]:
        return [(await client.call(GET, (), Options())).data for _ in range(2)]

    async def last() -> list[int]:
        async with client:
            return await twice()

    assert asyncio.run(twice()) == [1, 1]
    assert asyncio.run(last()) == [1, 1]
    assert server.connections == 2


def test_many_calls_at_once(serve: Serve) -> None:
    server = serve(answering(response(b"1")))

    async def calls() -> set[int]:
        configuration = Configuration(host=server.url, connection_pool_maxsize=10)
        async with load("aio.api_client").ApiClient(configuration) as client:
            found = await asyncio.gather(
                *(client.call(GET, (), Options()) for _ in range(100))
            )
            return {answer.data for answer in found}

    assert asyncio.run(calls()) == {1}
    assert server.connections <= 10


def test_own_connections(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"1")))
    caller = connect(server)
    if isinstance(caller, SyncCaller):
        own = urllib3.PoolManager(headers={"X-Own": "never sent"})
        caller.client.rest_client.pool_manager = own
        assert caller.call(GET).data == 1
        assert len(own.pools) == 1
        return

    async def called() -> int:
        async with aiohttp.ClientSession(headers={"X-Own": "o"}) as session:
            caller.client.rest_client.pool_manager = session
            answer = await caller.client.call(GET, (), Options())
            found: int = answer.data
            return found

    assert caller.runner.run(called()) == 1
    assert server.requests[0].headers["x-own"] == "o"


FORKING = f"""
import os, sys
from {NAME}.api_client import ApiClient
from {NAME}.configuration import Configuration
from {NAME}._runtime.operation import Operation
from {NAME}._runtime.request import CallOptions
get = Operation(id="get", method="GET", path="/x", responses={{"200": "int"}})
client = ApiClient(Configuration(host=sys.argv[1]))
assert client.call(get, (), CallOptions()).data == 1
child = os.fork()
if not child:
    assert client.call(get, (), CallOptions()).data == 1
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert client.call(get, (), CallOptions()).data == 1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
def test_forks_open_connections_of_their_own(serve: Serve, tmp_path: Path) -> None:
    server = serve(answering(response(b"1")))
    assemble(tmp_path)
    command = [sys.executable, "-c", FORKING, server.url]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert [request.connection for request in server.requests] == [1, 2, 1]
