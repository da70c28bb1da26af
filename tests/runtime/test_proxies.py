"""Proxies, in both flavours, over TLS and not."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.runtime.certificates import Authority
from tests.runtime.conftest import Connect, Serve
from tests.runtime.flavours import SyncCaller
from tests.runtime.package import load
from tests.runtime.server import answering, response
from tests.runtime.tunnel import Tunnel

exceptions = load("exceptions")
proxy = load("_runtime.proxy")
Configuration = load("configuration").Configuration
Policy = load("_runtime.retry").RetryPolicy
Timeout = load("_runtime.request").Timeout
Operation = load("_runtime.operation").Operation

GET = Operation(id="get", method="GET", path="/x", responses={"200": "int"})
ONE = answering(response(b"1"))
LOGIN = "Basic " + b64encode(b"me@home:p:w").decode()

pytestmark = pytest.mark.usefixtures("no_proxies")

Dig = Callable[..., Tunnel]


@pytest.fixture
def dig() -> Iterator[Dig]:
    """Starts proxies that stop with the test."""
    with ExitStack() as stack:
        yield lambda *given, **named: stack.enter_context(Tunnel(*given, **named))


def test_a_proxy(serve: Serve, connect: Connect) -> None:
    through = serve(ONE)
    caller = connect(
        host="http://api.invalid", proxy=through.url, proxy_headers={"X-Proxy": "p"}
    )
    assert [caller.call(GET).data, caller.call(GET).data] == [1, 1]
    received = through.requests[0]
    assert received.target == "http://api.invalid/x"
    assert received.headers["host"] == "api.invalid"
    assert received.headers["x-proxy"] == "p"
    assert through.connections == 1


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_credentials_for_a_proxy(serve: Serve, connect: Connect, scheme: str) -> None:
    through = serve(ONE)
    place = f"{scheme}me%40home:p%3Aw@127.0.0.1:{through.port}"
    assert connect(host="http://api.invalid", proxy=place).call(GET).data == 1
    assert through.requests[0].headers["proxy-authorization"] == LOGIN
    assert "authorization" not in through.requests[0].headers


def test_a_tunnel(
    serve: Serve, connect: Connect, dig: Dig, authority: Authority
) -> None:
    server = serve(ONE, authority.server("api.test"))
    through = dig(server.port)
    caller = connect(
        host="https://api.test/v1",
        proxy=f"http://me%40home:p%3Aw@{through.place}",
        proxy_headers={"X-Proxy": "p"},
        ssl_ca_cert=authority.file,
    )
    assert [caller.call(GET).data, caller.call(GET).data] == [1, 1]
    (asked,) = through.requests
    assert (asked.method, asked.target) == ("CONNECT", "api.test:443")
    assert asked.headers["proxy-authorization"] == LOGIN
    assert asked.headers["x-proxy"] == "p"
    for received in server.requests:
        assert received.target == "/v1/x"
        assert not {"proxy-authorization", "x-proxy"} & set(received.headers)
    assert server.connections == 1


@pytest.mark.parametrize("own", [True, False], ids=["own-settings", "same-settings"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_over_tls(
    serve: Serve,
    connect: Connect,
    dig: Dig,
    authority: Authority,
    tmp_path_factory: pytest.TempPathFactory,
    scheme: str,
    own: bool,
) -> None:
    """`proxy_ssl_context` is the proxy's alone; without it the API's settings are the proxy's."""
    its = Authority(tmp_path_factory.mktemp("proxy")) if own else authority
    settings: dict[str, Any] = {"ssl_ca_cert": authority.file}
    if own:
        settings["proxy_ssl_context"] = its.trusting()
    if scheme == "http":
        through: Any = serve(ONE, its.server())
        place = f"localhost:{through.port}"
    else:
        server = serve(ONE, authority.server("api.test"))
        through = dig(server.port, its.server())
        place = through.place
    caller = connect(host=f"{scheme}://api.test", proxy=f"https://{place}", **settings)
    assert [caller.call(GET).data, caller.call(GET).data] == [1, 1]
    assert through.requests[0].target.endswith(
        "api.test:443" if scheme == "https" else "http://api.test/x"
    )
    assert through.connections == 1


