"""Credentials that the environment holds, by convention: read where none are configured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

from .security import (
    AccessToken,
    ApiKeyScheme,
    Credentials,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    SecurityScheme,
)
from .tokens import ClientCredentials


def names(
    package: str, schemes: Sequence[SecurityScheme]
) -> dict[str, tuple[str, ...]]:
    """The environment variables of each security scheme."""
    keys = [scheme for scheme in schemes if isinstance(scheme, ApiKeyScheme)]
    found: dict[str, tuple[str, ...]] = {}
    for scheme in schemes:
        words: tuple[str, ...]
        match scheme:
            case ApiKeyScheme(name):
                word = "".join(c if c.isalnum() and c.isascii() else "_" for c in name)
                words = (f"API_KEY_{word.upper()}" if len(keys) > 1 else "API_KEY",)
            case HttpScheme(scheme="basic"):
                words = ("USERNAME", "PASSWORD")
            case OAuth2Scheme(token_url=str()):
                words = ("ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
            case HttpScheme(scheme="bearer") | OAuth2Scheme() | OpenIdScheme():
                words = ("ACCESS_TOKEN",)
            case HttpScheme():
                continue
        found[scheme.name] = tuple(_variable(package, word) for word in words)
    return found


def webhook_secret(package: str) -> tuple[str, str | None]:
    """The environment variable of what webhooks are signed with, and its value."""
    name = _variable(package, "WEBHOOK_SECRET")
    return name, os.environ.get(name) or None


def _variable(package: str, word: str) -> str:
    """The name of the package's top folder, without `_sdk` or `_client`, and what it is."""
    top = package.partition(".")[0]
    return f"{top.removesuffix('_sdk').removesuffix('_client').upper()}_{word}"


def credentials(package: str, schemes: Sequence[SecurityScheme]) -> Credentials:
    """The credentials that the environment holds."""
    keys: dict[str, str] = {}
    tokens: dict[str, AccessToken] = {}
    username: str | None = None
    password: str | None = None
    variables = names(package, schemes)
    for scheme in schemes:
        values = [
            os.environ.get(name) or None for name in variables.get(scheme.name, ())
        ]
        match scheme, values:
            case ApiKeyScheme(name), [str(key)]:
                keys[name] = key
            case HttpScheme(scheme="basic"), _:
                username, password = values
            case _, [str(token), *_]:
                tokens[scheme.name] = token
            case _, [None, str(client_id), str(client_secret)]:
                tokens[scheme.name] = _granted(client_id, client_secret)
            case _:
                pass
    return Credentials(keys, username, password, tokens)


@lru_cache(maxsize=8)
def _granted(client_id: str, client_secret: str) -> ClientCredentials:
    """The same ones each time: they hold the tokens that were fetched with them."""
    return ClientCredentials(client_id, client_secret)
