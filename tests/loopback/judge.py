"""Whether a request is what the document asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.loopback.bodies import body_value, turns_on
from tests.loopback.credentials import credentials
from tests.loopback.nodes import Object, mapping
from tests.loopback.operations import EVENT_STREAM_TYPE, Operation, is_json
from tests.loopback.parameters import parameters
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
    yield from credentials(request, operation)
    yield from parameters(request, operation, values, schemas)
    yield from _body(request, operation, schemas)
    yield from _accept(request, operation)


def is_streamed(request: Request, operation: Operation) -> bool:
    """Whether the request asks for the operation's event stream."""
    if operation.stream is None:
        return False
    selector = operation.stream.selector
    if selector is None:
        return True
    return turns_on(request, selector)


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
        value = body_value(request, schema, operation, schemas)
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


def _accept(request: Request, operation: Operation) -> Iterator[tuple[str, str]]:
    accept = request.header("accept")
    wanted = list(mapping(operation.success[1].get("content")))
    if operation.stream is not None and is_streamed(request, operation):
        wanted = [operation.stream.media_type]
    elif mapping(operation.request_body.get("content")) and turns_on(request, "stream"):
        # Many documents leave out what they stream.
        wanted.append(EVENT_STREAM_TYPE)
    if accept is None or not wanted:
        return
    ranges = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    for media_type in wanted:
        essence = media_type.partition(";")[0].strip().lower()
        if {essence, f"{essence.partition('/')[0]}/*", "*/*"} & set(ranges):
            return
    yield "header Accept", f"{accept!r} admits none of {', '.join(wanted)}"
