"""Security schemes as the runtime's constants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from chatwright.ir.api import (
    ApiKeyScheme,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    SecurityScheme,
)
from chatwright.targets.text import rust_string


def schemes(found: Sequence[SecurityScheme]) -> list[tuple[str, str]]:
    """Each scheme's name, a literal, and the expression that describes it."""
    return [(rust_string(each.name), _described(each)) for each in found]


def _described(scheme: SecurityScheme) -> str:
    match scheme:
        case ApiKeyScheme(location=location, parameter=parameter):
            return f"Scheme::ApiKey(Place::{location.capitalize()}, {rust_string(parameter)})"
        case HttpScheme(scheme="basic"):
            return "Scheme::Basic"
        case HttpScheme():
            return "Scheme::Bearer"
        case OAuth2Scheme() | OpenIdScheme():
            return "Scheme::OAuth2"
        case _:
            assert_never(scheme)
