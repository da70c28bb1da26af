"""How calls are authenticated (OpenAPI, Security Scheme and Security Requirement Objects)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    TypeAlias,
    TypedDict,
    cast,
)

from ..exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from .tokens import ClientCredentials, TokenSource


class ApiKeyScheme(NamedTuple):
    """A key in the header, query parameter or cookie called `parameter`."""

    name: str
    location: Literal["header", "query", "cookie"]
    parameter: str


class HttpScheme(NamedTuple):
    """HTTP authentication; `scheme` is `basic`, `bearer` or another registered word."""

    name: str
    scheme: str
    bearer_format: str | None = None


class OAuth2Scheme(NamedTuple):
    """OAuth 2.0: an access token, sent as a bearer token (RFC 6750).

    `token_url` is the token endpoint of the client credentials flow, None where there is none; it
    may be relative to the server. `scopes` are those of the flow that the operations need.
    """

    name: str
    token_url: str | None = None
    scopes: tuple[str, ...] = ()


class OpenIdScheme(NamedTuple):
    """OpenID Connect: an access token, sent as a bearer token."""

    name: str


SecurityScheme: TypeAlias = ApiKeyScheme | HttpScheme | OAuth2Scheme | OpenIdScheme

Secret: TypeAlias = "str | Callable[[], str | Awaitable[str]]"
"""A credential, or a function that gives it (of asynchronous clients also a coroutine function)."""

AccessToken: TypeAlias = "str | Callable[[], str | Awaitable[str]] | ClientCredentials"
"""An access token, a function that gives one, or the credentials to fetch one with."""


AuthSetting = TypedDict(
    "AuthSetting",
    {
        "type": str,
        "in": str,
        "key": str,
        "value": str | None,
        "format": NotRequired[str],
        "source": NotRequired["TokenSource"],
        "prefix": NotRequired[str],
    },
)
"""One credential: `value` goes into the header, query parameter or cookie (`in`) `key`. Where it
is None, that is what `source` gives, after `prefix`."""

AuthSettings: TypeAlias = dict[str, AuthSetting]


class Credentials(NamedTuple):
    """What a caller has: API keys by the name of their security scheme, a user and a password,
    and one access token for all schemes that take one, or several by the name of theirs.
    """

    api_key: Mapping[str, Secret]
    username: str | None
    password: str | None
    access_token: AccessToken | Mapping[str, AccessToken] | None

    def token(self, name: str) -> AccessToken | None:
        """The access token of a security scheme."""
        held = cast("object", self.access_token)
        if not isinstance(held, str) and isinstance(held, Mapping):
            return cast("Mapping[str, AccessToken]", held).get(name)
        return cast("AccessToken | None", held)


class Pending(NamedTuple):
    """A credential that `source` is asked for before each attempt, and where it goes."""

    source: TokenSource
    location: str
    name: str
    prefix: str | None

    def text(self, secret: str) -> str:
        """A credential as it is sent."""
        return prefixed(secret, self.prefix)


def prefixed(secret: str, prefix: str | None) -> str:
    """A credential after its prefix."""
    return f"{prefix} {secret}" if prefix else secret


def api_key(
    scheme: ApiKeyScheme, key: Secret, prefix: str | None = None
) -> AuthSetting:
    """An API key."""
    found: AuthSetting = {
        "type": "api_key",
        "in": scheme.location,
        "key": scheme.parameter,
        "value": prefixed(key, prefix) if isinstance(key, str) else None,
    }
    if not isinstance(key, str):
        from .tokens import CallableTokens

        found["source"] = CallableTokens(key, f"api_key[{scheme.name!r}]")
        if prefix:
            found["prefix"] = prefix
    return found


def login(username: str, password: str) -> str:
    """A user and a password as a header has them (RFC 7617)."""
    from base64 import b64encode

    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"


def basic(username: str, password: str) -> AuthSetting:
    """A user and a password (RFC 7617)."""
    return {
        "type": "basic",
        "in": "header",
        "key": "Authorization",
        "value": login(username, password),
    }


def bearer(token: str | TokenSource, format: str | None = None) -> AuthSetting:
    """A bearer token (RFC 6750, section 2.1)."""
    found: AuthSetting = {
        "type": "bearer",
        "in": "header",
        "key": "Authorization",
        "value": f"Bearer {token}" if isinstance(token, str) else None,
    }
    if not isinstance(token, str):
        found["source"] = token
        found["prefix"] = "Bearer"
    if format is not None:
        found["format"] = format
    return found


def setting(given: Mapping[str, Any]) -> AuthSetting:
    """A credential as the caller gives it in `_request_auth`.

    Raises ApiTypeError and ApiValueError for what is none.
    """
    expected = "{'in': 'header', 'key': 'X-Api-Key', 'value': '...'}"
    if not isinstance(cast("object", given), Mapping):
        raise ApiTypeError(
            f"_request_auth takes a dict such as {expected}, not {type(given).__name__}"
        )
    for name in ("in", "key", "value"):
        if name not in given:
            raise ApiValueError(
                f"_request_auth takes a dict such as {expected}; {name!r} is missing"
            )
    location, key, value = given["in"], given["key"], given["value"]
    if location not in ("header", "query", "cookie"):
        raise ApiValueError(
            "the 'in' of _request_auth is 'header', 'query' or 'cookie', not"
            f" {location!r}"
        )
    if not isinstance(key, str):
        raise ApiTypeError(
            f"the 'key' of _request_auth takes a str, not {type(key).__name__}"
        )
    found: AuthSetting = {
        "type": given.get("type", "api_key"),
        "in": location,
        "key": key,
        "value": value if isinstance(value, str) else None,
    }
    if callable(value):
        from .tokens import CallableTokens

        function = cast("Callable[[], str | Awaitable[str]]", value)
        found["source"] = CallableTokens(function, "the 'value' of _request_auth")
    elif value is not None and not isinstance(value, str):
        raise ApiTypeError(
            "the 'value' of _request_auth takes a str, or a function that gives one, not"
            f" {type(value).__name__}"
        )
    return found


def chosen(
    alternatives: tuple[tuple[str, ...], ...], settings: Mapping[str, AuthSetting]
) -> list[AuthSetting]:
    """The credentials of the first alternative that has all of them.

    An empty alternative makes authentication optional: credentials that are there are still
    used. Empty where no alternative is complete; the vendor then answers that.
    """
    for names in alternatives:
        found = [settings[name] for name in names if name in settings]
        if found and len(found) == len(names):
            return found
    return []
