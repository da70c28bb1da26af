"""The document of a model."""

from __future__ import annotations

from chatwright.ir.schema import (
    AnySchema,
    EnumSchema,
    NamedSchema,
    NullableSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    UnionSchema,
)
from chatwright.targets.rust.docs.text import cell, not_null, plain
from chatwright.targets.rust.names import own_enum, variants
from chatwright.targets.rust.types import Types
from chatwright.targets.templates import render
from chatwright.targets.views import PropertyView


def model_document(named: NamedSchema, type_: str, types: Types) -> str:
    """The text of the document of a schema that is a type."""
    match named.schema:
        case ObjectSchema(properties=properties):
            return render(
                "rust/docs/struct.md.j2",
                name=type_,
                properties=[_property(named.name, each, types) for each in properties],
            )
        case EnumSchema(values=values):
            return render(
                "rust/docs/enum.md.j2",
                name=type_,
                variants=[
                    (variant, cell(plain(value)))
                    for variant, value in zip(
                        types.names.variants[named.name], values, strict=True
                    )
                ],
            )
        case UnionSchema() as union:
            about = cell(union.annotations.description or "")
            held = [types.of(not_null(each)) for each in union.variants]
            return render(
                "rust/docs/union.md.j2",
                name=type_,
                members=sorted((each.removeprefix("models::"), about) for each in held),
            )
        case schema:
            raise AssertionError(
                f"{named.name}: a {type(schema).__name__} has no model"
            )


def _property(holder: str, member: Property, types: Types) -> PropertyView:
    own = types.names.enums.get((holder, member.name))
    text = types.of(not_null(member.schema), own)
    page = text
    while page.startswith("Vec<"):
        page = page.removeprefix("Vec<").removesuffix(">")
    if page.startswith("models::"):
        linked = f"[**{text}**]({page.removeprefix('models::')}.md)"
    else:
        linked = f"**{text}**"
    required = types.is_required(member, holder)
    # Any value may be null.
    optional = not required or isinstance(member.schema, NullableSchema | AnySchema)
    shown = _default(member.schema, types)
    notes = "" if required else "[optional]"
    return PropertyView(
        name=types.names.fields[holder, member.name],
        type=f"Option<{linked}>" if optional else linked,
        description=cell(member.schema.annotations.description or "") + _values(member),
        notes=notes if shown is None else f"{notes}[default to {shown}]",
    )


def _values(member: Property) -> str:
    """The values of an enum that a property has for itself."""
    enum = own_enum(member.schema)
    if enum is None:
        return ""
    return f" (enum: {', '.join(cell(plain(each)) for each in enum.values)})"


def _default(schema: Schema, types: Types) -> str | None:
    """The default as the document of a model has it: of an enum the variant."""
    default = schema.annotations.default
    target: Schema = schema
    name: str | None = None
    while isinstance(target, RefSchema | NullableSchema):
        if isinstance(target, RefSchema):
            name = target.name
            target = types.schemas[name].schema
        else:
            target = target.schema
        default = default or target.annotations.default
    if default is None or default.value is None:
        return None
    match target:
        case ObjectSchema():
            return None
        case EnumSchema(values=values) if default in values:
            spelt = types.names.variants[name] if name else variants(target)
            return spelt[values.index(default)]
        case _:
            return cell(plain(default))
