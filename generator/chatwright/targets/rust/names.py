"""Every name of a crate, decided once, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chatwright.ir.api import Api, Operation
from chatwright.ir.schema import (
    ArraySchema,
    ConstSchema,
    EnumSchema,
    Instance,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    UnionSchema,
)
from chatwright.ir.walk import table
from chatwright.targets.arguments import ordered_arguments
from chatwright.targets.rust import spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelName:
    """A type and the module that it is in: ChatMessage in `chat_message`."""

    type: str
    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiName:
    """A group of operations: the title of its document (`ChatApi`) and its module."""

    title: str
    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What everything in a crate is called.

    `models` is keyed by schema, `fields` and `enums` (an enum that a property has for itself) by
    schema and property, `variants` by schema or such an enum's type and the value's JSON text,
    `members` by union, in the order of its variants. `functions` and `errors` are keyed by
    operation, `arguments` by operation, location and name, `schemes` by security scheme.
    """

    models: Mapping[str, ModelName]
    fields: Mapping[tuple[str, str], str]
    enums: Mapping[tuple[str, str], str]
    members: Mapping[str, tuple[str, ...]]
    apis: Mapping[str, ApiName]
    functions: Mapping[str, str]
    streams: Mapping[str, str]
    errors: Mapping[str, str]
    arguments: Mapping[tuple[str, str, str], str]
    schemes: Mapping[str, str]


def decide(api: Api) -> Names:
    """The names of a crate; what would be called the same is numbered."""
    schemas = table(api)
    models = _models(api)
    fields: dict[tuple[str, str], str] = {}
    enums: dict[tuple[str, str], str] = {}
    members: dict[str, tuple[str, ...]] = {}
    for name, model in models.items():
        match schemas[name].schema:
            case ObjectSchema(properties=properties):
                spelt = _distinct(spelling.field(each.name) for each in properties)
                taken = {model.type.lower()}
                for member, ident in zip(properties, spelt, strict=True):
                    fields[name, member.name] = ident
                    if own_enum(member.schema) is not None:
                        enums[name, member.name] = _free(
                            spelling.struct(member.name), taken
                        )
            case UnionSchema(variants=variants) as union:
                mapping = {
                    target: value
                    for value, target in (
                        union.discriminator.mapping
                        if union.discriminator and union.discriminator.declared
                        else ()
                    )
                }
                natural = [_member(each, mapping, models) for each in variants]
                members[name] = _distinct([*natural, "Unknown"])[:-1]
            case _:
                continue
    apis = _apis(api)
    functions, streams = _functions(api, apis)
    return Names(
        models=models,
        fields=fields,
        enums=enums,
        members=members,
        apis=apis,
        functions=functions,
        streams=streams,
        errors=_errors(api, apis, functions),
        arguments=_arguments(api, schemas, models),
        schemes=_schemes(api),
    )


def own_enum(schema: Schema) -> EnumSchema | None:
    """The enum of strings that a property has for itself, in place or as the items of its list.

    A constant is an enum of one.
    """
    while isinstance(schema, NullableSchema | ArraySchema):
        schema = schema.schema if isinstance(schema, NullableSchema) else schema.items
    match schema:
        case EnumSchema(values=values) if all(isinstance(x.value, str) for x in values):
            return schema
        case ConstSchema(value=value) if isinstance(value.value, str):
            return EnumSchema(
                values=(value,), open=True, annotations=schema.annotations
            )
        case _:
            return None


def variants(values: Iterable[Instance]) -> tuple[str, ...]:
    """The variants of an enum's values, `Unknown` left free."""
    natural = [
        spelling.variant(each.value if isinstance(each.value, str) else each.text)
        for each in values
    ]
    return _distinct([*(f"{x}_" if x == "Unknown" else x for x in natural)])


def has_model(schema: Schema) -> bool:
    """Whether a named schema is a type of its own."""
    return isinstance(schema, ObjectSchema | EnumSchema | UnionSchema)


def _models(api: Api) -> dict[str, ModelName]:
    models: dict[str, ModelName] = {}
    types: set[str] = set()
    modules: set[str] = set()
    for named in api.schemas:
        if has_model(named.schema):
            type_ = _free(spelling.struct(named.name), types)
            module = _free(spelling.module(type_), modules)
            models[named.name] = ModelName(type=type_, module=module)
    return models


