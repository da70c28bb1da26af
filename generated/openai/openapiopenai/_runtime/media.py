"""Media types, and how bodies of them are written (RFC 9110, section 8.3)."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Kind = Literal["json", "form", "multipart", "text", "binary"]


@lru_cache(maxsize=64)
def essence(content_type: str) -> str:
    """A media type without its parameters, in lower case (RFC 9110, section 8.3.1)."""
    return content_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type's essence is JSON (RFC 6839, section 3.1)."""
    return media_type in ("application/json", "text/json") or media_type.endswith(
        "+json"
    )


def kind(content_type: str) -> Kind:
    """How bodies of a media type are written."""
    media_type = essence(content_type)
    if is_json(media_type):
        return "json"
    if media_type == "application/x-www-form-urlencoded":
        return "form"
    if media_type.startswith("multipart/"):
        return "multipart"
    return "text" if media_type.startswith("text/") else "binary"


def charset(content_type: str) -> str:
    """The `charset` parameter of a media type, `utf-8` where there is none."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"') or "utf-8"
    return "utf-8"
