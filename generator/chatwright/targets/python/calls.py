"""Operations as Python calls: arguments, results, and what their descriptors say of them."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from chatwright.ir.api import (
    Api,
    ChatChunks,
    ChatEvents,
    EventStream,
    Operation,
    Parameter,
    Response,
)
from chatwright.ir.schema import (
    ArraySchema,
    RefSchema,
    Schema,
    StringSchema,
    UnionSchema,
)
from chatwright.targets import answers, arguments
from chatwright.targets.python import layout
from chatwright.targets.python.layout import Doc, call, keyword, subscript, union
from chatwright.targets.python.params import Params
from chatwright.targets.python.types import Type, Types, either
from chatwright.targets.text import python_literal, python_string

NOTHING = Type(doc="None", optional=True)
"""The type of what has no value."""

PATH = "_path"
PROGRESS = "_progress"
"""What methods that write files take besides."""

OPTIONS = (
    (
        "_request_timeout",
        union("float", subscript("tuple", "float", "float"), "None"),
        "None",
    ),
    ("_request_auth", union(subscript("dict", "str", "Any"), "None"), "None"),
    ("_content_type", union("str", "None"), "None"),
    ("_headers", union(subscript("dict", "str", "Any"), "None"), "None"),
    ("_host_index", "int", "0"),
)
"""The arguments that every method has: name, annotation, default."""


class Argument(Struct, frozen=True, kw_only=True):
    """One argument of a method: its name, the type that checkers see, and its descriptor."""

    name: str
    type: Type
    required: bool
    description: str
    descriptor: Doc
    is_body: bool


class Call(Struct, frozen=True, kw_only=True):
    """One operation in Python: what its descriptor and its methods are made of."""

    operation: Operation
    method: str
    constant: str
    arguments: tuple[Argument, ...]
    responses: tuple[tuple[str, Type | None], ...]
    item: Type | None
    events: tuple[tuple[str, Type], ...]
    """The types of items that are told apart by their events' names."""
    keywords: str | None
    """The TypedDict of the body's fields, where they may be given as keyword arguments."""

    @property
    def chat(self) -> ChatChunks | ChatEvents | None:
        """How what it streams adds up to the answer of a chat completion."""
        stream = self.operation.event_stream
        return stream.chat if stream else None

    @property
    def result(self) -> Type:
        """What the first successful response holds, None where there is no body."""
        for status, body in self.responses:
            if status.startswith("2"):
                return body or NOTHING
        return dict(self.responses).get("default") or NOTHING


def calls(
    api: Api, tags: Collection[str], types: Types, params: Params
) -> tuple[Call, ...]:
    """The calls of the operations filed under some tags, in the document's order."""
    return tuple(
        _call(each, types, params) for each in api.operations if each.tag in tags
    )


def _call(operation: Operation, types: Types, params: Params) -> Call:
    method = types.names.methods[operation.id]
    stream = operation.event_stream
    return Call(
        operation=operation,
        method=method,
        constant=method.upper(),
        arguments=tuple(
            _argument(operation, each, types, params)
            for each in arguments.ordered_arguments(operation, types.schemas)
        ),
        responses=tuple(
            (each.status, _response(each, types)) for each in operation.responses
        ),
        item=_item(stream, types) if stream else None,
        events=_events(stream, types) if stream else (),
        keywords=_keywords(operation, types, params),
    )


def _item(stream: EventStream, types: Types) -> Type:
    events = _events(stream, types)
    if not events:
        return types.of(stream.item_schema, constrained=False)
    return either([type_ for _, type_ in events])


def _events(stream: EventStream, types: Types) -> tuple[tuple[str, Type], ...]:
    found: dict[str, list[Type]] = {}
    for event, schema in stream.events:
        found.setdefault(event, []).append(types.of(schema, constrained=False))
    return tuple((event, either(several)) for event, several in found.items())


def _keywords(operation: Operation, types: Types, params: Params) -> str | None:
    """The TypedDict of the body, unless one of its fields has an argument's name."""
    given = arguments.arguments(operation, types.schemas)
    body = next((each for each in given if each.location == "body"), None)
    found = params.body(body.schema) if body else None
    if body is None or found is None:
        return None
    taken = {
        types.names.parameters[operation.id, each.location, each.name] for each in given
    }
    taken |= {"self", PATH, PROGRESS, *(name for name, _, _ in OPTIONS)}
    return None if taken & params.keys(body.schema) else found


