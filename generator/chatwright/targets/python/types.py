"""Schemas as Python types: the expression, and the names that it needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, assert_never

from msgspec import Struct
from msgspec.structs import replace

from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    Bounds,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    Json,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.targets.python.layout import Doc, Group, renamed, union
from chatwright.targets.python.names import Names, has_model
from chatwright.targets.text import python_literal

_STRINGS: Mapping[str | None, str] = {
    "binary": "bytes",
    "date": "date",
    "date-time": "datetime",
    "uuid": "UUID",
}
_LITERALS = (str, bool, int, type(None))
# Stands before the names of libraries and of the runtime until they are spelled: a model may
# have the same name.
_MARK = "~"


class Type(Struct, frozen=True, kw_only=True):
    """A type expression. `names` are those of the standard library, of pydantic and of the
    runtime that it uses; `models` are the package's models, `params` its TypedDicts."""

    doc: Doc
    names: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    params: frozenset[str] = frozenset()
    optional: bool = False
    """Whether None is one of its values."""

    anything: bool = False
    """Whether it is Any."""


class Types:
    """Python types for the schemas of one package.

    Where a model has the name of something that its modules import (`Model`, `Field`, `File`),
    they import that under an alias.
    """

    def __init__(self, schemas: SchemaTable, names: Names) -> None:
        self.schemas = schemas
        self.names = names
        self.modules: Mapping[str, str] = {
            model.class_name: model.module for model in names.models.values()
        }

    def spell(self, name: str) -> str:
        """How a name of a library or of the runtime is written in this package."""
        return f"_{name}" if name in self.modules else name

    def of(self, schema: Schema, *, constrained: bool = True) -> Type:
        """The type of a schema; `constrained` keeps its bounds, as pydantic's `Field`."""
        return self._spelled(self._type(schema, constrained, ()))

    def nullable(self, inner: Type) -> Type:
        """The type with null as one of its values: None that was set is sent."""
        return self._spelled(
            Type(
                doc=Group(f"{_MARK}Nullable[", (inner.doc,), "]"),
                names=inner.names | {"Nullable"},
                models=inner.models,
                optional=True,
            )
        )

    def literal(self, values: Sequence[Instance], *, open: bool) -> Type:
        """A Literal of the values, and their base type where the vendor may add some."""
        return self._spelled(_literal(values, open=open))

    def generic(self, name: str, *arguments: Type) -> Type:
        """A generic type of the standard library, such as `Sequence[str]`."""
        inner = _generic(f"{_MARK}{name}", *arguments)
        return self._spelled(replace(inner, names=inner.names | {name}))

    def anything(self) -> Type:
        """The type of a value that the document does not describe."""
        return self._spelled(_named("Any"))

    def _spelled(self, type_: Type) -> Type:
        if not type_.names:
            return type_
        known = {f"{_MARK}{name}": self.spell(name) for name in type_.names}
        return replace(type_, doc=renamed(type_.doc, known))

    def _type(self, schema: Schema, constrained: bool, inside: tuple[str, ...]) -> Type:
        match schema:
            case AnySchema():
                return _named("Any")
            case BooleanSchema():
                return Type(doc="bool")
            case IntegerSchema():
                return _constrained(
                    Type(doc="int"), _bounds(_whole(schema.bounds)), constrained
                )
            case NumberSchema():
                return _constrained(
                    Type(doc="float"), _bounds(schema.bounds), constrained
                )
            case StringSchema():
                return self._string(schema, constrained)
            case ConstSchema():
                return _literal((schema.value,), open=False)
            case EnumSchema():
                return _literal(schema.values, open=schema.open)
            case ArraySchema():
                items = self._type(schema.items, constrained, inside)
                limits = {
                    "min_length": schema.min_items,
                    "max_length": schema.max_items,
                }
                return _constrained(_generic("list", items), limits, constrained)
            case MapSchema():
                values = self._type(schema.values, constrained, inside)
                limits = {
                    "min_length": schema.min_properties,
                    "max_length": schema.max_properties,
                }
                return _constrained(
                    _generic("dict", Type(doc="str"), values), limits, constrained
                )
            case ObjectSchema():
                return _generic("dict", Type(doc="str"), _named("Any"))
            case UnionSchema():
                return either(
                    [self._type(v, constrained, inside) for v in schema.variants]
                )
            case NullableSchema():
                inner = self._type(schema.schema, constrained, inside)
                return either([inner, Type(doc="None", optional=True)])
            case RefSchema():
                return self._reference(schema.name, constrained, inside)
            case _:
                assert_never(schema)

    def _string(self, schema: StringSchema, constrained: bool) -> Type:
        name = _STRINGS.get(schema.format, "str")
        if name == "bytes":
            return Type(doc=name)
        if name != "str":
            return _named(name)
        limits = {"min_length": schema.min_length, "max_length": schema.max_length}
        return _constrained(
            Type(doc="str"), {**limits, "pattern": schema.pattern}, constrained
        )

    def _reference(self, name: str, constrained: bool, inside: tuple[str, ...]) -> Type:
        target = self.schemas[name].schema
        if not has_model(target):
            # A named array, map or scalar that refers to itself has no finite expression.
            return (
                _named("Any")
                if name in inside
                else self._type(target, constrained, (*inside, name))
            )
        class_name = self.names.models[name].class_name
        model = Type(doc=class_name, models=frozenset({class_name}))
        if isinstance(target, EnumSchema) and target.open:
            return either([model, *(Type(doc=base) for base in bases(target.values))])
        if constrained and isinstance(target, ObjectSchema) and target.discriminator:
            # A subclass is sent whole; pydantic by itself sends what the base class has.
            return Type(
                doc=Group(f"{_MARK}SerializeAsAny[", (class_name,), "]"),
                names=frozenset({"SerializeAsAny"}),
                models=model.models,
            )
        return model


