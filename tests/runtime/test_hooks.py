"""Hooks and logs, in both flavours."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import NAME, load
from tests.runtime.server import Received, answering, response

configuration = load("configuration")
exceptions = load("exceptions")
operations = load("operations")
Operation = load("_runtime.operation").Operation

GET = Operation(
    id="get", method="GET", path="/x", responses={"200": "int"}, security=(("Bearer",),)
)
CHAT: tuple[Any, ...] = (operations.CHAT, "r", {"messages": []}, None, None)
BUSY = response(b"busy", status="503 Busy", headers=[("retry-after-ms", "0")])


def hooks_of(kind: type) -> Any:
    """Hooks with the methods of a class."""
    return type(kind.__name__, (kind, configuration.Hooks), {})()


class Recorder:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def before_request(self, request: Any) -> None:
        self.told.append(("before", request.operation))

    def after_response(self, request: Any, response: Any) -> None:
        assert response.elapsed >= 0
        self.told.append(("after", response.status, response.data))

    def on_retry(self, request: Any, attempt: int, wait: float, cause: Any) -> None:
        self.told.append(("retry", attempt, wait, cause.status))

    def on_error(self, request: Any, error: Any) -> None:
        assert error.elapsed >= 0
        self.told.append(("error", type(error).__name__))


def test_every_step_is_told(serve: Serve, connect: Connect) -> None:
    answers = iter([BUSY, response(b"1")])
    hooks = hooks_of(Recorder)
    caller = connect(serve(lambda _: [next(answers)]), retries=1, hooks=[hooks])
    assert caller.call(GET).data == 1
    assert hooks.told == [
        ("before", "get"),
        ("after", 503, None),
        ("retry", 1, 0.0, 503),
        ("before", "get"),
        ("after", 200, b"1"),
    ]


def test_what_is_raised_is_told(serve: Serve, connect: Connect) -> None:
    hooks = hooks_of(Recorder)
    caller = connect(serve(answering(BUSY)), hooks=[hooks])
    with pytest.raises(exceptions.ServiceException):
        caller.call(GET)
    assert hooks.told == [
        ("before", "get"),
        ("after", 503, b"busy"),
        ("error", "ServiceException"),
    ]


def test_connections_that_cannot_be_made_are_told(connect: Connect) -> None:
    hooks = hooks_of(Recorder)
    policy = configuration.RetryPolicy(retries=1, base=0)
    caller = connect(host="http://127.0.0.1:9", retries=policy, hooks=[hooks])
    with pytest.raises(exceptions.ApiConnectionError):
        caller.call(GET)
    before = ("before", "get")
    error = ("error", "ApiConnectionError")
    assert hooks.told == [before, ("retry", 1, 0.0, 0), before, error]


def test_streams_are_told(serve: Serve, connect: Connect) -> None:
    hooks = hooks_of(Recorder)
    body = b'data: {"text":"a"}\n\ndata: [DONE]\n\n'
    answer = answering(response(body, content_type="text/event-stream"))
    opened = connect(serve(answer), hooks=[hooks]).open(*CHAT)
    assert opened.stream.response.elapsed > 0
    assert [item.text for item in opened] == ["a"]
    assert hooks.told == [("before", "chat"), ("after", 200, None)]


class Signer:
    """Signs requests."""

    def before_request(self, request: Any) -> Any:
        signed = {**request.headers, "X-Signature": request.method.lower()}
        return request._replace(headers=signed)


def test_requests_can_be_signed(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"1")))
    hooks = hooks_of(Recorder)
    connect(server, hooks=[hooks, hooks_of(Signer)]).call(GET)
    assert server.requests[0].headers["x-signature"] == "get"


class Asynchronous:
    """Has to be awaited."""

    async def before_request(self, request: Any) -> Any:
        return request._replace(headers={**request.headers, "X-Signature": "a"})

    async def after_response(self, request: Any, response: Any) -> None:
        raise RuntimeError(f"seen {response.status}")


def test_hooks_may_be_asynchronous(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"1")))
    caller = connect(server, hooks=[hooks_of(Asynchronous)])
    if caller.flavour == "sync":
        with pytest.raises(exceptions.ApiTypeError, match="synchronous client"):
            caller.call(GET)
        assert server.requests == []
    else:
        with pytest.raises(RuntimeError, match="seen 200"):
            caller.call(GET)
        assert server.requests[0].headers["x-signature"] == "a"


class Failing:
    """Fails once an answer is there."""

    def after_response(self, request: Any, response: Any) -> None:
        raise KeyError("mine")


def test_what_a_hook_raises_is_raised(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"1")))
    caller = connect(server, hooks=[hooks_of(Failing)])
    for _ in range(3):
        with pytest.raises(KeyError, match="mine"):
            caller.call(GET)


def test_logs_hold_no_secrets(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter([BUSY, response(b"1", headers=[("X-Request-Id", "r1")])])
    server = serve(lambda _: [next(answers)])
    caller = connect(server, retries=1, access_token="sk-secret")
    caller.client.set_default_header("X-Mine", "shown")
    with caplog.at_level(logging.DEBUG, NAME):
        caller.call(GET)
    records = [each for each in caplog.records if each.name == NAME]
    assert [each.levelname for each in records] == [
        "DEBUG",
        "DEBUG",
        "INFO",
        "DEBUG",
        "DEBUG",
    ]
    text = "\n".join(each.getMessage() for each in records)
    assert f"get: GET {server.url}/x, attempt 1" in text
    assert "'X-Mine': 'shown'" in text
    assert "'Authorization': '***'" in text
    assert "sk-secret" not in text
    assert "get: trying again in 0.000 s, after 503" in text
    assert "request id r1" in text


def test_keys_in_urls_are_not_logged(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    described = Operation(
        id="get", method="GET", path="/x", responses={}, security=(("QueryKey",),)
    )
    caller = connect(serve(answering(response())), api_key={"QueryKey": "sk/secret"})
    with caplog.at_level(logging.DEBUG, NAME):
        caller.call(described)
    assert "/x?key=***" in caplog.text
    assert "secret" not in caplog.text


def test_options_of_a_part(serve: Serve, connect: Connect) -> None:
    server = serve(answering(BUSY))
    caller = connect(server, retries=0)
    original = caller.client
    hooks = hooks_of(Recorder)
    caller.client = original.with_options(retries=2, timeout=3, hooks=[hooks])
    with pytest.raises(exceptions.ServiceException):
        caller.call(GET)
    assert len(server.requests) == 3
    assert len(hooks.told) == 9
    caller.client = original
    with pytest.raises(exceptions.ServiceException):
        caller.call(GET)
    assert len(server.requests) == 4
    assert server.connections == 1


def test_elapsed_and_request_id(serve: Serve, connect: Connect) -> None:
    def answer(received: Received) -> list[bytes]:
        status = "200 OK" if "good" in received.target else "404 No"
        return [response(b"1", status=status, headers=[("Request-Id", "r7")])]

    caller = connect(serve(answer))
    good = Operation(id="get", method="GET", path="/good", responses={"200": "int"})
    answered = caller.call(good)
    assert answered.request_id == "r7"
    assert answered.elapsed > 0
    with pytest.raises(exceptions.NotFoundException) as caught:
        caller.call(GET)
    assert caught.value.request_id == "r7"
    assert caught.value.elapsed > 0
    assert str(caught.value) == "get: 404 No: 1 (request r7)"


def test_debug_writes_calls_to_a_file_without_secrets(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    log = tmp_path / "calls.log"
    caller = connect(serve(answering(response(b"1"))), access_token=lambda: "sk-secret")
    settings = caller.client.configuration
    settings.logger_file = str(log)
    caller.call(GET)
    assert log.read_text() == ""
    settings.debug = True
    try:
        caller.call(GET)
    finally:
        settings.debug = False
        settings.logger_file = None
    text = log.read_text()
    assert "get: GET http://127.0.0.1" in text
    assert "get: answered 200" in text
    assert "'Authorization': '***'" in text
    assert "sk-secret" not in text
