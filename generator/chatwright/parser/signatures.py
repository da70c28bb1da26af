"""When two inline schemas are equal, so that they share a name."""

from __future__ import annotations

import json
from collections.abc import Mapping

from chatwright.document import Node, Pointer
from chatwright.parser import reading
from chatwright.parser.shapes import Shape

_ENCODER = json.JSONEncoder(sort_keys=True, default=str, check_circular=False)


def signature(
    shape: Shape,
    inline: Mapping[Shape, str],
    components: Mapping[Pointer, str],
    *,
    loose: bool,
) -> str:
    """A text that equal schemas share; a `loose` one does not mind their descriptions.

    Schemas inside it that have a name by now, in `inline`, count by that name.
    """
    plain = _content(shape, inline, components, loose)
    return _ENCODER.encode(plain)


def _plain(
    shape: Shape,
    inline: Mapping[Shape, str],
    components: Mapping[Pointer, str],
    loose: bool,
) -> Node:
    if shape in inline:
        return {"$ref": inline[shape]}
    return _content(shape, inline, components, loose)


def _content(
    shape: Shape,
    inline: Mapping[Shape, str],
    components: Mapping[Pointer, str],
    loose: bool,
) -> Node:
    plain: dict[str, Node] = {}
    for keywords in (shape.keywords, *reversed(shape.around)):
        for key, value in keywords.items():
            if is_compared(key, value) and not (loose and is_volatile(key, value)):
                plain[key] = value
    plain["nullable"] = shape.nullable
    if shape.reference is not None:
        plain["$ref"] = components.get(shape.reference, str(shape.reference))
    if not loose:
        plain["type"] = list(shape.types)
    plain["enum"] = list(shape.values)
    properties = shape.properties or {}
    required = sorted(set(reading.texts(shape.keywords, "required")))
    plain["required"] = [
        name for name in required if not properties or name in properties
    ]
    plain["properties"] = {
        key: _plain(member, inline, components, loose)
        for key, member in properties.items()
    }
    plain["additionalProperties"] = (
        _plain(shape.additional, inline, components, loose)
        if isinstance(shape.additional, Shape)
        else shape.additional
    )
    if shape.items is not None:
        plain["items"] = _plain(shape.items, inline, components, loose)
    for key, members in (
        ("allOf", shape.parts),
        ("anyOf", shape.any_of),
        ("oneOf", shape.one_of),
    ):
        if members:
            plain[key] = [
                _plain(member, inline, components, loose) for member in members
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
