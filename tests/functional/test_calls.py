"""Calls: the bytes on the wire, and what the caller gets."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.functional.clients import CALLERS, Caller, plain
from tests.loopback import Answer, LoopbackServer

Loopback = Callable[[str], LoopbackServer]
each_caller = pytest.mark.parametrize(
    "caller", CALLERS, ids=lambda caller: f"{caller.vendor.name}-{caller.flavour}"
)


@each_caller
def test_what_is_sent(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    caller.call(server.url, caller.request())
    sent = server.last
    assert sent.method == "POST"
    assert json.loads(sent.body) == caller.vendor.wire
    assert sent.header("content-type") == "application/json"
    assert sent.header("accept") == "application/json"
    for name, value in caller.vendor.headers.items():
        assert sent.header(name) == value


@each_caller
def test_what_comes_back(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    answer = caller.call(server.url, caller.request())
    assert plain(answer) == server.last.answer
    assert answer.__class__.from_json(answer.to_json()) == answer
    assert answer.choices[0].__class__.__module__.startswith(caller.vendor.package)


@each_caller
def test_with_http_info(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    answer = caller.call(server.url, caller.request(), "_with_http_info")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.raw_data) == plain(answer.data)


@each_caller
def test_without_preload_content(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)

    def sync(api: Any) -> bytes:
        raw = caller.method(api, "_without_preload_content")(
            *caller.arguments(caller.request())
        )
        return bytes(raw.read())

    async def async_(api: Any) -> bytes:
        raw = await caller.method(api, "_without_preload_content")(
            *caller.arguments(caller.request())
        )
        return bytes(await raw.read())

    body = caller.run(server.url, sync if caller.flavour == "sync" else async_)
    assert json.loads(body) == server.last.answer


@each_caller
@pytest.mark.parametrize("suffix", ["_with_http_info", "_without_preload_content"])
def test_methods_made_of_another_say_what_they_take(
    caller: Caller, suffix: str
) -> None:
    api = getattr(caller.vendor.flavoured(caller.flavour), caller.vendor.api)
    original = getattr(api, caller.vendor.method)
    method = getattr(api, caller.vendor.method + suffix)
    assert method.__name__ == caller.vendor.method + suffix
    assert method.__qualname__ == f"{api.__name__}.{method.__name__}"
    assert method.__doc__.startswith(f"`{caller.vendor.method}`, ")
    assert (
        inspect.signature(method).parameters == inspect.signature(original).parameters
    )


@each_caller
def test_a_plain_dict_is_a_request_too(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    caller.call(server.url, dict(caller.vendor.wire))
    assert json.loads(server.last.body) == caller.vendor.wire


@each_caller
def test_connections_are_kept(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)

    def sync(api: Any) -> None:
        for _ in range(3):
            caller.method(api)(*caller.arguments(caller.request()))

    async def async_(api: Any) -> None:
        for _ in range(3):
            await caller.method(api)(*caller.arguments(caller.request()))

    caller.run(server.url, sync if caller.flavour == "sync" else async_)
    assert {request.connection for request in server.requests} == {1}


@each_caller
def test_the_options_of_one_call(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    caller.call(
        server.url, caller.request(), _headers={"X-Trace": "t"}, _request_timeout=5
    )
    assert server.last.header("x-trace") == "t"


@each_caller
def test_only_what_was_set_is_sent(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    request = caller.request(temperature=0.5)
    request.temperature = None if caller.vendor.name in ("gabber", "together") else 0.5
    request.additional_properties["vendor_field"] = {"a": [1]}
    caller.call(server.url, request)
    expected = {**caller.vendor.wire, "vendor_field": {"a": [1]}}
    if caller.vendor.name not in ("gabber", "together"):
        expected["temperature"] = 0.5
    assert json.loads(server.last.body) == expected


@each_caller
def test_the_selector_is_the_streams(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    with pytest.raises(
        caller.package.ApiValueError, match=f"{caller.vendor.method}_stream"
    ):
        caller.call(server.url, caller.request(stream=True))
    assert server.requests == []


@each_caller
@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestException"),
        (401, "UnauthorizedException"),
        (403, "ForbiddenException"),
        (404, "NotFoundException"),
        (409, "ConflictException"),
        (422, "UnprocessableEntityException"),
        (429, "RateLimitException"),
        (500, "ServiceException"),
        (418, "ApiException"),
    ],
)
def test_errors(caller: Caller, loopback: Loopback, status: int, name: str) -> None:
    server = loopback(caller.vendor.name)
    body: Any = {
        "error": {"message": "no luck", "type": "t", "param": None, "code": None}
    }
    server.script(Answer.json(body, status=status, headers={"X-Request-Id": "r1"}))
    with pytest.raises(caller.package.ApiException) as caught:
        caller.run(
            server.url,
            lambda api: caller.method(api)(*caller.arguments(caller.request())),
            **NO_RETRIES,
        )
    assert type(caught.value).__name__ == name
    assert caught.value.status == status
    assert caught.value.headers["x-request-id"] == "r1"
    assert caught.value.request_id == "r1"
    assert caught.value.elapsed > 0
    assert json.loads(caught.value.body) == body
    assert "secret" not in str(caught.value)
    if caller.vendor.error == "ErrorData" and status in (400, 401, 404, 429):
        assert isinstance(caught.value.data, caller.package.ErrorData)
        assert caught.value.data.error.message == "no luck"


NO_RETRIES: dict[str, Any] = {"retries": 0}


@each_caller
def test_an_answer_that_does_not_fit_still_arrives(
    caller: Caller, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)
    answer: Any = {
        "choices": [{"index": 0, "brand_new": 1}],
        "id": 7,
        "model": None,
        "x_vendor": [1],
    }
    server.script(Answer.json(answer))
    got = caller.call(server.url, caller.request())
    assert got.choices[0].additional_properties["brand_new"] == 1
    assert got.model is None
    assert plain(got) == answer


@each_caller
def test_strict_answers(caller: Caller, loopback: Loopback) -> None:
    server = loopback(caller.vendor.name)
    server.script(Answer.json({"choices": 3}))
    with pytest.raises(caller.package.exceptions.ResponseDecodeError) as caught:
        caller.run(
            server.url,
            lambda api: caller.method(api)(*caller.arguments(caller.request())),
            response_validation="strict",
        )
    assert caught.value.body


@each_caller
def test_no_server(caller: Caller) -> None:
    with pytest.raises(caller.package.exceptions.ApiConnectionError):
        caller.run(
            "http://127.0.0.1:9",
            lambda api: caller.method(api)(*caller.arguments(caller.request())),
            **NO_RETRIES,
        )


@pytest.mark.parametrize("suffix", ["", "_with_http_info", "_without_preload_content"])
@each_caller
def test_the_bodys_fields_as_keywords(
    caller: Caller, suffix: str, loopback: Loopback
) -> None:
    server = loopback(caller.vendor.name)

    def sync(api: Any) -> None:
        caller.method(api, suffix)(*caller.vendor.leading, **caller.vendor.wire)

    async def async_(api: Any) -> None:
        await caller.method(api, suffix)(*caller.vendor.leading, **caller.vendor.wire)

    caller.run(server.url, sync if caller.flavour == "sync" else async_)
    assert json.loads(server.last.body) == caller.vendor.wire


@each_caller
@pytest.mark.parametrize(
    ("positional", "keywords", "message"),
    [
        (False, {"mesages": []}, "did you mean 'messages'"),
        (
            False,
            {},
            "needs chat_completion_request|needs create_chat_completion_request",
        ),
        (True, {"model": "m"}, "not both: model"),
    ],
)
def test_keywords_that_cannot_be(
    caller: Caller, positional: bool, keywords: dict[str, Any], message: str
) -> None:
    if caller.vendor.name == "together" and not positional and not keywords:
        message = "Connect call failed|Connection refused"  # its body is optional
    arguments = [*caller.vendor.leading, *([caller.request()] if positional else [])]

    def sync(api: Any) -> None:
        caller.method(api)(*arguments, **keywords)

    async def async_(api: Any) -> None:
        await caller.method(api)(*arguments, **keywords)

    with pytest.raises((TypeError, caller.package.ApiException), match=message):
        caller.run(
            "http://127.0.0.1:9",
            sync if caller.flavour == "sync" else async_,
            **NO_RETRIES,
        )
