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
from chatwright.targets.rust import layout
from chatwright.targets.rust.names import ModelName, Names, own_enum, variants
from chatwright.targets.rust.types import VALUE, Types
from chatwright.targets.templates import render
from chatwright.targets.text import rust_doc, rust_string


class FieldView(Struct, frozen=True, kw_only=True):
    """One field of a struct: its doc comment, or "", its name and its type.

    `wire` is the literal of the member's name in JSON, and `kind` one of runtime/object.rs.
    """

    doc: str
    declaration: str
    wire: str
    kind: str
    name: str
    type: str

    @property
    def is_given(self) -> bool:
        """Whether a value is made with it."""
        return self.kind in ("required", "nullable")


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
    uses = {
        "use crate::models;": "models::",
        "use crate::runtime::object::object;": "object! {",
        "use crate::runtime::variant::variants;": "variants! {",
        "use serde::{Deserialize, Serialize};": "serde::Serializer",
    }
    return render(
        "rust/src/models/model.rs.j2",
        notice=notice,
        uses=[use for use, sign in uses.items() if sign in text],
        body=text.rstrip("\n"),
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
    shown = [(each.doc, each.declaration) for each in fields]
    others = ""
    if schema.additional_properties is not None:
        others = _others(fields)
        inner = types.of(schema.additional_properties)
        type_ = f"std::collections::HashMap<String, {inner}>"
        doc = rust_doc("What has no field of its own.", 4)
        shown.append((doc, layout.field(others, type_, 4)))
    required = [each for each in fields if each.is_given]
    parameters = [f"{each.name}: {each.type}" for each in required]
    return render(
        "rust/src/models/struct.rs.j2",
        doc=rust_doc(_description(schema.annotations)),
        name=model.type,
        declaration=layout.declaration("struct", model.type),
        fields=shown,
        members=fields,
        others=others,
        signature=layout.signature("pub fn new", parameters, "Self", indent=4),
        made=_made([each.name for each in required], len(required) == len(shown)),
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
    type_ = types.held(member.schema, holder, own)
    if types.is_required(member, holder):
        kind = "nullable" if type_.startswith("Option<") else "required"
    else:
        nullable = isinstance(member.schema, NullableSchema)
        kind = "optional_nullable" if nullable else "optional"
        type_ = f"Option<{type_}>"
    return FieldView(
        doc=rust_doc(_description(member.schema.annotations), 4),
        declaration=layout.field(name, type_, 4),
        wire=rust_string(member.name),
        kind=kind,
        name=name,
        type=type_,
    )


def _others(fields: Sequence[FieldView]) -> str:
    """The name of the field for the members that the document does not name."""
    name = "additional_properties"
    while any(each.name == name for each in fields):
        name = f"{name}_"
    return name


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
    about = _description(schema.annotations)
    tag = ""
    tags: list[tuple[str, str]] = []
    other = ""
    if schema.discriminator is not None:
        tag = schema.discriminator.property_name
        by_target = _by_target(schema, members)
        tags = [
            (rust_string(value), by_target[target])
            for value, target in schema.discriminator.mapping
            if target in by_target
        ]
        default = schema.discriminator.default
        told = None if default is None else rust_string(default)
        other = next((member for value, member in tags if value == told), "")
    if tags:
        about = f"{about}\n\nIts `{tag}` says which one it is.".strip()
    return render(
        "rust/src/models/union.rs.j2",
        doc=rust_doc(about),
        name=model.type,
        members=[
            (member, layout.member(member, types.held(each, name), 4))
            for member, each in zip(members, schema.variants, strict=True)
        ],
        tag=rust_string(tag),
        tags=tags,
        other=other,
        value=VALUE,
        default=layout.implementation("Default", model.type),
    )


def _by_target(schema: UnionSchema, members: Sequence[str]) -> Mapping[str, str]:
    return {
        each.name: member
        for each, member in zip(schema.variants, members, strict=True)
        if isinstance(each, RefSchema)
    }


def _description(annotations: Annotations) -> str:
    return (annotations.description or annotations.title or "").strip()
