"""The module `params`: request bodies as plain data, typed.

Each object that is sent has a TypedDict, so that dict literals and keyword arguments are checked
and completed like models. Only type checkers and annotations use it; no call imports it.
"""

from __future__ import annotations

import keyword as keywords
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from msgspec import Struct

from chatwright.ir.api import Api, Operation
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    IntegerSchema,
    MapSchema,
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
from chatwright.ir.walk import reachable, references, table
from chatwright.targets import arguments
from chatwright.targets.python import layout
from chatwright.targets.python.imports import Imports
from chatwright.targets.python.layout import Doc, flat, subscript
from chatwright.targets.python.names import Names, has_model
from chatwright.targets.python.types import Type, Types, either, optional
from chatwright.targets.templates import render
from chatwright.targets.text import python_string

_NONE = Type(doc="None", optional=True)


class Params(Struct, frozen=True):
    """The plain-data types of what a package sends, by the name of their schema."""

    types: Types
    classes: Mapping[str, str]

    @classmethod
    def of(cls, api: Api, names: Names) -> Params:
        """The types for every schema that a JSON body reaches."""
        schemas = table(api)
        sent = reachable(_sent(api.operations, schemas), schemas)
        taken = {model.class_name for model in names.models.values()}
        classes: dict[str, str] = {}
        for name, model in names.models.items():
            if name in sent and isinstance(
                schemas[name].schema, ObjectSchema | UnionSchema
            ):
                chosen = f"{model.class_name}Params"
                while chosen in taken:
                    chosen += "_"
                taken.add(chosen)
                classes[name] = chosen
        return cls(Types(schemas, names), classes)

    def body(self, schema: Schema) -> str | None:
        """The TypedDict of an object that is sent as a body; None for any other body."""
        name = _resolved(schema, self.types.schemas)
        if name is None or not isinstance(
            self.types.schemas[name].schema, ObjectSchema
        ):
            return None
        return self.classes.get(name)

    def keys(self, schema: Schema) -> frozenset[str]:
        """The names of the fields of an object that is sent as a body."""
        name = _resolved(schema, self.types.schemas)
        target = self.types.schemas[name].schema if name else None
        if not isinstance(target, ObjectSchema):
            return frozenset()
        return frozenset(member.name for member in target.properties)

    def module(self, notice: str) -> str:
        """The text of `params.py`."""
        imports = Imports(self.types, dots=".")
        statements = [self._statement(name, imports) for name in sorted(self.classes)]
        return render(
            "python/params.py.j2",
            notice=notice,
            imports=imports.statements(),
            models=imports.models(package=".models"),
            statements=_spaced(statements),
        )

    def _spell(self, name: str) -> str:
        return self.types.spell(name)

    def _statement(self, name: str, imports: Imports) -> str:
        schema = self.types.schemas[name].schema
        class_name = self.classes[name]
        if isinstance(schema, UnionSchema):
            members = either([self._type(variant) for variant in schema.variants])
            imports.add(members)
            imports.add_names("TypeAlias", "Union")
            parts = (
                members.doc.members
                if isinstance(members.doc, layout.Union)
                else (members.doc,)
            )
            quoted = [python_string(flat(part)) for part in parts]
            value = (
                quoted[0]
                if len(quoted) == 1
                else subscript(self._spell("Union"), *quoted)
            )
            return layout.assignment(class_name, self._spell("TypeAlias"), value)
        assert isinstance(schema, ObjectSchema)
        imports.add_names("TypedDict")
        # Checkers refuse a TypedDict with a key that is empty.
        named = [member for member in schema.properties if member.name]
        fields = [self._field(member, imports) for member in named]
        if all(_is_identifier(member.name) for member in named):
            return _class(class_name, self._spell("TypedDict"), fields)
        return _functional(class_name, self._spell("TypedDict"), fields)

    def _field(self, member: Property, imports: Imports) -> tuple[str, Doc]:
        inner = self._type(member.schema)
        imports.add(inner)
        if member.required:
            imports.add_names("Required")
            return member.name, subscript(self._spell("Required"), inner.doc)
        return member.name, optional(inner).doc

    def _type(self, schema: Schema, inside: tuple[str, ...] = ()) -> Type:
        match schema:
            case ArraySchema():
                items = self._type(schema.items, inside)
                return self.types.generic("Sequence", items)
            case MapSchema():
                return self.types.generic(
                    "Mapping", Type(doc="str"), self._type(schema.values, inside)
                )
            case UnionSchema():
                return either(
                    [self._type(variant, inside) for variant in schema.variants]
                )
            case NullableSchema():
                return either([self._type(schema.schema, inside), _NONE])
            case RefSchema():
                return self._reference(schema.name, inside)
            case (
                AnySchema()
                | BooleanSchema()
                | IntegerSchema()
                | NumberSchema()
                | StringSchema()
                | ConstSchema()
                | EnumSchema()
                | ObjectSchema()
            ):
                return self.types.of(schema, constrained=False)
            case _:
                assert_never(schema)

    def _reference(self, name: str, inside: tuple[str, ...]) -> Type:
        target = self.types.schemas[name].schema
        if not has_model(target):
            if name in inside:
                return self.types.anything()
            return self._type(target, (*inside, name))
        model = self.types.names.models[name].class_name
        by_class = Type(doc=model, models=frozenset({model}))
        match target:
            case ObjectSchema():
                return either([Type(doc=self.classes[name]), by_class])
            case UnionSchema():
                return Type(doc=self.classes[name])
            case EnumSchema():
                return either(
                    [by_class, self.types.literal(target.values, open=target.open)]
                )
            case _:
                return by_class


def _spaced(statements: Sequence[str]) -> list[str]:
    """The statements after their blank lines: two around a class, else one."""
    spaced: list[str] = []
    previous = False
    for statement in statements:
        is_class = statement.startswith("class ")
        spaced.append(("\n\n" if is_class or previous else "\n") + statement)
        previous = is_class
    return spaced


def _sent(operations: Iterable[Operation], schemas: SchemaTable) -> Iterable[str]:
    for operation in operations:
        for argument in arguments.arguments(operation, schemas):
            if argument.location == "body":
                yield from references(argument.schema)


def _resolved(schema: Schema, schemas: SchemaTable) -> str | None:
    """The name of the model that a reference leads to."""
    while isinstance(schema, RefSchema):
        target = schemas[schema.name].schema
        if has_model(target):
            return schema.name
        schema = target
    return None


def _is_identifier(name: str) -> bool:
    return (
        name.isidentifier()
        and not keywords.iskeyword(name)
        and not name.startswith("__")
    )


def _class(class_name: str, base: str, fields: Iterable[tuple[str, Doc]]) -> str:
    head = layout.class_statement(class_name, [base, "total=False"])
    lines = [
        layout.assignment(name, annotation, None, indent=4)
        for name, annotation in fields
    ]
    return "\n".join([head, *(lines or ["    pass"])])


def _functional(class_name: str, base: str, fields: Iterable[tuple[str, Doc]]) -> str:
    """A TypedDict with names that are no identifiers."""
    entries = [(python_string(name), python_string(flat(doc))) for name, doc in fields]
    value = layout.call(
        base,
        python_string(class_name),
        layout.dict_display(*entries),
        layout.keyword("total", "False"),
    )
    return layout.assignment(class_name, None, value)
