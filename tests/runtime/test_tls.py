"""TLS, in both flavours, with handshakes on loopback."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.certificates import Authority
from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import load
from tests.runtime.server import answering, response

exceptions = load("exceptions")
Policy = load("_runtime.retry").RetryPolicy
Operation = load("_runtime.operation").Operation

GET = Operation(id="get", method="GET", path="/x", responses={"200": "int"})
ONE = answering(response(b"1"))
EAGER = Policy(retries=2, base=0.0)

pytestmark = pytest.mark.usefixtures("no_proxies")


def as_file(authority: Authority) -> dict[str, Any]:
    return {"ssl_ca_cert": authority.file}


def as_text(authority: Authority) -> dict[str, Any]:
    return {"ca_cert_data": authority.pem.decode()}


def as_bytes(authority: Authority) -> dict[str, Any]:
    return {"ca_cert_data": ssl.PEM_cert_to_DER_cert(authority.pem.decode())}


@pytest.mark.parametrize("settings", [as_file, as_text, as_bytes])
def test_authorities_of_your_own(
    serve: Serve, connect: Connect, authority: Authority, settings: Any
) -> None:
    server = serve(ONE, authority.server())
    caller = connect(server, **settings(authority))
    assert [caller.call(GET).data, caller.call(GET).data] == [1, 1]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("names", "expired", "settings", "said"),
    [
        ((), False, {}, "self.signed certificate|local issuer"),
        ((), True, as_file, "expired"),
        (("other.test",), False, as_file, "127.0.0.1"),
        ((), False, {"tls_server_name": "other.test"}, "other.test"),
    ],
    ids=["unknown-authority", "expired", "other-name", "other-name-asked-for"],
)
def test_certificates_that_cannot_be_trusted(
    serve: Serve,
    connect: Connect,
    authority: Authority,
    names: tuple[str, ...],
    expired: bool,
    settings: Any,
    said: str,
) -> None:
    """They are said in plain words, and tried once: they will not be better the next time."""
    server = serve(ONE, authority.server(*names, expired=expired))
    if callable(settings):
        settings = settings(authority)
    elif settings:
        settings = {**as_file(authority), **settings}
    caller = connect(server, retries=EAGER, **settings)
    with pytest.raises(
        exceptions.ApiConnectionError, match="get: the certificate of https://127"
    ) as caught:
        caller.call(GET)
    assert "cannot be trusted" in str(caught.value)
    caught.match(said)
    assert not isinstance(caught.value, exceptions.ApiTimeoutError)
    assert server.connections == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"verify_ssl": False},
        {"verify_ssl": False, "assert_hostname": True},
        {"assert_hostname": False, "ssl_ca_cert": "authority"},
        {"tls_server_name": "other.test", "ssl_ca_cert": "authority"},
        {
            "tls_server_name": "other.test",
            "ssl_ca_cert": "authority",
            "assert_hostname": True,
        },
    ],
    ids=[
        "no-verification",
        "no-verification-at-all",
        "no-name",
        "name",
        "name-asserted",
    ],
)
def test_certificates_of_another_name(
    serve: Serve, connect: Connect, authority: Authority, settings: dict[str, Any]
) -> None:
    server = serve(ONE, authority.server("other.test"))
    if "ssl_ca_cert" in settings:
        settings = {**settings, **as_file(authority)}
    assert connect(server, **settings).call(GET).data == 1


def test_the_name_that_a_server_is_asked_for(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    asked: list[str | None] = []
    tls = authority.server("other.test")
    tls.sni_callback = lambda _, name, __: asked.append(name)
    caller = connect(
        serve(ONE, tls), tls_server_name="other.test", **as_file(authority)
    )
    assert caller.call(GET).data == 1
    assert asked == ["other.test"]


def test_client_certificates(
    serve: Serve, connect: Connect, authority: Authority, tmp_path: Path
) -> None:
    server = serve(ONE, authority.server(asks=True))
    certificate, key = authority.client()
    caller = connect(server, cert_file=certificate, key_file=key, **as_file(authority))
    assert caller.call(GET).data == 1
    both = tmp_path / "both.pem"
    both.write_bytes(Path(certificate).read_bytes() + Path(key).read_bytes())
    assert (
        connect(server, cert_file=str(both), **as_file(authority)).call(GET).data == 1
    )


def test_client_certificates_that_are_missing(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    server = serve(ONE, authority.server(asks=True))
    with pytest.raises(exceptions.ApiConnectionError, match="get: the connection to"):
        connect(server, **as_file(authority)).call(GET)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ssl_ca_cert": "/nowhere.pem"}, "ssl_ca_cert .*: No such file"),
        ({"ca_cert_data": "no certificate"}, "ca_cert_data take certificates"),
        ({"cert_file": "/nowhere.pem"}, "cert_file and key_file .*: No such file"),
    ],
)
def test_certificates_that_cannot_be_loaded(
    serve: Serve, connect: Connect, settings: dict[str, Any], said: str
) -> None:
    server = serve(ONE)
    with pytest.raises(exceptions.ApiValueError, match=said):
        connect(server, retries=EAGER, **settings).call(GET)
    assert server.connections == 0


def test_your_own_connections_have_their_own_tls(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    import aiohttp
    import urllib3

    from tests.runtime.flavours import AsyncCaller

    server = serve(ONE, authority.server())
    caller = connect(server)
    if isinstance(caller, AsyncCaller):

        async def opened() -> aiohttp.ClientSession:
            connector = aiohttp.TCPConnector(ssl=authority.trusting())
            return aiohttp.ClientSession(connector=connector)

        caller.client.rest_client.pool_manager = caller.runner.run(opened())
    else:
        own = urllib3.PoolManager(ssl_context=authority.trusting())
        caller.client.rest_client.pool_manager = own
    assert caller.call(GET).data == 1
