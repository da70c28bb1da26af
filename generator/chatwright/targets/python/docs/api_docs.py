"""The documents of the APIs, byte for byte those of OpenAPI Generator 7.26.0.

Users who switch see no difference there, so that its peculiarities stay: types such as `List[str]`,
links to documents of scalars, `os` that its examples do not import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, assert_never
from urllib.parse import quote

from msgspec import Struct

from chatwright.ir.api import (
    Api,
    ApiKeyScheme,
    Header,
    HttpScheme,
    MediaType,
    OAuth2Scheme,
    OpenIdScheme,
    Operation,
    Response,
    SecurityScheme,
)
from chatwright.ir.schema import (
    EnumSchema,
    Instance,
    NullableSchema,
    RefSchema,
    Schema,
    UnionSchema,
)
from chatwright.ir.walk import table
from chatwright.targets.arguments import Argument, media_type, ordered_arguments
from chatwright.targets.markdown import (
    markdown_block,
    markdown_cell,
    markdown_comment,
    markdown_line,
    markdown_literal_cell,
)
from chatwright.targets.operations import (
    base_path,
    description,
    main_response,
    required_schemes,
)
from chatwright.targets.python import spelling
from chatwright.targets.python.docs.defaults import default_text
from chatwright.targets.python.docs.escapes import html_line, one_line, quoted
from chatwright.targets.python.docs.notation import Notation, Notations
from chatwright.targets.python.names import ApiName, Names
from chatwright.targets.python.settings import PackageSettings
from chatwright.targets.templates import render

_UUID = "38400000-8cf0-11bd-b23e-10b96e4ef00d"
_BARE = re.compile(r"-?[0-9]+(\.[0-9]+)?|true|false|True|False")
_UNLINKED = frozenset(
    {"bool", "bytes", "date", "datetime", "float", "int", "str", "UUID"}
)


class SchemeView(Struct, frozen=True, kw_only=True):
    """One security scheme of an operation; `title` and `kind` are "" where nothing is shown."""

    kind: Literal["basic", "bearer", "key", "oauth", ""]
    title: str
    format: str
    cell: str
    line: str
    link_text: str
    anchor: str
    literal: str


class ArgumentView(Struct, frozen=True, kw_only=True):
    """One argument: in the example, and in the table."""

    name: str
    example: str
    type: str
    comment: str
    type_cell: str
    description_cell: str
    notes: str


class ResponseView(Struct, frozen=True, kw_only=True):
    """One row of the responses."""

    code: str
    description: str
    headers: str


class OperationView(Struct, frozen=True, kw_only=True):
    """One operation; `summary` and `description` are None where the document has none."""

    method: str
    verb: str
    path: str
    summary_cell: str
    summary: str | None
    summary_comment: str | None
    description: str | None
    signature: str
    call: str
    returns: bool
    schemes: Sequence[SchemeView]
    imports: Sequence[str]
    arguments: Sequence[ArgumentView]
    return_cell: str
    authorization: str
    consumes: str
    produces: str
    responses: Sequence[ResponseView]


def files(api: Api, names: Names, settings: PackageSettings) -> dict[str, str]:
    """The document of each API, by its path below the output folder."""
    documents = _Documents(api, names, settings)
    grouped: dict[str, list[Operation]] = {}
    apis: dict[str, ApiName] = {}
    for operation in api.operations:
        name = names.apis[operation.tag]
        apis[name.document] = name
        grouped.setdefault(name.document, []).append(operation)
    return {
        f"docs/{document}.md": documents.document(apis[document], operations)
        for document, operations in grouped.items()
    }


class _Documents:
    def __init__(self, api: Api, names: Names, settings: PackageSettings) -> None:
        self._api = api
        self._names = names
        self._settings = settings
        self._schemas = table(api)
        self._notations = Notations(
            schemas=self._schemas, names=names, any_object="object"
        )
        self._schemes = {scheme.name: scheme for scheme in api.security_schemes}

    def document(self, name: ApiName, operations: Sequence[Operation]) -> str:
        base = one_line(base_path(self._api.servers))
        views = [self._operation(operation) for operation in operations]
        return render(
            "python/docs/api.md.j2",
            package=self._settings.package,
            class_name=name.class_name,
            document=name.document,
            base_path=html_line(base),
            host_comment=base,
            host='"' + base.replace("\\", "\\\\").replace('"', '\\"') + '"',
            with_="async with" if self._settings.flavour == "async" else "with",
            operations=sorted(views, key=lambda view: view.method),
        )

    def _operation(self, operation: Operation) -> OperationView:
        method = self._names.methods[operation.id]
        arguments = ordered_arguments(operation, self._schemas)
        passed = ", ".join(
            name if argument.required else f"{name}={name}"
            for argument in arguments
            for name in (self._names.argument(operation, argument),)
        )
        returned = self._returned(operation)
        answer = "api_response = " if returned else ""
        awaited = "await " if self._settings.flavour == "async" else ""
        schemes = _security(operation, self._schemes)
        return OperationView(
            method=method,
            verb=operation.method.upper(),
            path=markdown_literal_cell(operation.path),
            summary_cell=markdown_cell(operation.summary or ""),
            summary=_or_none(markdown_line, operation.summary),
            summary_comment=_or_none(markdown_comment, operation.summary),
            description=_or_none(markdown_block, operation.description),
            signature=f"{returned.text + ' ' if returned else ''}{method}({passed})",
            call=f"{answer}{awaited}api_instance.{method}({passed})",
            returns=returned is not None,
            schemes=schemes,
            imports=self._imports(arguments, returned),
            arguments=[self._argument(operation, argument) for argument in arguments],
            return_cell=_return_cell(returned),
            authorization=_authorization(schemes),
            consumes=self._consumes(operation),
            produces=_produces(operation),
            responses=_responses(operation),
        )

    def _returned(self, operation: Operation) -> Notation | None:
        response = main_response(operation)
        if response is None or not response.content:
            return None
        schema = response.content[0].schema
        return None if schema is None else self._notations.of(schema)

    def _imports(
        self, arguments: Sequence[Argument], returned: Notation | None
    ) -> Sequence[str]:
        used = [
            self._notation(argument).innermost
            for argument in arguments
            if not self._is_left_out(argument)
        ]
        if returned is not None:
            used.append(returned.innermost)
        found = {notation.model for notation in used if notation.model is not None}
        models = sorted(
            (self._names.models[name] for name in found),
            key=lambda model: model.class_name,
        )
        package = self._settings.package
        return [
            f"from {package}.models.{model.module} import {model.class_name}"
            for model in models
        ]

    def _argument(self, operation: Operation, argument: Argument) -> ArgumentView:
        notation = self._notation(argument)
        text = description(argument, self._schemas, self._names.models)
        default = self._default(argument, notation)
        optional = "" if argument.required else " (optional)"
        defaulted = "" if default is None else f" (default to {default})"
        notes = "" if argument.required else "[optional] "
        if default is not None:
            notes += f"[default to {markdown_literal_cell(default)}]"
        return ArgumentView(
            name=self._names.argument(operation, argument),
            example=default or self._example(operation, argument, notation),
            type=notation.text,
            comment=f"{text}{optional}{defaulted}",
            type_cell=_type_cell(argument, notation),
            description_cell=markdown_literal_cell(text),
            notes=notes,
        )

    def _notation(self, argument: Argument) -> Notation:
        notation = self._notations.of(argument.schema)
        if argument.location == "body" and notation.model is not None:
            target = self._schemas[notation.model].schema
            if isinstance(target, EnumSchema):
                return self._notations.of(target)
        return notation

    def _is_left_out(self, argument: Argument) -> bool:
        """Whether a model is not imported: a parameter's that may be null, or is a union."""
        if argument.parameter is None:
            return False
        schema = _not_null(argument.schema)
        return isinstance(schema, RefSchema) and (
            schema is not argument.schema
            or isinstance(self._schemas[schema.name].schema, UnionSchema)
        )

    def _default(self, argument: Argument, notation: Notation) -> str | None:
        if argument.location == "body" or (
            argument.location == "form" and notation.container is not None
        ):
            return None
        return default_text(argument.schema, self._schemas)

    def _example(
        self, operation: Operation, argument: Argument, notation: Notation
    ) -> str:
        example = _given_example(operation, argument)
        if argument.location == "body" and example is not None:
            return _literal(example)
        name = (
            self._names.argument(operation, argument)
            if argument.location == "body"
            else spelling.argument(argument.name)
        )
        item = notation.item
        if item is None:
            return self._value(name, notation, example)
        if item.item is not None:
            if argument.location == "body":
                return "None"
            value = f"{self._settings.package}.{item.text}()"
        elif item.text == "UUID":
            value = "None" if example is None else _literal(example)
        else:
            value = self._value(name, item, example)
        if notation.container == "List":
            return value if value == "None" else f"[{value}]"
        return (
            "None"
            if value == "None" or argument.location == "form"
            else f"{{'key': {value}}}"
        )

    def _value(self, name: str, notation: Notation, example: Instance | None) -> str:
        if notation.model is not None:
            return f"{self._settings.package}.{notation.text}()"
        match notation.text:
            case "str":
                return quoted(_text(example, f"{name}_example"))
            case "UUID":
                return f"UUID({quoted(_text(example, _UUID))})"
            case "date":
                return quoted(_text(example, "2013-10-20"))
            case "datetime":
                return quoted(_text(example, "2013-10-20T19:20:30+01:00"))
            case _ if example is not None:
                return _literal(example)
            case text:
                return {"bool": "True", "float": "3.4", "int": "56"}.get(text, "None")

    def _consumes(self, operation: Operation) -> str:
        if operation.request_body is None:
            return "Not defined"
        return _media_types(operation.request_body.content)


