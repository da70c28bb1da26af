"""Calls that no operation describes, put together from the parts that OpenAPI Generator's clients
have: what to send, and what an answer means."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from ..api_response import ApiResponse
from ..exceptions import ApiTypeError, ApiValueError, HttpResponse
from . import request
from .configuration import BaseConfiguration, ResponseValidation
from .operation import Operation, Parameter, Style
from .request import CallOptions, Request, Settings
from .response import interpret
from .server import Server
from .types import Types

Serialized: TypeAlias = tuple[str, str, dict[str, str], Any, list[tuple[str, Any]]]
"""Method, URL, headers, body and form fields: the arguments of `call_api`."""

Pairs: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]
ResponseType: TypeAlias = str | type[Any]
"""A type, or its name as a generated package has it: `List[Message]` is `list[Message]`."""

_STYLES: Mapping[str, tuple[Style, bool]] = {
    "multi": ("form", True),
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
}
_NAMES: Mapping[str, str] = {
    "Dict": "dict",
    "List": "list",
    "file": "bytes",
    "object": "Any",
}


def serialized(
    method: str,
    resource_path: str,
    *,
    path_params: Pairs,
    query_params: Pairs,
    header_params: Mapping[str, Any],
    body: object,
    post_params: Pairs,
    files: Mapping[str, Any],
    auth_settings: Sequence[str],
    collection_formats: Mapping[str, str],
    host: str | None,
    request_auth: Mapping[str, Any] | None,
    settings: Settings,
) -> Serialized:
    """What is to be sent; raises ApiValueError for what cannot be."""
    in_path = [
        (Parameter(name, name, "path", "Any"), value)
        for name, value in _pairs(path_params)
    ]
    in_query = [
        (_query_parameter(name, value, collection_formats), value)
        for name, value in _pairs(query_params)
    ]
    given = [*in_path, *in_query]
    operation: Operation[Any, Any] = Operation(
        id=f"{method} {resource_path}",
        method=method,
        path=resource_path,
        arguments=tuple(parameter for parameter, _ in given),
        accept=None,
        security=tuple((name,) for name in auth_settings),
        servers=() if host is None else (Server(host),),
    )
    built = request.build(
        operation,
        tuple(value for _, value in given),
        CallOptions(request_auth=request_auth, headers=header_params),
        settings._replace(validate=False),
    )
    if built.pending:
        raise ApiValueError(
            f"{operation.id}: a credential that is a function is asked for by operations only;"
            " give its value as _request_auth, or in header_params"
        )
    types = settings.types
    fields = [(name, types.dump(value)) for name, value in _pairs(post_params)]
    fields += [part for name, file in files.items() for part in _parts(name, file)]
    return built.method, built.url, dict(built.headers), types.dump(body), fields


def deserialized(
    text: str,
    response_type: ResponseType,
    content_type: str | None,
    types: Types,
    validation: ResponseValidation,
) -> Any:
    """A text as a type; raises ResponseDecodeError for one that cannot be read as it."""
    if content_type is None:
        content_type = "application/json" if _is_json(text) else "text/plain"
    operation: Operation[Any, Any] = Operation(
        id="deserialize",
        method="",
        path="",
        responses={"200": _expression(response_type)},
    )
    headers = {"content-type": f"{content_type.partition(';')[0]}; charset=utf-8"}
    answer = _Text(headers, text.encode())
    sent = Request("", "", {})
    return interpret(operation, sent, answer, types, validation).data


def answered(
    response: HttpResponse,
    response_types: Mapping[str, ResponseType | None],
    types: Types,
    configuration: BaseConfiguration,
) -> ApiResponse[Any]:
    """The typed answer, whose body has been read; raises as operations do."""
    if response.data is None:
        raise ApiValueError("the answer has not been read: call its read() first")
    operation: Operation[Any, Any] = Operation(
        id="call_api",
        method="",
        path="",
        responses={
            status: None if named is None else _expression(named)
            for status, named in response_types.items()
        },
    )
    held = [each["value"] for each in configuration.auth_settings().values()]
    sent = Request("", "", {}, secrets=tuple(filter(None, held)))
    return interpret(
        operation, sent, response, types, configuration.response_validation
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, as an answer."""

    headers: Mapping[str, str]
    data: bytes
    status: int = 200
    reason: str | None = None
    elapsed: float | None = None


class _Renamed(ast.NodeTransformer):
    """Names of `typing` as the builtins that they mean, in an expression of nothing but types."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(_NAMES.get(node.id, node.id), ast.Load())

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.Name(node.attr, ast.Load())

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        inside = cast("ast.expr", self.visit(node.slice))
        if isinstance(node.value, ast.Name) and node.value.id == "Optional":
            return ast.BinOp(inside, ast.BitOr(), ast.Constant(None))
        value = cast("ast.expr", self.visit(node.value))
        return ast.Subscript(value, inside, ast.Load())


def _expression(response_type: ResponseType) -> str:
    name = response_type if isinstance(response_type, str) else response_type.__name__
    try:
        return ast.unparse(_Renamed().visit(ast.parse(name, mode="eval")))
    except SyntaxError as error:
        raise ApiTypeError(f"{name!r} is no type of an answer") from error


def _pairs(given: Pairs) -> list[tuple[str, Any]]:
    if isinstance(given, Mapping):
        return list(cast("Mapping[str, Any]", given).items())
    return list(given)


def _query_parameter(
    name: str, value: object, collection_formats: Mapping[str, str]
) -> Parameter:
    if isinstance(value, dict):
        return Parameter(name, name, "query", "Any", media_type="application/json")
    form = collection_formats.get(name, "multi")
    if form not in _STYLES:
        raise ApiValueError(
            f"{name}: {form!r} is no format of a collection: {', '.join(_STYLES)} are"
        )
    style, explode = _STYLES[form]
    return Parameter(name, name, "query", "Any", style=style, explode=explode)


def _parts(name: str, file: object) -> list[tuple[str, Any]]:
    """The form fields of a file or of several, each a name, what is sent and a media type."""
    from .content import described

    several = cast("list[object]", file) if isinstance(file, list) else [file]
    return [(name, described(name, each)) for each in several]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
