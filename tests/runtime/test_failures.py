"""Calls that fail, in both flavours."""

from __future__ import annotations

import json
import pickle
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.runtime.certificates import Authority
from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import load
from tests.runtime.server import Drop, Received, answering, chunk, head, response

operations = load("operations")
exceptions = load("exceptions")
operation = load("_runtime.operation")
Operation = operation.Operation
Timeout = load("_runtime.request").Timeout

PROMPT = {"messages": [{"role": "user", "content": "hi"}]}
CHAT = (operations.CHAT, "r", PROMPT, None, None)
GET = Operation(id="get", method="GET", path="/x", responses={"200": "str"})
UPLOAD = Operation(
    id="upload",
    method="POST",
    path="/x",
    arguments=(operation.Body("body", "bytes"),),
    content_types=("application/octet-stream",),
    responses={"200": "str"},
)


def failing(status: int, body: bytes = b"{}", **arguments: Any) -> Any:
    return answering(response(body, status=f"{status} Reason", **arguments))


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (300, "ApiException"),
        (400, "BadRequestException"),
        (401, "UnauthorizedException"),
        (402, "ApiException"),
        (403, "ForbiddenException"),
        (404, "NotFoundException"),
        (408, "RequestTimeoutException"),
        (409, "ConflictException"),
        (422, "UnprocessableEntityException"),
        (429, "RateLimitException"),
        (500, "ServiceException"),
        (503, "ServiceException"),
        (529, "ServiceException"),
        (600, "ApiException"),
    ],
)
def test_statuses(serve: Serve, connect: Connect, status: int, name: str) -> None:
    body = b'{"error":{"message":"No such model"}}'
    caller = connect(serve(failing(status, body)))
    with pytest.raises(exceptions.ApiException) as caught:
        caller.call(*CHAT)
    error = caught.value
    assert type(error) is getattr(exceptions, name)
    assert (error.status, error.reason, error.operation) == (status, "Reason", "chat")
    assert error.body == body.decode()
    assert error.data.error == {"message": "No such model"}
    assert error.headers["content-type"] == "application/json"
    assert str(error) == f"chat: {status} Reason: No such model"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error":{"message":"a","code":"b"}}', "a"),
        (b'{"error":"a"}', "a"),
        (b'{"message":"a"}', "a"),
        (b'{"detail":[{"loc":["x"],"msg":"a"}]}', "a"),
        (b'{"errors":[{"title":"a"}]}', "a"),
        (b'{"error":"invalid","error_description":"a"}', "invalid"),
        (b'{"code":5}', '{"code":5}'),
        (b'"a"', "a"),
        (b"<html>a</html>", "<html>a</html>"),
        (b"\xff", "\ufffd"),
        (b"x" * 1000, "x" * 300 + "..."),
        (b"[" * 100_000, "[" * 300 + "..."),
    ],
)
def test_what_the_vendor_says(
    serve: Serve, connect: Connect, body: bytes, message: str
) -> None:
    caller = connect(serve(failing(500, body)))
    with pytest.raises(exceptions.ServiceException) as caught:
        caller.call(GET)
    assert caught.value.message == message
    assert caught.value.data is None
    assert str(caught.value) == f"get: 500 Reason: {message}"


def test_messages_are_short(serve: Serve, connect: Connect) -> None:
    """What cannot be read is not read out at length."""
    page = b"<html>" + b"x" * 5000
    caller = connect(serve(answering(response(page, content_type="text/html"))))
    with pytest.raises(exceptions.ResponseDecodeError) as caught:
        caller.call(*CHAT)
    said = str(caught.value)
    assert said.startswith("chat: the answer (text/html) is not what the API describes")
    assert said.endswith("xxx... (status 200)") and len(said) < 500
    assert caught.value.body == page.decode()
    assert caught.value.status == 200


@pytest.mark.parametrize("body", [b"", b"oops", b'{"error":5}'])
def test_error_bodies_of_another_shape(
    serve: Serve, connect: Connect, body: bytes
) -> None:
    caller = connect(serve(failing(400, body)))
    with pytest.raises(exceptions.BadRequestException) as caught:
        caller.call(*CHAT)
    assert caught.value.body == body.decode()


@pytest.mark.parametrize(
    "configuration",
    [
        {"access_token": "sk-secret"},
        {"api_key": {"HeaderKey": "sk-secret"}},
        {"api_key": {"HeaderKey": "sk-secret"}, "api_key_prefix": {"HeaderKey": "K"}},
    ],
)
def test_messages_hold_no_secrets(
    serve: Serve, connect: Connect, configuration: dict[str, Any]
) -> None:
    def answer(received: Received) -> list[bytes]:
        said = {"error": {"message": f"bad: {received.headers}"}}
        return [response(json.dumps(said).encode(), status="401 No")]

    with pytest.raises(exceptions.UnauthorizedException) as caught:
        connect(serve(answer), **configuration).call(*CHAT)
    assert "sk-secret" not in str(caught.value)
    assert "***" in str(caught.value)