def _security(
    operation: Operation, schemes: dict[str, SecurityScheme]
) -> Sequence[SchemeView]:
    return [
        view for name in required_schemes(operation) for view in _scheme(schemes[name])
    ]


def _scheme(scheme: SecurityScheme) -> Sequence[SchemeView]:
    kind: Literal["basic", "bearer", "key", "oauth", ""] = ""
    title, shown, count = "", "", 1
    match scheme:
        case ApiKeyScheme():
            kind, title = "key", "Api Key Authentication"
        case HttpScheme(scheme="basic"):
            kind, title = "basic", "Basic Authentication"
        case HttpScheme(scheme="bearer"):
            shown = (
                f" ({one_line(scheme.bearer_format)})" if scheme.bearer_format else ""
            )
            kind, title = "bearer", f"Bearer{shown} Authentication"
        case OAuth2Scheme():
            kind, title, count = "oauth", "OAuth Authentication", len(scheme.flows)
        case HttpScheme() | OpenIdScheme():
            pass
        case _:
            assert_never(scheme)
    view = SchemeView(
        kind=kind,
        title=title,
        format=shown,
        cell=html_line(scheme.name),
        line=one_line(scheme.name),
        link_text=markdown_line(scheme.name),
        anchor=quote(scheme.name, safe="", errors="replace"),
        literal=quoted(scheme.name),
    )
    return [view] * count


