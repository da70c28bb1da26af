"""Every name of a crate, decided once, before anything is written."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

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
from chatwright.pins import Pin
from chatwright.targets.parameters import Key, parameters
from chatwright.targets.pinned import NOTHING_PINNED, Pinned
from chatwright.targets.rust import spelling

LOCAL_NAMES = ("configuration", "call")
"""What every function has under its own name."""


class ModelName(Struct, frozen=True, kw_only=True):
    """A type and the module that it is in: ChatMessage in `chat_message`."""

    type: str
    module: str


class ApiName(Struct, frozen=True, kw_only=True):
    """A group of operations: the title of its document (`ChatApi`) and its module."""

    title: str
    module: str


class Names(Struct, frozen=True, kw_only=True):
    """What everything in a crate is called.

    `models` is keyed by schema, `fields` and `enums` (an enum that a property has for itself) by
    schema and property, `variants` by the schema of an enum, in the order of its values, and
    `members` by union, in the order of its variants. `functions` and `errors` are keyed by
    operation, `arguments` by operation, location and name, `schemes` by security scheme.
    """

    models: Mapping[str, ModelName]
    fields: Mapping[tuple[str, str], str]
    enums: Mapping[tuple[str, str], str]
    variants: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    apis: Mapping[str, ApiName]
    functions: Mapping[str, str]
    streams: Mapping[str, str]
    errors: Mapping[str, str]
    arguments: Mapping[tuple[str, str, str], str]
    schemes: Mapping[str, str]


def decide(api: Api, pinned: Pinned = NOTHING_PINNED) -> Names:
    """The names of a crate; what would be called the same is numbered."""
    schemas = table(api)
    models = models_of(api, pinned.models)
    fields: dict[tuple[str, str], str] = {}
    enums: dict[tuple[str, str], str] = {}
    listed: dict[str, tuple[str, ...]] = {}
    members: dict[str, tuple[str, ...]] = {}
    for name, model in models.items():
        match schemas[name].schema:
            case ObjectSchema(properties=properties):
                spelt = _distinct(
                    spelling.field(
                        pinned.fields[name, each.name].name
                        if (name, each.name) in pinned.fields
                        else each.alias or each.name
                    )
                    for each in properties
                )
                taken = {model.type.lower()}
                for member, ident in zip(properties, spelt, strict=True):
                    fields[name, member.name] = ident
                    if own_enum(member.schema) is not None:
                        enums[name, member.name] = _free(
                            spelling.struct(member.name), taken
                        )
            case EnumSchema() as enum:
                listed[name] = variants(enum, name, pinned.members)
            case UnionSchema() as union:
                values = _values(union)
                natural = [_member(each, values, models) for each in union.variants]
                members[name] = _known(natural)
            case _:
                continue
    apis = _apis(api, pinned.tags)
    functions = functions_of(api, apis, pinned.methods)
    return Names(
        models=models,
        fields=fields,
        enums=enums,
        variants=listed,
        members=members,
        apis=apis,
        functions=functions,
        streams=_streams(api, apis, functions),
        errors=_errors(api, apis, functions),
        arguments=arguments_of(api, schemas, models, pinned.parameters),
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


def variants(
    schema: EnumSchema,
    name: str = "",
    pins: Mapping[tuple[str, str], Pin] = MappingProxyType({}),
) -> tuple[str, ...]:
    """The variants of an enum's values, `Unknown` left free: pinned, or as the document says."""
    aliases = dict(schema.aliases)
    natural = [
        (
            spelling.variant(pins[name, each.text].name)
            if (name, each.text) in pins
            else _variant(each, aliases.get(each))
        )
        for each in schema.values
    ]
    return _known(natural)


def has_model(schema: Schema) -> bool:
    """Whether a named schema is a type of its own."""
    return isinstance(schema, ObjectSchema | EnumSchema | UnionSchema)


def models_of(api: Api, pins: Mapping[str, Pin]) -> dict[str, ModelName]:
    """The type and the module of each schema that has one, in the order of the schemas."""
    models: dict[str, ModelName] = {}
    types: set[str] = set()
    modules: set[str] = set()
    for named in api.schemas:
        if has_model(named.schema):
            pin = pins.get(named.name)
            wanted = pin.name if pin else named.alias or named.name
            type_ = _free(spelling.struct(wanted), types)
            module = _free(spelling.module(wanted), modules)
            models[named.name] = ModelName(type=type_, module=module)
    return models


