"""The body of a request as a JSON value."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator

from tests.loopback.nodes import Json, Object, mapping, sequence
from tests.loopback.operations import Operation, is_json
from tests.loopback.parameters import is_type, shapes, typed
from tests.loopback.request import Request
from tests.loopback.schemas import Schemas


def body_value(
    request: Request, schema: Json, operation: Operation, schemas: Schemas
) -> Json:
    """The body as a JSON value; None for a media type that has no fields to judge."""
    if is_json(request.media_type):
        return request.json()
    fields = _fields(request)
    if fields is None:
        return None
    known = mapping(operation.document.resolve(schema).get("properties"))
    result: Object = {}
    for name, value, media_type in fields:
        parts = shapes(operation, known.get(name))
        array = next((x for x in parts if is_type(x, "array")), None)
        part = known.get(name, True) if array is None else array.get("items", True)
        read: Json = (
            json.loads(value)
            if is_json(media_type)
            else typed(value, part, operation, schemas)
        )
        if array is None or isinstance(read, list):
            result[name] = read
        else:
            result[name] = [*sequence(result.get(name)), read]
    return result


def _fields(request: Request) -> list[tuple[str, str, str]] | None:
    """A form's names, values and their media types; None for what is no form."""
    match request.media_type:
        case "application/x-www-form-urlencoded":
            return [(name, value, "") for name, value in request.form()]
        case "multipart/form-data":
            return list(_parts(request))
        case _:
            return None


def _parts(request: Request) -> Iterator[tuple[str, str, str]]:
    """Each part's name, content and media type; what is no UTF-8 is replaced (RFC 7578, 5.1.2)."""
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body, policy=email.policy.HTTP)
    if not message.is_multipart():
        raise ValueError("no parts")
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(payload, bytes):
            raise ValueError("a part without a name")
        yield name, payload.decode("utf-8", "replace"), part.get_content_type()


def turns_on(request: Request, name: str) -> bool:
    """Whether the body has a property or field that is true."""
    try:
        fields = _fields(request)
        if fields is None:
            return mapping(request.json()).get(name) is True
    except ValueError:
        return False
    return any(field == name and value == "true" for field, value, _ in fields)
