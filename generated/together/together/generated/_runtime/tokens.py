"""Where credentials come from that are not plain text."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Protocol, cast, final
from weakref import WeakKeyDictionary

from ..exceptions import ApiException, ApiTypeError, HttpResponse
from .hooks import close_unawaited

if TYPE_CHECKING:
    import asyncio

    from .request import Request

# Seconds before its end from which a token is not used any more.
_LEEWAY = 30.0
# How long one is used whose end is not told.
_LASTS = 3600.0


class Readable(HttpResponse, Protocol):
    """An answer of the synchronous shell."""

    def read(self) -> bytes: ...


class AsyncReadable(HttpResponse, Protocol):
    """An answer of the asynchronous shell."""

    async def read(self) -> bytes: ...


class TokenSource(Protocol):
    """Gives credentials; `send` makes one exchange with a token endpoint."""

    def token(self, send: Callable[[Request], Readable]) -> str: ...

    async def token_async(
        self, send: Callable[[Request], Awaitable[AsyncReadable]]
    ) -> str: ...

    def forget(self, token: str) -> bool:
        """Whether another token may be had after the API has refused this one."""
        ...


class CallableTokens:
    """Credentials that the caller's own function gives, asked before each attempt; `setting` is
    what the caller calls it."""

    def __init__(
        self, function: Callable[[], str | Awaitable[str]], setting: str
    ) -> None:
        self._function = function
        self._setting = setting

    def token(self, send: Callable[[Request], Readable]) -> str:
        """The token; raises ApiTypeError where it has to be awaited."""
        return called(self._function, self._setting)

    async def token_async(
        self, send: Callable[[Request], Awaitable[AsyncReadable]]
    ) -> str:
        """The token, awaited where it has to be; raises ApiTypeError where that is no text."""
        found: object = self._function()
        if hasattr(found, "__await__"):
            found = await cast("Awaitable[object]", found)
        if not isinstance(found, str):
            raise _wrong(
                found, self._setting, "functions and coroutine functions return str"
            )
        return found

    def forget(self, token: str) -> bool:
        """Whether another token may be had after this one was refused: not from here."""
        return False


def called(function: Callable[[], str | Awaitable[str]], setting: str) -> str:
    """What a function of the setting gives; raises ApiTypeError where it has to be awaited."""
    found = function()
    if not isinstance(found, str):
        close_unawaited(found)
        raise _wrong(
            found, setting, "synchronous clients take functions that return str"
        )
    return found


def _wrong(found: object, setting: str, expected: str) -> ApiTypeError:
    return ApiTypeError(
        f"{setting} gave no text but {type(found).__name__}: {expected}"
    )


@final
class ClientCredentials:
    """The client credentials grant of OAuth 2.0 (RFC 6749, section 4.4).

    The token is fetched by the first call that needs one and again before it ends, or when the
    API refuses it; calls that need it meanwhile wait for the one that fetches it. Clients that are
    given the same object share its tokens.

    :param client_id: who asks.
    :param client_secret: their secret, sent with HTTP basic authentication.
    :param token_url: the token endpoint, absolute or relative to the server; without one, that of
        the security scheme.
    :param scopes: what the token is asked for, as a sequence or separated by spaces; without any,
        what the API's operations need, as far as its description says.
    :param parameters: more parameters of the token request, such as `audience`.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        token_url: str | None = None,
        scopes: Sequence[str] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.client_id = client_id
        self.token_url = token_url
        self.scopes: tuple[str, ...] | None = (
            tuple(scopes.split())
            if isinstance(scopes, str)
            else None if scopes is None else tuple(scopes)
        )
        self.parameters: dict[str, str] = dict(parameters or {})
        self._client_secret = client_secret
        self._grants: dict[tuple[str, tuple[str, ...]], Grant] = {}

    def grant(self, token_url: str, scopes: tuple[str, ...]) -> Grant:
        """What gives the tokens of a token endpoint: the same object each time. `scopes` hold
        where none are set here."""
        if self.scopes is not None:
            scopes = self.scopes
        found = self._grants.get((token_url, scopes))
        if found is None:
            made = Grant(
                token_url,
                self.client_id,
                self._client_secret,
                scopes,
                self.parameters,
            )
            found = self._grants.setdefault((token_url, scopes), made)
        return found


class Grant:
    """The tokens of one token endpoint, one at a time."""

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        scopes: tuple[str, ...],
        parameters: Mapping[str, str],
    ) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._scopes = scopes
        self._parameters = parameters
        self._held: tuple[str, float] | None = None
        self._lock = threading.Lock()
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )

    def token(self, send: Callable[[Request], Readable]) -> str:
        """The token; raises ApiException where the endpoint gives none."""
        with self._lock:
            found = self._current()
            if found is None:
                request = self._request()
                answer = send(request)
                answer.read()
                found = self._taken(request, answer)
            return found

    async def token_async(
        self, send: Callable[[Request], Awaitable[AsyncReadable]]
    ) -> str:
        """The token; raises ApiException where the endpoint gives none."""
        import asyncio

        loop = asyncio.get_running_loop()
        async with self._locks.setdefault(loop, asyncio.Lock()):
            found = self._current()
            if found is None:
                request = self._request()
                answer = await send(request)
                await answer.read()
                found = self._taken(request, answer)
            return found

    def forget(self, token: str) -> bool:
        """Drops a token that was refused; True, as another one may be had."""
        held = self._held
        if held is not None and held[0] == token:
            self._held = None
        return True

    def _current(self) -> str | None:
        if self._held is None or monotonic() >= self._held[1]:
            return None
        return self._held[0]

    def _request(self) -> Request:
        from base64 import b64encode
        from urllib.parse import quote_plus, urlencode

        from .request import Request

        pair = f"{quote_plus(self._client_id)}:{quote_plus(self._client_secret)}"
        basic = b64encode(pair.encode()).decode()
        form = {"grant_type": "client_credentials", **self._parameters}
        if self._scopes:
            form["scope"] = " ".join(self._scopes)
        return Request(
            method="POST",
            url=self._token_url,
            headers={
                "Authorization": f"Basic {basic}",
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            body=urlencode(form).encode(),
            operation="access token",
            secrets=(self._client_secret, basic),
            sensitive=frozenset({"authorization"}),
        )

    def _taken(self, request: Request, answer: HttpResponse) -> str:
        """The token in an answer, kept for as long as it says."""
        import json

        from . import redaction
        from .response import vendor_message

        raw = answer.data or b""
        if not 200 <= answer.status <= 299:
            raise ApiException.from_response(
                http_resp=answer,
                body=None,
                data=None,
                operation=request.operation,
                message=redaction.redacted(vendor_message(raw), request),
            )
        try:
            found: object = json.loads(raw)
        except ValueError:
            found = None
        members = cast("dict[str, object]", found) if isinstance(found, dict) else {}
        token, lasts = members.get("access_token"), members.get("expires_in")
        if not isinstance(token, str):
            raise ApiException(
                reason="the answer of the token endpoint has no access_token",
                status=answer.status,
                operation=request.operation,
            )
        try:
            seconds = float(cast("float", lasts))
        except (TypeError, ValueError):
            seconds = _LASTS
        self._held = token, monotonic() + max(0.0, seconds - min(_LEEWAY, seconds / 2))
        return token