@pytest.mark.parametrize("known", ["proxy", "api"])
def test_neither_trusts_what_the_other_does(
    serve: Serve,
    connect: Connect,
    dig: Dig,
    authority: Authority,
    tmp_path_factory: pytest.TempPathFactory,
    known: str,
) -> None:
    other = Authority(tmp_path_factory.mktemp("proxy"))
    server = serve(ONE, authority.server("api.test"))
    through = dig(server.port, other.server())
    knows = other if known == "proxy" else authority
    caller = connect(
        host="https://api.test",
        proxy=f"https://{through.place}",
        ssl_ca_cert=knows.file,
        proxy_ssl_context=knows.trusting(),
        retries=Policy(retries=2, base=0.0),
    )
    with pytest.raises(exceptions.ApiConnectionError, match="cannot be trusted"):
        caller.call(GET)
    assert through.connections == 1
    assert len(through.requests) == (known == "proxy")
    assert server.requests == []


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "502 Bad"])
def test_tunnels_that_are_refused(
    serve: Serve, connect: Connect, dig: Dig, status: str
) -> None:
    server = serve(ONE)
    through = dig(server.port, answer=[response(status=status)])
    caller = connect(host="https://api.test", proxy=f"http://u:secret@{through.place}")
    with pytest.raises(exceptions.ApiConnectionError, match=status[:3]) as caught:
        caller.call(GET)
    assert "secret" not in str(caught.value)
    assert server.connections == 0


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "answer", [b"garbage\r\n\r\n", b"HTTP/1.1 ", b""], ids=["garbage", "cut", "closed"]
)
def test_proxies_that_break(
    serve: Serve, connect: Connect, dig: Dig, scheme: str, answer: bytes
) -> None:
    through = dig(serve(ONE).port, answer=[answer])
    caller = connect(host=f"{scheme}://api.test", proxy=f"http://{through.place}")
    with pytest.raises(exceptions.ApiConnectionError):
        caller.call(GET)


def test_proxies_that_are_not_there(connect: Connect) -> None:
    caller = connect(host="http://api.test", proxy="http://u:secret@127.0.0.1:1")
    with pytest.raises(exceptions.ApiConnectionError) as caught:
        caller.call(GET)
    assert "secret" not in str(caught.value)
    assert not isinstance(caught.value, exceptions.ApiTimeoutError)


def test_tunnels_that_drip(serve: Serve, connect: Connect, dig: Dig) -> None:
    over = threading.Event()

    def drip() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nX: "
        while not over.wait(0.02):
            yield b"x"

    through = dig(serve(ONE).port, answer=drip())
    caller = connect(
        host="https://api.test",
        proxy=f"http://{through.place}",
        timeout=Timeout(connect=30, read=30, total=0.4),
    )
    try:
        with pytest.raises(exceptions.ApiTimeoutError):
            caller.call(GET)
    finally:
        over.set()


@pytest.mark.parametrize(
    ("names", "used"),
    [
        ({"HTTP_PROXY": "proxy"}, True),
        ({"http_proxy": "proxy"}, True),
        ({"ALL_PROXY": "proxy"}, True),
        ({"HTTPS_PROXY": "proxy"}, False),
        ({"HTTP_PROXY": "proxy", "NO_PROXY": "127.0.0.1"}, False),
        ({"HTTP_PROXY": "proxy", "NO_PROXY": "example.com, 127.0.0.0/8"}, False),
        ({"HTTP_PROXY": "proxy", "NO_PROXY": "*"}, False),
        ({"HTTP_PROXY": "proxy", "NO_PROXY": "example.com"}, True),
        ({}, False),
    ],
)
def test_proxies_of_the_environment(
    serve: Serve,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    names: dict[str, str],
    used: bool,
) -> None:
    server, through = serve(ONE), serve(ONE)
    for name, value in names.items():
        monkeypatch.setenv(name, through.url if value == "proxy" else value)
    assert connect(server).call(GET).data == 1
    assert (len(through.requests), len(server.requests)) == (used, not used)
    assert connect(server, proxy="").call(GET).data == 1
    assert len(through.requests) == used


def test_each_request_asks_whether_it_needs_the_proxy(
    serve: Serve, connect: Connect
) -> None:
    """A redirect may lead to a host that is reached without it."""
    server = serve(ONE)
    moved = response(status="307 There", headers=[("Location", f"{server.url}/y")])
    through = serve(answering(moved))
    caller = connect(host="http://api.invalid", proxy=through.url, no_proxy="127.0.0.1")
    assert caller.call(GET).data == 1
    assert server.requests[0].target == "/y"


@pytest.mark.parametrize("url", ["ftp://p", "http://", "http://[::1", "http://p:x"])
def test_proxies_that_cannot_be(connect: Connect, url: str) -> None:
    caller = connect(host="http://api.invalid", proxy=url)
    with pytest.raises(exceptions.ApiValueError, match="the proxy is no URL"):
        caller.call(GET)


def test_proxies_of_another_kind(connect: Connect) -> None:
    caller = connect(host="http://api.invalid", proxy="socks5://127.0.0.1:1")
    said = "needs PySocks" if isinstance(caller, SyncCaller) else "not socks5"
    with pytest.raises(exceptions.ApiValueError, match=said):
        caller.call(GET)


def test_a_proxy_of_the_apis_name(connect: Connect, authority: Authority) -> None:
    """Only asynchronous clients cannot tell the two apart, and say so."""
    caller = connect(
        host="https://localhost",
        proxy="https://localhost:1",
        proxy_ssl_context=authority.trusting(),
    )
    expected = (exceptions.ApiConnectionError, exceptions.ApiValueError)
    with pytest.raises(expected[not isinstance(caller, SyncCaller)]):
        caller.call(GET)
