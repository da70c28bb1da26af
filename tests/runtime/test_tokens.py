"""Access tokens that are fetched, and credentials of the environment."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.flavours import AsyncCaller, Options, SyncCaller
from tests.runtime.package import load
from tests.runtime.server import Received, Server, answering, response

configuration = load("configuration")
exceptions = load("exceptions")
runtime = load("_runtime.configuration")
security = load("_runtime.security")
Operation = load("_runtime.operation").Operation
Credentials: Any = configuration.ClientCredentials

GET = Operation(
    id="get", method="GET", path="/x", responses={"200": "int"}, security=(("OAuth",),)
)


def sent(server: Server) -> list[str | None]:
    return [
        request.headers.get("authorization")
        for request in server.requests
        if request.target == "/x"
    ]


def test_a_function_is_asked_before_each_attempt(
    serve: Serve, connect: Connect
) -> None:
    answers = iter(
        [response(status="503 Busy", headers=[("retry-after-ms", "0")]), response(b"1")]
    )
    server = serve(lambda _: [next(answers)])
    tokens = iter(["t1", "t2"])
    caller = connect(server, retries=1, access_token=lambda: next(tokens))
    caller.call(GET)
    assert sent(server) == ["Bearer t1", "Bearer t2"]


def test_a_coroutine_function(serve: Serve, connect: Connect) -> None:
    async def token() -> str:
        await asyncio.sleep(0)
        return "t1"

    server = serve(answering(response(b"1")))
    caller = connect(server, access_token=token)
    if caller.flavour == "sync":
        with pytest.raises(exceptions.ApiTypeError, match="functions that return str"):
            caller.call(GET)
    else:
        caller.call(GET)
        assert sent(server) == ["Bearer t1"]


def test_the_header_of_one_call_holds(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"1")))
    caller = connect(server, access_token=lambda: "t1")
    caller.call(GET, headers={"authorization": "Bearer mine"})
    assert sent(server) == ["Bearer mine"]


def test_messages_do_not_hold_fetched_tokens(serve: Serve, connect: Connect) -> None:
    refusal = response(b'{"message":"bad tok-secret"}', status="400 No")
    caller = connect(
        serve(lambda _: [refusal]), access_token=lambda: "tok-secret", retries=0
    )
    with pytest.raises(exceptions.BadRequestException, match=r"bad \*\*\*"):
        caller.call(GET)


class Issuer:
    """An API and its token endpoint: each token is good for so many calls."""

    def __init__(self, *, calls: int = 1000, expires_in: Any = 3600) -> None:
        self.issued = 0
        self.calls = calls
        self.expires_in = expires_in
        self.used: dict[str, int] = {}

    def __call__(self, received: Received) -> list[bytes]:
        if received.target == "/token":
            self.issued += 1
            self.used[f"Bearer t{self.issued}"] = 0
            token = {"access_token": f"t{self.issued}", "expires_in": self.expires_in}
            return [response(json.dumps(token).encode())]
        token_sent = received.headers.get("authorization", "")
        if self.used.get(token_sent, self.calls) >= self.calls:
            return [response(b"{}", status="401 Expired")]
        self.used[token_sent] += 1
        return [response(b"1")]


def granted(server: Server, **arguments: Any) -> Any:
    return Credentials(f"{server.url}/token", "i d", "s:t", **arguments)


def test_client_credentials(serve: Serve, connect: Connect) -> None:
    server = serve(Issuer())
    token = granted(server, scopes=("a", "b"), parameters={"audience": "x"})
    caller = connect(server, access_token=token)
    assert [caller.call(GET).data for _ in range(3)] == [1, 1, 1]
    assert sent(server) == ["Bearer t1"] * 3
    asked = server.requests[0]
    assert (asked.method, asked.target) == ("POST", "/token")
    assert asked.headers["authorization"] == "Basic aStkOnMlM0F0"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["a b"],
        "audience": ["x"],
    }


def test_tokens_that_are_refused_are_fetched_again(
    serve: Serve, connect: Connect
) -> None:
    server = serve(Issuer(calls=2))
    caller = connect(server, access_token=granted(server))
    assert [caller.call(GET).data for _ in range(5)] == [1] * 5
    assert [each for each in sent(server) if each] == [
        "Bearer t1",
        "Bearer t1",
        "Bearer t1",
        "Bearer t2",
        "Bearer t2",
        "Bearer t2",
        "Bearer t3",
    ]


def test_a_token_that_is_always_refused(serve: Serve, connect: Connect) -> None:
    issuer = Issuer(calls=0)
    server = serve(issuer)
    with pytest.raises(exceptions.UnauthorizedException):
        connect(server, access_token=granted(server)).call(GET)
    assert issuer.issued == 2


@pytest.mark.parametrize(
    ("expires_in", "issued"), [(0, 3), (None, 1), ("600", 1), ("soon", 1)]
)
def test_tokens_end(
    serve: Serve, connect: Connect, expires_in: Any, issued: int
) -> None:
    issuer = Issuer(expires_in=expires_in)
    server = serve(issuer)
    caller = connect(server, access_token=granted(server))
    for _ in range(3):
        caller.call(GET)
    assert issuer.issued == issued


@pytest.mark.parametrize(
    ("answer", "name", "message"),
    [
        (
            response(b'{"error":"invalid_client"}', status="401 No"),
            "UnauthorizedException",
            "access token: 401 No: invalid_client",
        ),
        (response(b"{}"), "ApiException", "has no access_token"),
        (response(b"oops"), "ApiException", "has no access_token"),
    ],
)
def test_no_token(
    serve: Serve, connect: Connect, answer: bytes, name: str, message: str
) -> None:
    server = serve(answering(answer))
    with pytest.raises(exceptions.ApiException, match=message) as caught:
        connect(server, access_token=granted(server)).call(GET)
    assert type(caught.value).__name__ == name


def test_one_token_for_many_threads(serve: Serve) -> None:
    issuer = Issuer()
    server = serve(issuer)
    settings = configuration.Configuration(
        host=server.url, access_token=granted(server), retries=0
    )
    caller = SyncCaller(settings)
    with ThreadPoolExecutor(16) as threads:
        calls = [threads.submit(caller.call, GET) for _ in range(64)]
        assert [call.result().data for call in calls] == [1] * 64
    assert issuer.issued == 1
    caller.close()


def test_one_token_for_many_tasks(serve: Serve) -> None:
    issuer = Issuer()
    server = serve(issuer)
    settings = configuration.Configuration(
        host=server.url, access_token=granted(server), retries=0
    )
    caller = AsyncCaller(settings)

    async def many() -> list[Any]:
        calls = (caller.client.call(GET, (), Options()) for _ in range(64))
        return [answer.data for answer in await asyncio.gather(*calls)]

    assert caller.runner.run(many()) == [1] * 64
    assert issuer.issued == 1
    caller.close()


def test_tokens_stay_with_their_origin(serve: Serve, connect: Connect) -> None:
    other = serve(answering(response(b"1")))

    def answer(_: Received) -> list[bytes]:
        return [response(status="307 There", headers=[("Location", f"{other.url}/x")])]

    server = serve(answer)
    caller = connect(server, access_token=lambda: "t1")
    caller.client.set_default_header("X-Auth-Token", "mine")
    assert caller.call(GET).data == 1
    assert server.requests[0].headers["x-auth-token"] == "mine"
    assert sent(server) == ["Bearer t1"]
    assert sent(other) == [None]
    assert "x-auth-token" not in other.requests[0].headers


def test_credentials_of_the_environment(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLECLIENT_ACCESS_TOKEN", "from-environment")
    server = serve(answering(response(b"1")))
    connect(server).call(GET)
    connect(server, access_token="given").call(GET)
    connect(server, api_key={"HeaderKey": "k"}).call(GET)
    assert sent(server) == ["Bearer from-environment", "Bearer given", None]


@pytest.mark.parametrize(
    ("package", "keys", "expected"),
    [
        ("acme_sdk", ["Key"], {"Key": ("ACME_API_KEY",)}),
        ("acme.generated", ["Key"], {"Key": ("ACME_API_KEY",)}),
        (
            "acme_client",
            ["Key", "api-key 2"],
            {"Key": ("ACME_API_KEY_KEY",), "api-key 2": ("ACME_API_KEY_API_KEY_2",)},
        ),
    ],
)
def test_names_of_the_environment(
    package: str, keys: list[str], expected: dict[str, tuple[str, ...]]
) -> None:
    schemes = [security.ApiKeyScheme(key, "header", "x") for key in keys]
    basic = security.HttpScheme("Basic", "basic")
    bearer = security.HttpScheme("Bearer", "bearer")
    digest = security.HttpScheme("Digest", "digest")
    found = runtime.environment_names(package, [*schemes, basic, bearer, digest])
    assert found == {
        **expected,
        "Basic": ("ACME_USERNAME", "ACME_PASSWORD"),
        "Bearer": ("ACME_ACCESS_TOKEN",),
    }
