"""The base URLs of an API (OpenAPI, Server Object)."""

from __future__ import annotations

from typing import NamedTuple


class ServerVariable(NamedTuple):
    """A variable of a server's URL template; an empty `enum` allows any value."""

    name: str
    default: str
    enum: tuple[str, ...] = ()
    description: str = ""


class Server(NamedTuple):
    """A base URL, possibly a template with `{name}` for each of `variables`."""

    url: str
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()
