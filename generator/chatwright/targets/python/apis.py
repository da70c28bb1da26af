"""The modules of a package's API classes, one class for each tag, in both flavours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatwright.ir.api import Api
from chatwright.ir.walk import table
from chatwright.targets.python import descriptors, layout
from chatwright.targets.python.calls import OPTIONS, Argument, Call
from chatwright.targets.python.calls import calls as calls_of
from chatwright.targets.python.imports import Imports, first_line
from chatwright.targets.python.layout import Doc, call, subscript, tuple_display
from chatwright.targets.python.names import ApiName, Names
from chatwright.targets.python.params import Params
from chatwright.targets.python.prose import wrapped
from chatwright.targets.python.settings import Flavour
from chatwright.targets.python.types import Types, optional
from chatwright.targets.templates import render

_BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str", "tuple"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """One method: complete lines, the first without its indentation."""

    overloads: list[str]
    signature: str
    docstring: str
    body: str


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
        calls = calls_of(api, tags, types, params)
        written[f"_operations/{name.module}.py"] = descriptors.module(
            calls, types, notice
        )
        written[f"api/{name.module}.py"] = _api(
            name, tags, calls, types, flavour, "..", notice
        )
        written[f"{other}/api/{name.module}.py"] = _api(
            name, tags, calls, types, second, "...", notice
        )
    return written


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
        for name, annotation, default in OPTIONS
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
    options = tuple_display(*(name for name, _, _ in OPTIONS))
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
