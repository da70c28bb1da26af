"""What is sent, without sending it."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from tests.runtime.package import load

request = load("_runtime.request")
operation = load("_runtime.operation")
operations = load("operations")
exceptions = load("exceptions")
Body, Operation, Parameter = operation.Body, operation.Operation, operation.Parameter
Server, Variable = (
    load("_runtime.server").Server,
    load("_runtime.server").ServerVariable,
)

PROMPT = {"messages": [{"role": "user", "content": "hi"}]}


def built(
    described: Any,
    *arguments: Any,
    configuration: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    cookie: str | None = None,
    streaming: bool = False,
    request_headers: dict[str, Any] | None = None,
    **options: Any,
) -> Any:
    settings = request.Settings(
        configuration=load("configuration").Configuration(**configuration or {}),
        types=load("_types").TYPES,
        headers=headers or {},
        cookie=cookie,
    )
    return request.build(
        described,
        arguments,
        request.CallOptions(headers=request_headers, **options),
        settings,
        streaming=streaming,
    )


def get(path: str, *arguments: Any, accept: str | None = None, **described: Any) -> Any:
    return Operation(
        id="get",
        method="GET",
        path=path,
        arguments=arguments,
        accept=accept,
        **described,
    )


def test_a_whole_request() -> None:
    sent = built(
        operations.CHAT, "a/b", PROMPT, "t-1", None, headers={"User-Agent": "u"}
    )
    assert (sent.method, sent.url) == (
        "POST",
        "https://api.example.com/rooms/a%2Fb/chat",
    )
    assert sent.body == b'{"messages":[{"role":"user","content":"hi"}]}'
    assert sent.headers == {
        "User-Agent": "u",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "X-Trace": "t-1",
    }


def test_every_place_of_a_parameter() -> None:
    described = get(
        "/{a}/x{b}",
        Parameter("a", "a", "path", "list[int]"),
        Parameter("b", "b", "path", "str", style="label"),
        Parameter("q", "q", "query", "list[str]", required=False),
        Parameter("r", "r", "query", "bool", required=False),
        Parameter("h", "X-H", "header", "int", required=False),
        Parameter("c", "c", "cookie", "str", required=False),
        Parameter("j", "j", "query", "dict[str, int]", media_type="application/json"),
    )
    sent = built(described, [1, 2], "y", ["s", "t"], False, 3, "a;b c", {"k": 1})
    assert (
        sent.url.partition(".com")[2] == "/1,2/x.y?q=s&q=t&r=false&j=%7B%22k%22%3A1%7D"
    )
    assert sent.headers == {"X-H": "3", "Cookie": "c=a%3Bb%20c"}
    assert sent.body is None


def test_what_is_none_is_left_out() -> None:
    described = get(
        "/x",
        Parameter("q", "q", "query", "str", required=False),
        Parameter("h", "h", "header", "str", required=False),
        Parameter("c", "c", "cookie", "str", required=False),
        Body("body", "dict[str, int]", required=False),
        content_types=("application/json",),
    )
    sent = built(described, None, None, None, None)
    assert (sent.url, sent.headers, sent.body) == (
        "https://api.example.com/x",
        {},
        None,
    )


@pytest.mark.parametrize(
    ("value", "settings", "expected"),
    [
        (datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), {}, "2024-05-06T07%3A08%3A09Z"),
        (date(2024, 5, 6), {}, "2024-05-06"),
        (
            datetime(2024, 5, 6, tzinfo=UTC),
            {"datetime_format": "%d.%m.%Y"},
            "06.05.2024",
        ),
        (date(2024, 5, 6), {"date_format": "%d.%m."}, "06.05."),
        (
            datetime(2024, 5, 6, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
            {},
            "2024-05-06T00%3A00%3A00-05%3A30",
        ),
        (
            [datetime(2024, 5, 6, 7, 8, 9, 500000, UTC), date(2024, 5, 6)],
            {},
            "2024-05-06T07%3A08%3A09.500000Z&d=2024-05-06",
        ),
    ],
)
def test_dates(value: Any, settings: dict[str, str], expected: str) -> None:
    """As RFC 3339 has them, unless the caller says otherwise."""
    type_ = "date | datetime | list[datetime | date]"
    described = get("/x", Parameter("d", "d", "query", type_))
    assert built(described, value, configuration=settings).url.endswith(
        f"?d={expected}"
    )


@pytest.mark.parametrize("many", [False, True])
def test_times_without_an_offset_are_local(
    monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    monkeypatch.setenv("TZ", "UTC+3")
    time.tzset()
    try:
        described = get("/x", Parameter("d", "d", "query", "datetime | list[datetime]"))
        when = datetime(2024, 5, 6, 7, 8, 9)
        sent = built(described, [when] if many else when)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert sent.url.endswith("?d=2024-05-06T07%3A08%3A09-03%3A00")


@pytest.mark.parametrize("accept", [None, "image/png, application/json"])
def test_accept(accept: str | None) -> None:
    assert built(get("/x", accept=accept)).headers.get("Accept") == accept


def test_headers_of_the_call_hold_over_all_others() -> None:
    sent = built(
        operations.CHAT,
        "r",
        PROMPT,
        "parameter",
        "Token mine",
        configuration={"access_token": "t"},
        headers={"x-trace": "default", "authorization": "default", "X-Gone": "1"},
        request_headers={"accept": "text/html", "X-Gone": None, "X-Number": 7},
    )
    assert sent.headers == {
        "X-Trace": "parameter",
        "Authorization": "Token mine",
        "accept": "text/html",
        "Content-Type": "application/json",
        "X-Number": "7",
    }


@pytest.mark.parametrize(
    "name", ["Content-Length", "content-length", "Transfer-Encoding"]
)
def test_how_the_body_is_framed_is_not_for_the_call_to_say(name: str) -> None:
    described = get("/x", Parameter("length", name, "header", "int"))
    sent = built(described, 5, headers={name: "6"}, request_headers={name: "7"})
    assert sent.headers == {}


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b", "a\x7fb"])
def test_headers_hold_no_control_characters(value: str) -> None:
    with pytest.raises(exceptions.ApiValueError, match="X-Trace cannot hold control"):
        built(operations.CHAT, "r", PROMPT, value, None)
    with pytest.raises(exceptions.ApiValueError, match="X-Mine cannot hold control"):
        built(
            operations.CHAT, "r", PROMPT, None, None, request_headers={"X-Mine": value}
        )


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\nb", "\u00e9"])
def test_names_of_headers_are_tokens(name: str) -> None:
    with pytest.raises(
        exceptions.ApiValueError, match="cannot be the name of a header"
    ):
        built(operations.CHAT, "r", PROMPT, None, None, request_headers={name: "x"})


@pytest.mark.parametrize("value", ["a\r\nb", 'a"b', "a;b=c", "a,b", "\u00e9\0"])
def test_cookies_cannot_be_left(value: str) -> None:
    described = get("/x", Parameter("c", "c", "cookie", "str"))
    cookie = built(described, value).headers["Cookie"]
    assert re.fullmatch(r"c=[!#-+\--:<-\[\]-~]*", cookie)


@pytest.mark.parametrize("room", [".", ".."])
def test_path_parameters_cannot_climb(room: str) -> None:
    with pytest.raises(exceptions.ApiValueError, match=r"chat: `.` and `..` cannot be"):
        built(operations.CHAT, room, PROMPT, None, None)


def test_path_parameters_cannot_be_empty() -> None:
    with pytest.raises(exceptions.ApiValueError, match="room is part of the path"):
        built(operations.CHAT, "", PROMPT, None, None)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValidationError) as caught:
        built(operations.CHAT, "r", {"messages": [{"role": 5}]}, None, None)
    assert str(caught.value).splitlines()[:3] == [
        "1 validation error for chat",
        "prompt.messages.0.role",
        "  Input should be a valid string [type=string_type, input_value=5, input_type=int]",
    ]
    assert caught.value.errors()[0]["loc"] == ("prompt", "messages", 0, "role")


def test_wrong_secrets_are_not_shown() -> None:
    with pytest.raises(ValidationError) as caught:
        built(operations.CHAT, "r", PROMPT, None, ["sk-secret"])
    assert "authorization" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


KEY = {"api_key": {"HeaderKey": "k"}}
TOKEN = {"access_token": "t"}
BASIC = {"username": "u", "password": "p\u00e9"}


@pytest.mark.parametrize(
    ("security", "configuration", "expected"),
    [
        pytest.param((("HeaderKey",),), KEY, {"x-api-key": "k"}, id="header"),
        pytest.param((("Bearer",),), TOKEN, {"Authorization": "Bearer t"}, id="bearer"),
        pytest.param((("OAuth",),), TOKEN, {"Authorization": "Bearer t"}, id="oauth"),
        pytest.param(
            (("Basic",),), BASIC, {"Authorization": "Basic dTpww6k="}, id="basic"
        ),
        pytest.param(
            (("CookieKey",),),
            {"api_key": {"CookieKey": "a b"}},
            {"Cookie": "session=a%20b"},
            id="cookie",
        ),
        pytest.param(
            (("HeaderKey",),),
            {**KEY, "api_key_prefix": {"HeaderKey": "Token"}},
            {"x-api-key": "Token k"},
            id="prefix",
        ),
        pytest.param((("HeaderKey",),), {}, {}, id="nothing-configured"),
        pytest.param((("HeaderKey",),), TOKEN, {}, id="another-configured"),
        pytest.param(
            (("HeaderKey",), ("Bearer",)),
            {**KEY, **TOKEN},
            {"x-api-key": "k"},
            id="first",
        ),
        pytest.param(
            (("HeaderKey",), ("Bearer",)),
            TOKEN,
            {"Authorization": "Bearer t"},
            id="second",
        ),
        pytest.param(
            (("HeaderKey", "Bearer"), ("Bearer",)),
            {**KEY, **TOKEN},
            {"x-api-key": "k", "Authorization": "Bearer t"},
            id="both",
        ),
        pytest.param(
            (("HeaderKey", "Bearer"), ("Bearer",)),
            TOKEN,
            {"Authorization": "Bearer t"},
            id="incomplete",
        ),
        pytest.param(
            ((), ("HeaderKey",)), KEY, {"x-api-key": "k"}, id="optional-given"
        ),
        pytest.param(((), ("HeaderKey",)), {}, {}, id="optional-not-given"),
        pytest.param((), KEY, {}, id="none-needed"),
    ],
)
def test_security(
    security: tuple[tuple[str, ...], ...],
    configuration: dict[str, Any],
    expected: dict[str, str],
) -> None:
    described = get("/x", security=security)
    assert built(described, configuration=configuration).headers == expected


def test_keys_in_the_query() -> None:
    described = get(
        "/x", Parameter("q", "q", "query", "str"), security=(("QueryKey",),)
    )
    sent = built(described, "1", configuration={"api_key": {"QueryKey": "a&b"}})
    assert sent.url.endswith("/x?q=1&key=a%26b")


def test_credentials_of_one_call() -> None:
    auth = {"type": "api_key", "in": "header", "key": "X-Other", "value": "o"}
    sent = built(
        get("/x", security=(("HeaderKey",),)), configuration=KEY, request_auth=auth
    )
    assert sent.headers == {"X-Other": "o"}
    with pytest.raises(exceptions.ApiValueError, match="not 'body'"):
        built(get("/x"), request_auth={**auth, "in": "body"})


def test_the_clients_cookie_comes_first() -> None:
    described = get(
        "/x", Parameter("c", "c", "cookie", "str"), security=(("CookieKey",),)
    )
    sent = built(
        described, "1", cookie="a=b", configuration={"api_key": {"CookieKey": "s"}}
    )
    assert sent.headers == {"Cookie": "a=b; c=1; session=s"}


OWN = (
    Server("https://own.example.com/"),
    Server("https://{zone}.example.com", "", (Variable("zone", "a", ("a", "b")),)),
)


@pytest.mark.parametrize(
    ("servers", "configuration", "index", "expected"),
    [
        ((), {}, 0, "https://api.example.com"),
        ((), {"host": "http://h/base/"}, 0, "http://h/base"),
        ((), {"server_index": 1}, 0, "https://eu.example.com/v1"),
        ((), {}, 1, "https://eu.example.com/v1"),
        (
            (),
            {"server_index": 1, "server_variables": {"region": "us", "base": "v2"}},
            0,
            "https://us.example.com/v2",
        ),
        (OWN, {}, 0, "https://own.example.com"),
        (OWN, {}, 1, "https://a.example.com"),
        (OWN, {"host": "http://h"}, 0, "https://own.example.com"),
        (
            OWN,
            {"host": "http://h", "ignore_operation_servers": True},
            0,
            "http://h",
        ),
        (OWN, {"server_operation_index": {"get": 1}}, 0, "https://a.example.com"),
        (
            OWN,
            {"server_operation_variables": {"get": {"zone": "b"}}},
            1,
            "https://b.example.com",
        ),
        (OWN, {"ignore_operation_servers": True}, 0, "https://api.example.com"),
    ],
)
def test_servers(
    servers: tuple[Any, ...], configuration: dict[str, Any], index: int, expected: str
) -> None:
    described = get("/x", servers=servers)
    sent = built(described, configuration=configuration, host_index=index)
    assert sent.url == f"{expected}/x"


@pytest.mark.parametrize(
    ("configuration", "index", "message"),
    [
        ({}, 2, "Invalid index 2"),
        ({}, -1, "Invalid index -1"),
        (
            {"server_operation_variables": {"get": {"zone": "c"}}},
            1,
            "`zone` .* invalid value c",
        ),
    ],
)
def test_servers_that_there_are_not(
    configuration: dict[str, Any], index: int, message: str
) -> None:
    with pytest.raises(exceptions.ApiValueError, match=message):
        built(get("/x", servers=OWN), configuration=configuration, host_index=index)


@pytest.mark.parametrize(
    "host",
    [
        *("", "/v1", "//h", "ftp://h", "api.example.com", " https://h", "https:///h"),
        *(
            "https://a b",
            "https://a\nb",
            "https://a\x00",
            "https://good\\@evil.example",
        ),
    ],
)
def test_hosts_are_absolute(host: str) -> None:
    with pytest.raises(exceptions.ApiValueError, match=r"Configuration\(host="):
        built(get("/x"), configuration={"host": host})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((None, None), (5.0, 600.0, None)),
        ((3, None), (3, 3, 3)),
        (((1, 2.5), None), (1, 2.5, None)),
        (((None, 2), 9), (None, 2, None)),
        ((None, 9), (9, 9, 9)),
    ],
)
def test_timeouts(given: tuple[Any, Any], expected: tuple[float | None, ...]) -> None:
    found = request.timeout(*given)
    assert (found.connect, found.read, found.total) == expected


@pytest.mark.parametrize("given", [0, -1, (1,), (1, 0), "5", True])
def test_timeouts_that_are_none(given: Any) -> None:
    with pytest.raises(exceptions.ApiValueError, match="timeout"):
        request.timeout(given)


def test_the_timeouts_of_streams_are_between_events() -> None:
    assert request.timeout(3, streaming=True) == (3, 3, None)
    assert request.timeout((1, 2), streaming=True) == (1, 2, None)
    assert request.timeout((1, 2, 3), streaming=True) == (1, 2, 3)


def test_requests_are_shown_without_secrets() -> None:
    described = get("/x", security=(("QueryKey",),))
    settings = {"api_key": {"QueryKey": "sk-secret"}}
    shown = repr(built(described, configuration=settings))
    assert shown == "<Request get: GET https://api.example.com/x>"


def test_a_stream_turns_itself_on() -> None:
    sent = built(
        operations.CHAT, "r", {**PROMPT, "stream": False}, None, None, streaming=True
    )
    assert sent.body == b'{"messages":[{"role":"user","content":"hi"}],"stream":true}'
    assert sent.headers["Accept"] == "text/event-stream"


def test_the_callers_body_stays_as_it_was() -> None:
    prompt = load("models").Prompt.from_dict(PROMPT)
    built(operations.CHAT, "r", prompt, None, None, streaming=True)
    assert prompt.to_dict() == PROMPT


@pytest.mark.parametrize("as_model", [False, True])
def test_a_call_does_not_stream(as_model: bool) -> None:
    prompt: Any = {**PROMPT, "stream": True}
    if as_model:
        prompt = load("models").Prompt.from_dict(prompt)
    with pytest.raises(exceptions.ApiValueError, match="call chat_stream"):
        built(operations.CHAT, "r", prompt, None, None)


def test_a_call_does_not_stream_by_a_member_that_is_not_described() -> None:
    described = Operation(
        id="ask",
        method="POST",
        path="/x",
        arguments=(Body("message", "Message"),),
        content_types=("application/json",),
        stream=operation.EventStream("Chunk", selector="go"),
    )
    message = load("models").Message(role="user", additional_properties={"go": True})
    with pytest.raises(exceptions.ApiValueError, match="call ask_stream"):
        built(described, message)
    assert (
        built(described, load("models").Message(role="user")).body == b'{"role":"user"}'
    )


def test_nothing_is_validated_where_the_caller_says_so() -> None:
    settings = request.Settings(
        configuration=load("configuration").Configuration(),
        types=load("_types").TYPES,
        headers={},
        validate=False,
    )
    sent = request.build(
        operations.CHAT, ("r", {"any": 1}, None, None), request.CallOptions(), settings
    )
    assert sent.body == b'{"any":1}'


def test_styles_of_every_location() -> None:
    """OpenAPI 3.1.1, section 4.8.12; the defaults are those of the locations."""
    values, items = ["x y", "z"], {"k": 1, "l": 2}
    described = get(
        "/{a}/{b}/{c}{d}/{e}{f}",
        Parameter("a", "a", "path", "list[str]"),
        Parameter("b", "b", "path", "dict[str, int]", explode=True),
        Parameter("c", "c", "path", "list[str]", style="label"),
        Parameter("d", "d", "path", "dict[str, int]", style="label", explode=True),
        Parameter("e", "e", "path", "list[str]", style="matrix"),
        Parameter("f", "f", "path", "dict[str, int]", style="matrix", explode=True),
        Parameter("g", "g", "query", "list[str]"),
        Parameter("h", "h", "query", "dict[str, int]", explode=False),
        Parameter("i", "i", "query", "list[str]", style="spaceDelimited"),
        Parameter("j", "j", "query", "list[str]", style="pipeDelimited"),
        Parameter("m", "m", "query", "dict[str, int]", style="deepObject"),
        Parameter("n", "N", "header", "dict[str, int]", explode=True),
        Parameter("o", "o", "cookie", "list[str]"),
        Parameter("p", "p", "cookie", "dict[str, int]", explode=False),
    )
    given = [values if "list" in each.type else items for each in described.arguments]
    sent = built(described, *given)
    path, _, query = sent.url.removeprefix("https://api.example.com").partition("?")
    assert path == ("/x%20y,z/k=1,l=2/.x%20y,z.k=1.l=2/;e=x%20y,z;k=1;l=2")
    assert query.split("&") == [
        "g=x%20y",
        "g=z",
        "h=k,1,l,2",
        "i=x%20y%20z",
        "j=x%20y%7Cz",
        "m%5Bk%5D=1",
        "m%5Bl%5D=2",
    ]
    assert sent.headers["N"] == "k=1,l=2"
    assert sent.headers["Cookie"] == "o=x%20y; o=z; p=k%2C1%2Cl%2C2"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a b", "/a%20b"),
        ("/a HTTP/1.1\r\nX: 1\r\n\r\n", "/a%20HTTP/1.1%0D%0AX:%201%0D%0A%0D%0A"),
        ('/\u00e9\x00"<>\\^`{|}', "/%C3%A9%00%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("/%20%zz%", "/%20%25zz%25"),
        ("/a?b=1&c[]=2#d", "/a?b=1&c[]=2#d"),
        ("/a:b;c=(1,2)@!$'*+~", "/a:b;c=(1,2)@!$'*+~"),
    ],
)
def test_what_no_url_holds_is_encoded(path: str, expected: str) -> None:
    host = "https://example.com"
    assert built(get(path), configuration={"host": host}).url == host + expected
    assert built(get("/x"), configuration={"host": host + path}).url == (
        f"{host}{expected}/x"
    )
