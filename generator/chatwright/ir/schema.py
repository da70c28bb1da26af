"""What a vendor's schema means, in the words of JSON Schema, with no target language in it.

The union `Schema` is closed: match on it and end with `assert_never`. Recursion goes only through
`RefSchema`, which names a `NamedSchema` of the Api, so that every value here is finite, hashable
and serialisable. There is no allOf node: the parser merges it or refuses it with a location.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


class Instance(Struct, frozen=True):
    """A JSON value out of the document (a default, an example, an enum member).

    It is kept as compact JSON text, in which `true` and `1` differ and mappings are hashable.
    """

    text: str

    @classmethod
    def of(cls, value: Json) -> Instance:
        """The instance of a JSON value."""
        return cls(_COMPACT.encode(value))

    @property
    def value(self) -> Json:
        """The Python value of the JSON text."""
        if self.text[0] == '"' and "\\" not in self.text:
            # A string without escapes, as most are.
            return self.text[1:-1]
        value: Json = json.loads(self.text)
        return value

    @property
    def identity(self) -> str:
        """A text that equal values share: `1` is `1.0` and not `true`, and the order of members
        is nothing (JSON Schema Core, section 4.2.2)."""
        if self.text[0] == '"':
            return self.text
        return _SORTED.encode(_integral(self.value))


def distinct(values: Iterable[Instance]) -> tuple[Instance, ...]:
    """The first of the values that are equal."""
    found: dict[str, Instance] = {}
    for value in values:
        found.setdefault(value.identity, value)
    return tuple(found.values())


def _integral(value: Json) -> Json:
    """The value with integers for the numbers without a fraction."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_integral(item) for item in value]
        case dict():
            return {key: _integral(member) for key, member in value.items()}
        case _:
            return value


class Annotations(Struct, frozen=True, kw_only=True):
    """What a schema says that constrains nothing (JSON Schema Validation, section 9).

    `default` is what a reader sees for an absent value; `deprecated`, `read_only` and
    `write_only` are False where the document is silent.
    """

    title: str | None = None
    description: str | None = None
    default: Instance | None = None
    examples: tuple[Instance, ...] = ()
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False


class Bounds(Struct, frozen=True, kw_only=True):
    """Numeric limits (JSON Schema Validation, section 6.2). Each is a JSON number or None."""

    minimum: int | float | None = None
    maximum: int | float | None = None
    exclusive_minimum: int | float | None = None
    exclusive_maximum: int | float | None = None
    multiple_of: int | float | None = None


NO_ANNOTATIONS = Annotations()
NO_BOUNDS = Bounds()


class AnySchema(Struct, frozen=True, kw_only=True):
    """Any JSON value."""

    annotations: Annotations = NO_ANNOTATIONS


class BooleanSchema(Struct, frozen=True, kw_only=True):
    """`true` or `false`."""

    annotations: Annotations = NO_ANNOTATIONS


class IntegerSchema(Struct, frozen=True, kw_only=True):
    """A number without a fraction; `format` is `int32`, `int64`, another word, or None."""

    format: str | None = None
    bounds: Bounds = NO_BOUNDS
    annotations: Annotations = NO_ANNOTATIONS


class NumberSchema(Struct, frozen=True, kw_only=True):
    """A number; `format` is `float`, `double`, another word, or None."""

    format: str | None = None
    bounds: Bounds = NO_BOUNDS
    annotations: Annotations = NO_ANNOTATIONS


class StringSchema(Struct, frozen=True, kw_only=True):
    """A string; `format` is `date-time`, `date`, `uuid`, `binary`, `byte`, `uri`, ... or None.

    Lengths count Unicode characters. `pattern` is an ECMA-262 regular expression, not anchored.
    """

    format: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    annotations: Annotations = NO_ANNOTATIONS


class ConstSchema(Struct, frozen=True, kw_only=True):
    """Exactly one value: `const`, or an `enum` of one member that is declared in place."""

    value: Instance
    annotations: Annotations = NO_ANNOTATIONS