def _argument(
    operation: Operation, argument: arguments.Argument, types: Types, params: Params
) -> Argument:
    name = types.names.parameters[operation.id, argument.location, argument.name]
    required: list[Doc] = [] if argument.required else [keyword("required", "False")]
    match argument.location:
        case "body":
            descriptor = call(
                "Body",
                python_string(name),
                expression(types.of(argument.schema)),
                *required,
            )
            type_ = _or_plain_data(argument.schema, types, params)
        case "form":
            file_type = _file(argument.schema, types)
            descriptor = call(
                "FormField",
                python_string(name),
                python_string(argument.name),
                expression(types.of(argument.schema)),
                *required,
                *([keyword("file", "True")] if file_type else []),
                *_encoding(operation, argument.name),
            )
            type_ = file_type or types.of(argument.schema, constrained=False)
        case _:
            descriptor = call(
                "Parameter",
                python_string(name),
                python_string(argument.name),
                python_string(argument.location),
                expression(types.of(argument.schema)),
                *required,
                *(_serialization(argument.parameter) if argument.parameter else []),
            )
            type_ = types.of(argument.schema, constrained=False)
    return Argument(
        name=name,
        type=type_,
        required=argument.required,
        description=argument.description or "",
        descriptor=descriptor,
        is_body=argument.location == "body",
    )


def _file(schema: Schema, types: Types, *, inside: bool = False) -> Type | None:
    """What is uploaded: a file, several, or either; None for any other schema."""
    file = Type(doc=types.spell("File"), names=frozenset({"File"}))
    match schema:
        case StringSchema(format="binary"):
            return file
        case ArraySchema(items=StringSchema(format="binary")):
            return Type(doc=subscript("list", file.doc), names=file.names)
        case RefSchema(name=name) if not inside:
            return _file(types.schemas[name].schema, types)
        case UnionSchema(variants=variants) if not inside:
            found = [_file(each, types, inside=True) for each in variants]
            files = [each for each in found if each is not None]
            return either(files) if len(files) == len(found) else None
        case _:
            return None


def _serialization(parameter: Parameter) -> list[Doc]:
    """What differs from the defaults of the location (OpenAPI, Parameter Object)."""
    default = "form" if parameter.location in ("query", "cookie") else "simple"
    styled = parameter.location != "querystring"
    found: list[Doc] = []
    if styled and parameter.style != default:
        found.append(keyword("style", python_string(parameter.style)))
    if styled and parameter.explode != (parameter.style == "form"):
        found.append(keyword("explode", str(parameter.explode)))
    if parameter.allow_reserved:
        found.append(keyword("allow_reserved", "True"))
    if parameter.media_type is not None:
        found.append(keyword("media_type", python_string(parameter.media_type)))
    return found


def _encoding(operation: Operation, property_name: str) -> list[Doc]:
    media_type = arguments.media_type(operation)
    encodings = media_type.encoding if media_type else ()
    encoding = next(
        (each for each in encodings if each.property_name == property_name), None
    )
    if encoding is None:
        return []
    given = {
        "content_type": encoding.content_type,
        "style": encoding.style,
        "explode": encoding.explode,
        "allow_reserved": encoding.allow_reserved or None,
    }
    return [
        keyword(name, python_literal(value))
        for name, value in given.items()
        if value is not None
    ]


def _or_plain_data(schema: Schema, types: Types, params: Params) -> Type:
    """An object may also be given as a dict."""
    model = types.of(schema, constrained=False)
    plain = params.body(schema)
    if plain is None:
        return model
    return either([model, Type(doc=plain, params=frozenset({plain}))])


def expression(type_: Type) -> str:
    """The type as the text of a Python string, for a descriptor."""
    return python_string(layout.flat(type_.doc))


def _response(response: Response, types: Types) -> Type | None:
    schema = answers.body(response)
    if schema is not None:
        return types.of(schema, constrained=False)
    match answers.undescribed(response):
        case "anything":
            return types.anything()
        case "text":
            return Type(doc="str")
        case "bytes":
            return Type(doc="bytes")
        case None:
            return None