def _variant(instance: Instance, alias: str | None) -> str:
    """The variant of a value: what the document calls it, where that is a name in Rust's case."""
    if alias is None:
        value = instance.value
        return spelling.variant(value if isinstance(value, str) else instance.text)
    return alias if spelling.is_variant(alias) else spelling.variant(alias)


def _values(union: UnionSchema) -> Mapping[str, str]:
    """The first value of the discriminator for each schema, where the document maps them."""
    if union.discriminator is None or not union.discriminator.declared:
        return {}
    return {target: value for value, target in reversed(union.discriminator.mapping)}


def _member(
    schema: Schema, values: Mapping[str, str], models: Mapping[str, ModelName]
) -> str:
    """The variant of a union's member: of its value, its title, or its type."""
    title = schema.annotations.title
    if title and not isinstance(schema, RefSchema | NullableSchema):
        return spelling.variant(title)
    match schema:
        case RefSchema(name=name):
            if name in values:
                return spelling.variant(values[name])
            return models[name].type if name in models else spelling.variant(name)
        case NullableSchema(schema=inner):
            return _member(inner, values, models)
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


def _apis(api: Api, pins: Mapping[str, Pin]) -> dict[str, ApiName]:
    """The group of each tag; tags whose titles differ in nothing but case share it."""
    found: dict[str, ApiName] = {}
    shared: dict[str, ApiName] = {}
    for operation in api.operations:
        if operation.tag in found:
            continue
        pin = pins.get(operation.tag)
        title = spelling.group(pin.name if pin else operation.tag)
        module = spelling.plain(spelling.module(f"{title}_api"))
        name = ApiName(title=f"{title}Api", module=module)
        found[operation.tag] = shared.setdefault(title.casefold(), name)
    return found


def functions_of(
    api: Api, apis: Mapping[str, ApiName], pins: Mapping[str, Pin]
) -> dict[str, str]:
    """The function of each operation."""

    def natural(operation: Operation) -> str:
        pin = pins.get(operation.id)
        wanted = pin.name if pin else operation.alias
        return spelling.function(wanted or operation.repeats or operation.id)

    return _within_modules(api.operations, apis, natural)


def _streams(
    api: Api, apis: Mapping[str, ApiName], functions: Mapping[str, str]
) -> dict[str, str]:
    return _within_modules(
        [each for each in api.operations if each.event_stream is not None],
        apis,
        lambda operation: f"{spelling.plain(functions[operation.id])}_stream",
        [(each, functions[each.id]) for each in api.operations],
    )


def _errors(
    api: Api, apis: Mapping[str, ApiName], functions: Mapping[str, str]
) -> dict[str, str]:
    def natural(operation: Operation) -> str:
        return f"{spelling.variant(spelling.plain(functions[operation.id]))}Error"

    return _within_modules(api.operations, apis, natural)


def _within_modules(
    operations: Iterable[Operation],
    apis: Mapping[str, ApiName],
    natural: Callable[[Operation], str],
    taken: Iterable[tuple[Operation, str]] = (),
) -> dict[str, str]:
    """A name for each operation, which no other one has in its module: the second is `name_0`."""
    used: dict[str, set[str]] = {each.module: set() for each in apis.values()}
    for operation, name in taken:
        used[apis[operation.tag].module].add(spelling.plain(name).lower())
    found: dict[str, str] = {}
    for operation in operations:
        names = used[apis[operation.tag].module]
        wanted = name = natural(operation)
        for count in itertools.count():
            if spelling.plain(name).lower() not in names:
                break
            name = f"{spelling.plain(wanted)}_{count}"
        names.add(spelling.plain(name).lower())
        found[operation.id] = name
    return found


def arguments_of(
    api: Api,
    schemas: SchemaTable,
    models: Mapping[str, ModelName],
    pins: Mapping[Key, Pin],
) -> dict[Key, str]:
    """What each argument is called."""
    return parameters(
        api,
        schemas,
        {name: each.type for name, each in models.items()},
        spelling.argument,
        {key: spelling.argument(each.name) for key, each in pins.items()},
        LOCAL_NAMES,
    )


def _schemes(api: Api) -> dict[str, str]:
    names = [scheme.name for scheme in api.security_schemes]
    constants = _distinct(spelling.module(name) for name in names)
    return {x: y.upper() for x, y in zip(names, constants, strict=True)}


def _known(variants: Iterable[str]) -> tuple[str, ...]:
    """Variants beside the one for what is unknown."""
    return _distinct(f"{each}_" if each == "Unknown" else each for each in variants)


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
