"""What the document of an API says of its operations: what OpenAPI Generator's does."""

from __future__ import annotations

import re
from urllib.parse import quote

from msgspec import Struct

from chatwright.ir.api import (
    Api,
    ApiKeyScheme,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    Operation,
    SecurityScheme,
)
from chatwright.ir.schema import (
    ArraySchema,
    EnumSchema,
    Instance,
    MapSchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
)
from chatwright.targets.arguments import (
    Argument,
    is_bytes,
    is_file,
    is_files,
    ordered_arguments,
)
from chatwright.targets.markdown import (
    markdown_line,
    markdown_raw_cell,
)
from chatwright.targets.operations import (
    default,
    description,
    number_text,
    required_schemes,
)
from chatwright.targets.rust.answers import answer
from chatwright.targets.rust.apis import is_optional
from chatwright.targets.rust.docs.text import cell, not_null, plain
from chatwright.targets.rust.types import Types
from chatwright.targets.words import camelized, sanitized

FILE = "std::path::PathBuf"
_MAP = "std::collections::HashMap<String, "
_PARAMETER = re.compile(r"\{[^{}]*\}")


class ArgumentView(Struct, frozen=True, kw_only=True):
    """One row of an operation's table."""

    name: str
    type: str
    description: str
    required: str
    notes: str


class OperationView(Struct, frozen=True, kw_only=True):
    """One operation, each string as it stands in the document; `description` is None where there
    is none."""

    function: str
    verb: str
    path: str
    cell: str
    signature: str
    summary: str
    description: str | None
    arguments: list[ArgumentView]
    returns: str
    authorization: str
    consumes: str
    produces: str


def operation_view(operation: Operation, api: Api, types: Types) -> OperationView:
    """One operation, as its document shows it."""
    function = types.names.functions[operation.id]
    given = ordered_arguments(operation, types.schemas)
    listed = [types.names.arguments[operation.id, x.location, x.name] for x in given]
    returned = answer(operation, types)
    shown = FILE if returned.kind == "raw" else returned.type
    prefix = f"{shown} " if returned.kind != "nothing" else ""
    content = operation.request_body.content if operation.request_body else ()
    consumes = [markdown_raw_cell(media_type.name) for media_type in content]
    produces = dict.fromkeys(
        markdown_raw_cell(m.name) for r in operation.responses for m in r.content
    )
    return OperationView(
        function=function,
        verb=operation.method.upper(),
        path=markdown_raw_cell(_PARAMETER.sub(_underscored, operation.path)),
        cell=cell(operation.summary or ""),
        signature=f"{prefix}{function}({', '.join(listed)})",
        summary=markdown_line(operation.summary or ""),
        description=(
            None
            if operation.description is None
            else markdown_line(operation.description)
        ),
        arguments=[
            _argument(each, name, types)
            for each, name in zip(given, listed, strict=True)
        ],
        returns=_linked(shown, returned.model) if prefix else "",
        authorization=_authorization(operation, api),
        consumes=", ".join(consumes) or "Not defined",
        produces=", ".join(produces) or "Not defined",
    )


def _underscored(parameter: re.Match[str]) -> str:
    return parameter[0].replace("-", "_")


def _linked(type_: str, model: str | None) -> str:
    """A type, linked to what it is or holds: to a model by the name that the document has for
    it, to nothing where that is a plain scalar."""
    inner = _held(type_)
    if inner is not None and _held(inner) is not None:
        return f"[**{type_}**]({inner.partition('<')[0]}.md)"
    if model is not None:
        return f"[**{type_}**]({quote(model)}.md)"
    page = inner or type_
    return f"[**{type_}**]({page}.md)" if "::" in page else f"**{type_}**"


def _argument(argument: Argument, name: str, types: Types) -> ArgumentView:
    shown = _type_cell(argument, types)
    return ArgumentView(
        name=name,
        type=f"Option<{shown}>" if is_optional(argument, types) else shown,
        description=markdown_raw_cell(
            description(argument, types.schemas, types.names.models)
        ),
        required="[required]" if argument.required else "",
        notes=_notes(argument, types),
    )


def _type_cell(argument: Argument, types: Types) -> str:
    """The type of an argument with its link, which is to what a list or a map holds."""
    if is_file(argument) or is_bytes(argument):
        return f"**{FILE}**"
    text = f"Vec<{FILE}>" if is_files(argument) else types.of(not_null(argument.schema))
    if text.startswith("models::"):
        page = text.removeprefix("models::")
        if argument.location != "form":
            return f"[**{page}**]({page}.md)"
        target = not_null(argument.schema)
        if isinstance(target, RefSchema):
            page = camelized(sanitized(target.name))
        return f"[**{text}**]({page}.md)"
    inner = _held(text)
    if inner is None:
        return f"**{text}**"
    if argument.location == "body":
        page = inner.removeprefix("models::").partition("<")[0]
    else:
        page = re.sub("[<>, ]", "", inner).replace("::", ":")
    page = camelized(page).replace(":", "__")
    return f"[**{text}**]({page}.md)"


def _held(type_: str) -> str | None:
    """What a list or a map holds, be it null or not; None where a type is neither."""
    if not type_.startswith(("Vec<", _MAP)):
        return None
    inner = type_.removeprefix("Vec<").removeprefix(_MAP).removesuffix(">")
    return (
        inner.removeprefix("Option<").removesuffix(">")
        if "Option<" in inner[:7]
        else inner
    )


def _notes(argument: Argument, types: Types) -> str:
    if argument.location == "form":
        found = _own_default(argument.schema, types)
    else:
        found = default(argument.schema, types.schemas)
    if found is None:
        return ""
    value, schema = found
    match schema:
        case ObjectSchema():
            return ""
        case ArraySchema() | MapSchema() if argument.location == "form":
            return ""
        case EnumSchema() if argument.location != "form" and isinstance(
            not_null(argument.schema), RefSchema
        ):
            return ""
        case _:
            return f"[default to {markdown_raw_cell(_default_text(value))}]"


def _default_text(default: Instance) -> str:
    value = default.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return plain(default)


def _own_default(schema: Schema, types: Types) -> tuple[Instance, Schema] | None:
    """The default of a form's field: the one that stands at the field."""
    found = schema.annotations.default
    if isinstance(schema, NullableSchema):
        schema = schema.schema
        found = found or schema.annotations.default
    if isinstance(schema, RefSchema) and types.schemas[schema.name].inline:
        return None
    return None if found is None else (found, schema)


def _authorization(operation: Operation, api: Api) -> str:
    known = {scheme.name: scheme for scheme in api.security_schemes}
    return ", ".join(
        f"[{_label(name)}](../README.md#{quote(name)})"
        for name in required_schemes(operation)
        for _ in range(_flows(known.get(name)))
    )


def _flows(scheme: SecurityScheme | None) -> int:
    """How often a scheme is listed: OAuth 2.0 once for each of its flows."""
    match scheme:
        case None:
            return 0
        case OAuth2Scheme(flows=flows):
            return len(flows)
        case ApiKeyScheme() | HttpScheme() | OpenIdScheme():
            return 1


def _label(text: str) -> str:
    """The text of a link."""
    return markdown_raw_cell(text).replace("[", "&#91;").replace("]", "&#93;")
