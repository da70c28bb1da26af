"""What a client tells its caller while it calls: for logs, metrics, traces and signatures."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..exceptions import ApiException, HttpResponse
    from .request import Request


def close_unawaited(value: object) -> None:
    """Ends a coroutine that nobody will await, which would warn otherwise."""
    close = getattr(value, "close", None)
    if callable(close):
        close()


class Hooks:
    """Called at each step of a call; override what you need.

    Asynchronous clients also take methods that are `async def`. What a hook raises, the call
    raises.
    """

    def before_request(
        self, request: Request
    ) -> Request | Awaitable[Request | None] | None:
        """Before each attempt. A request that is returned is sent in place of `request`:
        `request._replace(headers={**request.headers, ...})`."""

    def after_response(
        self, request: Request, response: HttpResponse
    ) -> Awaitable[None] | None:
        """After each answer, also one that is tried again. `response.elapsed` is how many
        seconds this attempt took; `response.data` the body where it has been read."""

    def on_retry(
        self,
        request: Request,
        attempt: int,
        wait: float,
        cause: HttpResponse | ApiException,
    ) -> Awaitable[None] | None:
        """Before the wait, in seconds, after an attempt (from 1) that is followed by another;
        `cause` is the answer, or the exception where there was none."""

    def on_error(self, request: Request, error: ApiException) -> Awaitable[None] | None:
        """Before a call raises `error`; `error.elapsed` is how many seconds the call took."""