def _authorization(schemes: Sequence[SchemeView]) -> str:
    if not schemes:
        return "No authorization required"
    return ", ".join(
        f"[{scheme.link_text}](../README.md#{scheme.anchor})" for scheme in schemes
    )


def _not_null(schema: Schema) -> Schema:
    return schema.schema if isinstance(schema, NullableSchema) else schema


def _or_none(write: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else write(text)


def _type_cell(argument: Argument, notation: Notation) -> str:
    """The type with its link, which is to the item of a list or dictionary."""
    text = markdown_literal_cell(notation.text)
    item = notation.item
    if notation.text in _UNLINKED or (item is not None and item.text == "bytes"):
        return f"**{text}**"
    match argument.location:
        case "body" if item is not None:
            link = item.container or item.text
        case "body" if notation.text == "object":
            return f"**{text}**"
        case "form" if notation.container == "Dict":
            link = "Dict"
        case "body" | "form":
            link = notation.text if item is None else item.text
        case _:
            link = "" if item is None else item.text
    return f"[**{text}**]({link}.md)"


def _return_cell(returned: Notation | None) -> str:
    if returned is None:
        return "void (empty response body)"
    inner = returned.item or returned
    if inner.model is None:
        return f"**{returned.text}**"
    return f"[**{returned.text}**]({inner.text}.md)"


def _given_example(operation: Operation, argument: Argument) -> Instance | None:
    """The document's own example of an argument, None where it has none."""
    if argument.parameter is not None:
        examples = argument.schema.annotations.examples
        return argument.parameter.example or next(iter(examples), None)
    if argument.location == "body":
        first = media_type(operation)
        return None if first is None else first.example
    return None


def _text(example: Instance | None, otherwise: str) -> str:
    """The text of an example: a string's own, or its JSON."""
    if example is None:
        return otherwise
    value = example.value
    return value if isinstance(value, str) else example.text


def _literal(example: Instance) -> str:
    """An example as a literal: its JSON, or a string in quotes unless it is a number or so."""
    value = example.value
    if isinstance(value, str) and not _BARE.fullmatch(value):
        return quoted(value)
    return one_line(_text(example, ""))


def _media_types(content: Sequence[MediaType]) -> str:
    return (
        ", ".join(
            dict.fromkeys(markdown_block(one_line(each.name)) for each in content)
        )
        or "Not defined"
    )


def _produces(operation: Operation) -> str:
    return _media_types(
        [each for response in operation.responses for each in response.content]
    )


def _responses(operation: Operation) -> Sequence[ResponseView]:
    def rank(response: Response) -> int:
        return (
            2
            if response.status == "default"
            else 1 if response.status[1:] == "XX" else 0
        )

    return [
        ResponseView(
            code=(
                "0"
                if response.status == "default"
                else markdown_literal_cell(response.status)
            ),
            description=markdown_cell(response.description),
            headers="".join(
                f" * {markdown_literal_cell(header.name)} - {_header(header)} <br> "
                for header in response.headers
            )
            or " - ",
        )
        for response in sorted(operation.responses, key=rank)
    ]


def _header(header: Header) -> str:
    """What the place says of a header: OpenAPI Generator does not look where a `$ref` leads."""
    if header.shared:
        return ""
    return markdown_cell(
        header.description or header.schema.annotations.description or ""
    )
