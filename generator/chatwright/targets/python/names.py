"""The names of a whole Python package, decided once, before anything is rendered.

They are those of OpenAPI Generator's `python` generator (see `spelling`). Where two of them would
collide, or one would hide a name that the package needs, this module decides and says so.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from chatwright.diagnostics import Severity
from chatwright.ir.api import Api, Operation
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    MapSchema,
    NamedSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.ir.walk import table
from chatwright.targets.python import spelling
from chatwright.targets.python.answers import is_file
from chatwright.targets.python.arguments import Argument, arguments

RUNTIME_NAMES: Mapping[str, str] = {
    "ApiResponse": ".api_response",
    "ApiClient": ".api_client",
    "Configuration": ".configuration",
    "OpenApiException": ".exceptions",
    "ApiTypeError": ".exceptions",
    "ApiValueError": ".exceptions",
    "ApiKeyError": ".exceptions",
    "ApiAttributeError": ".exceptions",
    "ApiException": ".exceptions",
}
"""What the package exports at its top besides its API classes and models, and from where."""

MODEL_ATTRIBUTES = frozenset(
    {
        "actual_instance",
        "additional_properties",
        "construct",
        "copy",
        "dict",
        "from_dict",
        "from_json",
        "from_orm",
        "json",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_dump",
        "model_dump_json",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_json_schema",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
        "model_validate",
        "model_validate_json",
        "model_validate_strings",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "to_dict",
        "to_json",
        "to_str",
        "update_forward_refs",
        "validate",
    }
)
"""What pydantic's BaseModel and the runtime's Model call their own members."""

_TYPE_NAMES = frozenset(
    {
        "Annotated",
        "Any",
        "Literal",
        "Nullable",
        "OpenEnum",
        "TypeAlias",
        "UUID",
        "Union",
    }
)
METHOD_SUFFIXES = ("", "_with_http_info", "_without_preload_content")
_API_ATTRIBUTES = frozenset(
    {"api_client", "with_http_info", "with_options", "without_preload_content"}
)
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9])", re.IGNORECASE)
_LONGEST_STEM = 200
"""In bytes: file systems take 255, and endings and counters come after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was decided about a name, at the address `pointer` of the document."""

    severity: Severity
    code: str
    message: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelName:
    """A model's class, its module in `models`, and the name of its document in `docs`."""

    class_name: str
    module: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiName:
    """An API class, its module in `api`, and the name of its document in `docs`."""

    class_name: str
    module: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Every name of the package called `package`.

    `models` and `hidden` are keyed by NamedSchema.name: `hidden` holds those whose class is not
    exported at the top of the package, because another name stands there. `fields` is keyed by
    schema and property, `members` by enum schema and the JSON text of the value. `apis` is keyed
    by tag; tags that give the same class share it. `methods`, `streams` (the method of an event
    stream) and `downloads` (the method that writes the answer to a file) are keyed by
    Operation.id, `parameters` by Operation.id, location and name: the body's name is "".
    """

    package: str
    models: Mapping[str, ModelName]
    hidden: frozenset[str]
    fields: Mapping[tuple[str, str], str]
    members: Mapping[tuple[str, str], str]
    apis: Mapping[str, ApiName]
    methods: Mapping[str, str]
    streams: Mapping[str, str]
    downloads: Mapping[str, str]
    parameters: Mapping[tuple[str, str, str], str]
    diagnostics: tuple[Finding, ...]

    def argument(self, operation: Operation, argument: Argument) -> str:
        """What the argument of an operation's method is called."""
        return self.parameters[operation.id, argument.location, argument.name]


def has_model(schema: Schema) -> bool:
    """Whether a schema under a name becomes a module of its own.

    Objects, oneOf and anyOf unions, and enums do; named arrays, maps and scalars are inlined
    where they are referred to.
    """
    match schema:
        case ObjectSchema():
            return True
        case UnionSchema():
            return schema.keyword != "type"
        case EnumSchema():
            return not all(
                isinstance(instance.value, bool) for instance in schema.values
            )
        case (
            AnySchema()
            | BooleanSchema()
            | IntegerSchema()
            | NumberSchema()
            | StringSchema()
            | ConstSchema()
            | ArraySchema()
            | MapSchema()
            | NullableSchema()
            | RefSchema()
        ):
            return False
        case _:
            assert_never(schema)


