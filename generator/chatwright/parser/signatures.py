"""When two inline schemas are equal, so that they share a name."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from chatwright.document import Node, Pointer
from chatwright.parser import reading
from chatwright.parser.shapes import Shape

# Lone surrogates are what msgspec cannot write.
_ENCODER = json.JSONEncoder(sort_keys=True, default=str, check_circular=False)


class Signatures:
    """A text for each schema that equal ones share.

    Schemas inside it that have a name by then, in `inline`, count by that name, and references by
    those in `components`.
    """

    def __init__(
        self, inline: Mapping[Shape, str], components: Mapping[Pointer, str]
    ) -> None:
        self._inline = inline
        self._components = components
        self._said: dict[tuple[Shape, bool], Mapping[str, Node]] = {}

    def of(self, shape: Shape, *, loose: bool = False) -> str:
        """The signature of a schema; a `loose` one does not mind descriptions."""
        plain = self._content(shape, loose)
        try:
            return msgspec.json.encode(plain, enc_hook=str, order="sorted").decode()
        except UnicodeEncodeError:
            return _ENCODER.encode(plain)

    def _part(self, shape: Shape, loose: bool) -> Node:
        if shape in self._inline:
            return {"$ref": self._inline[shape]}
        return self._content(shape, loose)

    def _content(self, shape: Shape, loose: bool) -> Node:
        known = self._said.get((shape, loose))
        if known is None:
            known = self._said[shape, loose] = said(shape, loose)
        plain = {**known}
        if shape.reference is not None:
            name = self._components.get(shape.reference)
            plain["$ref"] = str(shape.reference) if name is None else name
        plain["properties"] = {
            key: self._part(member, loose)
            for key, member in (shape.properties or {}).items()
        }
        plain["additionalProperties"] = (
            self._part(shape.additional, loose)
            if isinstance(shape.additional, Shape)
            else shape.additional
        )
        if shape.items is not None:
            plain["items"] = self._part(shape.items, loose)
        for key, members in (
            ("allOf", shape.parts),
            ("anyOf", shape.any_of),
            ("oneOf", shape.one_of),
        ):
            if members:
                plain[key] = [self._part(member, loose) for member in members]
        return plain


def said(shape: Shape, loose: bool) -> Mapping[str, Node]:
    """What a signature has of a schema, apart from the schemas inside it."""
    plain: dict[str, Node] = {}
    for keywords in (shape.keywords, *reversed(shape.around)):
        for key, value in keywords.items():
            if is_compared(key, value) and not (loose and is_volatile(key, value)):
                plain[key] = value
    plain["nullable"] = shape.nullable
    if not loose:
        plain["type"] = list(shape.types)
    plain["enum"] = list(shape.values)
    properties = shape.properties or {}
    required = sorted(set(reading.texts(shape.keywords, "required")))
    plain["required"] = [
        name for name in required if not properties or name in properties
    ]
    return plain


SETTLED = frozenset(
    {
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "enum",
        "examples",
        "items",
        "nullable",
        "oneOf",
        "properties",
        "required",
        "type",
    }
)
"""Keywords that a signature takes from the shape, or does not look at."""


def is_compared(key: str, value: Node) -> bool:
    """Whether a keyword counts, as it is written, when schemas are compared."""
    return key not in SETTLED and reading.is_instance(value)


def is_volatile(key: str, value: Node) -> bool:
    """Whether a loose comparison leaves a keyword out."""
    return key in ("description", "example") or (key == "default" and value is None)