def test_messages_hold_no_secrets_of_parameters(serve: Serve, connect: Connect) -> None:
    caller = connect(serve(failing(401, b'{"error":{"message":"bad sk-mine"}}')))
    with pytest.raises(exceptions.UnauthorizedException) as caught:
        caller.call(operations.CHAT, "r", PROMPT, None, "Bearer sk-mine")
    assert str(caught.value) == "chat: 401 Reason: bad ***"


@pytest.mark.parametrize("streamed", [False, True], ids=["call", "stream"])
@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_messages_hold_no_secrets_of_what_cannot_be_read(
    serve: Serve, connect: Connect, content_type: str, streamed: bool
) -> None:
    """A proxy's page, or a document in the place of a stream, may repeat the request."""
    body = b'["you sent sk-mine"]' if streamed else b"<p>you sent sk-mine"
    caller = connect(serve(answering(response(body, content_type=content_type))))
    arguments = (operations.CHAT, "r", PROMPT, None, "Bearer sk-mine")
    with pytest.raises(exceptions.ApiException) as caught:
        if streamed:
            list(caller.open(*arguments))
        else:
            caller.call(*arguments)
    assert caught.value.status == 200
    assert "sk-mine" not in str(caught.value)
    assert ("***" in str(caught.value)) is not (
        streamed and content_type == "text/html"
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("Retry-After", "7")], 7.0),
        ([("retry-after-ms", "1500"), ("Retry-After", "7")], 1.5),
        ([("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT")], 0.0),
        ([("Retry-After", "soon")], None),
        ([("Retry-After", "-1")], None),
        ([], None),
    ],
)
def test_rate_limits_say_when(
    serve: Serve,
    connect: Connect,
    headers: list[tuple[str, str]],
    expected: float | None,
) -> None:
    caller = connect(serve(failing(429, headers=headers)))
    with pytest.raises(exceptions.RateLimitException) as caught:
        caller.call(*CHAT)
    assert caught.value.retry_after == expected


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_nobody_is_there(connect: Connect) -> None:
    port = unused_port()
    caller = connect(host=f"http://127.0.0.1:{port}/v1?key=sk-secret", retries=0)
    with pytest.raises(exceptions.ApiConnectionError) as caught:
        caller.call(GET)
    error = caught.value
    assert {ConnectionError, exceptions.ApiException} <= set(type(error).__mro__)
    assert (error.status, error.body, error.headers) == (0, None, None)
    assert f"get: the connection to http://127.0.0.1:{port} failed" in str(error)
    assert "sk-secret" not in str(error)


def drop() -> Iterator[bytes]:
    raise Drop
    yield b""


def cut(*pieces: bytes) -> Iterator[bytes]:
    yield from pieces
    raise Drop


CONTENT = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((), id="before-headers"),
        pytest.param((b"HTTP/1.1 200 OK\r\nX: ",), id="in-headers"),
        pytest.param((b"garbage\r\n\r\n",), id="garbage"),
        pytest.param((CONTENT,), id="in-body"),
        pytest.param((head("text/plain"), b"5\r\n123"), id="in-chunk"),
        pytest.param((head("text/plain"), chunk(b"12345")), id="between-chunks"),
        pytest.param(
            (
                head("text/plain\r\nContent-Encoding: gzip"),
                chunk(b"no gzip"),
                chunk(b""),
            ),
            id="wrong-encoding",
        ),
    ],
)
def test_connections_that_break(
    serve: Serve, connect: Connect, pieces: tuple[bytes, ...]
) -> None:
    caller = connect(serve(lambda _: cut(*pieces)))
    with pytest.raises(
        exceptions.ApiConnectionError, match="get: the connection to"
    ) as caught:
        caller.call(GET)
    assert not isinstance(caught.value, exceptions.ApiTimeoutError)
    said = str(caught.value)
    assert not any(
        word in said for word in ("int()", "400,", "\n", "IncompleteRead")
    ), said


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((), id="before-headers"),
        pytest.param((CONTENT,), id="in-body"),
        pytest.param((head("text/plain"), chunk(b"1")), id="between-chunks"),
    ],
)
@pytest.mark.parametrize("limit", [0.05, (5, 0.05)], ids=["total", "read"])
def test_answers_that_do_not_come(
    serve: Serve, connect: Connect, pieces: tuple[bytes, ...], limit: Any
) -> None:
    over = threading.Event()

    def answer(_: Received) -> Iterator[bytes]:
        yield from pieces
        over.wait()

    caller = connect(serve(answer))
    try:
        with pytest.raises(
            exceptions.ApiTimeoutError,
            match=r"get: the (rest of the )?answer of .* did not come in time",
        ) as caught:
            caller.call(GET, request_timeout=limit)
    finally:
        over.set()
    assert isinstance(caught.value, TimeoutError)


DRIPPING = [
    pytest.param(b"HTTP/1.1 200 OK\r\nX: ", b"x", id="in-a-header"),
    pytest.param(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n", id="headers"),
    pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="continues"),
    pytest.param(CONTENT[:-5].replace(b"10", b"999"), b"x", id="body"),
    pytest.param(head("text/plain", chunked=False), b"x", id="body-until-closed"),
    pytest.param(head("text/plain"), b"0", id="size-of-a-chunk"),
    pytest.param(head("text/plain"), chunk(b"x"), id="chunks"),
    pytest.param(
        head("text/plain\r\nContent-Encoding: gzip")
        + chunk(b"\x1f\x8b\x08\x08" + b"\0" * 6),
        chunk(b"x"),
        id="compressed-head",
    ),
]