def decide(api: Api, package: str) -> Names:
    """The names of `api` as the Python package `package`."""
    schemas = table(api)
    found: list[Finding] = []
    apis = _apis(api, found)
    models = _models(api, apis, found)
    methods = _methods(api, apis, found)
    taken = _taken(api, apis, methods)
    return Names(
        package=package,
        models=models,
        hidden=_hidden(models, apis, schemas, found),
        fields=_fields(schemas, found),
        members=_members(schemas, found),
        apis=apis,
        methods=methods,
        streams={
            each.id: _further(each, "_stream", apis, methods, taken)
            for each in api.operations
            if each.event_stream is not None
        },
        downloads={
            each.id: _further(each, "_to_file", apis, methods, taken)
            for each in api.operations
            if is_file(each, schemas)
        },
        parameters=_parameters(api, schemas, models),
        diagnostics=tuple(found),
    )


def _apis(api: Api, found: list[Finding]) -> Mapping[str, ApiName]:
    named: dict[str, ApiName] = {}
    owners: dict[str, tuple[str, ApiName]] = {}
    tags = {operation.tag for operation in api.operations}
    for tag in sorted(tags, key=lambda tag: (spelling.sanitized(tag), tag)):
        class_name = spelling.api_class(tag)
        stem = _stem(class_name, "Api")
        name = ApiName(
            class_name=class_name,
            module=_stem(spelling.module_name(class_name), "api_"),
            document=stem,
        )
        owner, name = owners.setdefault(class_name.casefold(), (tag, name))
        named[tag] = name
        if owner != tag:
            found.append(
                _note(
                    "tag-collision",
                    f"tags {owner!r} and {tag!r} share {name.class_name}",
                )
            )
    return named


def _models(
    api: Api, apis: Mapping[str, ApiName], found: list[Finding]
) -> Mapping[str, ModelName]:
    chosen = sorted(
        (named for named in api.schemas if has_model(named.schema)),
        key=lambda named: (
            spelling.class_name(named.name) != named.name,
            named.inline,
            named.name,
        ),
    )
    classes = _distinct([_model_class(named.name) for named in chosen])
    modules = _distinct(
        [_stem(spelling.module_name(name), "model_") for name in classes]
    )
    documents = _documents([_stem(name, "Model") for name in classes], apis.values())
    for named, class_name in zip(chosen, classes, strict=True):
        if class_name != _model_class(named.name):
            found.append(
                _warning(
                    "schema-name-collision",
                    f"the schema {named.name!r} at {named.pointer} becomes {class_name}: "
                    f"another one is {_model_class(named.name)}",
                    named.pointer,
                )
            )
    by_name = {
        named.name: ModelName(class_name=class_name, module=module, document=document)
        for named, class_name, module, document in zip(
            chosen, classes, modules, documents, strict=True
        )
    }
    return {
        named.name: by_name[named.name]
        for named in api.schemas
        if named.name in by_name
    }


def _model_class(name: str) -> str:
    class_name = spelling.class_name(name)
    return f"Model{class_name}" if class_name in _TYPE_NAMES else class_name


def _hidden(
    models: Mapping[str, ModelName],
    apis: Mapping[str, ApiName],
    schemas: SchemaTable,
    found: list[Finding],
) -> frozenset[str]:
    top = {*RUNTIME_NAMES, *(name.class_name for name in apis.values())}
    hidden = {name for name, model in models.items() if model.class_name in top}
    for name in sorted(hidden):
        class_name = models[name].class_name
        found.append(
            _warning(
                "runtime-name-collision",
                f"the schema {name!r} at {schemas[name].pointer} is importable from `models` "
                f"only: {class_name} at the top of the package is not a model",
                schemas[name].pointer,
            )
        )
    return frozenset(hidden)


def _fields(
    schemas: SchemaTable, found: list[Finding]
) -> Mapping[tuple[str, str], str]:
    fields: dict[tuple[str, str], str] = {}
    objects = {
        name: named.schema
        for name, named in schemas.items()
        if isinstance(named.schema, ObjectSchema)
    }
    heirs: dict[str, list[str]] = {}
    for name, schema in objects.items():
        for base in schema.bases:
            heirs.setdefault(base, []).append(name)
    done: set[str] = set()
    for current in (
        each for name in objects for each in _bases_first(name, objects, done)
    ):
        schema = objects[current]
        inherited = {
            member.name: fields[base, member.name]
            for base in schema.bases
            if base in objects
            for member in schema.properties
            if (base, member.name) in fields
        }
        words = {
            word
            for kin in _descent(current, heirs)
            for word in _words(objects[kin], schemas)
        }
        names = _attributes(schema, inherited, words)
        fields.update(((current, key), attribute) for key, attribute in names.items())
        found.extend(_renamed_fields(schemas[current], names))
    return fields


