"""The modules of a package's operations: their descriptors, and an API class for each tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatwright.ir.api import (
    Api,
    ChatProfile,
    Operation,
    Parameter,
    Response,
    SecurityRequirement,
    Server,
)
from chatwright.ir.schema import (
    ArraySchema,
    Schema,
    StringSchema,
)
from chatwright.ir.walk import table
from chatwright.targets.python import answers, arguments, layout
from chatwright.targets.python.chat import Chunks, chunks
from chatwright.targets.python.imports import Imports, first_line
from chatwright.targets.python.layout import (
    Doc,
    call,
    keyword,
    subscript,
    tuple_display,
    union,
)
from chatwright.targets.python.names import ApiName, Names
from chatwright.targets.python.params import Params
from chatwright.targets.python.prose import wrapped
from chatwright.targets.python.settings import Flavour
from chatwright.targets.python.types import Type, Types, either, optional
from chatwright.targets.templates import render
from chatwright.targets.text import python_literal, python_string

_NONE = Type(doc="None", optional=True)
_BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str", "tuple"})
_OPTIONS = (
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a method: its name, the type that checkers see, and its descriptor."""

    name: str
    type: Type
    required: bool
    description: str
    descriptor: Doc
    is_body: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """One method: complete lines, the first without its indentation."""

    overloads: list[str]
    signature: str
    docstring: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One operation in Python: what its descriptor and its four methods are made of."""

    operation: Operation
    method: str
    constant: str
    arguments: tuple[Argument, ...]
    responses: tuple[tuple[str, Type | None], ...]
    item: Type | None
    chunks: Chunks | None
    keywords: str | None
    """The TypedDict of the body's fields, where they may be given as keyword arguments."""

    @property
    def result(self) -> Type:
        """What the first successful response holds, None where there is no body."""
        for status, body in self.responses:
            if status.startswith("2"):
                return body or _NONE
        return dict(self.responses).get("default") or _NONE


def files(
    api: Api, names: Names, params: Params, flavour: Flavour, other: str, notice: str
) -> dict[str, str]:
    """The text of each descriptor module and of each API module in both flavours, by its path
    below the package; `other` is the sub-package of the flavour that is not at the top.
    """
    types = Types(table(api), names)
    second: Flavour = "async" if flavour == "sync" else "sync"
    written: dict[str, str] = {}
    for name in dict.fromkeys(names.apis.values()):
        tags = [tag for tag, shared in names.apis.items() if shared == name]
        calls = [
            _call(each, types, params, api.chat)
            for each in api.operations
            if each.tag in tags
        ]
        written[f"_operations/{name.module}.py"] = _operations(calls, types, notice)
        written[f"api/{name.module}.py"] = _api(
            name, tags, calls, types, flavour, "..", notice
        )
        written[f"{other}/api/{name.module}.py"] = _api(
            name, tags, calls, types, second, "...", notice
        )
    return written


