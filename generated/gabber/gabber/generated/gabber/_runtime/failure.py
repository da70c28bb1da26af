"""Errors of the HTTP libraries, said in this package's own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ..exceptions import ApiConnectionError, ApiTimeoutError
from .request import Request


def timed_out(request: Request, awaited: str) -> ApiTimeoutError:
    """What was awaited, the answer or the rest of it, did not come in time."""
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
        f"the {awaited} of {_origin(request)} did not come in time ({', '.join(times)})",
        operation=request.operation,
    )


def unreachable(error: BaseException, request: Request) -> ApiConnectionError:
    """No answer, or one that broke off."""
    unverified = _unverified(error)
    if unverified is not None:
        said = getattr(unverified, "verify_message", "") or str(unverified)
        return ApiConnectionError(
            f"the certificate of {_origin(request)}, or of the proxy on the way, cannot be"
            f" trusted: {said}",
            operation=request.operation,
        )
    return ApiConnectionError(
        f"the connection to {_origin(request)} failed: {_cause(error)}",
        operation=request.operation,
    )


def is_final(error: BaseException) -> bool:
    """Whether another attempt is bound to fail as this one did: where a certificate cannot be
    trusted."""
    return _unverified(error) is not None


def _origin(request: Request) -> str:
    """Where a request goes, without what its path and query hold."""
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _unverified(error: BaseException) -> BaseException | None:
    """The error that a certificate is, among an error and what it came from."""
    for each in _chain(error):
        # `ssl` has one, and urllib3 has its own for the names that it compares itself.
        if type(each).__name__ in ("SSLCertVerificationError", "CertificateError"):
            return each
    return None


def _cause(error: BaseException) -> str:
    """What the innermost error says; those around it only say where it was met.

    http.client meets a missing chunk as text that is no number, and aiohttp's parser gives
    answers that break off a status of its own, which the vendor never sent.
    """
    error = list(_chain(error))[-1]
    if type(error).__name__ == "IncompleteRead":
        return "it ended in the middle of the answer"
    said = str(getattr(error, "message", "") or error)
    return " ".join(said.split()) or type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what it came from or holds, and so on."""
    seen: set[int] = set()
    while id(error) not in seen:
        yield error
        seen.add(id(error))
        inner = error.__cause__ or error.__context__
        for argument in reversed(error.args):
            if isinstance(argument, BaseException):
                inner = argument
                break
        if inner is None or type(inner) is ValueError:
            break
        error = inner
