"""Which proxy a request goes through, and what that is told."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ..exceptions import ApiValueError
from .configuration import BaseConfiguration
from .security import login


class Proxy(NamedTuple):
    """A proxy's URL, without the credentials that may stand in it; these are in `headers`, which
    only the proxy may see."""

    url: str
    headers: dict[str, str]

    @property
    def scheme(self) -> str:
        """`http`, `https` or a kind of SOCKS, such as `socks5`."""
        return self.url.partition(":")[0]

    @property
    def host(self) -> str:
        """The proxy's host, in lower case."""
        return urlsplit(self.url).hostname or ""


def proxy(configuration: BaseConfiguration) -> Proxy | None:
    """The proxy of a configuration; None where it has none.

    Raises ApiValueError for a URL that is none of a proxy.
    """
    if not configuration.proxy:
        return None
    found = _parsed(configuration.proxy)
    return found._replace(
        headers={**found.headers, **(configuration.proxy_headers or {})}
    )


def bypassed(url: str, no_proxy: str | None) -> bool:
    """Whether `no_proxy` (hosts, domains, networks or `*`, separated by commas) holds `url`."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not host:
        return True
    with_port = f"{host}:{parts.port}"
    for entry in (no_proxy or "").lower().replace(" ", "").split(","):
        if entry == "*" or (entry and _in_network(host, entry)):
            return True
        domain = entry.lstrip(".")
        if domain and any(
            name == domain or name.endswith(f".{domain}") for name in (host, with_port)
        ):
            return True
    return False


@lru_cache(maxsize=16)
def _parsed(url: str) -> Proxy:
    scheme, separator, rest = url.rpartition("://")
    scheme = scheme.lower() if separator else "http"
    credentials, _, place = rest.partition("/")[0].rpartition("@")
    found = f"{scheme}://{place}"
    # The URL may hold a password: messages do not repeat it.
    if not (scheme in ("http", "https") or scheme.startswith("socks")) or not _is_place(
        found
    ):
        raise ApiValueError(
            "the proxy is no URL of a proxy, such as http://proxy.example.com:3128"
        )
    if scheme.startswith("socks"):
        return Proxy(url, {})
    if not credentials:
        return Proxy(found, {})
    username, _, password = credentials.partition(":")
    said = login(unquote(username), unquote(password))
    return Proxy(found, {"Proxy-Authorization": said})


def _is_place(url: str) -> bool:
    """Whether a URL names a host, and a port or none."""
    try:
        parts = urlsplit(url)
        return parts.hostname is not None and parts.port != 0
    except ValueError:
        return False


def _in_network(host: str, entry: str) -> bool:
    from ipaddress import ip_address, ip_network

    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        return False
