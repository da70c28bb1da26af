"""Errors of the HTTP libraries, said in this package's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..exceptions import ApiConnectionError, ApiTimeoutError
from .request import Request


def timed_out(request: Request) -> ApiTimeoutError:
    """No answer in time."""
    limits = request.timeout
    times = [
        f"{name} {seconds:g} s"
        for name, seconds in (
            ("connect", limits.connect),
            ("read", limits.read),
            ("total", limits.total),
        )
        if seconds is not None
    ]
    return ApiTimeoutError(
        f"no answer in time from {_origin(request)} ({', '.join(times)})",
        operation=request.operation,
    )


def unreachable(error: BaseException, request: Request) -> ApiConnectionError:
    """No answer, or one that broke off."""
    return ApiConnectionError(
        f"the connection to {_origin(request)} failed: {_cause(error)}",
        operation=request.operation,
    )


def _origin(request: Request) -> str:
    """Where a request goes, without what its path and query hold."""
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _cause(error: BaseException) -> str:
    """What the innermost error says; those around it only say where it was met."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = error.__cause__ or error.__context__
        for argument in reversed(error.args):
            if isinstance(argument, BaseException):
                inner = argument
                break
        if inner is None:
            break
        error = inner
    return str(error) or type(error).__name__
