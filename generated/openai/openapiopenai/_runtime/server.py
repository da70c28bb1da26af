"""The base URLs of an API (OpenAPI, Server Object)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A variable of a server's URL template; an empty `enum` allows any value."""

    name: str
    default: str
    enum: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A base URL, possibly a template with `{name}` for each of `variables`."""

    url: str
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()
