"""The modules of a crate's models: structs, enums of values, and unions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from chatwright.ir.schema import (
    Annotations,
    EnumSchema,
    NamedSchema,
    NullableSchema,
    ObjectSchema,
    Property,
    RefSchema,
    SchemaTable,
    UnionSchema,
)
from chatwright.targets.rust import layout, spelling
from chatwright.targets.rust.names import ModelName, Names, own_enum, variants
from chatwright.targets.rust.types import VALUE, Types
from chatwright.targets.templates import render
from chatwright.targets.text import rust_doc, rust_string


class FieldView(Struct, frozen=True, kw_only=True):
    """One field of a struct: its doc comment and attribute, or "", its name and its type."""

    doc: str
    attribute: str
    declaration: str
    name: str
    type: str
    required: bool


class EnumView(Struct, frozen=True, kw_only=True):
    """An enum of strings or integers: `variants` are names and literals, `shown` and `read` the
    arms of the matches between them, the others the first lines of implementations."""

    doc: str
    name: str
    integers: bool
    variants: list[tuple[str, str]]
    shown: list[str]
    read: list[str]
    display: str
    from_text: str
    serialize: str
    deserialize: str


def files(schemas: SchemaTable, names: Names, notice: str) -> dict[str, str]:
    """The text of each model's module, by its path below `src/`."""
    types = Types(schemas, names)
    written = {
        f"models/{model.module}.rs": _module(schemas[name], model, types, notice)
        for name, model in names.models.items()
    }
    listed = sorted(names.models.values(), key=lambda model: model.module)
    written["models/mod.rs"] = render(
        "rust/src/models/mod.rs.j2",
        notice=notice,
        models=[
            (each.module, layout.reexport(each.module, each.type)) for each in listed
        ],
    )
    return written


def _module(named: NamedSchema, model: ModelName, types: Types, notice: str) -> str:
    match named.schema:
        case ObjectSchema():
            text = _struct(named.schema, named.name, model, types)
        case EnumSchema():
            text = render(
                "rust/src/models/enum.rs.j2",
                enum=_enum(named.schema, model.type, types.names.variants[named.name]),
            )
        case UnionSchema():
            text = _union(named.schema, named.name, model, types)
        case schema:
            raise AssertionError(
                f"{named.name}: a {type(schema).__name__} has no model"
            )
    uses = [
        *(["use crate::models;"] * ("models::" in text)),
        *(["use crate::runtime::variant;"] * ("variant::" in text)),
    ]
    return render(
        "rust/src/models/model.rs.j2", notice=notice, uses=uses, body=text.rstrip("\n")
    )


def _struct(schema: ObjectSchema, name: str, model: ModelName, types: Types) -> str:
    fields: list[FieldView] = []
    enums: list[EnumView] = []
    for member in schema.properties:
        own = types.names.enums.get((name, member.name))
        enum = own_enum(member.schema)
        if own is not None and enum is not None:
            enums.append(_enum(enum, own, variants(enum)))
        fields.append(_field(member, name, own, types))
    if schema.additional_properties is not None:
        fields.append(_others(schema, fields, types))
    required = [each for each in fields if each.required]
    parameters = [f"{each.name}: {each.type}" for each in required]
    return render(
        "rust/src/models/struct.rs.j2",
        doc=rust_doc(_description(schema.annotations)),
        name=model.type,
        declaration=layout.declaration("struct", model.type),
        fields=fields,
        signature=layout.signature("pub fn new", parameters, "Self", indent=4),
        made=_made([each.name for each in required], len(required) == len(fields)),
        enums=enums,
    )


def _made(required: Sequence[str], whole: bool) -> str:
    """The struct with its required fields, the others at their defaults."""
    if not required:
        return " " * 8 + "Self::default()"
    return layout.literal(
        "Self", [*required, *([] if whole else ["..Self::default()"])], 8
    )


