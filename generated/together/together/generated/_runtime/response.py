"""What an answer means: typed data, or an exception. A pure function of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..api_response import ApiResponse
from ..exceptions import ApiException, HttpResponse, ResponseDecodeError, StreamError
from . import events, media
from .configuration import ResponseValidation
from .operation import Operation
from .plan import AnyOperation
from .redaction import redacted as redacted
from .request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from .types import Types

T = TypeVar("T")

_MESSAGES = ("message", "detail", "error_description", "title", "error", "reason")
_EXCERPT = 300


def interpret(
    operation: Operation[T, Any],
    request: Request,
    response: HttpResponse,
    types: Types,
    validation: ResponseValidation,
) -> ApiResponse[T]:
    """The typed response, whose body has been read.

    Raises an ApiException for a status outside 2xx, ResponseDecodeError for an answer that
    cannot be read as what the API describes.
    """
    status = response.status
    raw = response.data or b""
    if not 200 <= status <= 299:
        raise failure(operation, request, response, types)
    return ApiResponse(
        status_code=status,
        data=_success(operation, request, response, raw, types, validation),
        raw_data=raw,
        headers=response.headers,
        elapsed=response.elapsed,
    )


def failure(
    operation: AnyOperation, request: Request, response: HttpResponse, types: Types
) -> ApiException:
    """The exception that an answer outside 2xx, whose body has been read, is raised as."""
    raw = response.data or b""
    return ApiException.from_response(
        http_resp=response,
        body=_decoded(raw, response.headers) if raw else None,
        data=_error_data(described(operation, response.status), raw, types),
        operation=operation.id,
        message=redacted(vendor_message(raw), request) if raw else None,
    )


def is_file(operation: AnyOperation, status: int) -> bool:
    """Whether an answer with `status` is a success that is bytes."""
    return 200 <= status <= 299 and described(operation, status) in _BYTES


def saved(
    operation: AnyOperation, request: Request, response: HttpResponse, path: Path
) -> ApiResponse[Path]:
    """A success whose body is at `path`; raises ResponseDecodeError for one that is no file."""
    if not is_file(operation, response.status):
        raise _unreadable(
            f"the answer with the status {response.status} is no file",
            operation,
            request,
            response,
            response.data or b"",
        )
    return ApiResponse(
        status_code=response.status,
        data=path,
        raw_data=b"",
        headers=response.headers,
        elapsed=response.elapsed,
    )


def refuse_stream(operation: AnyOperation, response: HttpResponse) -> None:
    """Raises StreamError where a call that does not stream is answered with a stream."""
    media_type = media.essence(response.headers.get("content-type") or "")
    if not events.is_stream(media_type) or not 200 <= response.status <= 299:
        return
    if described(operation, response.status) in _RAW:
        return
    advice = (
        f"call {operation.id}_stream instead"
        if operation.stream is not None
        else "call it without preloading the content instead"
    )
    raise StreamError(
        f"the answer is a stream ({media_type}): {advice}",
        http_resp=response,
        operation=operation.id,
    )


def described(operation: AnyOperation, status: int) -> str | None:
    """The type expression of an answer with `status`: the code's own, its range's (`4XX`), or
    the default one. For a success that is not described, that of the first that is."""
    responses = operation.responses
    for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
        if key in responses:
            return responses[key]
    if 200 <= status <= 299:
        for key, expression in responses.items():
            if key.startswith("2") and expression is not None:
                return expression
    return None


def error_expression(operation: AnyOperation) -> str | None:
    """The type expression of the errors of an operation, where it has one for them."""
    for key, expression in operation.responses.items():
        if not key.startswith(("1", "2", "3")) and expression is not None:
            return expression
    return None


def vendor_message(raw: bytes) -> str:
    """What an error's body says: its message where it is JSON, else how it starts."""
    import json

    try:
        found = _message(json.loads(raw))
    except (ValueError, RecursionError):
        found = None
    if found is None:
        found = raw[: 4 * _EXCERPT].decode("utf-8", "replace").strip()
    return found if len(found) <= _EXCERPT else f"{found[:_EXCERPT]}..."


_BYTES = frozenset({"bytearray", "bytes"})
_RAW = _BYTES | {"str"}


def _success(
    operation: AnyOperation,
    request: Request,
    response: HttpResponse,
    raw: bytes,
    types: Types,
    validation: ResponseValidation,
) -> Any:
    expression = described(operation, response.status)
    if expression is None:
        return None
    if expression in _BYTES:
        return bytearray(raw) if expression == "bytearray" else raw
    content_type = response.headers.get("content-type") or ""
    media_type = media.essence(content_type)
    if expression == "str" and not media.is_json(media_type):
        return _decoded(raw, response.headers)
    if not raw.strip():
        if validation == "strict" and response.status not in (204, 205):
            raise _unreadable("the answer is empty", operation, request, response, raw)
        return None
    charset = media.charset(content_type) if content_type else "utf-8"
    text: bytes | str = raw
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        text = _decoded(raw, response.headers)
    try:
        return types.decoder(expression, validation)(text)
    except ValueError as error:
        described_as = f"the answer ({media_type or 'of no content type'})"
        raise _unreadable(
            f"{described_as} is not what the API describes: {first_line(error)}",
            operation,
            request,
            response,
            raw,
        ) from error


def _unreadable(
    reason: str,
    operation: AnyOperation,
    request: Request,
    response: HttpResponse,
    raw: bytes,
) -> ResponseDecodeError:
    return ResponseDecodeError(
        redacted(reason, request),
        raw=raw,
        http_resp=response,
        operation=operation.id,
        message=redacted(vendor_message(raw), request),
    )


def first_line(error: ValueError) -> str:
    from pydantic_core import ValidationError

    if not isinstance(error, ValidationError):
        return str(error)
    found = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in found["loc"])
    return f"{where}: {found['msg']}" if where else found["msg"]


def _decoded(raw: bytes, headers: Mapping[str, str]) -> str:
    charset = media.charset(headers.get("content-type") or "")
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _error_data(expression: str | None, raw: bytes, types: Types) -> Any:
    """An error's body as its type has it, None where it has none or does not fit."""
    if expression is None or not raw:
        return None
    if expression in _BYTES:
        return bytearray(raw) if expression == "bytearray" else raw
    try:
        return types.decoder(expression, "lenient")(raw)
    except ValueError:
        return None


def _message(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    if isinstance(value, list):
        items = cast("list[object]", value)
        return _message(items[0]) if items else None
    if not isinstance(value, dict):
        return None
    members = cast("dict[str, object]", value)
    for name in ("error", "errors", *_MESSAGES, "msg"):
        found = _message(members.get(name))
        if found is not None:
            return found
    return None