def _call(
    operation: Operation, types: Types, params: Params, chat: ChatProfile | None
) -> Call:
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
        item=types.of(stream.item_schema, constrained=False) if stream else None,
        chunks=chunks(operation, chat, types.schemas) if chat else None,
        keywords=_keywords(operation, types, params),
    )


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
    taken |= {"self", *(name for name, _, _ in _OPTIONS)}
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
                _expression(types.of(argument.schema)),
                *required,
            )
            type_ = _or_plain_data(argument.schema, types, params)
        case "form":
            file_type = _file(argument.schema, types)
            descriptor = call(
                "FormField",
                python_string(name),
                python_string(argument.name),
                _expression(types.of(argument.schema)),
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
                _expression(types.of(argument.schema)),
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


def _file(schema: Schema, types: Types) -> Type | None:
    """What is uploaded: a file, or several; None for any other schema."""
    file = Type(doc=types.spell("File"), names=frozenset({"File"}))
    match schema:
        case StringSchema(format="binary"):
            return file
        case ArraySchema(items=StringSchema(format="binary")):
            return Type(doc=subscript("list", file.doc), names=file.names)
        case _:
            return None


def _serialization(parameter: Parameter) -> list[Doc]:
    """What differs from the defaults of the location (OpenAPI, Parameter Object)."""
    default = "form" if parameter.location in ("query", "cookie") else "simple"
    found: list[Doc] = []
    if parameter.style != default:
        found.append(keyword("style", python_string(parameter.style)))
    if parameter.explode != (parameter.style == "form"):
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


def _expression(type_: Type) -> str:
    return python_string(layout.flat(type_.doc))


def _response(response: Response, types: Types) -> Type | None:
    schema = answers.body(response)
    if schema is not None:
        return types.of(schema, constrained=False)
    if not response.content:
        return None
    # A media type without a schema (OpenAPI 3.1, section 4.8.14.3: `image/png: {}`).
    name = response.content[0].name.partition(";")[0].strip().lower()
    if name.endswith(("json", "*/*")) or "event-stream" in name:
        return types.anything()
    return Type(doc="str" if name.startswith("text/") else "bytes")


def _operations(calls: Sequence[Call], types: Types, notice: str) -> str:
    imports = Imports(types)
    used = sorted(_descriptor_names(calls))
    imports.add_names(*used)
    spelled = {name: types.spell(name) for name in used}
    statements: list[str] = []
    for each in calls:
        item = each.item or _NONE
        imports.add(each.result)
        imports.add(item)
        annotation = subscript(spelled["Operation"], each.result.doc, item.doc)
        descriptor = layout.renamed(_descriptor(each), spelled)
        statements.append(layout.assignment(each.constant, annotation, descriptor))
    return render(
        "python/_operations/operations.py.j2",
        notice=notice,
        imports=imports.statements(),
        models=imports.models(package="..models."),
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
        found |= {"Server"} if each.operation.servers else set()
        found |= {
            "ServerVariable" for server in each.operation.servers if server.variables
        }
    return found


def _descriptor(each: Call) -> Doc:
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
        parts.append(keyword("content_types", _strings(sent)))
    accept = dict.fromkeys(m.name for r in operation.responses for m in r.content)
    if accept:
        parts.append(keyword("accept", _strings(list(accept))))
    parts.append(keyword("responses", _responses(each)))
    if operation.security:
        parts.append(keyword("security", _security(operation.security)))
    if operation.servers:
        parts.append(keyword("servers", servers(operation.servers)))
    if operation.event_stream is not None and each.item is not None:
        parts.append(keyword("stream", _stream(each)))
    return call("Operation", *parts)


def _responses(each: Call) -> Doc:
    return layout.dict_display(
        *(
            (python_string(status), _expression(body) if body else "None")
            for status, body in each.responses
        )
    )


def _stream(each: Call) -> Doc:
    stream = each.operation.event_stream
    assert stream is not None and each.item is not None
    parts: list[Doc] = [_expression(each.item)]
    for name, value in (("selector", stream.selector), ("sentinel", stream.sentinel)):
        if value is not None:
            parts.append(keyword(name, python_string(value)))
    if stream.media_type != "text/event-stream":
        parts.append(keyword("media_type", python_string(stream.media_type)))
    if each.chunks is not None:
        parts.append(keyword("text", _strings(each.chunks.text)))
        if each.chunks.message is not None:
            parts.append(keyword("message", python_string(each.chunks.message)))
        if each.chunks.unindexed:
            parts.append(keyword("unindexed", _strings(each.chunks.unindexed)))
    return call("EventStream", *parts)


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


def _api(
    name: ApiName,
    tags: Sequence[str],
    calls: Sequence[Call],
    types: Types,
    flavour: Flavour,
    dots: str,
    notice: str,
) -> str:
    imports = Imports(types, dots=dots)
    shell = "SyncApi" if flavour == "sync" else "AsyncApi"
    chats: list[str] = []
    if any(each.chunks for each in calls):
        shell = "SyncChatApi" if flavour == "sync" else "AsyncChatApi"
        module = f"{dots}_runtime.{flavour}_chat"
        chats.append(layout.from_import(module, (imports.imported(shell),)))
    imports.add_names("TYPE_CHECKING", "Any", *([] if chats else [shell]))
    # In the class's annotations, a method's name hides the builtin of that name.
    hidden = sorted(_BUILTINS & {each.method for each in calls})
    shadowed = {name: f"builtins.{name}" for name in hidden}
    methods: list[MethodView] = []
    for each in calls:
        for argument in each.arguments:
            imports.add(argument.type)
        imports.add(each.result)
        if each.item is not None:
            imports.add(each.item)
        methods.extend(_methods(each, flavour, types, shadowed))
    shells = [
        layout.from_import("..rest", (imports.imported("RESTResponseType"),), indent=4)
    ]
    if any(each.keywords for each in calls):
        imports.add_names("Unpack", "overload")
    streams = sorted({_stream_type(each, flavour) for each in calls if each.item})
    if streams:
        imported = [imports.imported(stream) for stream in streams]
        shells.append(layout.from_import(f"{dots}streaming", imported, indent=4))
    return render(
        "python/api/api.py.j2",
        notice=notice,
        imports=[
            *(["import builtins"] if _names_builtins(methods) else []),
            *imports.statements(
                layout.from_import(
                    f"{dots}_operations", (f"{name.module} as operations",)
                ),
                layout.from_import("..api_client", ("ApiClient",)),
                *chats,
            ),
        ],
        models=[
            first_line(
                layout.from_import(
                    f"{dots}api_response", (imports.imported("ApiResponse"),), indent=4
                )
            ),
            *imports.models(package=f"{dots}models."),
            *imports.params(module=f"{dots}params"),
            *map(first_line, shells),
        ],
        class_statement=layout.class_statement(name.class_name, (shell,)),
        class_docstring=first_line(
            layout.docstring(f"The operations tagged {', '.join(tags)}.", indent=4)
        ),
        methods=methods,
    )


def _names_builtins(methods: Sequence[MethodView]) -> bool:
    return any(
        "builtins." in line
        for each in methods
        for line in (*each.overloads, each.signature)
    )


def _methods(
    each: Call, flavour: Flavour, types: Types, shadowed: Mapping[str, str]
) -> list[MethodView]:
    awaits = flavour == "async"
    result = each.result.doc
    about = f"`{each.method}`"
    prefix = "await self." if awaits else "self."
    performed = _perform(each, f"{prefix}_call")
    views = [
        _method(
            each,
            "",
            result,
            _documentation(each),
            _data(performed),
            awaits,
            types,
            shadowed,
        ),
        _method(
            each,
            "_with_http_info",
            subscript(types.spell("ApiResponse"), result),
            f"{about}, with the status and the headers.",
            _returned(performed),
            awaits,
            types,
            shadowed,
        ),
        _method(
            each,
            "_without_preload_content",
            types.spell("RESTResponseType"),
            f"{about}, as the raw response: neither read nor checked.",
            _returned(_perform(each, f"{prefix}_raw")),
            awaits,
            types,
            shadowed,
        ),
    ]
    if each.item is not None:
        views.append(
            _method(
                each,
                "_stream",
                subscript(
                    types.spell(_stream_type(each, flavour)),
                    each.item.doc,
                    *([each.result.doc] if each.chunks else []),
                ),
                f"{about}, as a stream of items: a context manager and an iterator.",
                _returned(_perform(each, f"self.{'_chat' * bool(each.chunks)}_stream")),
                False,
                types,
                shadowed,
            )
        )
    return views


def _stream_type(each: Call, flavour: Flavour) -> str:
    """What the method returns that streams; chunks of a chat add up to its answer."""
    name = "ChatStream" if each.chunks else "Stream"
    return f"Async{name}" if flavour == "async" else name


def _data(performed: Doc) -> str:
    assigned = layout.assignment("response", None, performed, indent=8)
    return f"{first_line(assigned)}\n        return response.data"


def _returned(performed: Doc) -> str:
    return first_line(layout.return_statement(performed, indent=8))


def _method(
    each: Call,
    suffix: str,
    returns: Doc,
    documentation: str,
    body: str,
    awaits: bool,
    types: Types,
    shadowed: Mapping[str, str],
) -> MethodView:
    name = f"{each.method}{suffix}"
    anything = types.spell("Any")
    options = [
        layout.Parameter(name, layout.renamed(annotation, {"Any": anything}), default)
        for name, annotation, default in _OPTIONS
    ]
    given = [_declared(argument) for argument in each.arguments]
    overloads: list[str] = []
    if each.keywords is not None:
        unpacked = layout.Parameter(
            "**body", subscript(types.spell("Unpack"), each.keywords)
        )
        at = next(i for i, argument in enumerate(each.arguments) if argument.is_body)
        fields = [
            *given[:at],
            layout.Parameter("*"),
            *given[at + 1 :],
            *options,
            unpacked,
        ]
        overloads = [
            _signature(name, [*given, *options], returns, awaits, shadowed, "..."),
            _signature(name, fields, returns, awaits, shadowed, "..."),
        ]
        given = [_declared(argument, optional_body=True) for argument in each.arguments]
        options = [*options, layout.Parameter("**body", anything)]
    return MethodView(
        overloads=overloads,
        signature=_signature(name, [*given, *options], returns, awaits, shadowed),
        docstring=first_line(layout.docstring(wrapped(documentation, 8), indent=8)),
        body=body,
    )


def _declared(argument: Argument, *, optional_body: bool = False) -> layout.Parameter:
    if argument.required and not (argument.is_body and optional_body):
        return layout.Parameter(argument.name, argument.type.doc)
    return layout.Parameter(argument.name, optional(argument.type).doc, "None")


def _signature(
    name: str,
    parameters: Sequence[layout.Parameter],
    returns: Doc,
    awaits: bool,
    shadowed: Mapping[str, str],
    body: str = "",
) -> str:
    listed = [layout.Parameter("self")]
    for each in parameters:
        annotation = each.annotation and layout.renamed(each.annotation, shadowed)
        listed.append(layout.Parameter(each.name, annotation, each.default))
    result = layout.renamed(returns, shadowed)
    return first_line(
        layout.signature(name, listed, result, indent=4, async_=awaits, body=body)
    )


def _perform(each: Call, verb: str) -> Doc:
    constant = f"operations.{each.constant}"
    keywords = each.keywords is not None and verb.rpartition("self.")[2] != "_raw"
    given = tuple_display(
        *(
            (
                call("self._body", constant, argument.name, "body")
                if argument.is_body and keywords
                else argument.name
            )
            for argument in each.arguments
        )
    )
    options = tuple_display(*(name for name, _, _ in _OPTIONS))
    return call(verb, constant, given, options)


def _documentation(each: Call) -> str:
    """Summary, description and arguments, as the document has them."""
    operation = each.operation
    parts = [
        text.strip() for text in (operation.summary, operation.description) if text
    ]
    if len(parts) == 2 and parts[0] == parts[1]:
        parts.pop()
    if operation.deprecated:
        parts.append("Deprecated.")
    described = [a for a in each.arguments if a.description.strip()]
    if described:
        lines = (f"    {a.name}: {' '.join(a.description.split())}" for a in described)
        parts.append("\n".join(("Args:", *lines)))
    return "\n\n".join(parts) or f"{operation.method.upper()} {operation.path}"