@pytest.mark.parametrize(("first", "drop"), DRIPPING)
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_total_time_ends_a_drip(
    serve: Serve,
    connect: Connect,
    authority: Authority,
    first: bytes,
    drop: bytes,
    tls: bool,
) -> None:
    """However often something comes, and wherever."""
    over = threading.Event()

    def drip(_: Received) -> Iterator[bytes]:
        yield first
        while not over.wait(0.02):
            yield drop

    server = serve(drip, authority.server() if tls else None)
    caller = connect(
        server,
        ssl_ca_cert=authority.file,
        timeout=Timeout(connect=30, read=30, total=0.3),
    )
    try:
        with pytest.raises(exceptions.ApiTimeoutError, match=r"total 0\.3 s"):
            caller.call(GET)
    finally:
        over.set()


def test_a_total_time_ends_an_upload(connect: Connect) -> None:
    """A server that does not read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        caller = connect(
            host=f"http://127.0.0.1:{listener.getsockname()[1]}",
            timeout=Timeout(connect=30, read=30, total=0.3),
        )
        with pytest.raises(exceptions.ApiTimeoutError):
            caller.call(UPLOAD, b"x" * 32_000_000)


def test_slow_uploads_are_no_slow_connections(serve: Serve, connect: Connect) -> None:
    """The time to connect does not bound how long a large body may take."""

    def read(listener: socket.socket) -> None:
        accepted, _ = listener.accept()
        with accepted:
            with accepted.makefile("rb", buffering=0) as head:
                while head.readline() != b"\r\n":
                    pass
            left = len(body)
            while left > 0:
                left -= len(accepted.recv(min(left, 1 << 20), socket.MSG_WAITALL))
                pause.wait(0.03)
            accepted.sendall(response(b"1"))

    body = b"x" * 16_000_000
    pause = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=read, args=(listener,), daemon=True).start()
        caller = connect(
            host=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=(0.2, 30)
        )
        assert caller.call(UPLOAD, body).raw_data == b"1"


@pytest.mark.parametrize("limit", [0.05, (5, 0.05)], ids=["total", "read"])
def test_malformed_chunks_do_not_hang(
    serve: Serve, connect: Connect, limit: Any
) -> None:
    pieces = head("text/plain"), chunk(b"12345"), b"zz\r\n123\r\n"
    caller = connect(serve(lambda _: cut(*pieces)))
    with pytest.raises(exceptions.ApiConnectionError):
        caller.call(GET, request_timeout=limit)


@pytest.mark.parametrize(
    "host", ["http://", "http://[::1", "http://a b/", "http://h:99999"]
)
def test_hosts_that_cannot_be(connect: Connect, host: str) -> None:
    with pytest.raises(exceptions.ApiValueError, match="no absolute URL"):
        connect(host=host).call(GET)


def test_answers_can_be_pickled(serve: Serve, connect: Connect) -> None:
    good = response(b'"x"', headers=[("X-Request-Id", "r1"), ("X-Two", "a")])
    answered = connect(serve(answering(good))).call(GET)
    copied = pickle.loads(pickle.dumps(answered))
    assert copied == answered
    assert copied.headers["x-request-ID"] == "r1"


def test_raised_errors_can_be_pickled(serve: Serve, connect: Connect) -> None:
    caller = connect(serve(failing(404, b'{"message":"no"}', headers=[("X-A", "b")])))
    with pytest.raises(exceptions.NotFoundException) as caught:
        caller.call(GET)
    copied = pickle.loads(pickle.dumps(caught.value))
    assert str(copied) == str(caught.value)
    assert copied.headers["x-a"] == "b"


def test_errors_can_be_pickled() -> None:
    error = exceptions.RateLimitException(
        status=429, reason="Slow", body="b", data={"a": 1}
    )
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is type(error)
    assert vars(copied) == vars(error)


def test_every_error_is_one_of_the_packages() -> None:
    for name in exceptions.__all__:
        raised = getattr(exceptions, name)
        if isinstance(raised, type):
            assert issubclass(raised, exceptions.OpenApiException)


@pytest.mark.parametrize(
    "name", ["ApiTypeError", "ApiValueError", "ApiAttributeError", "ApiKeyError"]
)
def test_paths_of_errors(name: str) -> None:
    error = getattr(exceptions, name)("wrong", ["choices", 0, "it's"])
    assert error.args == ("""wrong at ['choices'][0]["it's"]""",)
    assert error.path_to_item == ["choices", 0, "it's"]
    assert getattr(exceptions, name)("wrong").args == ("wrong",)


def test_the_names_of_openapi_generator() -> None:
    error = exceptions.ApiException(0, "why", body="b", data=1)
    assert (error.status, error.reason, error.body, error.data) == (0, "why", "b", 1)
    assert str(error) == "why: b"
