"""The README of a package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from msgspec import Struct

from chatwright.ir.api import (
    Api,
    ApiKeyScheme,
    HttpScheme,
    OAuth2Flow,
    OAuth2Scheme,
    OpenIdScheme,
    SecurityScheme,
)
from chatwright.targets.markdown import (
    markdown_block,
    markdown_cell,
    markdown_code,
    markdown_line,
    markdown_literal_cell,
)
from chatwright.targets.operations import base_path
from chatwright.targets.python.docs.escapes import html_line, one_line
from chatwright.targets.python.docs.guides import (
    configuration_path,
    errors_path,
    files_path,
    has_files,
    streaming_path,
    webhooks_path,
)
from chatwright.targets.python.docs.programs import Programs
from chatwright.targets.python.docs.webhooks import has_webhooks
from chatwright.targets.python.names import Names
from chatwright.targets.python.settings import Flavour, PackageSettings
from chatwright.targets.templates import render

_FLAVOURS: Mapping[Flavour, str] = {
    "async": "asynchronous, on [aiohttp](https://docs.aiohttp.org)",
    "sync": "synchronous, on [urllib3](https://urllib3.readthedocs.io)",
}


class OperationView(Struct, frozen=True, kw_only=True):
    """One row of the table of endpoints."""

    class_name: str
    document: str
    method: str
    verb: str
    path: str
    summary: str


class SchemeView(Struct, frozen=True, kw_only=True):
    """One security scheme; `lines` are items of a list."""

    anchor: str
    name: str
    lines: Sequence[str]


def files(
    api: Api, names: Names, settings: PackageSettings, programs: Programs
) -> dict[str, str]:
    """The README by its path below the output folder."""
    second: Flavour = "sync" if settings.flavour == "async" else "async"
    text = render(
        "python/README.md.j2",
        title=markdown_line(api.title) or settings.package,
        description=markdown_block(api.description or "").strip(),
        package=settings.package,
        api_version=markdown_line(api.version),
        version=markdown_line(settings.version),
        distribution=settings.distribution,
        own=_FLAVOURS[settings.flavour],
        others=_FLAVOURS[second],
        other=settings.other,
        other_title="Asynchronous calls" if second == "async" else "Synchronous calls",
        call=programs.call(settings.flavour),
        stream=programs.stream(settings.flavour),
        other_call=programs.call(second),
        guide=streaming_path(names),
        errors=errors_path(names),
        configuration=configuration_path(names),
        files=files_path(names) if has_files(api, names) else None,
        webhooks=webhooks_path(names) if has_webhooks(api) else None,
        base_path=html_line(base_path(api.servers)),
        operations=_operations(api, names),
        models=sorted(names.models.values(), key=lambda model: model.class_name),
        schemes=[_scheme(scheme) for scheme in api.security_schemes],
    )
    return {"README.md": text}


def _operations(api: Api, names: Names) -> Sequence[OperationView]:
    views = [
        OperationView(
            class_name=names.apis[operation.tag].class_name,
            document=names.apis[operation.tag].document,
            method=names.methods[operation.id],
            verb=operation.method.upper(),
            path=markdown_literal_cell(operation.path),
            summary=markdown_cell(operation.summary or ""),
        )
        for operation in api.operations
    ]
    return sorted(views, key=lambda view: (view.class_name, view.method))


def _scheme(scheme: SecurityScheme) -> SchemeView:
    return SchemeView(
        anchor=markdown_literal_cell(one_line(scheme.name)),
        name=markdown_line(scheme.name),
        lines=[
            *_described(scheme),
            *([markdown_line(scheme.description)] if scheme.description else []),
            *(["Deprecated."] if scheme.deprecated else []),
        ],
    )


def _described(scheme: SecurityScheme) -> Sequence[str]:
    match scheme:
        case ApiKeyScheme():
            places = {
                "header": "HTTP header",
                "query": "URL query string",
                "cookie": "cookie",
            }
            return [
                "**Type**: API key",
                f"**API key parameter name**: {markdown_line(scheme.parameter)}",
                f"**Location**: {places[scheme.location]}",
                _set_by(f'Configuration(api_key={{"{one_line(scheme.name)}": ...}})'),
            ]
        case HttpScheme(scheme="basic"):
            return [
                "**Type**: HTTP basic authentication",
                _set_by("Configuration(username=..., password=...)"),
            ]
        case HttpScheme(scheme="bearer"):
            form = (
                f" ({markdown_line(scheme.bearer_format)})"
                if scheme.bearer_format
                else ""
            )
            return [f"**Type**: Bearer authentication{form}", _set_by(_TOKEN)]
        case HttpScheme():
            kind = markdown_line(scheme.scheme)
            return [f"**Type**: HTTP {kind} authentication", _set_by(_TOKEN)]
        case OAuth2Scheme():
            return ["**Type**: OAuth", *map(_flow, scheme.flows), _set_by(_TOKEN)]
        case OpenIdScheme():
            return [
                "**Type**: OpenID Connect",
                f"**Discovery**: {markdown_line(scheme.url)}",
                _set_by(_TOKEN),
            ]
        case _:
            assert_never(scheme)


_TOKEN = "Configuration(access_token=...)"


def _set_by(expression: str) -> str:
    return f"**Set by**: {markdown_code(expression)}"


def _flow(flow: OAuth2Flow) -> str:
    urls = [
        f"{name} {markdown_line(url)}"
        for name, url in (
            ("authorization URL", flow.authorization_url),
            ("device authorization URL", flow.device_authorization_url),
            ("token URL", flow.token_url),
            ("refresh URL", flow.refresh_url),
        )
        if url
    ]
    scopes = [f"{markdown_code(scope)}" for scope, _ in flow.scopes]
    parts = [*urls, f"scopes {', '.join(scopes) if scopes else 'N/A'}"]
    return f"**Flow** {flow.kind}: {', '.join(parts)}"
