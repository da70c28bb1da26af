"""Spans, with a stand-in for OpenTelemetry's API."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import NAME, load
from tests.runtime.server import answering, response

exceptions = load("exceptions")
Operation = load("_runtime.operation").Operation
Policy = load("configuration").RetryPolicy

GET = Operation(id="get", method="GET", path="/x", responses={"200": "int"})
BUSY = response(b"no", status="503 Busy", headers=[("retry-after-ms", "0")])


class FakeSpan:
    """Keeps what it is told."""

    def __init__(self, name: str, attributes: dict[str, Any]) -> None:
        self.name = name
        self.attributes = attributes
        self.status: tuple[Any, ...] = ()
        self.ended = 0

    def set_attribute(self, name: str, value: Any) -> None:
        self.attributes[name] = value

    def set_status(self, *status: Any) -> None:
        self.status = status

    def end(self) -> None:
        self.ended += 1


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> list[FakeSpan]:
    """The spans that were started."""
    started: list[FakeSpan] = []

    def start_span(name: str, *, kind: str, attributes: dict[str, Any]) -> FakeSpan:
        assert kind == "client"
        started.append(FakeSpan(name, attributes))
        return started[-1]

    def get_tracer(name: str) -> Any:
        assert name == NAME
        return SimpleNamespace(start_span=start_span)

    def inject(carrier: dict[str, str], context: FakeSpan) -> None:
        carrier["traceparent"] = f"of {context.name}"

    def in_context(span: FakeSpan) -> FakeSpan:
        return span

    trace = SimpleNamespace(
        get_tracer=get_tracer,
        set_span_in_context=in_context,
        SpanKind=SimpleNamespace(CLIENT="client"),
        StatusCode=SimpleNamespace(ERROR="error"),
    )
    package = SimpleNamespace(trace=trace)
    monkeypatch.setitem(sys.modules, "opentelemetry", package)
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", trace)
    propagate = SimpleNamespace(inject=inject)
    monkeypatch.setitem(sys.modules, "opentelemetry.propagate", propagate)
    return started


def test_a_call_is_a_span(
    serve: Serve, connect: Connect, spans: list[FakeSpan]
) -> None:
    answers = iter([BUSY, response(b"1")])
    server = serve(lambda _: [next(answers)])
    assert connect(server, retries=1).call(GET).data == 1
    (span,) = spans
    port = int(server.url.rpartition(":")[2])
    assert span.name == "GET get"
    assert span.attributes == {
        "http.request.method": "GET",
        "url.full": f"{server.url}/x",
        "server.address": "127.0.0.1",
        "server.port": port,
        "operation.name": "get",
        "http.response.status_code": 200,
        "http.request.resend_count": 1,
    }
    assert (span.status, span.ended) == ((), 1)
    sent = [request.headers["traceparent"] for request in server.requests]
    assert sent == ["of GET get"] * 2


def test_a_call_that_fails(
    serve: Serve, connect: Connect, spans: list[FakeSpan]
) -> None:
    with pytest.raises(exceptions.ServiceException):
        connect(serve(answering(BUSY))).call(GET)
    (span,) = spans
    assert span.attributes["http.response.status_code"] == 503
    assert span.attributes["error.type"] == "ServiceException"
    assert span.status == ("error", "get: 503 Busy: no")
    assert span.ended == 1


def test_a_call_that_is_not_answered(connect: Connect, spans: list[FakeSpan]) -> None:
    with pytest.raises(exceptions.ApiConnectionError):
        connect(host="http://127.0.0.1:9").call(GET)
    (span,) = spans
    assert span.attributes["error.type"] == "ApiConnectionError"
    assert "http.response.status_code" not in span.attributes
    assert span.ended == 1


def test_spans_hold_no_secrets(
    serve: Serve, connect: Connect, spans: list[FakeSpan]
) -> None:
    described = Operation(
        id="get", method="GET", path="/x", responses={}, security=(("QueryKey",),)
    )
    server = serve(answering(response(b"bad sk-secret", status="400 No")))
    with pytest.raises(exceptions.BadRequestException):
        connect(server, api_key={"QueryKey": "sk-secret"}).call(described)
    (span,) = spans
    assert span.attributes["url.full"] == f"{server.url}/x"
    assert "sk-secret" not in str(span.attributes)
    assert span.status == ("error", "get: 400 No: bad ***")
