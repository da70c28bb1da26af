"""What can go wrong when an API is called.

    OpenApiException
    ├── ApiTypeError                     also a TypeError
    ├── ApiValueError                    also a ValueError: what was asked for cannot be sent
    ├── ApiAttributeError                also an AttributeError
    ├── ApiKeyError                      also a KeyError
    ├── InvalidWebhookSignatureError     also a ValueError: a webhook that nobody vouches for
    └── ApiException                     the call was made and failed
        ├── BadRequestException          400
        ├── UnauthorizedException        401
        ├── ForbiddenException           403
        ├── NotFoundException            404
        ├── RequestTimeoutException      408
        ├── ConflictException            409
        ├── UnprocessableEntityException 422
        ├── RateLimitException           429
        ├── ServiceException             5xx
        ├── ApiConnectionError           no answer; also a ConnectionError; status 0
        │   └── ApiTimeoutError          no answer in time; also a TimeoutError; status 0
        ├── ResponseDecodeError          an answer that cannot be read
        └── StreamError                  a stream that broke off, or that carried an error

Arguments and models that do not fit the API's description raise `pydantic.ValidationError`
(a ValueError), before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ._runtime.events import ServerSentEvent


_EXCERPT = 300


class HttpResponse(Protocol):
    """The part of a response that exceptions keep."""

    @property
    def status(self) -> int: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def data(self) -> bytes | None: ...
    @property
    def elapsed(self) -> float | None: ...


class OpenApiException(Exception):
    """The base of everything that this package raises itself."""


def render_path(path_to_item: Iterable[str | int]) -> str:
    """A path as subscripts: `['choices'][0]`."""
    return "".join(f"[{step!r}]" for step in path_to_item)


def _located(message: str, path_to_item: Sequence[str | int] | None) -> str:
    return f"{message} at {render_path(path_to_item)}" if path_to_item else message


def _excerpt(body: str | None) -> str | None:
    """How a body starts: a message is read by people, who can ask for all of it."""
    if body is None or len(body) <= _EXCERPT:
        return body
    return f"{body[:_EXCERPT]}..."


class ApiTypeError(OpenApiException, TypeError):
    """A value of the wrong type, at `path_to_item` where that is known."""

    def __init__(
        self,
        msg: str,
        path_to_item: Sequence[str | int] | None = None,
        valid_classes: tuple[type, ...] | None = None,
        key_type: bool | None = None,
    ) -> None:
        super().__init__(_located(msg, path_to_item))
        self.path_to_item = path_to_item
        self.valid_classes = valid_classes
        self.key_type = key_type


class ApiValueError(OpenApiException, ValueError):
    """A value that cannot be sent, at `path_to_item` where that is known."""

    def __init__(
        self, msg: str, path_to_item: Sequence[str | int] | None = None
    ) -> None:
        super().__init__(_located(msg, path_to_item))
        self.path_to_item = path_to_item


class ApiAttributeError(OpenApiException, AttributeError):
    """An attribute that is not there, at `path_to_item` where that is known."""

    def __init__(
        self, msg: str, path_to_item: Sequence[str | int] | None = None
    ) -> None:
        super().__init__(_located(msg, path_to_item))
        self.path_to_item = path_to_item


class ApiKeyError(OpenApiException, KeyError):
    """A key that is not there, at `path_to_item` where that is known."""

    def __init__(
        self, msg: str, path_to_item: Sequence[str | int] | None = None
    ) -> None:
        super().__init__(_located(msg, path_to_item))
        self.path_to_item = path_to_item


class InvalidWebhookSignatureError(OpenApiException, ValueError):
    """A webhook that does not come from the vendor, or not now; the message says how that shows."""


class ApiException(OpenApiException):
    """A call that was made and failed.

    `status` is the HTTP status, 0 where there was none; `reason` the phrase that came with it,
    or what failed. `body` is the response's text and `data` the same, typed, where the API
    describes that response. `message` is what the vendor says in it, without any of the
    call's own credentials. `operation` names the operation that was called, and `elapsed` is how
    many seconds the call took, all attempts and waits included.
    """

    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        http_resp: HttpResponse | None = None,
        *,
        body: str | None = None,
        data: Any = None,
        operation: str | None = None,
        message: str | None = None,
    ) -> None:
        super().__init__()
        self.status = status
        self.reason = reason
        self.body = body
        self.data = data
        self.headers: Mapping[str, str] | None = None
        self.operation = operation
        self.message = message
        self.elapsed: float | None = None
        if http_resp is not None:
            self.status = http_resp.status if status is None else status
            self.reason = http_resp.reason if reason is None else reason
            self.headers = http_resp.headers
            if body is None and http_resp.data is not None:
                self.body = http_resp.data.decode("utf-8", "replace")

    @classmethod
    def from_response(
        cls,
        *,
        http_resp: HttpResponse,
        body: str | None,
        data: Any,
        operation: str | None = None,
        message: str | None = None,
    ) -> ApiException:
        """The exception for a response, of the class that its status asks for."""
        status = http_resp.status
        raised = _BY_STATUS.get(status)
        if raised is None:
            raised = ServiceException if 500 <= status <= 599 else ApiException
        return raised(
            http_resp=http_resp,
            body=body,
            data=data,
            operation=operation,
            message=message,
        )

    @property
    def request_id(self) -> str | None:
        """What the vendor calls the request, None where it does not say."""
        from ._runtime.headers import request_id

        return None if self.headers is None else request_id(self.headers)

    @property
    def retry_after(self) -> float | None:
        """The seconds that the vendor asks callers to wait, None where it says nothing."""
        from ._runtime.retry import retry_after

        return None if self.headers is None else retry_after(self.headers)

    def __str__(self) -> str:
        answered = " ".join(str(part) for part in (self.status, self.reason) if part)
        return self._said(answered)

    def _said(self, what: str, *notes: str) -> str:
        """What happened, between the operation and what the vendor says of it."""
        parts = (self.operation, what, self.message or _excerpt(self.body))
        said = ": ".join(part for part in parts if part)
        request_id = self.request_id
        if request_id:
            notes = (*notes, f"request {request_id}")
        return f"{said} ({', '.join(notes)})" if notes else said

    def _misread(self) -> str:
        """What happened to an answer whose status was a success."""
        status = (f"status {self.status}",) if self.status else ()
        return self._said(self.reason or "", *status)


class BadRequestException(ApiException):
    """400 Bad Request."""


class UnauthorizedException(ApiException):
    """401 Unauthorized: no credentials, or wrong ones."""


class ForbiddenException(ApiException):
    """403 Forbidden: the credentials do not allow this."""


class NotFoundException(ApiException):
    """404 Not Found."""


class RequestTimeoutException(ApiException):
    """408 Request Timeout: the vendor gave up waiting for the request."""


class ConflictException(ApiException):
    """409 Conflict."""


class UnprocessableEntityException(ApiException):
    """422 Unprocessable Content."""


class RateLimitException(ApiException):
    """429 Too Many Requests; `retry_after` says for how many seconds."""


class ServiceException(ApiException):
    """5xx: the vendor failed."""


class ApiConnectionError(ApiException, ConnectionError):
    """No answer: the vendor was not reached, or the connection broke."""

    def __init__(
        self, reason: str | None = None, *, operation: str | None = None
    ) -> None:
        super().__init__(status=0, reason=reason, operation=operation)


class ApiTimeoutError(ApiConnectionError, TimeoutError):
    """No answer in time."""


class ResponseDecodeError(ApiException):
    """An answer that cannot be read as what the API describes; `raw` is its bytes."""

    def __init__(
        self,
        reason: str | None = None,
        *,
        raw: bytes = b"",
        http_resp: HttpResponse | None = None,
        operation: str | None = None,
        message: str | None = None,
    ) -> None:
        super().__init__(
            reason=reason, http_resp=http_resp, operation=operation, message=message
        )
        self.raw = raw

    def __str__(self) -> str:
        return self._misread()


class StreamError(ApiException):
    """A stream that broke off, that is no stream, or that carried an error.

    `event` is the event at fault, where one is; `data` is then its error, typed where the API
    describes it.
    """

    def __init__(
        self,
        reason: str | None = None,
        *,
        event: ServerSentEvent | None = None,
        data: Any = None,
        http_resp: HttpResponse | None = None,
        operation: str | None = None,
        message: str | None = None,
    ) -> None:
        super().__init__(
            reason=reason,
            http_resp=http_resp,
            body=event.data if event is not None else None,
            data=data,
            operation=operation,
            message=message,
        )
        self.event = event

    def __str__(self) -> str:
        return self._misread()


_BY_STATUS: dict[int, type[ApiException]] = {
    400: BadRequestException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
    408: RequestTimeoutException,
    409: ConflictException,
    422: UnprocessableEntityException,
    429: RateLimitException,
}


__all__ = [
    "ApiAttributeError",
    "ApiConnectionError",
    "ApiException",
    "ApiKeyError",
    "ApiTimeoutError",
    "ApiTypeError",
    "ApiValueError",
    "BadRequestException",
    "ConflictException",
    "ForbiddenException",
    "InvalidWebhookSignatureError",
    "NotFoundException",
    "OpenApiException",
    "RateLimitException",
    "RequestTimeoutException",
    "ResponseDecodeError",
    "ServiceException",
    "StreamError",
    "UnauthorizedException",
    "UnprocessableEntityException",
    "render_path",
]
