"""The programs of a crate's README and guide: they call the chat completion, or what streams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from chatwright.ir.api import Api, ApiKeyScheme, HttpScheme, Operation
from chatwright.targets.arguments import Argument, is_bytes, ordered_arguments
from chatwright.targets.operations import base_path
from chatwright.targets.rust import layout
from chatwright.targets.rust.apis import taken
from chatwright.targets.rust.expressions import Expressions, lay_out
from chatwright.targets.rust.names import Names
from chatwright.targets.rust.settings import CrateSettings
from chatwright.targets.rust.types import Types
from chatwright.targets.templates import render
from chatwright.targets.text import rust_string

_GREETING = "Say hello in three languages."


class Programs(Struct, frozen=True, kw_only=True):
    """Whole programs; `stream` is None where the operation streams nothing."""

    call: str
    errors: str
    limits: str
    stream: str | None


def programs(
    api: Api, names: Names, types: Types, settings: CrateSettings
) -> Programs | None:
    """The programs of a crate, None where no operation can be shown."""
    operation = _shown(api, types)
    if operation is None:
        return None
    expressions = Expressions(types)
    given: list[str] = ["&configuration"]
    body: str | None = None
    for argument in ordered_arguments(operation, types.schemas):
        if argument.location == "body":
            value = _request(api, operation)
            body = lay_out(
                expressions.of(argument.schema, value), 4, len("    let request = ")
            )
            given.append("request" if argument.required else "Some(request)")
        elif not argument.required:
            given.append("None")
        else:
            given.append(_argument(argument, expressions, types))
    module = names.apis[operation.tag].module
    function = names.functions[operation.id]
    stream = names.streams.get(operation.id)
    shown = _settings(api, operation)
    keyed = "api_key: Some(api_key)" in shown

    def program(kind: str, called: str) -> str:
        return render(
            "rust/docs/program.rs.j2",
            kind=kind,
            # rustfmt has modules before types.
            uses=sorted(
                _uses(kind, f"{module}::{called}", body, keyed), key=str.swapcase
            ),
            library=settings.library,
            settings=shown,
            keyed=keyed,
            body=body,
            arguments=given,
            call=_called(called, given, kind),
        ).rstrip("\n")

    return Programs(
        call=program("call", function),
        errors=program("errors", function),
        limits=program("limits", function),
        stream=None if stream is None else program("stream", stream),
    )


def _uses(kind: str, function: str, body: str | None, keyed: bool) -> list[str]:
    """What a program imports of the crate."""
    settings = ["ApiKey"] * keyed + ["Configuration"]
    settings += ["RetryPolicy", "Timeout"] * (kind == "limits")
    listed = ", ".join(settings)
    return [
        f"apis::{function}",
        f"apis::configuration::{f'{{{listed}}}' if len(settings) > 1 else listed}",
        *(["apis::Error"] * (kind == "errors")),
        *(["models"] * (body is not None and "models::" in body)),
    ]


def _called(function: str, given: Sequence[str], kind: str) -> str:
    match kind:
        case "stream":
            head, end = "let mut stream =", ";"
        case "errors":
            head, end = "let outcome =", ".await;"
        case _:
            head, end = "let answer =", ".await?;"
    return layout.bound(head, function, given, 4, end)


def _shown(api: Api, types: Types) -> Operation | None:
    """The chat completion, or else the first operation that streams, or the first of all."""
    chat = api.chat
    listed = [
        each
        for each in api.operations
        if not any(
            is_bytes(x) or x.location == "form"
            for x in ordered_arguments(each, types.schemas)
        )
    ]
    return min(
        listed,
        key=lambda each: (
            chat is None or each.id != chat.operation,
            each.event_stream is None,
            each.deprecated,
        ),
        default=None,
    )


def _request(api: Api, operation: Operation) -> Any:
    chat = api.chat
    if chat is None or chat.operation != operation.id or len(chat.messages) != 1:
        return None
    message = {"role": "user", "content": _GREETING}
    return {chat.messages[0]: [message]}


def _argument(argument: Argument, expressions: Expressions, types: Types) -> str:
    if taken(argument, types) == "&str":
        return rust_string(argument.name)
    return lay_out(expressions.of(argument.schema), 8, 8)


def _settings(api: Api, operation: Operation) -> list[str]:
    """The fields of a configuration: a server where the document has none, and credentials."""
    found: list[str] = []
    if "://" not in base_path(api.servers) or not api.servers:
        found.append('base_path: "https://api.example.com".to_owned()')
    schemes = {scheme.name: scheme for scheme in api.security_schemes}
    needed = operation.security[0].schemes if operation.security else ()
    for name, _ in needed:
        match schemes.get(name):
            case ApiKeyScheme():
                found.append("api_key: Some(api_key)")
            case HttpScheme(scheme="bearer"):
                found.append('bearer_access_token: std::env::var("BEARER_TOKEN").ok()')
            case _:
                continue
    return list(dict.fromkeys(found))
