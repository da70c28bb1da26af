"""The modules of a package's models: one for each named object, union and enum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from chatwright.ir.schema import (
    Annotations,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Discriminator,
    EnumSchema,
    Instance,
    IntegerSchema,
    MapSchema,
    NamedSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.targets.python.imports import Imports, first_line
from chatwright.targets.python.layout import (
    Doc,
    assignment,
    attribute_docstring,
    call,
    class_statement,
    dict_display,
    docstring,
    flat,
    keyword,
    literal,
    subscript,
    tuple_display,
)
from chatwright.targets.python.names import ModelName, Names
from chatwright.targets.python.prose import deprecated, wrapped
from chatwright.targets.python.types import Type, Types, bases, optional
from chatwright.targets.templates import render
from chatwright.targets.text import python_literal, python_string


class FieldView(Struct, frozen=True, kw_only=True):
    """One field of a model: its statement, its docstring or "", and whether a blank line
    stands before it."""

    statement: str
    docstring: str
    spaced: bool


def files(schemas: SchemaTable, names: Names, notice: str) -> dict[str, str]:
    """The text of each model's module, by its path below the package."""
    types = Types(schemas, names)
    written: dict[str, str] = {}
    for name, model in names.models.items():
        written[f"models/{model.module}.py"] = _module(
            schemas[name], model, types, notice
        )
    return written


def _module(named: NamedSchema, model: ModelName, types: Types, notice: str) -> str:
    match named.schema:
        case ObjectSchema():
            return _object(named.schema, named.name, model, types, notice)
        case EnumSchema():
            return _enum(named.schema, named.name, model, types.names, notice)
        case UnionSchema():
            return _union(named.schema, model, types, notice)
        case schema:
            raise AssertionError(
                f"{named.name}: a {type(schema).__name__} has no model"
            )


def _object(
    schema: ObjectSchema, name: str, model: ModelName, types: Types, notice: str
) -> str:
    parents = tuple(types.names.models[base].class_name for base in schema.bases)
    imports = Imports(types, inside=model)
    imports.add_bases(parents)
    about = _docstring(_description(schema.annotations), 4)
    subtypes = _subtypes(schema.discriminator, types.names)
    fields: list[FieldView] = []
    if subtypes:
        fields.append(FieldView(statement=subtypes, docstring="", spaced=bool(about)))
    # To checkers a field has the base's type: a narrower one may not stand in its place.
    hidden: list[str] = []
    shown: str | None = None
    inherited = _inherited(schema, types)
    for member in schema.properties:
        if inherited and member in inherited.values():
            continue
        attribute = types.names.fields[name, member.name]
        field_type, value = _field(member, attribute, types)
        imports.add(field_type)
        if member.name in inherited:
            hidden.append(assignment(attribute, field_type.doc, value, indent=8))
            continue
        description = _description(member.schema.annotations)
        said = (
            first_line(attribute_docstring(wrapped(description, 4), 4))
            if description
            else ""
        )
        fields.append(
            FieldView(
                statement=first_line(
                    assignment(attribute, field_type.doc, value, indent=4)
                ),
                docstring=said,
                spaced=_apart(fields, subtypes, about, said),
            )
        )
    rest = _rest(schema)
    if rest is not None:
        extra_type = types.of(rest)
        imports.add(extra_type)
        table = subscript("dict", "str", extra_type.doc)
        hidden.append(assignment("__pydantic_extra__", table, None, indent=8))
        if not any(_rest(types.schemas[base].schema) for base in schema.bases):
            shown = first_line(
                assignment("additional_properties", table, "{}", indent=8)
            )
    if hidden:
        imports.add_names("TYPE_CHECKING")
    return render(
        "python/models/model.py.j2",
        notice=notice,
        imports=imports.statements(),
        models=imports.models(package="."),
        class_statement=class_statement(
            model.class_name, parents or (types.spell("Model"),)
        ),
        class_docstring=about,
        fields=fields,
        shown=shown,
        hidden=list(map(first_line, hidden)),
    )


def _rest(schema: Schema) -> Schema | None:
    """What the members of an object beyond its properties are, where the document says."""
    match schema:
        case ObjectSchema(additional_properties=AnySchema() | None):
            return None
        case ObjectSchema():
            return schema.additional_properties
        case _:
            return None


def _apart(
    before: Sequence[FieldView], subtypes: str, about: str, description: str
) -> bool:
    """Whether a blank line stands before a field: where its description, or the one above, takes
    more than a line."""
    if not before:
        return bool(about)
    last = before[-1]
    return "\n" in description + last.docstring or last.statement == subtypes


def _inherited(schema: ObjectSchema, types: Types) -> Mapping[str, Property]:
    """The properties that the base classes have, by their names on the wire."""
    parents = (types.schemas[base].schema for base in schema.bases)
    return {
        member.name: member
        for base in parents
        if isinstance(base, ObjectSchema)
        for member in base.properties
    }


def _subtypes(discriminator: Discriminator | None, names: Names) -> str:
    """The statement that names the subclass for each value of the discriminator, and last the one
    for any other."""
    choices = _choices(discriminator, names)
    if discriminator is None or not choices:
        return ""
    wire = python_string(discriminator.property_name)
    told = (
        None if discriminator.default is None else python_string(discriminator.default)
    )
    others = [target for value, target in choices if value == told]
    value = tuple_display(wire, dict_display(*choices), *others)
    return first_line(assignment("__discriminator__", None, value, indent=4))


