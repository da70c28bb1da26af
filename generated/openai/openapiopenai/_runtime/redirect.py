"""Where a redirect leads (RFC 9110, section 15.4), and what it may take along."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from . import redaction
from .request import Request

LIMIT = 10

_STATUSES = frozenset({301, 302, 303, 307, 308})
_BODY = frozenset({"content-encoding", "content-length", "content-type"})


def followed(
    request: Request, status: int, headers: Mapping[str, str]
) -> Request | None:
    """The request that an answer redirects to, None where it does not.

    Credentials stay behind when the origin changes, and those of the query always do: the
    redirect says what the query is. One from https to http is not followed.
    """
    location = headers.get("location") if status in _STATUSES else None
    url = _target(request.url, location) if location else None
    if url is None:
        return None
    dropped: frozenset[str] = frozenset()
    pending = tuple(each for each in request.pending if each.location != "query")
    if _origin(url) != _origin(request.url):
        pending = ()
        dropped = frozenset(
            name.lower()
            for name in request.headers
            if redaction.is_sensitive(name, request)
        )
    method, body = request.method, request.body
    if status == 303 or (status in (301, 302) and method == "POST"):
        method = "HEAD" if method == "HEAD" else "GET"
        body = None
        dropped |= _BODY
    return request._replace(
        method=method,
        url=url,
        body=body,
        pending=pending,
        headers={
            name: value
            for name, value in request.headers.items()
            if name.lower() not in dropped
        },
    )


def _target(base: str, location: str) -> str | None:
    """The URL that a location is, None for one that is not to be asked for."""
    # RFC 3986: a URI is of ASCII, and has no spaces.
    if not location.isascii() or not location.isprintable() or " " in location:
        return None
    try:
        url = urljoin(base, location).partition("#")[0]
        scheme, host, _ = _origin(url)
    except ValueError:
        return None
    if scheme not in ("http", "https") or not host:
        return None
    if base.startswith("https:") and scheme == "http":
        return None
    return url


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
