"""What the headers of an answer say about it."""

from __future__ import annotations

from collections.abc import Mapping

_REQUEST_ID = (
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "apim-request-id",
    "x-correlation-id",
    "x-trace-id",
    "cf-ray",
)


def request_id(headers: Mapping[str, str]) -> str | None:
    """What the vendor calls the request, to be named to its support; None where it does not."""
    for name in _REQUEST_ID:
        found = headers.get(name)
        if found:
            return found
    return None