def _field(member: Property, attribute: str, types: Types) -> tuple[Type, Doc | None]:
    schema = member.schema
    inner = types.of(schema.schema if isinstance(schema, NullableSchema) else schema)
    if isinstance(schema, NullableSchema):
        field_type = types.nullable(inner)
    elif member.required:
        field_type = inner
    else:
        field_type = optional(inner)
    value: Doc | None = None
    if member.required and isinstance(schema, ConstSchema):
        value = python_literal(schema.value.value)
    elif not member.required:
        default = _default(schema, types)
        value = "None" if default is None else default
        if default is not None and not isinstance(default, str):
            field_type = replace(field_type, names=field_type.names | {"Field"})
    if attribute != member.name:
        alias = call(types.spell("Field"), keyword("alias", python_string(member.name)))
        field_type = Type(
            doc=subscript(types.spell("Annotated"), field_type.doc, alias),
            names=field_type.names | {"Annotated", "Field"},
            models=field_type.models,
        )
    return field_type, value


def _default(schema: Schema, types: Types) -> Doc | None:
    """What the attribute reads as while absent: the document's default, where it fits."""
    default = schema.annotations.default
    target: Schema = schema
    while isinstance(target, (RefSchema, NullableSchema)):
        target = (
            types.schemas[target.name].schema
            if isinstance(target, RefSchema)
            else target.schema
        )
        default = default or target.annotations.default
    if default is None or default.value is None:
        return None
    if not _fits(default, target):
        return None
    value = literal(default.value)
    plain = isinstance(
        target, BooleanSchema | IntegerSchema | NumberSchema | ConstSchema
    ) or (isinstance(target, StringSchema) and target.format is None)
    if plain or (isinstance(target, EnumSchema) and not isinstance(schema, RefSchema)):
        return value
    field = types.spell("Field")
    return call(field, keyword("default", value), keyword("validate_default", "True"))


def _fits(default: Instance, schema: Schema) -> bool:
    """Whether a default is surely a value of the schema; where that is not plain, it is not."""
    value = default.value
    match schema:
        case BooleanSchema():
            return isinstance(value, bool)
        case IntegerSchema():
            return isinstance(value, int) and not isinstance(value, bool)
        case NumberSchema():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case StringSchema():
            return isinstance(value, str) and schema.format is None
        case ConstSchema():
            return default.identity == schema.value.identity
        case EnumSchema():
            return default.identity in {each.identity for each in schema.values}
        case ArraySchema():
            return isinstance(value, list) and all(
                _fits(Instance.of(item), schema.items) for item in value
            )
        case UnionSchema():
            return any(_fits(default, variant) for variant in schema.variants)
        case MapSchema():
            return bool(value == {})
        case AnySchema() | ObjectSchema() | NullableSchema() | RefSchema():
            return False
        case _:
            assert_never(schema)


def _enum(
    schema: EnumSchema, name: str, model: ModelName, names: Names, notice: str
) -> str:
    kinds = bases(schema.values)
    mixin = kinds[0] if kinds in (("str",), ("int",), ("float",)) else None
    members = [
        first_line(
            assignment(
                names.members[name, instance.text],
                None,
                python_literal(instance.value),
                indent=4,
            )
        )
        for instance in schema.values
    ]
    return render(
        "python/models/enum.py.j2",
        notice=notice,
        class_statement=class_statement(
            model.class_name, (mixin, "OpenEnum") if mixin else ("OpenEnum",)
        ),
        class_docstring=_docstring(_description(schema.annotations), 4),
        members=members,
    )


def _union(schema: UnionSchema, model: ModelName, types: Types, notice: str) -> str:
    imports = Imports(types, inside=model)
    members: list[str] = []
    for variant in schema.variants:
        variant_type = types.of(variant)
        imports.add(variant_type)
        members.append(python_string(flat(variant_type.doc)))
    choices = _choices(schema.discriminator, types.names)
    arguments: list[Doc] = ["__name__", python_string(model.class_name)]
    if schema.discriminator is not None and choices:
        wire = schema.discriminator.property_name
        attributes = _attributes(schema.discriminator, types)
        arguments.append(dict_display(*choices))
        arguments.append(
            tuple_display(*map(python_string, dict.fromkeys((wire, *attributes))))
        )
        if schema.discriminator.default is not None:
            arguments.append(python_string(schema.discriminator.default))
    alias = assignment(
        model.class_name,
        types.spell("TypeAlias"),
        subscript(types.spell("Union"), *dict.fromkeys(members)),
    )
    runtime = assignment(model.class_name, None, call("union", *arguments), indent=4)
    imports.add_names("TYPE_CHECKING", "TypeAlias", "Union", "union")
    return render(
        "python/models/union.py.j2",
        notice=notice,
        imports=imports.statements(),
        models=imports.models(package="."),
        alias=first_line(alias),
        docstring=_docstring(_description(schema.annotations), 0),
        runtime=first_line(runtime),
    )


def _choices(
    discriminator: Discriminator | None, names: Names
) -> list[tuple[str, Doc]]:
    if discriminator is None:
        return []
    return [
        (python_string(value), python_string(names.models[target].class_name))
        for value, target in discriminator.mapping
        if target in names.models
    ]


def _attributes(discriminator: Discriminator, types: Types) -> Sequence[str]:
    """The attributes that hold the discriminator in the union's members."""
    found = (
        types.names.fields.get((target, discriminator.property_name))
        for _, target in discriminator.mapping
    )
    return tuple(dict.fromkeys(attribute for attribute in found if attribute))


def _description(annotations: Annotations) -> str:
    text = (annotations.description or annotations.title or "").strip()
    return deprecated(text) if annotations.deprecated else text


def _docstring(text: str, indent: int) -> str:
    """The docstring of what has a description, else ""."""
    return first_line(docstring(wrapped(text, indent), indent=indent)) if text else ""
