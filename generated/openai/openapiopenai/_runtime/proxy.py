"""Which hosts are reached without the proxy."""

from __future__ import annotations

from urllib.parse import urlsplit


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


def _in_network(host: str, entry: str) -> bool:
    from ipaddress import ip_address, ip_network

    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        return False
