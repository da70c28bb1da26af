"""The modules of a crate's operations: one for each tag, a function for each operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatwright.ir.api import Api, Operation, Parameter
from chatwright.ir.schema import NullableSchema
from chatwright.ir.walk import table
from chatwright.targets.arguments import (
    Argument,
    is_file,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionView:
    """One function: complete lines."""

    doc: str
    signature: str
    begin: str
    statements: list[str]
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorView:
    """What an operation answers where it does not succeed."""

    function: str
    declaration: str
    variants: list[str]


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
    errors = [_error(each, types) for each in operations]
    text = render("rust/src/apis/api.rs.j2", errors=errors, functions=functions)
    return render(
        "rust/src/apis/module.rs.j2",
        notice=notice,
        title=name.title,
        models="models::" in text,
        styles="Style::" in text,
        stream="EventStream" in text,
        body=text.rstrip("\n"),
    )


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
        declaration=layout.declaration("enum", error),
        variants=[layout.member(x, held, 4) for x, held in variants.items()],
    )


def _function(operation: Operation, types: Types) -> FunctionView:
    names = types.names
    returned = answer(operation, types)
    error = names.errors[operation.id]
    given = ordered_arguments(operation, types.schemas)
    statements = _statements(operation, given, types)
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
    arguments = [f"Method::{operation.method.upper()}", rust_string(operation.path)]
    return layout.call(f"let {variable} = Call::new", arguments, 4)


_SENDS = {
    "json": "send",
    "text": "send_text",
    "raw": "send_raw",
    "nothing": "send_unit",
}


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
    statements = _statements(operation, given, types)
    if stream.selector is not None:
        statements.append(f"    call.select({rust_string(stream.selector)});")
    return FunctionView(
        doc=rust_doc(
            f"[`{names.functions[operation.id]}`], item by item as they come."
        ),
        signature=layout.signature(
            f"pub async fn {names.streams[operation.id]}",
            _parameters(operation, given, types),
            f"Result<EventStream<{item}, {error}>, Error<{error}>>",
        ),
        begin=_begin(operation, statements),
        statements=statements,
        end=layout.awaited(
            "call.stream",
            ["configuration", rust_string(stream.media_type), sentinel],
            4,
        ),
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
    if is_file(argument):
        inner = _FILE
    else:
        schema = argument.schema
        nullable = isinstance(schema, NullableSchema)
        inner = types.of(
            schema.schema if isinstance(schema, NullableSchema) else schema
        )
        inner = "&str" if inner == "String" else inner
        if nullable and argument.required:
            return f"Option<{inner}>"
    return inner if argument.required else f"Option<{inner}>"


def _statements(
    operation: Operation, given: Sequence[Argument], types: Types
) -> list[str]:
    """What is done to the call with each argument."""
    found: list[str] = []
    if operation.servers:
        found.append(f"    call.server({rust_string(base_path(operation.servers))});")
    if operation.security:
        alternatives = ", ".join(
            f"&[{', '.join(rust_string(name) for name, _ in each.schemes)}]"
            for each in operation.security
        )
        found.append(layout.call("call.security", [f"&[{alternatives}]"], 4))
    for argument in given:
        name = types.names.arguments[operation.id, argument.location, argument.name]
        found.append(_set(operation, argument, name, types))
    return found


def _set(operation: Operation, argument: Argument, name: str, types: Types) -> str:
    if argument.parameter is not None:
        return _parameter(argument.parameter, name)
    if argument.location == "form":
        if is_file(argument):
            return layout.call("call.file", [rust_string(argument.name), name], 4)
        part = layout.call(
            "call.field", [rust_string(argument.name), f"&{name}"], 4, end="?;"
        )
        return part
    content = media_type(operation)
    kind = content.name if content else "application/json"
    optional = not argument.required
    held = "&body" if optional else f"&{name}"
    essence = kind.partition(";")[0].strip().lower()
    setter = "json" if essence.endswith("json") or essence == "*/*" else "body"
    arguments = [rust_string(kind), held]
    indent = 8 if optional else 4
    statement = layout.call(f"call.{setter}", arguments, indent, end="?;")
    if optional:
        return f"    if let Some(body) = {name} {{\n{statement}\n    }}"
    return statement


def _parameter(parameter: Parameter, name: str) -> str:
    wire, value = rust_string(parameter.name), f"&{name}"
    if parameter.media_type is not None:
        return layout.call(
            f"call.{parameter.location}_json", [wire, value], 4, end="?;"
        )
    default = "form" if parameter.location in ("query", "cookie") else "simple"
    if parameter.style == default and parameter.explode == (default == "form"):
        return layout.call(f"call.{parameter.location}", [wire, value], 4, end="?;")
    style = f"Style::{parameter.style[:1].upper()}{parameter.style[1:]}"
    return layout.call(
        f"call.{parameter.location}_styled",
        [wire, value, style, str(parameter.explode).lower()],
        4,
        end="?;",
    )
