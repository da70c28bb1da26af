"""Settings of the sample's clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._runtime.configuration import SyncConfiguration
from ._runtime.lazy import exports
from ._runtime.security import ApiKeyScheme, HttpScheme, OAuth2Scheme, OpenIdScheme
from ._runtime.server import Server, ServerVariable

if TYPE_CHECKING:
    from ._runtime.hooks import Hooks as Hooks
    from ._runtime.request import Request as Request
    from ._runtime.request import Timeout as Timeout
    from ._runtime.retry import RetryPolicy as RetryPolicy
    from ._runtime.tokens import ClientCredentials as ClientCredentials


class Configuration(SyncConfiguration):
    """The sample's settings."""

    _package = __package__ or ""
    _package_version = "1.0.0"
    _api_version = "2.1"
    _servers = (
        Server("https://api.example.com"),
        Server(
            "https://{region}.example.com/{base}",
            "Regional",
            (
                ServerVariable("region", "eu", ("eu", "us")),
                ServerVariable("base", "v1"),
            ),
        ),
    )
    _security_schemes = (
        ApiKeyScheme("HeaderKey", "header", "x-api-key"),
        ApiKeyScheme("QueryKey", "query", "key"),
        ApiKeyScheme("CookieKey", "cookie", "session"),
        HttpScheme("Basic", "basic"),
        HttpScheme("Bearer", "bearer", "JWT"),
        OAuth2Scheme("OAuth", token_url="/token", scopes=("read", "write")),
        OAuth2Scheme("Elsewhere", token_url="https://login.example.com/token"),
        OpenIdScheme("OpenId"),
    )


if not TYPE_CHECKING:
    __getattr__, __dir__ = exports(
        __name__,
        {
            "ClientCredentials": ".._runtime.tokens",
            "Hooks": ".._runtime.hooks",
            "Request": ".._runtime.request",
            "RetryPolicy": ".._runtime.retry",
            "Timeout": ".._runtime.request",
        },
    )
