"""Connections: whose they are, how many, and what they are set to."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import urllib3

from tests.runtime.conftest import Connect, Serve
from tests.runtime.flavours import SyncCaller
from tests.runtime.package import NAME, assemble, load
from tests.runtime.server import Drop, Received, answering, response

exceptions = load("exceptions")
tls = load("_runtime.tls")
Configuration = load("configuration").Configuration
Operation = load("_runtime.operation").Operation
Parameter = load("_runtime.operation").Parameter
Options = load("_runtime.request").CallOptions

GET = Operation(id="get", method="GET", path="/x", responses={"200": "int"})


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


def test_socket_options(connect: Connect) -> None:
    """With these, a connection that is closed is reset."""
    linger = (socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    ended: list[bytes | str] = []

    def answer() -> None:
        accepted, _ = listener.accept()
        with accepted:
            accepted.recv(65536)
            accepted.sendall(response(b"1"))
            try:
                ended.append(accepted.recv(1))
            except ConnectionResetError:
                ended.append("reset")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        host = f"http://127.0.0.1:{listener.getsockname()[1]}"
        caller = connect(host=host, socket_options=[linger])
        assert caller.call(GET).data == 1
        caller.disconnect()
        answering.join(10)
    assert ended == ["reset"]


def test_socket_options_that_there_are_not(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"1")))
    caller = connect(server, socket_options=[(socket.SOL_SOCKET, 9999, 1)])
    with pytest.raises(exceptions.ApiConnectionError):
        caller.call(GET)


def at_once(client: Any, count: int) -> list[Any]:
    """The answers of so many calls of a synchronous client, each in a thread."""
    with ThreadPoolExecutor(count) as threads:
        calls = [threads.submit(client.call, GET, (), Options()) for _ in range(count)]
        return [call.result().data for call in calls]


def test_connections_that_a_synchronous_client_keeps(serve: Serve) -> None:
    together = threading.Barrier(3)

    def answer(_: Received) -> list[bytes]:
        together.wait(10)
        return [response(b"1")]

    server = serve(answer)
    configuration = Configuration(host=server.url, connection_pool_maxsize=2)
    with load("api_client").ApiClient(configuration) as client:
        assert at_once(client, 3) == [1, 1, 1]
        assert server.connections == 3
        assert at_once(client, 3) == [1, 1, 1]
    assert server.connections == 4


def test_threads_share_a_synchronous_client(serve: Serve) -> None:
    """Each has the answer to its own request, from the first call on."""

    def answer(received: Received) -> list[bytes]:
        return [response(received.target.removeprefix("/").encode())]

    def calls(number: int) -> list[int]:
        return [client.call(numbered, (number,), Options()).data for _ in range(10)]

    numbered = Operation(
        id="get",
        method="GET",
        path="/{n}",
        arguments=(Parameter("n", "n", "path", "int"),),
        responses={"200": "int"},
    )
    server = serve(answer)
    configuration = Configuration(host=server.url, connection_pool_maxsize=32)
    with (
        load("api_client").ApiClient(configuration) as client,
        ThreadPoolExecutor(32) as threads,
    ):
        assert list(threads.map(calls, range(32))) == [
            [each] * 10 for each in range(32)
        ]


def test_connections_that_the_server_closes(serve: Serve, connect: Connect) -> None:
    """Those that were closed while nobody used them are not used again."""

    def answer(received: Received) -> Iterator[bytes]:
        yield response(b"1")
        if received.connection < 3:
            raise Drop

    server = serve(answer)
    caller = connect(server, retries=load("_runtime.retry").RetryPolicy(base=0.0))
    assert [caller.call(GET).data for _ in range(4)] == [1, 1, 1, 1]
    assert len(server.requests) == 4


FORKING = {
    "sync": f"""
from {NAME}.api_client import ApiClient
def called():
    return client.call(get, (), CallOptions()).data
""",
    "async": f"""
import asyncio
from {NAME}.aio.api_client import ApiClient
def called():
    async def call():
        return (await client.call(get, (), CallOptions())).data
    return asyncio.run(call())
""",
}
FORKED = f"""
import os, sys
from {NAME}.configuration import Configuration
from {NAME}._runtime.operation import Operation
from {NAME}._runtime.request import CallOptions
get = Operation(id="get", method="GET", path="/x", responses={{"200": "int"}})
client = ApiClient(Configuration(host=sys.argv[1]))
assert called() == 1
child = os.fork()
if not child:
    assert called() == 1
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert called() == 1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
@pytest.mark.parametrize(("flavour", "last"), [("sync", 1), ("async", 3)])
def test_forks_open_connections_of_their_own(
    serve: Serve, tmp_path: Path, flavour: str, last: int
) -> None:
    """An asynchronous client has connections of its own in each event loop anyway."""
    server = serve(answering(response(b"1")))
    assemble(tmp_path)
    command = [sys.executable, "-c", FORKING[flavour] + FORKED, server.url]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert [request.connection for request in server.requests] == [1, 2, last]
