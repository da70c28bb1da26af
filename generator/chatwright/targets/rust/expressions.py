"""Rust expressions of values, for the programs of a crate's documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec import Struct

from chatwright.ir.schema import (
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    UnionSchema,
)
from chatwright.targets.rust.layout import WIDTH
from chatwright.targets.rust.names import own_enum, variants
from chatwright.targets.rust.types import Types
from chatwright.targets.text import rust_string

_DEFAULT = "Default::default()"
_LITERAL = 18
_GROUP = 60


class Group(Struct, frozen=True):
    """What stands between an opening and a closing sign, apart by commas."""

    opening: str
    parts: Sequence[Expression]
    closing: str


Expression = str | Group


def lay_out(expression: Expression, indent: int, column: int) -> str:
    """The expression, from a column of a line with an indent, broken where it is long."""
    if isinstance(expression, str):
        return expression
    flat = _flat(expression)
    content = len(flat) - len(expression.opening) - len(expression.closing)
    is_literal = expression.closing == "}"
    only = expression.parts[0] if len(expression.parts) == 1 else None
    limit = _LITERAL if is_literal else _GROUP
    if (content <= limit or isinstance(only, str)) and column + len(flat) < WIDTH:
        return flat
    if (
        isinstance(only, Group)
        and not is_literal
        and column + _opening(expression) <= WIDTH
    ):
        after = column + len(expression.opening)
        inner = lay_out(only, indent, after + len(expression.closing))
        return f"{expression.opening}{inner}{expression.closing}"
    margin = " " * indent
    lines = "".join(
        f"{margin}    {lay_out(part, indent + 4, indent + 4)}"
        f"{'' if isinstance(part, str) and part.startswith('..') else ','}\n"
        for part in expression.parts
    )
    return f"{expression.opening.rstrip()}\n{lines}{margin}{expression.closing}"


def _opening(expression: Expression) -> int:
    """How long the first line is of expressions that begin on one line."""
    length = 0
    while isinstance(expression, Group):
        length += len(expression.opening)
        if len(expression.parts) != 1:
            break
        expression = expression.parts[0]
    return length


def _flat(expression: Expression) -> str:
    if isinstance(expression, str):
        return expression
    inner = ", ".join(map(_flat, expression.parts))
    gap = " " if expression.closing == "}" else ""
    return f"{expression.opening}{inner}{gap}{expression.closing}"


class Expressions:
    """Expressions of one document's values."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._inside: list[str] = []

    def of(self, schema: Schema, value: Any = None) -> Expression:
        """A value of a schema; what `value` (JSON, None for nothing) leaves out is made up."""
        match schema:
            case StringSchema() if self._types.of(schema) == "String":
                text = value if isinstance(value, str) else "text"
                return f"{rust_string(text)}.to_owned()"
            case IntegerSchema():
                return str(value) if isinstance(value, int) else "1"
            case NumberSchema():
                return str(float(value)) if isinstance(value, int | float) else "1.0"
            case BooleanSchema():
                return str(value is not False).lower()
            case ArraySchema():
                if not isinstance(value, list) or not value:
                    return "Vec::new()"
                items = cast("Sequence[Any]", value)
                return Group("vec![", [self.of(schema.items, x) for x in items], "]")
            case NullableSchema():
                if value is None:
                    return "None"
                return Group("Some(", [self.of(schema.schema, value)], ")")
            case RefSchema(name=name):
                return self._referenced(name, value)
            case _:
                return _DEFAULT

    def _referenced(self, name: str, value: Any) -> Expression:
        schema = self._types.schemas[name].schema
        model = self._types.names.models.get(name)
        if name in self._inside:
            return _DEFAULT
        self._inside.append(name)
        try:
            if model is None:
                return self.of(schema, value)
            path = f"models::{model.type}"
            match schema:
                case ObjectSchema():
                    return self._object(schema, name, path, value)
                case EnumSchema():
                    return _variant(
                        schema, self._types.names.variants[name], path, value
                    )
                case UnionSchema():
                    return self._union(schema, name, path, value)
                case _:
                    return _DEFAULT
        finally:
            self._inside.pop()

    def _object(
        self, schema: ObjectSchema, name: str, path: str, value: Any
    ) -> Expression:
        given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        required: list[Expression] = []
        others: list[Expression] = []
        for member in schema.properties:
            held = self._held(member.schema, name, member.name, given.get(member.name))
            if self._types.is_required(member, name):
                required.append(held)
            elif member.name in given:
                field = self._types.names.fields[name, member.name]
                others.append(_named(f"{field}: ", Group("Some(", [held], ")")))
        made = Group(f"{path}::new(", required, ")")
        if not others:
            return made
        base = _flat(made)
        if len(base) <= _GROUP:
            return Group(f"{path} {{ ", [*others, f"..{base}"], "}")
        return made

    def _held(self, schema: Schema, holder: str, member: str, value: Any) -> Expression:
        own = self._types.names.enums.get((holder, member))
        enum = own_enum(schema)
        text = self._types.held(schema, holder, own)
        if own is not None and enum is not None and not text.startswith("Vec<"):
            module = self._types.names.models[holder].module
            held: Expression = _variant(
                enum, variants(enum), f"models::{module}::{own}", value
            )
            return Group("Some(", [held], ")") if text.startswith("Option<") else held
        if isinstance(schema, ConstSchema):
            return _DEFAULT
        made = self.of(schema, value)
        if text.startswith("Option<Box<") and isinstance(made, Group):
            return Group("Some(", [Group("Box::new(", made.parts, ")")], ")")
        return Group("Box::new(", [made], ")") if text.startswith("Box<") else made

    def _union(
        self, schema: UnionSchema, name: str, path: str, value: Any
    ) -> Expression:
        members = self._types.names.members[name]
        for variant, member in zip(schema.variants, members, strict=True):
            if value is None or self._takes(variant, value):
                held = self.of(variant, value)
                if self._types.held(variant, name).startswith("Box<"):
                    held = Group("Box::new(", [held], ")")
                return Group(f"{path}::{member}(", [held], ")")
        return _DEFAULT

    def _takes(self, schema: Schema, value: Any) -> bool:
        """Whether a value, as far as it goes, is one of a schema."""
        seen: set[str] = set()
        while isinstance(schema, RefSchema | NullableSchema):
            if isinstance(schema, NullableSchema):
                schema = schema.schema
            elif schema.name in seen:
                return False
            else:
                seen.add(schema.name)
                schema = self._types.schemas[schema.name].schema
        match schema:
            case StringSchema():
                return isinstance(value, str)
            case ConstSchema() | EnumSchema():
                known = (
                    (schema.value,)
                    if isinstance(schema, ConstSchema)
                    else schema.values
                )
                return any(each.value == value for each in known)
            case ArraySchema():
                return isinstance(value, list)
            case UnionSchema():
                return any(self._takes(each, value) for each in schema.variants)
            case ObjectSchema(properties=properties):
                if not isinstance(value, dict):
                    return False
                members: Mapping[str, Schema] = {x.name: x.schema for x in properties}
                given = cast("dict[str, Any]", value)
                return all(
                    key in members and self._takes(members[key], held)
                    for key, held in given.items()
                )
            case _:
                return False


def _named(name: str, group: Group) -> Group:
    return Group(f"{name}{group.opening}", group.parts, group.closing)


def _variant(schema: EnumSchema, spelt: Sequence[str], path: str, value: Any) -> str:
    listed = zip(spelt, schema.values, strict=True)
    chosen = {each.text: name for name, each in reversed(list(listed))}
    first = next(reversed(chosen.values()))
    identity = Instance.of(value).identity
    told = next((x.text for x in schema.values if x.identity == identity), None)
    return f"{path}::{first if told is None else chosen[told]}"