def either(members: Sequence[Type]) -> Type:
    """The union of types, each once, None last."""
    distinct = {member.doc: member for member in members}
    none = distinct.pop("None", None)
    ordered = [*distinct.values(), *([none] if none else ())]
    anything: Type | None = next(
        (member for member in ordered if member.anything), None
    )
    if anything is not None:
        return anything
    return Type(
        doc=(
            ordered[0].doc
            if len(ordered) == 1
            else union(*(member.doc for member in ordered))
        ),
        names=_all(member.names for member in ordered),
        models=_all(member.models for member in ordered),
        params=_all(member.params for member in ordered),
        optional=any(member.optional for member in ordered),
    )


def optional(inner: Type) -> Type:
    """The type, or None."""
    return inner if inner.optional else either([inner, Type(doc="None", optional=True)])


def _named(name: str) -> Type:
    return Type(
        doc=f"{_MARK}{name}",
        names=frozenset({name}),
        optional=name == "Any",
        anything=name == "Any",
    )


def _generic(name: str, *arguments: Type) -> Type:
    return Type(
        doc=Group(f"{name}[", tuple(argument.doc for argument in arguments), "]"),
        names=_all(argument.names for argument in arguments),
        models=_all(argument.models for argument in arguments),
    )


def _constrained(inner: Type, limits: Mapping[str, Any], constrained: bool) -> Type:
    given = [
        f"{name}={python_literal(limit)}"
        for name, limit in limits.items()
        if limit is not None
    ]
    if not given or not constrained:
        return inner
    return Type(
        doc=Group(
            f"{_MARK}Annotated[",
            (inner.doc, Group(f"{_MARK}Field(", tuple(given), ")")),
            "]",
        ),
        names=inner.names | {"Annotated", "Field"},
        models=inner.models,
    )


def _whole(bounds: Bounds) -> Bounds:
    """What the bounds say of integers, in integers."""
    step = bounds.multiple_of
    return Bounds(
        minimum=_rounded(bounds.minimum, math.ceil),
        maximum=_rounded(bounds.maximum, math.floor),
        exclusive_minimum=_rounded(bounds.exclusive_minimum, math.floor),
        exclusive_maximum=_rounded(bounds.exclusive_maximum, math.ceil),
        # The integers among the multiples of p/q in lowest terms are those of p.
        multiple_of=None if step is None else Fraction(str(step)).numerator,
    )


def _rounded(
    limit: int | float | None, rounded: Callable[[float], int]
) -> int | float | None:
    return rounded(limit) if isinstance(limit, float) else limit


def _bounds(bounds: Bounds) -> Mapping[str, Any]:
    return {
        "ge": bounds.minimum,
        "gt": bounds.exclusive_minimum,
        "le": bounds.maximum,
        "lt": bounds.exclusive_maximum,
        "multiple_of": bounds.multiple_of,
    }


def _literal(values: Sequence[Instance], *, open: bool) -> Type:
    """A Literal of the values, and their base type where the vendor may add some.

    Floats, lists and objects have no Literal, and take their base type.
    """
    named = [instance for instance in values if isinstance(instance.value, _LITERALS)]
    others = [
        instance for instance in values if not isinstance(instance.value, _LITERALS)
    ]
    members: list[Type] = []
    if named:
        items = tuple(python_literal(instance.value) for instance in named)
        members.append(
            Type(
                doc=Group(f"{_MARK}Literal[", items, "]"), names=frozenset({"Literal"})
            )
        )
    loose = values if open else others
    members.extend(
        _named("Any") if base == "Any" else Type(doc=base) for base in bases(loose)
    )
    return either(members)


def bases(values: Sequence[Instance]) -> Sequence[str]:
    """The Python types of the values, each once."""
    return tuple(dict.fromkeys(_base(instance.value) for instance in values))


def _base(value: Json) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case str():
            return "str"
        case _:
            return "Any"


def _all(sets: Any) -> frozenset[str]:
    return frozenset[str]().union(*sets)