class EnumSchema(Struct, frozen=True, kw_only=True):
    """One of `values`, in the document's order, without null (that is a NullableSchema).

    `aliases` pairs values with the names that the document gives them.

    `open` says that the value also comes from the vendor, who may add members: a reader must
    take an unknown one. It is False where the schema is only ever sent.
    """

    values: tuple[Instance, ...]
    open: bool = False
    aliases: tuple[tuple[Instance, str], ...] = ()
    annotations: Annotations = NO_ANNOTATIONS


class ArraySchema(Struct, frozen=True, kw_only=True):
    """An array of `items`."""

    items: Schema
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    annotations: Annotations = NO_ANNOTATIONS


class Property(Struct, frozen=True, kw_only=True):
    """One member of an object: `name` is the key on the wire, `alias` what the document calls it
    in clients."""

    name: str
    schema: Schema
    required: bool = False
    alias: str | None = None


class Discriminator(Struct, frozen=True, kw_only=True):
    """How a union's variant is told: the value of `property_name`, by `mapping`.

    `mapping` pairs each value with the name of a NamedSchema; `default` is the one of these values
    that holds for any other, and for none. `declared` is True where the
    document has a discriminator object (OpenAPI 3.2, section 4.25), False where the parser
    inferred it from distinct required constants.
    """

    property_name: str
    mapping: tuple[tuple[str, str], ...]
    declared: bool
    default: str | None = None


class ObjectSchema(Struct, frozen=True, kw_only=True):
    """An object with named properties, in the document's order, inherited ones first merged in.

    `additional_properties` types the other members; None where the document is silent about
    them. `closed` is `additionalProperties: false`. `bases` names the parents that declare or
    inherit a discriminator, which is inheritance; `discriminator` is this schema's own, when it
    is such a parent.
    """

    properties: tuple[Property, ...]
    additional_properties: Schema | None = None
    closed: bool = False
    bases: tuple[str, ...] = ()
    discriminator: Discriminator | None = None
    annotations: Annotations = NO_ANNOTATIONS


class MapSchema(Struct, frozen=True, kw_only=True):
    """An object without named properties: every member is a `values`.

    `described` says that the document has an `additionalProperties` that lets them be.
    """

    values: Schema
    described: bool = False
    min_properties: int | None = None
    max_properties: int | None = None
    annotations: Annotations = NO_ANNOTATIONS


class UnionSchema(Struct, frozen=True, kw_only=True):
    """One of several schemas; `keyword` is the one that the document used for it."""

    keyword: Literal["oneOf", "anyOf", "type"]
    variants: tuple[Schema, ...]
    discriminator: Discriminator | None = None
    annotations: Annotations = NO_ANNOTATIONS


class NullableSchema(Struct, frozen=True, kw_only=True):
    """`schema`, or null. It never stands directly in another NullableSchema.

    The annotations of the place are on it; those of `schema` speak of the value that is not null.
    """

    schema: Schema
    annotations: Annotations = NO_ANNOTATIONS


class RefSchema(Struct, frozen=True, kw_only=True):
    """The NamedSchema called `name`; its annotations are those of the referring place."""

    name: str
    annotations: Annotations = NO_ANNOTATIONS


Schema: TypeAlias = (
    AnySchema
    | BooleanSchema
    | IntegerSchema
    | NumberSchema
    | StringSchema
    | ConstSchema
    | EnumSchema
    | ArraySchema
    | ObjectSchema
    | MapSchema
    | UnionSchema
    | NullableSchema
    | RefSchema
)


class NamedSchema(Struct, frozen=True, kw_only=True):
    """A schema with a name of its own: a component, or an inline one that the parser named.

    `name` is neutral (`ChatCompletionRequest_messages_inner`): targets case and escape it.
    `pointer` is its address in the document, for people; `alias` is what the document calls it in
    clients.
    """

    name: str
    schema: Schema
    pointer: str
    inline: bool = False
    alias: str | None = None


SchemaTable: TypeAlias = Mapping[str, NamedSchema]
