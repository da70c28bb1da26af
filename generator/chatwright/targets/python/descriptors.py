"""The modules of operation descriptors: plain values, from which the runtime makes requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from chatwright.ir.api import (
    Addition,
    ChatChunks,
    ChatEvents,
    Operation,
    Response,
    SchemaPath,
    SecurityRequirement,
    Server,
)
from chatwright.ir.schema import SchemaTable
from chatwright.targets.answers import is_file
from chatwright.targets.python import layout
from chatwright.targets.python.calls import NOTHING, Call, expression
from chatwright.targets.python.imports import Imports
from chatwright.targets.python.layout import (
    Doc,
    call,
    keyword,
    subscript,
    tuple_display,
)
from chatwright.targets.python.types import Types
from chatwright.targets.templates import render
from chatwright.targets.text import python_string

_JSON = "application/json"
"""The media type of bodies and answers where an `Operation` says nothing of them."""


def module(calls: Sequence[Call], types: Types, notice: str) -> str:
    """The text of the module with the descriptors of these calls."""
    imports = Imports(types)
    used = sorted(_descriptor_names(calls))
    imports.add_names(*used)
    spelled = {name: types.spell(name) for name in used}
    statements: list[str] = []
    for each in calls:
        item = each.item or NOTHING
        imports.add(each.result)
        imports.add(item)
        annotation = subscript(spelled["Operation"], each.result.doc, item.doc)
        descriptor = layout.renamed(_descriptor(each, types), spelled)
        statements.append(layout.assignment(each.constant, annotation, descriptor))
    return render(
        "python/_operations/operations.py.j2",
        notice=notice,
        imports=imports.statements(),
        models=imports.models(package="..models"),
        operations=statements,
    )


def _descriptor_names(calls: Sequence[Call]) -> set[str]:
    found = {"Operation"}
    for each in calls:
        found |= {
            layout.flat(argument.descriptor).split("(")[0]
            for argument in each.arguments
        }
        found |= {"EventStream"} if each.item else set()
        match each.chat:
            case ChatChunks():
                found.add("ChatChunks")
            case ChatEvents(additions=additions):
                found |= {"ChatEvents"} | ({"Addition"} if additions else set())
            case None:
                pass
            case _:
                assert_never(each.chat)
        found |= {"Server"} if each.operation.servers else set()
        found |= {
            "ServerVariable" for server in each.operation.servers if server.variables
        }
    return found


def _descriptor(each: Call, types: Types) -> Doc:
    operation = each.operation
    parts: list[Doc] = [
        keyword("id", python_string(each.method)),
        keyword("method", python_string(operation.method.upper())),
        keyword("path", python_string(operation.path)),
    ]
    if each.arguments:
        parts.append(
            keyword("arguments", tuple_display(*(a.descriptor for a in each.arguments)))
        )
    if operation.request_body is not None:
        sent = [media_type.name for media_type in operation.request_body.content]
        if sent != [_JSON]:
            parts.append(keyword("content_types", _strings(sent)))
    accept = _accept(operation, types.schemas)
    if accept != _JSON:
        parts.append(keyword("accept", python_string(accept) if accept else "None"))
    parts.append(keyword("responses", _responses(each)))
    if operation.security:
        parts.append(keyword("security", _security(operation.security)))
    if operation.servers:
        parts.append(keyword("servers", servers(operation.servers)))
    if operation.idempotency_header is not None:
        header = python_string(operation.idempotency_header)
        parts.append(keyword("idempotency_header", header))
    if operation.event_stream is not None and each.item is not None:
        parts.append(keyword("stream", _stream(each)))
    return call("Operation", *parts)


def _accept(operation: Operation, schemas: SchemaTable) -> str:
    """What the Accept header of a call says (RFC 9110, section 12.5.1), empty for nothing.

    Where the operation answers with JSON, that JSON alone, as OpenAPI Generator's clients ask;
    for a file, or else, whatever it answers with, and the JSON of its errors. A stream is asked for
    by its own method.
    """
    good = [each for each in operation.responses if each.status.startswith("2")] or [
        each for each in operation.responses if each.status == "default"
    ]
    stream = operation.event_stream
    answers = [
        name
        for name in _media_types(good)
        if stream is None or stream.selector is None or name != stream.media_type
    ] or _media_types(good)
    others = _media_types(each for each in operation.responses if each not in good)
    if (found := _json(answers)) and not is_file(operation, schemas):
        return found
    if answers:
        return ", ".join(dict.fromkeys(filter(None, (*answers, _json(others)))))
    return _json(others) or ", ".join(others)


def _media_types(responses: Iterable[Response]) -> list[str]:
    return [media_type.name for each in responses for media_type in each.content]


def _json(media_types: Iterable[str]) -> str | None:
    """The first media type that is JSON, in the wide sense of OpenAPI Generator's clients."""
    return next((name for name in media_types if "json" in name.lower()), None)


