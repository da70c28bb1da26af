"""What was understood of a document, for people: `chatwright inspect`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from chatwright.ir.api import (
    Api,
    ApiKeyScheme,
    ChatProfile,
    EventStream,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    Operation,
    SchemaPath,
    SecurityScheme,
)
from chatwright.ir.schema import RefSchema


def summarise(api: Api) -> str:
    """A page about an Api: its servers, security, operations, streams and chat profile."""
    return "\n".join(_lines(api))


def _lines(api: Api) -> Iterator[str]:
    yield f"{api.title} {api.version}".strip()
    yield f"  document    {api.source.file} (OpenAPI {api.source.openapi})"
    for server in api.servers:
        yield f"  server      {server.url}"
    for scheme in api.security_schemes:
        yield f"  security    {scheme.name}: {_scheme(scheme)}"
    yield f"  schemas     {len(api.schemas)}"
    if api.webhooks:
        yield f"  webhooks    {len(api.webhooks)}"
    yield f"  operations  {len(api.operations)}"
    for operation in api.operations:
        yield f"    {operation.method.upper():7} {operation.path}  {operation.id} [{operation.tag}]"
        if operation.event_stream is not None:
            yield f"            streams {_stream(operation.event_stream)}"
        if operation.idempotency_header is not None:
            yield f"            idempotency key in `{operation.idempotency_header}`"
    yield from _chat(api)


def _scheme(scheme: SecurityScheme) -> str:
    match scheme:
        case ApiKeyScheme():
            return f"API key in the {scheme.location} `{scheme.parameter}`"
        case HttpScheme():
            form = f" ({scheme.bearer_format})" if scheme.bearer_format else ""
            return f"HTTP {scheme.scheme}{form}"
        case OAuth2Scheme():
            return f"OAuth 2.0, {', '.join(flow.kind for flow in scheme.flows)}"
        case OpenIdScheme():
            return f"OpenID Connect at {scheme.url}"
        case _:
            assert_never(scheme)


def _stream(stream: EventStream) -> str:
    schema = stream.item_schema
    item = schema.name if isinstance(schema, RefSchema) else type(schema).__name__
    parts = [f"{item} as {stream.media_type}"]
    if stream.selector is not None:
        parts.append(f"when `{stream.selector}` is true")
    if stream.sentinel is not None:
        parts.append(f"until {stream.sentinel}")
    return ", ".join(parts)


def _chat(api: Api) -> Iterator[str]:
    chat = api.chat
    if chat is None:
        yield "  chat        none found"
        return
    operation = next(
        (each for each in api.operations if each.id == chat.operation), None
    )
    yield f"  chat        {chat.operation}{_route(operation)}"
    for label, root, path in _nodes(chat):
        yield f"    {label:16}  {'.'.join((root, *path))}"


def _route(operation: Operation | None) -> str:
    return f" ({operation.method.upper()} {operation.path})" if operation else ""


def _nodes(chat: ChatProfile) -> Iterator[tuple[str, str, SchemaPath]]:
    yield "messages", chat.request, chat.messages
    for label, root, path in (
        ("model", chat.request, chat.model),
        ("tools", chat.request, chat.tools),
        ("text", chat.response, chat.text),
        ("text delta", chat.chunk, chat.text_delta),
        ("tool calls delta", chat.chunk, chat.tool_calls_delta),
    ):
        if root is not None and path is not None:
            yield label, root, path
