"""Security schemes and requirements (OpenAPI 3.2.0, sections 4.27 to 4.30)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from chatwright.diagnostics import InputError
from chatwright.document import Document, Node, Pointer, unescape
from chatwright.ir.api import (
    ApiKeyScheme,
    HttpScheme,
    OAuth2Flow,
    OAuth2Scheme,
    OpenIdScheme,
    SecurityRequirement,
    SecurityScheme,
)
from chatwright.parser import reading
from chatwright.parser.findings import Findings

SCHEMES = "#/components/securitySchemes/"
KEY_LOCATIONS: tuple[Literal["header", "query", "cookie"], ...] = (
    "header",
    "query",
    "cookie",
)
FLOWS: tuple[
    Literal[
        "implicit",
        "password",
        "clientCredentials",
        "authorizationCode",
        "deviceAuthorization",
    ],
    ...,
] = (
    "implicit",
    "password",
    "clientCredentials",
    "authorizationCode",
    "deviceAuthorization",
)


def schemes(document: Document, findings: Findings) -> tuple[SecurityScheme, ...]:
    """The schemes of a document, in its order; one that cannot be used is left out."""
    components = reading.mapping(document.root, "components")
    at = document.pointer / "components" / "securitySchemes"
    found: list[SecurityScheme] = []
    for name, node in reading.mapping(components, "securitySchemes").items():
        try:
            followed, pointer = document.follow(node, at / name)
        except InputError as error:
            findings.include(error, "this scheme is left out")
            continue
        if isinstance(followed, dict):
            scheme = _scheme(name, followed, pointer, findings)
            found.extend([scheme] if scheme is not None else [])
    return tuple(found)


def requirements(
    node: Mapping[str, Node],
    pointer: Pointer,
    known: Mapping[str, SecurityScheme],
    findings: Findings,
) -> tuple[SecurityRequirement, ...] | None:
    """The alternatives that an object lists, None where it is silent about security."""
    if "security" not in node:
        return None
    return tuple(_requirements(node, pointer, known, findings))


def _requirements(
    node: Mapping[str, Node],
    pointer: Pointer,
    known: Mapping[str, SecurityScheme],
    findings: Findings,
) -> Iterator[SecurityRequirement]:
    for index, alternative in enumerate(reading.sequence(node, "security")):
        if not isinstance(alternative, dict):
            continue
        names = {key: key if key in known else _named(key) for key in alternative}
        unknown = [key for key, name in names.items() if name not in known]
        if unknown:
            findings.warn(
                "unknown-security-scheme",
                f"no usable security scheme is called `{unknown[0]}`; there"
                f" {_listed(known)}; this alternative is left out",
                pointer / "security" / index,
            )
            continue
        yield SecurityRequirement(
            schemes=tuple(
                (name, reading.texts(alternative, key)) for key, name in names.items()
            )
        )


def _named(key: str) -> str:
    """The scheme that a requirement names by its address (OpenAPI 3.2.0, section 4.30)."""
    return unescape(key.removeprefix(SCHEMES)) if key.startswith(SCHEMES) else key


def _listed(known: Mapping[str, SecurityScheme]) -> str:
    return f"are {', '.join(f'`{name}`' for name in known)}" if known else "is none"


def _scheme(
    name: str, node: Mapping[str, Node], pointer: Pointer, findings: Findings
) -> SecurityScheme | None:
    description = reading.text(node, "description")
    deprecated = reading.flag(node, "deprecated")
    match node.get("type"):
        case "apiKey":
            parameter = reading.text(node, "name")
            location = reading.choice(node.get("in"), KEY_LOCATIONS)
            if parameter and location is not None:
                return ApiKeyScheme(
                    name=name,
                    location=location,
                    parameter=parameter,
                    description=description,
                    deprecated=deprecated,
                )
            expected = "an `in` of header, query or cookie, and a `name`"
        case "http":
            scheme = reading.text(node, "scheme")
            if scheme:
                return HttpScheme(
                    name=name,
                    scheme=scheme.lower(),
                    bearer_format=reading.text(node, "bearerFormat"),
                    description=description,
                    deprecated=deprecated,
                )
            expected = "a `scheme`, such as bearer or basic"
        case "oauth2":
            return OAuth2Scheme(
                name=name,
                flows=tuple(_flows(node)),
                description=description,
                deprecated=deprecated,
            )
        case "openIdConnect":
            url = reading.text(node, "openIdConnectUrl")
            if url:
                return OpenIdScheme(
                    name=name,
                    url=url,
                    description=description,
                    deprecated=deprecated,
                )
            expected = "an `openIdConnectUrl`"
        case other:
            findings.warn(
                "unsupported-security-scheme",
                f"a security scheme of type {reading.describe(other)} is left out; apiKey, http,"
                " oauth2 and openIdConnect are supported",
                pointer,
            )
            return None
    findings.warn(
        "invalid-security-scheme", f"this security scheme needs {expected}", pointer
    )
    return None


def _flows(node: Mapping[str, Node]) -> Iterator[OAuth2Flow]:
    flows = reading.mapping(node, "flows")
    for kind in FLOWS:
        if kind not in flows:
            continue
        flow = reading.mapping(flows, kind)
        yield OAuth2Flow(
            kind=kind,
            authorization_url=reading.text(flow, "authorizationUrl"),
            device_authorization_url=reading.text(flow, "deviceAuthorizationUrl"),
            token_url=reading.text(flow, "tokenUrl"),
            refresh_url=reading.text(flow, "refreshUrl"),
            scopes=tuple(
                (scope, text if isinstance(text, str) else "")
                for scope, text in reading.mapping(flow, "scopes").items()
            ),
        )
