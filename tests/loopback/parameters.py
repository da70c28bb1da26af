"""Whether the parameters of a request are what the document asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote

from tests.loopback.nodes import Json, Object, mapping, sequence, text
from tests.loopback.operations import Operation
from tests.loopback.request import Request
from tests.loopback.schemas import Schemas


def parameters(
    request: Request, operation: Operation, values: dict[str, str], schemas: Schemas
) -> Iterator[tuple[str, str]]:
    """What is wrong with each; `values` are those of the path, by name."""
    for parameter in operation.parameters:
        yield from _parameter(request, operation, parameter, values, schemas)
    yield from _unknown_query(request, operation)


def _parameter(
    request: Request,
    operation: Operation,
    parameter: Object,
    values: dict[str, str],
    schemas: Schemas,
) -> Iterator[tuple[str, str]]:
    name, location = text(parameter.get("name")), text(parameter.get("in"))
    where = f"{location} {name}"
    if location == "querystring":
        yield from _whole(request, parameter, schemas)
        return
    schema = parameter.get("schema", True)
    found = [
        sent
        for shape in shapes(operation, schema)
        if (sent := _sent(request, shape, parameter, values)) is not None
    ]
    if not found:
        # RFC 6570, 2.3: null is undefined, and left out, also of a list.
        undefined = schemas.valid(schema, None) or schemas.valid(schema, [None])
        if parameter.get("required") is True and not undefined:
            yield where, "required, and not sent"
    elif "content" not in parameter:
        read = [typed(sent, schema, operation, schemas) for sent in found]
        if not any(schemas.valid(schema, value) for value in read):
            for message in schemas.errors(schema, read[0]):
                yield where, message


def _whole(
    request: Request, parameter: Object, schemas: Schemas
) -> Iterator[tuple[str, str]]:
    """What is wrong with a parameter that is the whole query (OpenAPI 3.2, 4.12.1)."""
    where = f"querystring {text(parameter.get('name'))}"
    ((media_type, content),) = mapping(parameter.get("content")).items()
    if not request.query:
        if parameter.get("required") is True:
            yield where, "required, and not sent"
        return
    sent = unquote(request.query)
    value = json.loads(sent) if media_type == "application/json" else sent
    for message in schemas.errors(mapping(content).get("schema", True), value):
        yield where, message


def shapes(operation: Operation, schema: Json) -> list[Object]:
    """What a schema may be, arrays and objects first: itself, or its alternatives'."""
    resolved = operation.document.resolve(schema)
    variants = sequence(resolved.get("anyOf")) or sequence(resolved.get("oneOf"))
    members = variants or sequence(resolved.get("allOf"))
    if not members:
        return [resolved]
    found = [shape for each in members for shape in shapes(operation, each)]
    return sorted(
        found, key=lambda x: not (is_type(x, "array") or is_type(x, "object"))
    )


def is_type(schema: Object, type_: str) -> bool:
    """Whether the schema takes values of a type by its own `type`."""
    return schema.get("type") == type_ or type_ in sequence(schema.get("type"))


def _sent(
    request: Request, schema: Object, parameter: Object, values: dict[str, str]
) -> str | list[str] | dict[str, str] | None:
    """The parameter's strings as they came, in the shape of its style (OpenAPI 3.1, 4.8.12.3)."""
    name, location = text(parameter.get("name")), text(parameter.get("in"))
    style = text(
        parameter.get("style"), "form" if location in ("query", "cookie") else "simple"
    )
    explode = parameter.get("explode", style == "form")
    is_array, is_object = is_type(schema, "array"), is_type(schema, "object")
    found: list[str]
    match location:
        case "path":
            found = [_unstyled(values[name], style, name)]
        case "header":
            found = [value for value in [request.header(name)] if value is not None]
        case "cookie":
            found = [value for key, value in request.cookies.items() if key == name]
        case _ if is_object and style == "deepObject":
            prefix = f"{name}["
            return {
                key.removeprefix(prefix).removesuffix("]"): value
                for key, value in request.parameters
                if key.startswith(prefix)
            } or None
        case _ if is_object and explode:
            known = mapping(schema.get("properties"))
            return {
                key: value for key, value in request.parameters if key in known
            } or None
        case _:
            found = [value for key, value in request.parameters if key == name]
    if not found:
        return None
    separator = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(style, ",")
    if explode:
        separator = {"label": ".", "matrix": ";"}.get(style, separator)
    if is_array:
        if explode and location == "query":
            return found
        return [part.strip() for part in found[0].split(separator)]
    if is_object:
        parts = found[0].split(separator)
        if explode:
            return {
                key: value for key, _, value in (part.partition("=") for part in parts)
            }
        return dict(zip(parts[::2], parts[1::2], strict=False))
    return found[0]


def _unstyled(sent: str, style: str, name: str) -> str:
    """A path parameter without the characters that its style puts before its values."""
    if style == "label":
        return sent.removeprefix(".")
    if style != "matrix":
        return sent
    parts = sent.removeprefix(";").split(";")
    return ";".join(part.removeprefix(f"{name}=") for part in parts)


def typed(
    sent: str | list[str] | dict[str, str],
    schema: Json,
    operation: Operation,
    schemas: Schemas,
) -> Json:
    """The strings as the first JSON values that the schema accepts."""
    found = shapes(operation, schema)
    if isinstance(sent, list):
        resolved = next((x for x in found if is_type(x, "array")), found[0])
        items = resolved.get("items", True)
        return [typed(item, items, operation, schemas) for item in sent]
    if isinstance(sent, dict):
        resolved = next((x for x in found if is_type(x, "object")), found[0])
        known = mapping(resolved.get("properties"))
        other = resolved.get("additionalProperties", True)
        return {
            key: typed(value, known.get(key, other), operation, schemas)
            for key, value in sent.items()
        }
    candidates: list[Json] = [sent]
    for read in (int, float, json.loads):
        try:
            candidates.append(read(sent))
        except ValueError:
            continue
    if sent in ("true", "false"):
        candidates.append(sent == "true")
    candidates.append([sent])
    return next((x for x in candidates if schemas.valid(schema, x)), sent)


def _unknown_query(request: Request, operation: Operation) -> Iterator[tuple[str, str]]:
    known = {name for name, _ in operation.query}
    for parameter in operation.parameters:
        if parameter.get("in") == "querystring":
            return
        if parameter.get("in") == "query":
            known.add(text(parameter.get("name")))
            for shape in shapes(operation, parameter.get("schema")):
                known.update(mapping(shape.get("properties")))
                if "additionalProperties" in shape:
                    return
    for node in operation.security_schemes.values():
        scheme = operation.document.resolve(node)
        if scheme.get("in") == "query":
            known.add(text(scheme.get("name")))
    for name, _ in request.parameters:
        if name.partition("[")[0] not in known and name not in known:
            yield f"query {name}", "the document has no such parameter"
