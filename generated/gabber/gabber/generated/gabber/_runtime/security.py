"""How calls are authenticated (OpenAPI, Security Scheme and Security Requirement Objects)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, NotRequired, TypeAlias, TypedDict


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
    """OAuth 2.0: an access token, sent as a bearer token (RFC 6750)."""

    name: str


class OpenIdScheme(NamedTuple):
    """OpenID Connect: an access token, sent as a bearer token."""

    name: str


SecurityScheme: TypeAlias = ApiKeyScheme | HttpScheme | OAuth2Scheme | OpenIdScheme

AuthSetting = TypedDict(
    "AuthSetting",
    {
        "type": str,
        "in": str,
        "key": str,
        "value": str | None,
        "format": NotRequired[str],
    },
)
"""One credential: `value` goes into the header, query parameter or cookie (`in`) `key`."""

AuthSettings: TypeAlias = dict[str, AuthSetting]


def bearer(token: str, format: str | None = None) -> AuthSetting:
    """A bearer token (RFC 6750, section 2.1)."""
    setting: AuthSetting = {
        "type": "bearer",
        "in": "header",
        "key": "Authorization",
        "value": f"Bearer {token}",
    }
    if format is not None:
        setting["format"] = format
    return setting


def setting(given: Mapping[str, Any]) -> AuthSetting:
    """A credential as the caller gives it in `_request_auth`."""
    return {
        "type": given.get("type", "api_key"),
        "in": given["in"],
        "key": given["key"],
        "value": given["value"],
    }


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
