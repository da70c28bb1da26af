"""References as they are written: the file and the place in it that a `$ref` names."""

from __future__ import annotations

import functools
import re
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from .pointer import unescape

_BAD_ESCAPE = re.compile(r"~(?![01])")


class Reference(Struct, frozen=True, kw_only=True):
    """A URI reference (RFC 3986) in its parts, percent-decoded.

    `path` is empty for the file that holds the reference. The fragment is either a JSON Pointer's
    unescaped `tokens` (RFC 6901, section 6) or the name of an `anchor` (JSON Schema 2020-12, core,
    section 8.2.2).
    """

    path: str = ""
    tokens: tuple[str, ...] = ()
    anchor: str = ""
    remote: bool = False


@functools.lru_cache(maxsize=10_000)
def parse(text: str) -> Reference:
    """The parts of a reference.

    Raises ValueError, with a sentence, for what is no URI reference or no JSON Pointer.
    """
    parts = urlsplit(text)
    if parts.scheme or parts.netloc:
        return Reference(path=text, remote=True)
    path = unquote(parts.path, errors="strict")
    fragment = unquote(parts.fragment, errors="strict")
    if "\0" in path or parts.query:
        raise ValueError("a path to a file and a `#` fragment are expected")
    if not fragment:
        return Reference(path=path)
    if not fragment.startswith("/"):
        return Reference(path=path, anchor=fragment)
    if _BAD_ESCAPE.search(fragment):
        raise ValueError(
            "in a JSON Pointer `~` is written `~0` and `/` is written `~1`"
        )
    return Reference(path=path, tokens=tuple(map(unescape, fragment[1:].split("/"))))
