"""Security schemes as the runtime's constants."""

from __future__ import annotations

from typing import assert_never

from chatwright.ir.api import (
    Api,
    ApiKeyScheme,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    SecurityScheme,
)
from chatwright.targets.rust.names import Names
from chatwright.targets.templates import render
from chatwright.targets.text import rust_doc, rust_string


def used(api: Api) -> tuple[SecurityScheme, ...]:
    """The schemes that an operation requires, alone or with others."""
    required = {
        name
        for operation in api.operations
        for requirement in operation.security
        for name, _ in requirement.schemes
    }
    return tuple(each for each in api.security_schemes if each.name in required)


def module(api: Api, names: Names, notice: str) -> str:
    """The text of the module with a constant for each scheme that is used."""
    schemes = used(api)
    return render(
        "rust/src/apis/security.rs.j2",
        notice=notice,
        located=any(isinstance(each, ApiKeyScheme) for each in schemes),
        schemes=[
            (
                names.schemes[each.name],
                rust_doc(each.description or each.name),
                _described(each),
            )
            for each in schemes
        ],
    )


def _described(scheme: SecurityScheme) -> str:
    match scheme:
        case ApiKeyScheme(name=name, location=location, parameter=parameter):
            members = (
                f"name: {rust_string(name)}",
                f"location: Location::{location.capitalize()}",
                f"parameter: {rust_string(parameter)}",
            )
            return "Scheme::ApiKey {\n" + "".join(f"    {x},\n" for x in members) + "}"
        case HttpScheme(scheme="basic"):
            return "Scheme::Basic"
        case HttpScheme(scheme="bearer"):
            return "Scheme::Bearer"
        case OAuth2Scheme() | OpenIdScheme():
            return "Scheme::OAuth"
        case HttpScheme():
            return "Scheme::Unknown"
        case _:
            assert_never(scheme)
