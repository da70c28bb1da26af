"""Whether a request is what the document asks for."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass

from tests.loopback.document import Json, Object, mapping, sequence, text
from tests.loopback.operations import EVENT_STREAM_TYPE, Operation, is_json
from tests.loopback.request import Request
from tests.loopback.schemas import Schemas


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One way in which a request departs from the document.

    `where` is `query limit`, `header x-id`, `security`, `content-type`, `body` and so on.
    """

    request: Request
    where: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.request.method} {self.request.target}: {self.where}: {self.message}"
        )


def judge(
    request: Request, operation: Operation, values: dict[str, str], schemas: Schemas
) -> Iterator[tuple[str, str]]:
    """Where and how the request departs from its operation; `values` are its path parameters."""
    yield from _security(request, operation)
    for parameter in operation.parameters:
        yield from _parameter(request, operation, parameter, values, schemas)
    yield from _unknown_query(request, operation)
    yield from _body(request, operation, schemas)
    yield from _accept(request, operation)


def is_streamed(request: Request, operation: Operation) -> bool:
    """Whether the request asks for the operation's event stream."""
    if operation.stream is None:
        return False
    selector = operation.stream.selector
    if selector is None:
        return True
    try:
        return mapping(request.json()).get(selector) is True
    except ValueError:
        return False


def _security(request: Request, operation: Operation) -> Iterator[tuple[str, str]]:
    if not operation.security:
        return
    missing: list[str] = []
    for requirement in operation.security:
        absent = [
            name
            for name in requirement
            if not _has_credential(request, operation, name)
        ]
        if not absent:
            return
        missing.append(" and ".join(absent))
    yield "security", f"no credentials for {' or '.join(missing)}"


def _has_credential(request: Request, operation: Operation, name: str) -> bool:
    components = mapping(operation.document.root.get("components"))
    scheme = operation.document.resolve(
        mapping(components.get("securitySchemes")).get(name)
    )
    key = text(scheme.get("name"))
    kind, _, credential = (request.header("authorization") or "").partition(" ")
    match scheme.get("type"), scheme.get("in"), text(scheme.get("scheme")).lower():
        case "apiKey", "header", _:
            return bool(request.header(key))
        case "apiKey", "query", _:
            return bool(dict(request.parameters).get(key))
        case "apiKey", "cookie", _:
            return bool(request.cookies.get(key))
        case "http", _, "basic":
            try:
                return kind == "Basic" and b":" in base64.b64decode(
                    credential, validate=True
                )
            except binascii.Error:
                return False
        case "http", _, "bearer":
            return kind == "Bearer" and bool(credential.strip())
        case "http", _, other:
            return kind.lower() == other and bool(credential)
        case ("oauth2" | "openIdConnect"), _, _:
            return kind == "Bearer" and bool(credential.strip())
        case "mutualTLS", _, _:
            return True
        case _:
            return False


def _parameter(
    request: Request,
    operation: Operation,
    parameter: Object,
    values: dict[str, str],
    schemas: Schemas,
) -> Iterator[tuple[str, str]]:
    name, location = text(parameter.get("name")), text(parameter.get("in"))
    where = f"{location} {name}"
    schema = parameter.get("schema", True)
    sent = _sent(request, operation.document.resolve(schema), parameter, values)
    if sent is None:
        if parameter.get("required") is True:
            yield where, "required, and not sent"
    elif "content" not in parameter:
        value = _typed(sent, schema, operation, schemas)
        for message in schemas.errors(schema, value):
            yield where, message


def _sent(
    request: Request, schema: Object, parameter: Object, values: dict[str, str]
) -> str | list[str] | dict[str, str] | None:
    """The parameter's strings as they came, in the shape of its style (OpenAPI 3.1, 4.8.12.3)."""
    name, location = text(parameter.get("name")), text(parameter.get("in"))
    style = text(
        parameter.get("style"), "form" if location in ("query", "cookie") else "simple"
    )
    explode = parameter.get("explode", style == "form")
    types = schema.get("type")
    is_array = types == "array" or "array" in sequence(types)
    is_object = types == "object" or "object" in sequence(types)
    found: list[str]
    match location:
        case "path":
            found = [values[name]]
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


