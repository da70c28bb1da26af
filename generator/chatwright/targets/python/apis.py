"""The modules of a package's API classes, one class for each tag, in both flavours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from chatwright.ir.api import Api
from chatwright.ir.walk import table
from chatwright.targets.python import descriptors, layout
from chatwright.targets.python.calls import OPTIONS, PATH, PROGRESS, Argument, Call
from chatwright.targets.python.calls import calls as calls_of
from chatwright.targets.python.imports import Imports, first_line
from chatwright.targets.python.layout import Doc, call, subscript, tuple_display, union
from chatwright.targets.python.names import METHOD_SUFFIXES, ApiName, Names
from chatwright.targets.python.params import Params
from chatwright.targets.python.prose import deprecated, wrapped
from chatwright.targets.python.settings import Flavour
from chatwright.targets.python.types import Types, optional
from chatwright.targets.templates import render

_VARIANTS = ("with_http_info", "without_preload_content")
_BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str", "tuple"})


class MethodView(Struct, frozen=True, kw_only=True):
    """One method: complete lines, the first without its indentation.

    `variants` are the methods that are made of it.
    """

    overloads: list[str]
    signature: str
    docstring: str
    body: str
    variants: list[str]


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
    runtime = layout.from_import(
        f"{dots}_runtime.{flavour}_api",
        (imports.imported(shell), *_VARIANTS),
    )
    imports.add_names("Any", "Final")
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
    if any(each.keywords for each in calls):
        imports.add_names("Unpack", "overload")
    streams = sorted({_stream_type(each, flavour) for each in calls if each.item})
    shown: dict[str, Sequence[str]] = {}
    if any(each.operation.id in types.names.downloads for each in calls):
        imports.add_names("PathLike")
        shown["pathlib"] = ("Path",)
        shown[f"{dots}_runtime.download"] = ("Progress",)
        shown[f"{dots}api_response"] = ("ApiResponse",)
    if streams:
        shown[f"{dots}streaming"] = streams
    only_checked = [
        *imports.models(package=f"{dots}models"),
        *imports.params(module=f"{dots}params"),
        *(
            first_line(
                layout.from_import(module, map(imports.imported, given), indent=4)
            )
            for module, given in shown.items()
        ),
    ]
    if only_checked:
        imports.add_names("TYPE_CHECKING")
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
                runtime,
            ),
        ],
        models=only_checked,
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
    made = [f"{each.method}{suffix}" for suffix in METHOD_SUFFIXES if suffix]
    views = [
        _method(
            each,
            each.method,
            each.result.doc,
            _documentation(each),
            _perform(each, "await self._call" if awaits else "self._call"),
            awaits,
            types,
            shadowed,
            variants=[
                first_line(
                    layout.assignment(
                        name,
                        types.spell("Final"),
                        call(variant, each.method),
                        indent=4,
                    )
                )
                for name, variant in zip(made, _VARIANTS, strict=True)
            ],
        )
    ]
    if each.item is not None:
        views.append(
            _method(
                each,
                types.names.streams[each.operation.id],
                subscript(
                    types.spell(_stream_type(each, flavour)),
                    each.item.doc,
                    *([each.result.doc] if each.chat else []),
                ),
                f"`{each.method}`, as a stream of items: a context manager and an"
                " iterator.",
                _perform(each, f"self.{'_chat' * bool(each.chat)}_stream"),
                False,
                types,
                shadowed,
            )
        )
    if each.operation.id in types.names.downloads:
        path = union("str", subscript(types.spell("PathLike"), "str"))
        progress = union(types.spell("Progress"), "None")
        verb = "await self._to_file" if awaits else "self._to_file"
        views.append(
            _method(
                each,
                types.names.downloads[each.operation.id],
                subscript(types.spell("ApiResponse"), types.spell("Path")),
                f"`{each.method}`, written to the file `_path` as it comes. `_progress` is"
                " told of the bytes that have come, and of those that will.",
                _perform(each, verb, PATH, PROGRESS),
                awaits,
                types,
                shadowed,
                before=(layout.Parameter(PATH, path), layout.Parameter("/")),
                after=(layout.Parameter(PROGRESS, progress, "None"),),
            )
        )
    return views


def _stream_type(each: Call, flavour: Flavour) -> str:
    """What the method returns that streams; chunks of a chat add up to its answer."""
    name = "ChatStream" if each.chat else "Stream"
    return f"Async{name}" if flavour == "async" else name


def _method(
    each: Call,
    name: str,
    returns: Doc,
    documentation: str,
    performed: Doc,
    awaits: bool,
    types: Types,
    shadowed: Mapping[str, str],
    variants: Sequence[str] = (),
    before: Sequence[layout.Parameter] = (),
    after: Sequence[layout.Parameter] = (),
) -> MethodView:
    """A method of an operation, which takes more `before` its arguments and `after` its options."""
    anything = types.spell("Any")
    options = [
        layout.Parameter(name, layout.renamed(annotation, {"Any": anything}), default)
        for name, annotation, default in OPTIONS
    ]
    options += after
    given = [_declared(argument) for argument in each.arguments]
    overloads: list[str] = []
    if each.keywords is not None:
        unpacked = layout.Parameter(
            "**body", subscript(types.spell("Unpack"), each.keywords)
        )
        at = next(i for i, argument in enumerate(each.arguments) if argument.is_body)
        fields = [
            *before,
            *given[:at],
            layout.Parameter("*"),
            *given[at + 1 :],
            *options,
            unpacked,
        ]
        overloads = [
            _signature(
                name, [*before, *given, *options], returns, awaits, shadowed, "..."
            ),
            _signature(name, fields, returns, awaits, shadowed, "..."),
        ]
        given = [_declared(argument, optional_body=True) for argument in each.arguments]
        options = [*options, layout.Parameter("**body", anything)]
    return MethodView(
        overloads=overloads,
        signature=_signature(
            name, [*before, *given, *options], returns, awaits, shadowed
        ),
        docstring=first_line(layout.docstring(wrapped(documentation, 8), indent=8)),
        body=first_line(layout.return_statement(performed, indent=8)),
        variants=list(variants),
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


def _perform(each: Call, verb: str, *more: str) -> Doc:
    return call(
        verb,
        f"operations.{each.constant}",
        tuple_display(*(argument.name for argument in each.arguments)),
        tuple_display(*(name for name, _, _ in OPTIONS)),
        *more,
        *(["body"] if each.keywords is not None else []),
    )


def _documentation(each: Call) -> str:
    """Summary, description and arguments, as the document has them."""
    operation = each.operation
    parts = [
        text.strip() for text in (operation.summary, operation.description) if text
    ]
    if len(parts) == 2 and parts[0] == parts[1]:
        parts.pop()
    if operation.deprecated:
        parts[:1] = [deprecated("".join(parts[:1]))]
    described = [a for a in each.arguments if a.description.strip()]
    if described:
        lines = (f"    {a.name}: {' '.join(a.description.split())}" for a in described)
        parts.append("\n".join(("Args:", *lines)))
    return "\n\n".join(parts) or f"{operation.method.upper()} {operation.path}"