def _bases_first(
    name: str, objects: Mapping[str, ObjectSchema], done: set[str]
) -> Iterator[str]:
    """The schema's ancestors and the schema itself, each once and after its own bases."""
    stack = [(name, False)]
    while stack:
        current, ready = stack.pop()
        if ready:
            yield current
        elif current in objects and current not in done:
            done.add(current)
            stack.append((current, True))
            stack.extend((base, False) for base in reversed(objects[current].bases))


def _attributes(
    schema: ObjectSchema, inherited: Mapping[str, str], words: Collection[str]
) -> Mapping[str, str]:
    own = [member.name for member in schema.properties if member.name not in inherited]
    wanted = [
        (
            f"var_{attribute}"
            if attribute in MODEL_ATTRIBUTES or attribute in words
            else attribute
        )
        for attribute in map(spelling.attribute, own)
    ]
    decided = dict(zip(own, _distinct(wanted, inherited.values()), strict=True))
    names = {**inherited, **decided}
    return {member.name: names[member.name] for member in schema.properties}


def _descent(name: str, heirs: Mapping[str, Sequence[str]]) -> Collection[str]:
    """The schema and all that inherit its fields."""
    family = {name}
    pending = [name]
    while pending:
        found = [heir for heir in heirs.get(pending.pop(), ()) if heir not in family]
        family.update(found)
        pending.extend(found)
    return family


def _words(schema: ObjectSchema, schemas: SchemaTable) -> Iterator[str]:
    """The names in lower case that annotations of the class use: an attribute of such a name
    would stand in its place."""
    stack: list[Schema] = [member.schema for member in schema.properties]
    if schema.additional_properties is not None:
        yield from ("dict", "str")
        stack.append(schema.additional_properties)
    seen: set[str] = set()
    while stack:
        current = stack.pop()
        match current:
            case BooleanSchema():
                yield "bool"
            case IntegerSchema():
                yield "int"
            case NumberSchema():
                yield "float"
            case StringSchema():
                formats = {"binary": "bytes", "date": "date", "date-time": "datetime"}
                yield formats.get(current.format or "", "str")
            case ConstSchema():
                yield from _kinds([current.value])
            case EnumSchema():
                yield from _kinds(current.values)
            case ArraySchema():
                yield "list"
                stack.append(current.items)
            case MapSchema():
                yield from ("dict", "str")
                stack.append(current.values)
            case ObjectSchema():
                yield from ("dict", "str")
            case UnionSchema():
                stack.extend(current.variants)
            case NullableSchema():
                stack.append(current.schema)
            case RefSchema():
                target = schemas[current.name].schema
                if isinstance(target, EnumSchema) or not has_model(target):
                    stack.extend(() if current.name in seen else (target,))
                    seen.add(current.name)
            case AnySchema():
                pass
            case _:
                assert_never(current)


def _kinds(values: Iterable[Instance]) -> Iterator[str]:
    """The names of the values' types, as far as literals of them are not."""
    for instance in values:
        yield type(instance.value).__name__


def _renamed_fields(named: NamedSchema, names: Mapping[str, str]) -> Iterator[Finding]:
    for key, attribute in names.items():
        natural = spelling.attribute(key)
        if attribute != natural:
            yield _note(
                "field-renamed",
                f"the property {key!r} of {named.name!r} at {named.pointer} becomes "
                f"{attribute}: {natural} has another meaning there",
                named.pointer,
            )


def _members(
    schemas: SchemaTable, found: list[Finding]
) -> Mapping[tuple[str, str], str]:
    members: dict[tuple[str, str], str] = {}
    for name, named in schemas.items():
        if not isinstance(named.schema, EnumSchema) or not has_model(named.schema):
            continue
        values = tuple(dict.fromkeys(named.schema.values))
        wanted = [spelling.enum_member(instance.value) for instance in values]
        decided = _distinct(wanted)
        for instance, natural, member in zip(values, wanted, decided, strict=True):
            members[name, instance.text] = member
            if member != natural:
                found.append(
                    _note(
                        "enum-member-renamed",
                        f"the value {instance.text} of {name!r} at {named.pointer} becomes "
                        f"{member}: another one is {natural}",
                        named.pointer,
                    )
                )
    return members


def _methods(
    api: Api, apis: Mapping[str, ApiName], found: list[Finding]
) -> Mapping[str, str]:
    methods: dict[str, str] = {}
    taken: dict[str, set[str]] = {}
    for operation in api.operations:
        used = taken.setdefault(apis[operation.tag].class_name, set())
        natural = spelling.method(operation.repeats or operation.id)
        if natural in _API_ATTRIBUTES:
            natural = f"call_{natural}"
        name = natural
        for count in itertools.count():
            if not any(f"{name}{suffix}" in used for suffix in METHOD_SUFFIXES):
                break
            name = f"{natural}_{count}"
        used.update(f"{name}{suffix}" for suffix in METHOD_SUFFIXES)
        methods[operation.id] = name
        if name != natural:
            found.append(
                _warning(
                    "operation-name-collision",
                    f"the operation {operation.id!r} at {operation.pointer} becomes {name}: "
                    f"another one is {natural}",
                    operation.pointer,
                )
            )
    return methods


