"""The guides: what a package's documents say beyond single operations and models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct

from chatwright.ir.api import (
    Api,
    ApiKeyScheme,
    ChatChunks,
    ChatEvents,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    Operation,
    SecurityScheme,
)
from chatwright.ir.security import has_token_url
from chatwright.ir.walk import table
from chatwright.targets.arguments import arguments, is_file
from chatwright.targets.markdown import (
    markdown_cell,
    markdown_code,
    markdown_literal_cell,
)
from chatwright.targets.python.docs import webhooks
from chatwright.targets.python.docs.notation import Notations
from chatwright.targets.python.docs.programs import Programs
from chatwright.targets.python.layout import (
    Doc,
    assignment,
    call,
    dict_display,
    keyword,
)
from chatwright.targets.python.names import Names
from chatwright.targets.python.settings import PackageSettings
from chatwright.targets.templates import render
from chatwright.targets.text import python_string


class VariableView(Struct, frozen=True, kw_only=True):
    """One row of the table of environment variables."""

    name: str
    scheme: str


class MethodView(Struct, frozen=True, kw_only=True):
    """One row of a table of methods."""

    class_name: str
    document: str
    method: str


class StreamView(Struct, frozen=True, kw_only=True):
    """One row of the table of streams."""

    class_name: str
    document: str
    method: str
    items: str


def files(
    api: Api, names: Names, settings: PackageSettings, programs: Programs
) -> dict[str, str]:
    """The guides by their path below the output folder."""
    guides = {
        errors_path(names): _errors(names, settings, programs),
        configuration_path(names): _configuration(api, names, settings, programs),
    }
    if has_files(api, names):
        guides[files_path(names)] = _files(api, names, settings, programs)
    if names.streams:
        guides[streaming_path(names)] = _streaming(api, names, settings, programs)
    if webhooks.has_webhooks(api):
        errors = _sibling(errors_path(names))
        guides[webhooks_path(names)] = webhooks.guide(api, names, settings, errors)
    return guides


def streaming_path(names: Names) -> str:
    """Where the guide to streams stands: the documents of APIs and models come first."""
    return _path(names, "Streaming")


def webhooks_path(names: Names) -> str:
    """Where the guide to webhooks stands."""
    return _path(names, "Webhooks")


def files_path(names: Names) -> str:
    """Where the guide to files stands."""
    return _path(names, "Files")


def has_files(api: Api, names: Names) -> bool:
    """Whether an operation answers with a file or takes one."""
    return bool(names.downloads or _uploads(api, names))


def errors_path(names: Names) -> str:
    """Where the guide to errors stands."""
    return _path(names, "Errors")


def configuration_path(names: Names) -> str:
    """Where the guide to settings stands."""
    return _path(names, "Configuration")


def _path(names: Names, title: str) -> str:
    taken = {name.document.casefold() for name in names.models.values()}
    taken |= {name.document.casefold() for name in names.apis.values()}
    guide = title.casefold()
    return f"docs/guide-{guide}.md" if guide in taken else f"docs/{title}.md"


def _errors(names: Names, settings: PackageSettings, programs: Programs) -> str:
    return render(
        "python/docs/errors.md.j2",
        package=settings.package,
        sync=programs.errors("sync"),
        asynchronous=programs.errors("async"),
        configuration=_sibling(configuration_path(names)),
    )


def _configuration(
    api: Api, names: Names, settings: PackageSettings, programs: Programs
) -> str:
    bearer = any(
        isinstance(scheme, (OAuth2Scheme, OpenIdScheme))
        or (isinstance(scheme, HttpScheme) and scheme.scheme == "bearer")
        for scheme in api.security_schemes
    )
    return render(
        "python/docs/configuration.md.j2",
        package=settings.package,
        distribution=settings.distribution,
        variables=_variables(settings, api.security_schemes),
        bearer=bearer,
        openid=any(isinstance(scheme, OpenIdScheme) for scheme in api.security_schemes),
        token_url=any(
            isinstance(scheme, OAuth2Scheme) and has_token_url(scheme)
            for scheme in api.security_schemes
        ),
        function=_function(api.security_schemes),
        own_servers=any(each.servers for each in api.operations),
        limits=programs.limits(settings.flavour),
        hooks=programs.hooks(settings.flavour),
        errors=_sibling(errors_path(names)),
    )


def _function(schemes: Sequence[SecurityScheme]) -> str | None:
    """A Configuration with a function that gives a credential, None where none can."""
    given: Doc | None = None
    for scheme in schemes:
        match scheme:
            case ApiKeyScheme():
                name = python_string(scheme.name)
                given = keyword("api_key", dict_display((name, "secret")))
                break
            case OAuth2Scheme() | OpenIdScheme() | HttpScheme(scheme="bearer"):
                given = given or keyword("access_token", "secret")
            case HttpScheme():
                pass
            case _:
                assert_never(scheme)
    if given is None:
        return None
    return assignment("configuration", None, call("Configuration", given))


def _sibling(path: str) -> str:
    """A document as the others of its folder link to it."""
    return path.removeprefix("docs/")


def _variables(
    settings: PackageSettings, schemes: Sequence[SecurityScheme]
) -> Sequence[VariableView]:
    """The environment variables that the runtime reads credentials from."""
    keys = [scheme for scheme in schemes if isinstance(scheme, ApiKeyScheme)]
    views: list[VariableView] = []
    for scheme in schemes:
        words: tuple[str, ...]
        match scheme:
            case ApiKeyScheme(name=name):
                word = "".join(c if c.isalnum() and c.isascii() else "_" for c in name)
                words = (f"API_KEY_{word.upper()}" if len(keys) > 1 else "API_KEY",)
            case HttpScheme(scheme="basic"):
                words = ("USERNAME", "PASSWORD")
            case OAuth2Scheme() if has_token_url(scheme):
                words = ("ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
            case HttpScheme(scheme="bearer") | OAuth2Scheme() | OpenIdScheme():
                words = ("ACCESS_TOKEN",)
            case HttpScheme():
                words = ()
            case _:
                assert_never(scheme)
        scheme_name = markdown_cell(scheme.name)
        views += (
            VariableView(name=settings.variable(word), scheme=scheme_name)
            for word in words
        )
    return views


def _files(
    api: Api, names: Names, settings: PackageSettings, programs: Programs
) -> str:
    return render(
        "python/docs/files.md.j2",
        downloads=[
            _method(operation, names, names.downloads[operation.id])
            for operation in api.operations
            if operation.id in names.downloads
        ],
        download=programs.download(settings.flavour),
        uploads=_uploads(api, names),
        upload=programs.upload(settings.flavour),
        configuration=_sibling(configuration_path(names)),
        errors=_sibling(errors_path(names)),
    )


def _uploads(api: Api, names: Names) -> Sequence[MethodView]:
    """The methods that take files."""
    schemas = table(api)
    return [
        _method(operation, names, names.methods[operation.id])
        for operation in api.operations
        if any(map(is_file, arguments(operation, schemas)))
    ]


def _method(operation: Operation, names: Names, method: str) -> MethodView:
    name = names.apis[operation.tag]
    return MethodView(class_name=name.class_name, document=name.document, method=method)


def _streaming(
    api: Api, names: Names, settings: PackageSettings, programs: Programs
) -> str:
    notations = Notations(
        schemas=table(api), names=names, any_object="Dict[str, object]"
    )
    streams: list[StreamView] = []
    selectors: dict[str, None] = {}
    for operation in api.operations:
        if operation.event_stream is None:
            continue
        if operation.event_stream.selector is not None:
            selectors[operation.event_stream.selector] = None
        items = notations.of(operation.event_stream.item_schema)
        text = f"**{markdown_literal_cell(items.text)}**"
        if items.model is not None:
            text = f"[{text}]({names.models[items.model].document}.md)"
        name = names.apis[operation.tag]
        streams.append(
            StreamView(
                class_name=name.class_name,
                document=name.document,
                method=names.streams[operation.id],
                items=text,
            )
        )
    chats = [each.event_stream.chat for each in api.operations if each.event_stream]
    return render(
        "python/docs/streaming.md.j2",
        package=settings.package,
        streams=streams,
        selector=" or ".join(map(markdown_code, selectors)) or None,
        sync=programs.stream("sync"),
        asynchronous=programs.stream("async"),
        text=programs.text(settings.flavour),
        chunks=any(isinstance(each, ChatChunks) for each in chats),
        parts=any(isinstance(each, ChatEvents) for each in chats),
        events=programs.events(settings.flavour),
        failures=programs.stream_errors(settings.flavour),
        leaving=programs.leaving(settings.flavour),
        is_async=settings.flavour == "async",
        configuration=_sibling(configuration_path(names)),
        errors=_sibling(errors_path(names)),
    )
