"""Types as OpenAPI Generator's documents write them: `List[Message]`, `Dict[str, object]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct

from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
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
from chatwright.targets.python.names import Names

_FORMATS: Mapping[str | None, str] = {
    "binary": "bytes",
    "byte": "bytes",
    "date": "date",
    "date-time": "datetime",
    "uuid": "UUID",
}
_KINDS: Mapping[type, str] = {bool: "bool", int: "int", float: "float", str: "str"}


class Notation(Struct, frozen=True, kw_only=True):
    """A type as text. `item` is what a list or dictionary holds; `model` is the NamedSchema that
    the type itself is."""

    text: str
    container: str | None = None
    item: Notation | None = None
    model: str | None = None

    @property
    def innermost(self) -> Notation:
        """What is inside all lists and dictionaries."""
        found = self
        while found.item is not None:
            found = found.item
        return found


class Notations(Struct, frozen=True, kw_only=True):
    """The notations of one package. `any_object` is that of an object of which nothing is known."""

    schemas: SchemaTable
    names: Names
    any_object: str

    def of(self, schema: Schema) -> Notation:
        """The notation of a schema; a place that may be null does not show it."""
        return self._of(schema, ())

    def _of(self, schema: Schema, inside: tuple[str, ...]) -> Notation:
        match schema:
            case AnySchema() | ObjectSchema() | UnionSchema():
                return Notation(text="object")
            case BooleanSchema():
                return Notation(text="bool")
            case IntegerSchema():
                return Notation(text="int")
            case NumberSchema():
                return Notation(text="float")
            case StringSchema():
                return Notation(text=_FORMATS.get(schema.format, "str"))
            case ConstSchema():
                return Notation(text=_kind((schema.value,)))
            case EnumSchema():
                return Notation(text=_kind(schema.values))
            case ArraySchema():
                return self._container("List", schema.items, inside)
            case MapSchema(values=AnySchema()):
                return Notation(text=self.any_object)
            case MapSchema():
                return self._container("Dict", schema.values, inside)
            case NullableSchema():
                return self._of(schema.schema, inside)
            case RefSchema():
                model = self.names.models.get(schema.name)
                if model is not None:
                    return Notation(text=model.class_name, model=schema.name)
                if schema.name in inside:
                    return Notation(text="object")
                return self._of(
                    self.schemas[schema.name].schema, (*inside, schema.name)
                )
            case _:
                assert_never(schema)

    def _container(
        self, container: str, held: Schema, inside: tuple[str, ...]
    ) -> Notation:
        item = self._of(held, inside)
        text = (
            f"Optional[{item.text}]" if isinstance(held, NullableSchema) else item.text
        )
        return Notation(
            text=f"List[{text}]" if container == "List" else f"Dict[str, {text}]",
            container=container,
            item=item,
        )


def _kind(values: tuple[Instance, ...]) -> str:
    kinds: set[str] = set()
    for instance in values:
        value: object = instance.value
        kinds.add(_KINDS.get(type(value), "object"))
    return kinds.pop() if len(kinds) == 1 else "object"