def _taken(
    api: Api, apis: Mapping[str, ApiName], methods: Mapping[str, str]
) -> Mapping[str, set[str]]:
    """The names of methods that every operation has, by the class."""
    taken: dict[str, set[str]] = {}
    for operation in api.operations:
        used = taken.setdefault(apis[operation.tag].class_name, set())
        used.update(f"{methods[operation.id]}{suffix}" for suffix in METHOD_SUFFIXES)
    return taken


def _further(
    operation: Operation,
    suffix: str,
    apis: Mapping[str, ApiName],
    methods: Mapping[str, str],
    taken: Mapping[str, set[str]],
) -> str:
    """One more method of an operation, which gives way to all that are taken."""
    used = taken[apis[operation.tag].class_name]
    natural = f"{methods[operation.id]}{suffix}"
    name = natural
    for count in itertools.count():
        if name not in used:
            break
        name = f"{natural}_{count}"
    used.add(name)
    return name


def _parameters(
    api: Api, schemas: SchemaTable, models: Mapping[str, ModelName]
) -> Mapping[tuple[str, str, str], str]:
    parameters: dict[tuple[str, str, str], str] = {}
    for operation in api.operations:
        given = arguments(operation, schemas)
        wanted = [
            (
                _body_argument(operation, argument.schema, schemas, models)
                if argument.location == "body"
                else spelling.argument(argument.name)
            )
            for argument in given
        ]
        for argument, name in zip(given, _distinct(wanted, greedy=True), strict=True):
            parameters[operation.id, argument.location, argument.name] = name
    return parameters


def _body_argument(
    operation: Operation,
    schema: Schema,
    schemas: SchemaTable,
    models: Mapping[str, ModelName],
) -> str:
    """`x-codegen-request-body-name`, the model's name or that of the model in an array, or
    `request_body` for another array or a map, or `body`."""
    if operation.request_body is not None and operation.request_body.name:
        return spelling.argument(operation.request_body.name)
    inside_array = False
    seen: set[str] = set()
    while True:
        match schema:
            case RefSchema(name=name) if name in models:
                is_enum = isinstance(schemas[name].schema, EnumSchema)
                if is_enum and not inside_array:
                    return "body"
                return spelling.argument(models[name].class_name)
            case RefSchema(name=name) if name not in seen:
                seen.add(name)
                schema = schemas[name].schema
            case NullableSchema():
                schema = schema.schema
            case ArraySchema():
                inside_array = True
                schema = schema.items
            case MapSchema(values=AnySchema()) if not inside_array:
                return "body"
            case MapSchema():
                return "request_body"
            case _:
                return "request_body" if inside_array else "body"


def _distinct(
    wanted: Sequence[str], taken: Iterable[str] = (), *, greedy: bool = False
) -> list[str]:
    """The names, each once: the first keeps its own, further ones are counted up.

    Counting leaves out names that are wanted by others; a greedy one takes them.
    """
    used = set(taken)
    kept: Collection[str] = used if greedy else used | set(wanted)
    latest: dict[str, str] = {}
    decided: list[str] = []
    for name in wanted:
        distinct = latest.get(name, name)
        if distinct in used:
            distinct = spelling.next_name(distinct)
            while distinct in used or distinct in kept:
                distinct = spelling.next_name(distinct)
        used.add(distinct)
        latest[name] = distinct
        decided.append(distinct)
    return decided


def _documents(stems: Sequence[str], apis: Iterable[ApiName]) -> list[str]:
    """File names that differ from each other, and from those of the APIs, in more than case."""
    used = {name.document.casefold() for name in apis}
    decided: list[str] = []
    for stem in stems:
        name = stem
        while name.casefold() in used:
            name = spelling.next_name(name)
        used.add(name.casefold())
        decided.append(name)
    return decided


def _stem(name: str, prefix: str) -> str:
    """A file name without its ending that every system takes."""
    shorter = name.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return f"{prefix}{shorter}" if _DEVICE.fullmatch(shorter) else shorter


def _warning(code: str, message: str, pointer: str) -> Finding:
    return Finding(
        severity=Severity.WARNING, code=code, message=message, pointer=pointer
    )


def _note(code: str, message: str, pointer: str = "#/tags") -> Finding:
    return Finding(severity=Severity.NOTE, code=code, message=message, pointer=pointer)
