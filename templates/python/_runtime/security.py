"""How calls are authenticated (OpenAPI, Security Scheme Object)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class ApiKeyScheme:
    """A key in the header, query parameter or cookie called `parameter`."""

    name: str
    location: Literal["header", "query", "cookie"]
    parameter: str


@dataclass(frozen=True, slots=True)
class HttpScheme:
    """HTTP authentication; `scheme` is `basic`, `bearer` or another registered word."""

    name: str
    scheme: str
    bearer_format: str | None = None


@dataclass(frozen=True, slots=True)
class OAuth2Scheme:
    """OAuth 2.0: an access token, sent as a bearer token (RFC 6750)."""

    name: str


@dataclass(frozen=True, slots=True)
class OpenIdScheme:
    """OpenID Connect: an access token, sent as a bearer token."""

    name: str


SecurityScheme: TypeAlias = ApiKeyScheme | HttpScheme | OAuth2Scheme | OpenIdScheme