def _field(member: Property, holder: str, own: str | None, types: Types) -> FieldView:
    name = types.names.fields[holder, member.name]
    nullable = isinstance(member.schema, NullableSchema)
    inner = types.held(member.schema, holder, own)
    arguments: list[str] = []
    if spelling.plain(name) != member.name:
        arguments.append(f"rename = {rust_string(member.name)}")
    if not member.required:
        inner = f"Option<{inner}>"
        if nullable:
            arguments += [
                "default",
                'deserialize_with = "crate::runtime::nullable::deserialize"',
            ]
        arguments.append('skip_serializing_if = "Option::is_none"')
    return FieldView(
        doc=rust_doc(_description(member.schema.annotations), 4),
        attribute=layout.attribute("serde", arguments, 4) if arguments else "",
        declaration=layout.field(name, inner, 4),
        name=name,
        type=inner,
        required=member.required,
    )


def _others(
    schema: ObjectSchema, fields: Sequence[FieldView], types: Types
) -> FieldView:
    """The field for the members that the document does not name."""
    assert schema.additional_properties is not None
    name = "additional_properties"
    while any(each.name == name for each in fields):
        name = f"{name}_"
    inner = types.of(schema.additional_properties)
    type_ = f"std::collections::HashMap<String, {inner}>"
    return FieldView(
        doc=rust_doc("What has no field of its own.", 4),
        attribute=layout.attribute("serde", ["flatten"], 4),
        declaration=layout.field(name, type_, 4),
        name=name,
        type=type_,
        required=False,
    )


def _enum(schema: EnumSchema, name: str, spelt: Sequence[str]) -> EnumView:
    values = [each.value for each in schema.values]
    integers = all(isinstance(x, int) and not isinstance(x, bool) for x in values)
    literals = [str(x) if integers else rust_string(_text(x)) for x in values]
    listed = list(zip(spelt, literals, strict=True))
    return EnumView(
        doc=rust_doc(_description(schema.annotations)),
        name=name,
        integers=integers,
        variants=listed,
        shown=[layout.arm(f"Self::{x}", "", [literal], 12) for x, literal in listed],
        read=[layout.arm(literal, "", [f"Self::{x}"], 12) for x, literal in listed],
        display=layout.implementation("std::fmt::Display", name),
        from_text=layout.implementation("From<String>", name),
        serialize=layout.implementation("Serialize", name),
        deserialize=layout.implementation("Deserialize<'de>", name, "<'de>"),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def _union(schema: UnionSchema, name: str, model: ModelName, types: Types) -> str:
    members = types.names.members[name]
    held = [types.held(each, name) for each in schema.variants]
    about = _description(schema.annotations)
    tag = ""
    arms: list[str] = []
    if schema.discriminator is not None and schema.discriminator.mapping:
        by_target = _by_target(schema, members)
        tag = rust_string(schema.discriminator.property_name)
        arms = [
            layout.arm(
                f"Some({rust_string(value)})",
                "variant::read",
                ["&value", f"Self::{by_target[target]}"],
                12,
            )
            for value, target in schema.discriminator.mapping
            if target in by_target
        ]
    if arms and schema.discriminator is not None:
        said = f"Its `{schema.discriminator.property_name}` says which one it is."
        about = f"{about}\n\n{said}".strip()
    return render(
        "rust/src/models/union.rs.j2",
        doc=rust_doc(about),
        name=model.type,
        members=[layout.member(*each, 4) for each in zip(members, held, strict=True)],
        tag=tag if arms else "",
        arms=arms,
        value=VALUE,
        default=layout.implementation("Default", model.type),
        deserialize=layout.implementation("Deserialize<'de>", model.type, "<'de>"),
    )


def _by_target(schema: UnionSchema, members: Sequence[str]) -> Mapping[str, str]:
    return {
        each.name: member
        for each, member in zip(schema.variants, members, strict=True)
        if isinstance(each, RefSchema)
    }


def _description(annotations: Annotations) -> str:
    return (annotations.description or annotations.title or "").strip()