def _member(
    schema: Schema, mapping: Mapping[str, str], models: Mapping[str, ModelName]
) -> str:
    """The variant of a union's member: of its value in the mapping, or of its type."""
    match schema:
        case RefSchema(name=name):
            if name in mapping:
                return spelling.variant(mapping[name])
            return models[name].type if name in models else spelling.variant(name)
        case NullableSchema(schema=inner):
            return _member(inner, mapping, models)
        case ArraySchema(items=items):
            return f"ArrayVec{_member(items, {}, models)}"
        case _:
            word = type(schema).__name__.removesuffix("Schema")
            return {
                "Const": "String",
                "Enum": "String",
                "Map": "Object",
                "Any": "Value",
            }.get(word, word)


def _apis(api: Api) -> dict[str, ApiName]:
    found: dict[str, ApiName] = {}
    for operation in api.operations:
        if operation.tag in found:
            continue
        title = spelling.group(operation.tag)
        module = spelling.plain(spelling.module(f"{title}_api"))
        found[operation.tag] = ApiName(title=f"{title}Api", module=module)
    return found


def _functions(
    api: Api, apis: Mapping[str, ApiName]
) -> tuple[dict[str, str], dict[str, str]]:
    taken: dict[str, set[str]] = {}
    functions: dict[str, str] = {}
    streams: dict[str, str] = {}
    for operation in api.operations:
        used = taken.setdefault(apis[operation.tag].module, set())
        natural = spelling.function(operation.repeats or operation.id)
        functions[operation.id] = _free(natural, used)
    for operation in api.operations:
        if operation.event_stream is not None:
            used = taken[apis[operation.tag].module]
            natural = f"{spelling.plain(functions[operation.id])}_stream"
            streams[operation.id] = _free(natural, used)
    return functions, streams


def _errors(
    api: Api, apis: Mapping[str, ApiName], functions: Mapping[str, str]
) -> dict[str, str]:
    taken: dict[str, set[str]] = {}
    errors: dict[str, str] = {}
    for operation in api.operations:
        used = taken.setdefault(apis[operation.tag].module, set())
        word = spelling.variant(spelling.plain(functions[operation.id]))
        errors[operation.id] = _free(f"{word}Error", used)
    return errors


def _arguments(
    api: Api, schemas: SchemaTable, models: Mapping[str, ModelName]
) -> dict[tuple[str, str, str], str]:
    found: dict[tuple[str, str, str], str] = {}
    for operation in api.operations:
        given = ordered_arguments(operation, schemas)
        natural = [
            (
                spelling.argument(_body(operation, each.schema, schemas, models))
                if each.location == "body"
                else spelling.argument(each.name)
            )
            for each in given
        ]
        for each, name in zip(
            given, _distinct(["configuration", *natural])[1:], strict=True
        ):
            found[operation.id, each.location, each.name] = name
    return found


def _schemes(api: Api) -> dict[str, str]:
    names = [scheme.name for scheme in api.security_schemes]
    constants = _distinct(spelling.module(name) for name in names)
    return {x: y.upper() for x, y in zip(names, constants, strict=True)}


def _body(
    operation: Operation,
    schema: Schema,
    schemas: SchemaTable,
    models: Mapping[str, ModelName],
) -> str:
    """`x-codegen-request-body-name`, the model's name or that of the items, or `body`."""
    if operation.request_body is not None and operation.request_body.name:
        return operation.request_body.name
    seen: set[str] = set()
    while isinstance(schema, RefSchema | NullableSchema | ArraySchema):
        match schema:
            case RefSchema(name=name):
                if name in models:
                    return models[name].type
                if name in seen:
                    return "body"
                seen.add(name)
                schema = schemas[name].schema
            case NullableSchema(schema=inner) | ArraySchema(items=inner):
                schema = inner
    return "body"


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    taken: set[str] = set()
    return tuple(_free(name, taken) for name in names)


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered where it is taken, which it is from then on."""
    found, count = name, 2
    while spelling.plain(found).lower() in taken:
        found, count = f"{spelling.plain(name)}{count}", count + 1
    taken.add(spelling.plain(found).lower())
    return found
