"""Keeps credentials out of messages and logs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .request import Request

_SENSITIVE = re.compile(
    r"auth|cookie|credential|key|password|secret|session|signature|token", re.IGNORECASE
)
_HIDDEN = "***"


def is_sensitive(name: str, request: Request) -> bool:
    """Whether a header of a request holds credentials, or sounds as if it did."""
    return name.lower() in request.sensitive or _SENSITIVE.search(name) is not None


def redacted(text: str, request: Request) -> str:
    """`text` without the credentials of a request."""
    from urllib.parse import quote

    secrets = [*request.secrets]
    secrets += (quote(secret, safe="") for secret in request.secrets)
    for name, value in request.headers.items():
        if is_sensitive(name, request):
            secrets.append(value)
    secrets += filter(None, map(_password, request.secrets))
    for secret in secrets:
        for part in (secret, secret.rpartition(" ")[2]):
            if len(part) >= 4:
                text = text.replace(part, _HIDDEN)
    return text


def _password(secret: str) -> str | None:
    """The password in a header of HTTP basic authentication (RFC 7617), None in any other."""
    from base64 import b64decode

    scheme, _, pair = secret.partition(" ")
    if scheme != "Basic":
        return None
    try:
        return b64decode(pair).decode().partition(":")[2]
    except ValueError:
        return None


def headers(request: Request) -> Mapping[str, str]:
    """The headers of a request as they may be shown."""
    return {
        name: _HIDDEN if is_sensitive(name, request) else redacted(value, request)
        for name, value in request.headers.items()
    }
