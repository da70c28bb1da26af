"""Settings of the sample's clients."""

from ._runtime.configuration import SyncConfiguration
from ._runtime.security import ApiKeyScheme, HttpScheme, OAuth2Scheme
from ._runtime.server import Server, ServerVariable


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
        OAuth2Scheme("OAuth"),
    )
