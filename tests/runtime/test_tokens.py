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
environment = load("_runtime.environment")
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
    return Credentials("i d", "s:t", token_url=f"{server.url}/token", **arguments)


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
    found = environment.names(package, [*schemes, basic, bearer, digest])
    assert found == {
        **expected,
        "Basic": ("ACME_USERNAME", "ACME_PASSWORD"),
        "Bearer": ("ACME_ACCESS_TOKEN",),
    }


def test_the_schemes_own_endpoint(serve: Serve, connect: Connect) -> None:
    server = serve(Issuer())
    caller = connect(server, access_token=Credentials("id", "secret"))
    assert [caller.call(GET).data for _ in range(2)] == [1, 1]
    assert sent(server) == ["Bearer t1"] * 2
    assert server.requests[0].target == "/token"
    assert parse_qs(server.requests[0].body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["read write"],
    }


@pytest.mark.parametrize(
    ("base", "token_url", "expected"),
    [
        ("", None, "/token"),
        ("/v1", None, "/token"),
        ("/v1", "token", "/token"),
        ("/v1/", "token", "/v1/token"),
        ("/v1/", "/o/token", "/o/token"),
    ],
)
def test_relative_endpoints(
    serve: Serve, connect: Connect, base: str, token_url: str | None, expected: str
) -> None:
    server = serve(answering(response(b'{"access_token":"t1"}')))
    token = Credentials("id", "secret", token_url=token_url)
    connect(host=f"{server.url}{base}", access_token=token).raw(GET)
    assert server.requests[0].target == expected


@pytest.mark.parametrize(
    ("scopes", "expected"), [("a b", "a b"), (["a"], "a"), ((), None), ("", None)]
)
def test_scopes_of_ones_own(
    serve: Serve, connect: Connect, scopes: Any, expected: str | None
) -> None:
    server = serve(Issuer())
    token = Credentials("id", "secret", scopes=scopes)
    connect(server, access_token=token).call(GET)
    asked = parse_qs(server.requests[0].body.decode())
    assert asked.get("scope") == (None if expected is None else [expected])


def test_clients_share_the_tokens_of_credentials(
    serve: Serve, connect: Connect
) -> None:
    issuer = Issuer()
    server = serve(issuer)
    token = Credentials("id", "secret")
    for _ in range(3):
        assert connect(server, access_token=token).call(GET).data == 1
    assert issuer.issued == 1


ELSEWHERE = Operation(
    id="get", method="GET", path="/x", responses={"200": "int"}, security=(("OpenId",),)
)
EITHER = Operation(
    id="get",
    method="GET",
    path="/x",
    responses={"200": "int"},
    security=(("OpenId",), ("OAuth",)),
)


def test_schemes_without_an_endpoint_are_passed_over(
    serve: Serve, connect: Connect
) -> None:
    server = serve(Issuer())
    caller = connect(server, access_token=Credentials("id", "secret"))
    assert caller.call(EITHER).data == 1
    assert sent(server) == ["Bearer t1"]


def test_an_endpoint_that_nobody_names(serve: Serve, connect: Connect) -> None:
    server = serve(Issuer())
    caller = connect(server, access_token={"OpenId": Credentials("id", "secret")})
    with pytest.raises(exceptions.ApiValueError, match=r"OpenId; .*token_url='https"):
        caller.call(ELSEWHERE)
    assert server.requests == []


def test_credentials_by_scheme(serve: Serve, connect: Connect) -> None:
    server = serve(Issuer())
    tokens = {
        "OAuth": Credentials("id", "secret"),
        "OpenId": Credentials("other", "secret", token_url=f"{server.url}/token"),
    }
    caller = connect(server, access_token=tokens)
    caller.call(GET)
    caller.call(ELSEWHERE)
    assert sent(server) == ["Bearer t1", "Bearer t2"]
    asked = [each for each in server.requests if each.target == "/token"]
    assert [each.headers["authorization"] for each in asked] == [
        "Basic aWQ6c2VjcmV0",
        "Basic b3RoZXI6c2VjcmV0",
    ]


def test_client_credentials_of_the_environment(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLECLIENT_CLIENT_ID", "id")
    server = serve(Issuer())
    connect(server).raw(GET)
    assert sent(server) == [None]
    monkeypatch.setenv("SAMPLECLIENT_CLIENT_SECRET", "secret")
    caller = connect(server)
    for _ in range(2):
        caller.call(GET)
    assert sent(server) == [None, "Bearer t1", "Bearer t1"]
    monkeypatch.setenv("SAMPLECLIENT_ACCESS_TOKEN", "given")
    connect(server).raw(GET)
    assert sent(server)[-1] == "Bearer given"


@pytest.mark.parametrize(
    ("variables", "scheme", "header", "expected"),
    [
        ({"API_KEY_HEADERKEY": "k"}, "HeaderKey", "x-api-key", "k"),
        (
            {"USERNAME": "u", "PASSWORD": "p"},
            "Basic",
            "authorization",
            "Basic dTpw",
        ),
        ({"USERNAME": "u"}, "Basic", "authorization", None),
        ({"ACCESS_TOKEN": "t"}, "Bearer", "authorization", "Bearer t"),
        ({"ACCESS_TOKEN": ""}, "Bearer", "authorization", None),
    ],
)
def test_every_kind_of_the_environment(
    serve: Serve,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    scheme: str,
    header: str,
    expected: str | None,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"SAMPLECLIENT_{name}", value)
    server = serve(answering(response(b"1")))
    described = Operation(
        id="get", method="GET", path="/x", responses={}, security=((scheme,),)
    )
    connect(server).call(described)
    assert server.requests[0].headers.get(header) == expected
