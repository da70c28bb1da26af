"""Spans of OpenTelemetry for processes that use it. They need no code and no setting.

Nothing is imported where the process has not imported OpenTelemetry itself. Names of attributes
are those of its semantic conventions for HTTP clients.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .request import Request

if TYPE_CHECKING:
    from .exchange import Answer


class Span:
    """The span of one call, all its attempts included; of a stream, until it starts."""

    def __init__(self, request: Request, package: str) -> None:
        self._trace: Any = sys.modules["opentelemetry.trace"]
        parts = urlsplit(request.url)
        attributes: dict[str, str | int] = {
            "http.request.method": request.method,
            "url.full": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}",
            "server.address": parts.hostname or "",
            "server.port": parts.port or (443 if parts.scheme == "https" else 80),
        }
        if request.operation is not None:
            attributes["operation.name"] = request.operation
        self._span: Any = self._trace.get_tracer(package).start_span(
            f"{request.method} {request.operation}",
            kind=self._trace.SpanKind.CLIENT,
            attributes=attributes,
        )

    def sent(self, request: Request) -> Request:
        """The request with the headers that let its receiver continue the trace."""
        propagate: Any = importlib.import_module("opentelemetry.propagate")
        headers = dict(request.headers)
        propagate.inject(headers, self._trace.set_span_in_context(self._span))
        return request._replace(headers=headers)

    def answered(self, answer: Answer, attempts: int) -> None:
        """Notes how a call was answered."""
        self._span.set_attribute("http.response.status_code", answer.status)
        if attempts > 1:
            self._span.set_attribute("http.request.resend_count", attempts - 1)

    def failed(self, error: BaseException) -> None:
        """Notes what a call raised."""
        self._span.set_attribute("error.type", type(error).__qualname__)
        self._span.set_status(self._trace.StatusCode.ERROR, str(error))

    def end(self) -> None:
        """The call is over."""
        self._span.end()
