"""The modules of a crate's operations: one for each tag, a function for each operation."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from chatwright.ir.api import Api, Operation, Parameter
from chatwright.ir.schema import AnySchema, NullableSchema, RefSchema
from chatwright.ir.walk import table
from chatwright.targets.arguments import (
    Argument,
    is_bytes,
    is_file,
    is_files,
    media_type,
    ordered_arguments,
)
from chatwright.targets.operations import base_path
from chatwright.targets.rust import layout
from chatwright.targets.rust.answers import answer, error_type
from chatwright.targets.rust.names import ApiName, Names
from chatwright.targets.rust.types import VALUE, Types
from chatwright.targets.templates import render
from chatwright.targets.text import rust_doc, rust_string

_FILE = "std::path::PathBuf"


class FunctionView(Struct, frozen=True, kw_only=True):
    """One function: complete lines."""

    doc: str
    signature: str
    begin: str
    statements: list[str]
    end: str


class ErrorView(Struct, frozen=True, kw_only=True):
    """What an operation answers where it does not succeed."""

    function: str
    name: str
    declaration: str
    variants: list[tuple[str, str]]


def files(api: Api, names: Names, notice: str) -> dict[str, str]:
    """The text of each module, by its path below `src/`."""
    types = Types(table(api), names)
    written: dict[str, str] = {}
    for name in dict.fromkeys(names.apis.values()):
        operations = [x for x in api.operations if names.apis[x.tag] == name]
        written[f"apis/{name.module}.rs"] = _module(name, operations, types, notice)
    return written


def _module(
    name: ApiName, operations: Sequence[Operation], types: Types, notice: str
) -> str:
    functions: list[FunctionView] = []
    for operation in operations:
        functions.append(_function(operation, types))
        if operation.event_stream is not None:
            functions.append(_stream(operation, types))
    text = render(
        "rust/src/apis/api.rs.j2",
        errors=[_error(each, types) for each in operations],
        functions=functions,
    )
    return render(
        "rust/src/apis/module.rs.j2",
        notice=notice,
        title=name.title,
        has_method="Method::" in text,
        uses=_uses(text),
        body=text.rstrip("\n"),
    )


def _uses(text: str) -> list[str]:
    """The imports that the text of a module needs, as rustfmt orders them."""
    styles = [each for each in ("PathStyle", "QueryStyle") if f"{each}::" in text]
    found = ["use crate::models;"] * ("models::" in text)
    found.append("use crate::runtime::call::Call;")
    if "JsonText(" in text:
        found.append("use crate::runtime::data::JsonText;")
    if "EventStream<" in text:
        found.append("use crate::runtime::reader::Described;")
        found.append("use crate::runtime::stream::EventStream;")
    if styles:
        found.append(f"use crate::runtime::style::{_listed(styles)};")
    found.append("use crate::runtime::variant::variants;")
    return (
        ["use super::{configuration, Error};", *found]
        if "security::" not in text
        else [
            "use super::{configuration, security, Error};",
            *found,
        ]
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{{{', '.join(names)}}}"


def _error(operation: Operation, types: Types) -> ErrorView:
    variants: dict[str, str] = {}
    for response in operation.responses:
        status = response.status
        held = error_type(response, types)
        if status.startswith(("2", "3")) or held in (None, VALUE, "String"):
            continue
        name = "DefaultResponse" if status == "default" else f"Status{status.upper()}"
        variants[name] = held or VALUE
    error = types.names.errors[operation.id]
    return ErrorView(
        function=types.names.functions[operation.id],
        name=error,
        declaration=layout.declaration("enum", error),
        variants=[(x, layout.member(x, held, 4)) for x, held in variants.items()],
    )


def _function(operation: Operation, types: Types) -> FunctionView:
    names = types.names
    returned = answer(operation, types)
    error = names.errors[operation.id]
    given = ordered_arguments(operation, types.schemas)
    statements = [
        *_statements(operation, given, types, streams=False),
        *_accept(operation),
    ]
    return FunctionView(
        doc=_documentation(operation),
        signature=layout.signature(
            f"pub async fn {names.functions[operation.id]}",
            _parameters(operation, given, types),
            f"Result<{returned.type}, Error<{error}>>",
        ),
        begin=_begin(operation, statements),
        statements=statements,
        end=f"    call.{_SENDS[returned.kind]}(configuration).await",
    )


def _begin(operation: Operation, statements: Sequence[str]) -> str:
    variable = "mut call" if statements else "call"
    method, path = operation.method.upper(), rust_string(operation.path)
    if method in _METHODS:
        function, named = "new", f"Method::{method}"
    else:
        function, named = "named", rust_string(method)
    return layout.call(f"let {variable} = Call::{function}", [named, path], 4)


_METHODS = frozenset(
    {"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"}
)
"""The methods that reqwest has names for, of those that OpenAPI has."""

_SENDS = {
    "json": "send",
    "text": "send_text",
    "raw": "send_response",
    "nothing": "send_empty",
}


def _accept(operation: Operation) -> list[str]:
    """What is understood of the answers: JSON where there is any, else the first media type."""
    listed = [m.name for r in operation.responses for m in r.content]
    preferred = next(
        (x for x in listed if "json" in x.lower()), next(iter(listed), None)
    )
    if preferred is None:
        return []
    return [layout.call("call.accept", [rust_string(preferred)], 4)]


def _stream(operation: Operation, types: Types) -> FunctionView:
    names = types.names
    stream = operation.event_stream
    assert stream is not None
    error = names.errors[operation.id]
    item = types.of(stream.item_schema)
    given = ordered_arguments(operation, types.schemas)
    sentinel = (
        "None" if stream.sentinel is None else f"Some({rust_string(stream.sentinel)})"
    )
    statements = _statements(operation, given, types, streams=True)
    return FunctionView(
        doc=rust_doc(
            f"[`{names.functions[operation.id]}`], item by item as they come. The call is"
            " made when the stream is first polled."
        ),
        signature=layout.signature(
            f"pub fn {names.streams[operation.id]}",
            _parameters(operation, given, types),
            f"EventStream<{item}, {error}>",
        ),
        begin=_begin(operation, statements),
        statements=statements,
        end=render(
            "rust/src/apis/stream.rs.j2",
            media_type=rust_string(stream.media_type),
            sentinel=sentinel,
            is_text=str(item == "String").lower(),
        ).rstrip("\n"),
    )


def _documentation(operation: Operation) -> str:
    parts = [
        text.strip() for text in (operation.summary, operation.description) if text
    ]
    if len(parts) == 2 and parts[0] == parts[1]:
        parts.pop()
    return rust_doc(
        "\n\n".join(parts) or f"{operation.method.upper()} {operation.path}"
    )


def _parameters(
    operation: Operation, given: Sequence[Argument], types: Types
) -> list[str]:
    return [
        "configuration: &configuration::Configuration",
        *(
            f"{types.names.arguments[operation.id, x.location, x.name]}: {taken(x, types)}"
            for x in given
        ),
    ]


def taken(argument: Argument, types: Types) -> str:
    """The type of an argument."""
    if is_file(argument) or is_bytes(argument):
        inner = _FILE
    elif is_files(argument):
        inner = f"Vec<{_FILE}>"
    else:
        schema = argument.schema
        inner = types.of(
            schema.schema if isinstance(schema, NullableSchema) else schema
        )
        scalar = inner == "uuid::Uuid" and argument.parameter is not None
        inner = "&str" if inner == "String" or scalar else inner
    return f"Option<{inner}>" if is_optional(argument, types) else inner


def is_optional(argument: Argument, types: Types) -> bool:
    """Whether an argument is an Option: a body that may be anything may be null too."""
    schema = argument.schema
    if not argument.required or isinstance(schema, NullableSchema):
        return True
    if argument.location != "body":
        return False
    seen: set[str] = set()
    while isinstance(schema, RefSchema) and schema.name not in seen:
        seen.add(schema.name)
        schema = types.schemas[schema.name].schema
    return isinstance(schema, AnySchema)


def _statements(
    operation: Operation, given: Sequence[Argument], types: Types, *, streams: bool
) -> list[str]:
    """What is done to the call with each argument."""
    found: list[str] = []
    if operation.servers:
        server = rust_string(base_path(operation.servers))
        found.append(layout.call("call.server", [server], 4))
    if operation.security:
        constants = types.names.schemes
        alternatives = [
            [f"security::{constants[name]}" for name, _ in each.schemes]
            for each in operation.security
            if all(name in constants for name, _ in each.schemes)
        ]
        found.append(layout.lists("call.security", alternatives, 4))
    if operation.idempotency_header is not None:
        header = rust_string(operation.idempotency_header)
        found.append(layout.call("call.idempotency", [header], 4))
    content = media_type(operation)
    essence = content.name.partition(";")[0].strip().lower() if content else ""
    if any(each.location == "form" for each in given):
        kind = "multipart" if essence.startswith("multipart/") else "form"
        found.append(f"    call.{kind}();")
    for argument in given:
        name = types.names.arguments[operation.id, argument.location, argument.name]
        if argument.location == "body":
            found.append(
                _body(operation, argument, name, essence, types, streams=streams)
            )
        else:
            found.append(_set(argument, name))
    return found


def _set(argument: Argument, name: str) -> str:
    wire, value = rust_string(argument.name), f"&{name}"
    if argument.parameter is not None:
        return _parameter(argument.parameter, wire, value)
    if is_files(argument):
        files = name if argument.required else f"{name}.into_iter().flatten()"
        begin = f"for file in {files}"
    elif not is_file(argument):
        return layout.call("call.field", [wire, value], 4)
    elif argument.required:
        return layout.call("call.file", [wire, name], 4)
    else:
        begin = f"if let Some(file) = {name}"
    statement = layout.call("call.file", [wire, "file"], 8)
    return f"    {begin} {{\n{statement}\n    }}"


def _body(
    operation: Operation,
    argument: Argument,
    name: str,
    essence: str,
    types: Types,
    *,
    streams: bool,
) -> str:
    """The statement that sets the body, and its media type where that is another than usual."""
    held = "body" if not argument.required else name
    indent = 4 if argument.required else 8
    lines = [
        layout.call(f"call.{setter}", arguments, indent)
        for setter, arguments in _setters(
            operation, held, essence, argument, types, streams
        )
    ]
    if argument.required:
        return "\n".join(lines)
    return "\n".join([f"    if let Some(body) = {name} {{", *lines, "    }"])


def _setters(
    operation: Operation,
    held: str,
    essence: str,
    argument: Argument,
    types: Types,
    streams: bool,
) -> list[tuple[str, list[str]]]:
    text = taken(argument, types).removeprefix("Option<").removesuffix(">")
    stream = operation.event_stream
    if essence.endswith("json") or essence in ("", "*/*"):
        found: list[tuple[str, list[str]]] = [("json", [f"&{held}"])]
        if stream is not None and stream.selector is not None:
            selector = rust_string(stream.selector)
            function = rust_string(types.names.streams[operation.id])
            found = [
                (
                    ("json_streaming", [f"&{held}", selector])
                    if streams
                    else ("json_whole", [f"&{held}", selector, function])
                )
            ]
        if essence not in ("application/json", "", "*/*"):
            found.append(("content_type", [rust_string(essence)]))
        return found
    if text == _FILE:
        return [("file_body", [held, rust_string(essence)])]
    if essence.endswith("x-www-form-urlencoded"):
        return [("form", []), ("fields", [f"&{held}"])]
    if essence.startswith("multipart/"):
        return [("multipart", []), ("fields", [f"&{held}"])]
    if text == "&str":
        return [("text", [held]), ("content_type", [rust_string(essence)])]
    return [("json", [f"&{held}"]), ("content_type", [rust_string(essence)])]


def _parameter(parameter: Parameter, wire: str, value: str) -> str:
    if parameter.media_type is not None:
        value = f"&JsonText({value})"
    explode = str(parameter.explode).lower()
    style = f"{parameter.style[:1].upper()}{parameter.style[1:]}"
    match parameter.location:
        case "querystring":
            return layout.call("call.query_string", [value], 4)
        case "path":
            usual = parameter.style == "simple" and not parameter.explode
            more = [] if usual else [f"PathStyle::{style}", explode]
        case "query":
            usual = (
                parameter.style == "form"
                and parameter.explode
                and not parameter.allow_reserved
            )
            reserved = str(parameter.allow_reserved).lower()
            more = [] if usual else [f"QueryStyle::{style}", explode, reserved]
        case "header":
            more = [explode] if parameter.explode else []
        case "cookie":
            more = [] if parameter.explode else [explode]
    setter = f"call.{parameter.location}{'_as' if more else ''}"
    return layout.call(setter, [wire, value, *more], 4)
