"""Names of fields: the attributes of models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import assert_never

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
from chatwright.pins import Pin
from chatwright.targets.distinct import distinct
from chatwright.targets.python import spelling
from chatwright.targets.python.names.finding import Finding, note
from chatwright.targets.python.names.models import has_model

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


def fields_of(
    schemas: SchemaTable, pins: Mapping[tuple[str, str], Pin], found: list[Finding]
) -> Mapping[tuple[str, str], str]:
    """The attribute of each property of each object, by schema and property."""
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
    order = [each for name in objects for each in _bases_first(name, objects, done)]
    # What a schema and all that inherit its fields say, heirs first.
    words: dict[str, set[str]] = {}
    wires: dict[str, set[str]] = {}
    for current in reversed(order):
        words[current] = {*_words(objects[current], schemas)}
        wires[current] = {member.name for member in objects[current].properties}
        for heir in heirs.get(current, ()):
            words[current] |= words[heir]
            wires[current] |= wires[heir]
    for current in order:
        schema = objects[current]
        inherited = {
            member.name: fields[base, member.name]
            for base in schema.bases
            if base in objects
            for member in schema.properties
            if (base, member.name) in fields
        }
        chosen = {
            member.name: pins[current, member.name].name
            for member in schema.properties
            if (current, member.name) in pins
        }
        names = _attributes(schema, inherited, words[current], wires[current], chosen)
        fields.update(((current, key), attribute) for key, attribute in names.items())
        found.extend(_renamed_fields(schemas[current], names, chosen))
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
    schema: ObjectSchema,
    inherited: Mapping[str, str],
    words: Collection[str],
    wires: Collection[str],
    chosen: Mapping[str, str],
) -> Mapping[str, str]:
    """The attributes of a schema's properties.

    Models are read by attributes too, so that none may be what another property is called on the
    wire (`wires`, those of heirs among them), unless the user has `chosen` it.
    """
    own = [member.name for member in schema.properties if member.name not in inherited]
    said = {each.name: each.alias or each.name for each in schema.properties}
    natural = {key: chosen.get(key, spelling.attribute(said[key])) for key in own}
    wanted = {
        key: (
            f"var_{attribute}"
            if attribute in MODEL_ATTRIBUTES or attribute in words
            else attribute
        )
        for key, attribute in natural.items()
    }
    names = dict(inherited)
    first = [key for key in own if wanted[key] == key or key in chosen]
    for group, taken in ((first, ()), ([k for k in own if k not in first], wires)):
        used = {*names.values(), *taken}
        decided = distinct([wanted[key] for key in group], used)
        names.update(zip(group, decided, strict=True))
    return {member.name: names[member.name] for member in schema.properties}


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


def _renamed_fields(
    named: NamedSchema, names: Mapping[str, str], chosen: Mapping[str, str]
) -> Iterator[Finding]:
    for key, attribute in names.items():
        natural = spelling.attribute(key)
        if attribute != natural and key not in chosen:
            yield note(
                "field-renamed",
                f"the property {key!r} of {named.name!r} at {named.pointer} becomes "
                f"{attribute}: {natural} has another meaning there",
                named.pointer,
            )