def _responses(each: Call) -> Doc:
    return layout.dict_display(
        *(
            (python_string(status), expression(body) if body else "None")
            for status, body in each.responses
        )
    )


def _stream(each: Call) -> Doc:
    stream = each.operation.event_stream
    assert stream is not None and each.item is not None
    parts: list[Doc] = [expression(each.item)]
    for name, value in (("selector", stream.selector), ("sentinel", stream.sentinel)):
        if value is not None:
            parts.append(keyword(name, python_string(value)))
    if stream.media_type != "text/event-stream":
        parts.append(keyword("media_type", python_string(stream.media_type)))
    if each.events:
        named = [
            tuple_display(python_string(event), expression(type_))
            for event, type_ in each.events
        ]
        parts.append(keyword("events", tuple_display(*named)))
    if stream.envelope:
        parts.append(keyword("envelope", "True"))
    if stream.chat is not None:
        parts.append(keyword("chat", _chat(stream.chat)))
    return call("EventStream", *parts)


def _chat(chat: ChatChunks | ChatEvents) -> Doc:
    """How the items add up, as the runtime's value of the same name."""
    match chat:
        case ChatChunks():
            parts = [_strings(chat.text)]
            if chat.message is not None:
                parts.append(keyword("message", python_string(chat.message)))
            if chat.unindexed:
                parts.append(keyword("unindexed", _strings(chat.unindexed)))
            return call("ChatChunks", *parts)
        case ChatEvents():
            parts = [python_string(chat.tag), _places(chat.text)]
            if chat.additions:
                added = tuple_display(*map(_addition, chat.additions))
                parts.append(keyword("additions", added))
            if chat.answers:
                parts.append(keyword("answers", _places(chat.answers)))
            return call("ChatEvents", *parts)
        case _:
            assert_never(chat)


def _addition(each: Addition) -> Doc:
    parts = [python_string(each.event), _strings(each.source), _strings(each.target)]
    if each.how != "set":
        parts.append(python_string(each.how))
    return call("Addition", *parts)


def _places(places: Sequence[tuple[str, SchemaPath]]) -> Doc:
    return tuple_display(
        *(tuple_display(python_string(event), _strings(path)) for event, path in places)
    )


def _security(alternatives: Sequence[SecurityRequirement]) -> Doc:
    return tuple_display(
        *(_strings([name for name, _ in each.schemes]) for each in alternatives)
    )


def servers(given: Sequence[Server]) -> Doc:
    """The servers as a tuple of the runtime's `Server`."""
    return tuple_display(*map(_server, given))


def _server(server: Server) -> Doc:
    parts: list[Doc] = [python_string(server.url)]
    if server.description:
        parts.append(keyword("description", python_string(server.description)))
    variables: list[Doc] = []
    for variable in server.variables:
        more: list[Doc] = []
        if variable.enum:
            more.append(keyword("enum", _strings(variable.enum)))
        if variable.description:
            more.append(keyword("description", python_string(variable.description)))
        variables.append(
            call(
                "ServerVariable",
                python_string(variable.name),
                python_string(variable.default),
                *more,
            )
        )
    if variables:
        parts.append(keyword("variables", tuple_display(*variables)))
    return call("Server", *parts)


def _strings(values: Sequence[str]) -> Doc:
    return tuple_display(*map(python_string, values))
