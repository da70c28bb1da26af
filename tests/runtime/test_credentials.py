"""What is sent of the caller's credentials, on the wire and in both flavours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import NAME, load
from tests.runtime.server import Received, answering, response

configuration = load("configuration")
exceptions = load("exceptions")
Operation = load("_runtime.operation").Operation
Parameter = load("_runtime.operation").Parameter

BUSY = response(status="503 Busy", headers=[("retry-after-ms", "0")])
GOOD = response(b"1")


def get(*security: tuple[str, ...], **more: Any) -> Any:
    return Operation(
        id="get",
        method="GET",
        path="/x",
        responses={"200": "int"},
        security=security,
        **more,
    )


def sent(received: Received) -> dict[str, str]:
    """Where the credentials of a request were."""
    found: dict[str, str] = {
        name: received.headers[name]
        for name in ("authorization", "cookie", "x-api-key", "x-other")
        if name in received.headers
    }
    query = received.target.partition("?")[2]
    return {**found, "query": query} if query else found


KEYS = {"HeaderKey": "h-key", "QueryKey": "q&key", "CookieKey": "c key"}
ALL = {
    "HeaderKey": {"x-api-key": "h-key"},
    "QueryKey": {"query": "key=q%26key"},
    "CookieKey": {"cookie": "session=c%20key"},
    "Basic": {"authorization": "Basic dXNlcjpwYXNzd29yZA=="},
    "Bearer": {"authorization": "Bearer a-token"},
    "OAuth": {"authorization": "Bearer a-token"},
    "OpenId": {"authorization": "Bearer a-token"},
}
GIVEN: dict[str, Any] = {
    "api_key": KEYS,
    "username": "user",
    "password": "password",
    "access_token": "a-token",
}


def function_of(text: str) -> Callable[[], str]:
    return lambda: text


def coroutine_of(text: str) -> Callable[[], Any]:
    async def given() -> str:
        await asyncio.sleep(0)
        return text

    return given


@pytest.mark.parametrize("scheme", ALL)
def test_plain_credentials(serve: Serve, connect: Connect, scheme: str) -> None:
    server = serve(answering(GOOD))
    connect(server, **GIVEN).call(get((scheme,)))
    assert sent(server.requests[0]) == ALL[scheme]


@pytest.mark.parametrize("of", [function_of, coroutine_of])
@pytest.mark.parametrize("scheme", [name for name in ALL if name != "Basic"])
def test_functions_that_give_credentials(
    serve: Serve,
    connect: Connect,
    of: Callable[[str], Any],
    scheme: str,
) -> None:
    server = serve(answering(GOOD))
    keys = {name: of(key) for name, key in KEYS.items()}
    caller = connect(server, api_key=keys, access_token=of("a-token"))
    if caller.flavour == "sync" and of is coroutine_of:
        with pytest.raises(exceptions.ApiTypeError, match="gave no text but coroutine"):
            caller.call(get((scheme,)))
        assert server.requests == []
        return
    caller.call(get((scheme,)))
    assert sent(server.requests[0]) == ALL[scheme]


def counting() -> Callable[[], str]:
    numbers = iter(range(1, 10))
    return lambda: f"secret-{next(numbers)}"


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("HeaderKey", {"x-api-key": "Token secret-{}"}),
        ("QueryKey", {"query": "key=secret-{}"}),
        ("CookieKey", {"cookie": "session=secret-{}"}),
        ("Bearer", {"authorization": "Bearer secret-{}"}),
    ],
)
def test_functions_are_asked_before_each_attempt(
    serve: Serve, connect: Connect, scheme: str, expected: dict[str, str]
) -> None:
    answers = iter([BUSY, BUSY, GOOD])
    server = serve(lambda _: [next(answers)])
    caller = connect(
        server,
        retries=2,
        api_key={scheme: counting()},
        api_key_prefix={"HeaderKey": "Token"},
        access_token=counting(),
    )
    assert caller.call(get((scheme,))).data == 1
    assert [sent(each) for each in server.requests] == [
        {name: text.format(number) for name, text in expected.items()}
        for number in (1, 2, 3)
    ]


def test_several_functions_together(serve: Serve, connect: Connect) -> None:
    server = serve(answering(GOOD))
    caller = connect(
        server,
        api_key={name: function_of(key) for name, key in KEYS.items()},
        access_token=function_of("a-token"),
    )
    caller.client.cookie = "a=b"
    described = get(
        ("HeaderKey", "QueryKey", "CookieKey", "Bearer"),
        arguments=(Parameter("q", "q", "query", "str"),),
    )
    caller.call(described, "1")
    assert sent(server.requests[0]) == {
        "authorization": "Bearer a-token",
        "cookie": "a=b; session=c%20key",
        "x-api-key": "h-key",
        "query": "q=1&key=q%26key",
    }


@pytest.mark.parametrize("answer", [None, 5, b"bytes"])
def test_functions_that_give_no_text(
    serve: Serve, connect: Connect, answer: Any
) -> None:
    server = serve(answering(GOOD))
    caller = connect(server, api_key={"HeaderKey": lambda: answer})
    message = rf"api_key\['HeaderKey'\] gave no text but {type(answer).__name__}: "
    with pytest.raises(exceptions.ApiTypeError, match=message):
        caller.call(get(("HeaderKey",)))
    assert server.requests == []


def test_what_a_function_raises_is_raised(serve: Serve, connect: Connect) -> None:
    def broken() -> str:
        raise LookupError("no vault")

    server = serve(answering(GOOD))
    with pytest.raises(LookupError, match="no vault"):
        connect(server, access_token=broken).call(get(("Bearer",)))
    assert server.requests == []


@pytest.mark.parametrize(
    ("alternatives", "given", "expected"),
    [
        ((("HeaderKey",), ("Bearer",)), ("api_key", "access_token"), ("HeaderKey",)),
        ((("HeaderKey",), ("Bearer",)), ("access_token",), ("Bearer",)),
        ((("HeaderKey", "Bearer"), ("Bearer",)), ("access_token",), ("Bearer",)),
        ((("HeaderKey", "Bearer"), ("Bearer",)), tuple(GIVEN), ("HeaderKey", "Bearer")),
        (((), ("HeaderKey",)), (), ()),
        (((), ("HeaderKey",)), ("api_key",), ("HeaderKey",)),
        ((("HeaderKey",), ()), ("access_token",), ()),
        ((("HeaderKey",),), (), ()),
        ((), tuple(GIVEN), ()),
    ],
)
def test_alternatives(
    serve: Serve,
    connect: Connect,
    alternatives: tuple[tuple[str, ...], ...],
    given: tuple[str, ...],
    expected: tuple[str, ...],
) -> None:
    server = serve(answering(GOOD))
    caller = connect(server, **{name: GIVEN[name] for name in given})
    caller.call(get(*alternatives))
    whole: dict[str, str] = {}
    for name in expected:
        whole |= ALL[name]
    assert sent(server.requests[0]) == whole


def test_tokens_by_scheme(serve: Serve, connect: Connect) -> None:
    server = serve(answering(GOOD))
    tokens = {"Bearer": "b", "OAuth": function_of("o")}
    caller = connect(server, access_token=tokens)
    for scheme in ("Bearer", "OAuth", "OpenId"):
        caller.call(get((scheme,)))
    assert [sent(each) for each in server.requests] == [
        {"authorization": "Bearer b"},
        {"authorization": "Bearer o"},
        {},
    ]


def test_the_hook_may_refresh_keys(serve: Serve, connect: Connect) -> None:
    server = serve(answering(GOOD))
    caller = connect(server, api_key={"HeaderKey": "stale"})
    numbers = iter(range(1, 10))

    def refresh(given: Any) -> None:
        given.api_key["HeaderKey"] = f"fresh-{next(numbers)}"

    caller.client.configuration.refresh_api_key_hook = refresh
    for _ in range(2):
        caller.call(get(("HeaderKey",)))
    assert [sent(each) for each in server.requests] == [
        {"x-api-key": "fresh-1"},
        {"x-api-key": "fresh-2"},
    ]


def test_the_hook_cannot_be_asynchronous(serve: Serve, connect: Connect) -> None:
    async def refresh(given: Any) -> None:
        given.api_key["HeaderKey"] = "fresh"

    server = serve(answering(GOOD))
    caller = connect(server, api_key={"HeaderKey": "stale"})
    caller.client.configuration.refresh_api_key_hook = refresh
    with pytest.raises(exceptions.ApiTypeError, match="refresh_api_key_hook cannot"):
        caller.call(get(("HeaderKey",)))
    assert server.requests == []


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"in": "header", "key": "X-Other"}, {"x-other": "o"}),
        ({"in": "query", "key": "k"}, {"query": "k=o"}),
        ({"in": "cookie", "key": "k"}, {"cookie": "k=o"}),
    ],
)
@pytest.mark.parametrize("value", ["o", function_of("o")])
def test_credentials_of_one_call(
    serve: Serve, connect: Connect, place: Any, expected: Any, value: Any
) -> None:
    server = serve(answering(GOOD))
    caller = connect(server, **GIVEN)
    caller.call(get(("HeaderKey",)), request_auth={**place, "value": value})
    assert sent(server.requests[0]) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("sk-secret", "_request_auth takes a dict such as .*, not str"),
        ({"in": "header", "key": "X"}, "'value' is missing"),
        ({"key": "X", "value": "sk-secret"}, "'in' is missing"),
        (
            {"in": "body", "key": "X", "value": "sk-secret"},
            "'header', 'query' or 'cookie', not 'body'",
        ),
        ({"in": "header", "key": 5, "value": "sk-secret"}, "'key' .* a str, not int"),
        (
            {"in": "header", "key": "X", "value": ["sk-secret"]},
            "'value' .* not list",
        ),
    ],
)
def test_credentials_of_one_call_that_are_none(
    serve: Serve, connect: Connect, given: Any, message: str
) -> None:
    server = serve(answering(GOOD))
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        connect(server).call(get(("HeaderKey",)), request_auth=given)
    assert isinstance(caught.value, exceptions.OpenApiException)
    assert "sk-secret" not in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize(
    ("scheme", "header"),
    [("HeaderKey", "x-api-key"), ("Bearer", "authorization"), ("CookieKey", "cookie")],
)
@pytest.mark.parametrize("of", [str, function_of])
def test_headers_of_one_call_hold(
    serve: Serve, connect: Connect, scheme: str, header: str, of: Any
) -> None:
    server = serve(answering(GOOD))
    keys = {name: of(key) for name, key in KEYS.items()}
    caller = connect(server, api_key=keys, access_token=of("a-token"))
    caller.client.set_default_header(header.title(), "the client's")
    caller.call(get((scheme,)), headers={header.title(): "mine"})
    caller.call(get((scheme,)), headers={header.title(): None})
    assert [sent(each) for each in server.requests] == [{header: "mine"}, {}]


@pytest.mark.parametrize("of", [str, function_of])
def test_credentials_stay_with_their_origin(
    serve: Serve, connect: Connect, of: Any
) -> None:
    other = serve(answering(GOOD))
    moved = response(status="307 There", headers=[("Location", f"{other.url}/y")])
    server = serve(lambda _: [moved])
    caller = connect(
        server,
        api_key={name: of(key) for name, key in KEYS.items()},
        access_token=of("a-token"),
    )
    everything = get(("HeaderKey", "QueryKey", "CookieKey", "Bearer"))
    assert caller.call(everything).data == 1
    assert set(sent(server.requests[0])) == {
        "authorization",
        "cookie",
        "query",
        "x-api-key",
    }
    assert other.requests[0].target == "/y"
    assert sent(other.requests[0]) == {}


@pytest.mark.parametrize("of", [str, function_of])
def test_credentials_follow_within_their_origin(
    serve: Serve, connect: Connect, of: Any
) -> None:
    def answer(received: Received) -> Iterator[bytes]:
        moved = response(status="307 There", headers=[("Location", "/y?z=1")])
        yield moved if received.target.startswith("/x") else GOOD

    server = serve(answer)
    caller = connect(server, api_key={name: of(key) for name, key in KEYS.items()})
    caller.call(get(("HeaderKey", "QueryKey", "CookieKey")))
    assert sent(server.requests[1]) == {
        "cookie": "session=c%20key",
        "query": "z=1",
        "x-api-key": "h-key",
    }


@pytest.mark.parametrize("scheme", [*ALL])
def test_functions_secrets_are_in_no_message(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture, scheme: str
) -> None:
    def answer(received: Received) -> list[bytes]:
        body = f"bad: {received.target} {received.headers}, of password sk/secret!"
        return [response(body.encode(), status="400 No")]

    def secret() -> str:
        return "sk/secret!"

    caller = connect(
        serve(answer),
        api_key=dict.fromkeys(KEYS, secret),
        access_token=secret,
        username="user",
        password="sk/secret!",
    )
    with (
        caplog.at_level(logging.DEBUG, NAME),
        pytest.raises(exceptions.BadRequestException) as caught,
    ):
        caller.call(get((scheme,)))
    assert "***" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"api_key": "sk-secret"},
            "api_key takes a dict from the name of a security scheme"
            r" \(HeaderKey, QueryKey, CookieKey\) to a str or a function that gives one,"
            " not str",
        ),
        (
            {"api_key": {"HeaderKey": 5}},
            r"api_key\['HeaderKey'\] takes a str .*not int",
        ),
        ({"api_key_prefix": "Token"}, "api_key_prefix takes a dict .*, not str"),
        ({"api_key_prefix": {"a": 5}}, r"api_key_prefix\['a'\] takes a str, not int"),
        (
            {"access_token": 5},
            "access_token takes a str or a function that gives one, or ClientCredentials,"
            r" or a dict .* \(Bearer, OAuth, Elsewhere, OpenId\) to one, not int",
        ),
        ({"access_token": {"OAuth": b"x"}}, r"access_token\['OAuth'\] .*, not bytes"),
        ({"username": b"u"}, "username takes a str, not bytes"),
        ({"password": 5}, "password takes a str, not int"),
        ({"retries": "3"}, "retries takes a number of retries, .*, not str"),
        ({"timeout": "3"}, "timeout '3'"),
        ({"hooks": [print]}, "hooks takes a list of Hooks, not builtin"),
        ({"hooks": configuration.Hooks()}, "hooks takes a list of Hooks, not Hooks"),
        ({"response_validation": "of"}, "'lenient', 'strict' or 'off', not 'of'"),
    ],
)
def test_settings_of_the_wrong_type(settings: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        configuration.Configuration(**settings)
    assert isinstance(caught.value, exceptions.OpenApiException)
    assert "sk-secret" not in str(caught.value)
    made = configuration.Configuration()
    for name, value in settings.items():
        with pytest.raises((TypeError, ValueError), match=message):
            setattr(made, name, value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"headers": "X: y"}, "_headers takes a dict from names to values, not str"),
        ({"content_type": 5}, "_content_type takes a str, not int"),
        ({"host_index": "1"}, "_host_index takes the number of a server.*, not str"),
        ({"request_timeout": "5"}, "the timeout '5' is neither"),
    ],
)
def test_options_of_the_wrong_type(
    serve: Serve, connect: Connect, options: dict[str, Any], message: str
) -> None:
    server = serve(answering(GOOD))
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        connect(server).call(get(), **options)
    assert isinstance(caught.value, exceptions.OpenApiException)
    assert server.requests == []


def test_arguments_of_the_wrong_type(serve: Serve, connect: Connect) -> None:
    server = serve(answering(GOOD))
    described = get(arguments=(Parameter("limit", "limit", "query", "int"),))
    with pytest.raises(ValueError, match=r"for get\nlimit\n.*integer.*'many'.*str"):
        connect(server).call(described, "many")
    assert server.requests == []


def test_a_client_header_of_the_wrong_type(serve: Serve, connect: Connect) -> None:
    server = serve(answering(GOOD))
    caller = connect(server)
    caller.client.default_headers["X-Other"] = 5
    with pytest.raises(exceptions.ApiTypeError, match="X-Other takes a str, not int"):
        caller.call(get())
    assert server.requests == []