def _typed(
    sent: str | list[str] | dict[str, str],
    schema: Json,
    operation: Operation,
    schemas: Schemas,
) -> Json:
    """The strings as the first JSON values that the schema accepts."""
    resolved = operation.document.resolve(schema)
    if isinstance(sent, list):
        items = resolved.get("items", True)
        return [_typed(item, items, operation, schemas) for item in sent]
    if isinstance(sent, dict):
        known = mapping(resolved.get("properties"))
        other = resolved.get("additionalProperties", True)
        return {
            key: _typed(value, known.get(key, other), operation, schemas)
            for key, value in sent.items()
        }
    candidates: list[Json] = [sent]
    for read in (int, float):
        try:
            candidates.append(read(sent))
        except ValueError:
            continue
    if sent in ("true", "false"):
        candidates.append(sent == "true")
    return next((x for x in candidates if schemas.valid(schema, x)), sent)


def _unknown_query(request: Request, operation: Operation) -> Iterator[tuple[str, str]]:
    known: set[str] = set()
    for parameter in operation.parameters:
        if parameter.get("in") == "query":
            known.add(text(parameter.get("name")))
            schema = operation.document.resolve(parameter.get("schema"))
            known.update(mapping(schema.get("properties")))
            if "additionalProperties" in schema:
                return
    components = mapping(operation.document.root.get("components"))
    for node in mapping(components.get("securitySchemes")).values():
        scheme = operation.document.resolve(node)
        if scheme.get("in") == "query":
            known.add(text(scheme.get("name")))
    for name, _ in request.parameters:
        if name.partition("[")[0] not in known and name not in known:
            yield f"query {name}", "the document has no such parameter"


def _body(
    request: Request, operation: Operation, schemas: Schemas
) -> Iterator[tuple[str, str]]:
    declared = operation.request_body
    if not request.body:
        if declared.get("required") is True:
            yield "body", "required, and not sent"
        return
    if not declared:
        yield "body", "the document has no request body"
        return
    content = mapping(declared.get("content"))
    found = _media_type(request.media_type, content)
    if found is None:
        yield "content-type", f"{request.media_type!r} is none of {', '.join(content)}"
        return
    schema = found.get("schema", True)
    try:
        value = _body_value(request, schema, operation, schemas)
    except ValueError as problem:
        yield "body", f"not {request.media_type}: {problem}"
        return
    if value is not None or is_json(request.media_type):
        for message in schemas.errors(schema, value):
            yield "body", message


def _media_type(sent: str, content: Object) -> Object | None:
    """The Media Type Object for what was sent, the most specific range first."""
    for key in (sent, f"{sent.partition('/')[0]}/*", "*/*"):
        for declared, media in content.items():
            if declared.partition(";")[0].strip().lower() == key:
                return mapping(media)
    return None


def _body_value(
    request: Request, schema: Json, operation: Operation, schemas: Schemas
) -> Json:
    """The body as a JSON value; None for a media type that has no fields to judge."""
    if is_json(request.media_type):
        return request.json()
    fields: list[tuple[str, str]]
    match request.media_type:
        case "application/x-www-form-urlencoded":
            fields = request.form()
        case "multipart/form-data":
            fields = list(_parts(request))
        case _:
            return None
    known = mapping(operation.document.resolve(schema).get("properties"))
    result: Object = {}
    for name, value in fields:
        part = operation.document.resolve(known.get(name))
        if part.get("type") == "array":
            items = _typed(value, part.get("items", True), operation, schemas)
            result[name] = [*sequence(result.get(name)), items]
        else:
            result[name] = _typed(value, known.get(name, True), operation, schemas)
    return result


def _parts(request: Request) -> Iterator[tuple[str, str]]:
    """Each part's name and content, bytes as latin-1 characters (RFC 7578)."""
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body, policy=email.policy.HTTP)
    if not message.is_multipart():
        raise ValueError("no parts")
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(payload, bytes):
            raise ValueError("a part without a name")
        yield name, payload.decode("latin-1")


def _accept(request: Request, operation: Operation) -> Iterator[tuple[str, str]]:
    accept = request.header("accept")
    wanted = (
        [EVENT_STREAM_TYPE]
        if is_streamed(request, operation)
        else list(mapping(operation.success[1].get("content")))
    )
    if accept is None or not wanted:
        return
    ranges = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    for media_type in wanted:
        essence = media_type.partition(";")[0].strip().lower()
        if {essence, f"{essence.partition('/')[0]}/*", "*/*"} & set(ranges):
            return
    yield "header Accept", f"{accept!r} admits none of {', '.join(wanted)}"
