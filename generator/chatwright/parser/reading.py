"""Typed access to the members of a node, tolerant of what a vendor got wrong.

Each function returns None, or something empty, where the member is absent or of another type:
what is not legal is said by the validator, and reading goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import TypeVar

from chatwright.document import Node
from chatwright.ir.schema import Instance

Word = TypeVar("Word", bound=str)

ANNOTATIONS = frozenset(
    {
        "$comment",
        "default",
        "deprecated",
        "description",
        "example",
        "examples",
        "externalDocs",
        "nullable",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)
"""Keywords that constrain nothing, apart from `nullable`, which is settled on its own."""

MAX_DEPTH = 50
"""How deep an example or a default may be nested and still be read."""

NOTHING: Mapping[str, Node] = MappingProxyType({})


def text(node: Mapping[str, Node], key: str) -> str | None:
    """A string member."""
    value = node.get(key)
    return value if isinstance(value, str) else None


def flag(node: Mapping[str, Node], key: str) -> bool:
    """Whether a boolean member is there and true."""
    return node.get(key) is True


def whole(node: Mapping[str, Node], key: str) -> int | None:
    """An integer member; `3.0` is the integer 3 (JSON Schema Core, section 4.2.3)."""
    value = number(node, key)
    return int(value) if value is not None and value == int(value) else None


def number(node: Mapping[str, Node], key: str) -> int | float | None:
    """A numeric member that floats reach: what lies beyond them limits nothing."""
    value = node.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if isfinite(value) else None
    except OverflowError:
        return None


def mapping(node: Mapping[str, Node], key: str) -> Mapping[str, Node]:
    """An object member."""
    value = node.get(key)
    return value if isinstance(value, dict) else NOTHING


def sequence(node: Mapping[str, Node], key: str) -> tuple[Node, ...]:
    """An array member."""
    value = node.get(key)
    return tuple(value) if isinstance(value, list) else ()


def texts(node: Mapping[str, Node], key: str) -> tuple[str, ...]:
    """The strings of an array member."""
    return tuple(item for item in sequence(node, key) if isinstance(item, str))


def choice(value: Node, words: Iterable[Word]) -> Word | None:
    """The one of some words that a value is, None where it is another value."""
    for word in words:
        if value == word:
            return word
    return None


def is_instance(value: Node) -> bool:
    """Whether a value can be kept as JSON text: not nested too deep, and without infinities."""
    if isinstance(value, str):
        return True
    waiting: list[tuple[Node, int]] = [(value, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH or (isinstance(node, float) and not isfinite(node)):
            return False
        if isinstance(node, dict):
            waiting.extend((member, depth + 1) for member in node.values())
        elif isinstance(node, list):
            waiting.extend((item, depth + 1) for item in node)
    return True


def instance(value: Node) -> Instance | None:
    """A default, an example or an enum member; None for one that JSON cannot write."""
    return Instance.of(value) if is_instance(value) else None


def kind_of(value: Node) -> str:
    """The JSON Schema type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"


def describe(value: Node) -> str:
    """A value as a diagnostic shows it: its type, and its text where that is short."""
    match value:
        case None | bool() | int() | float() | str():
            text = json.dumps(value, ensure_ascii=False)
            return text if len(text) <= 60 else f"{text[:57]}..."
        case list():
            return "an array"
        case dict():
            return "an object"


def is_annotation(key: str) -> bool:
    """Whether a keyword, or an extension, constrains nothing."""
    return key in ANNOTATIONS or key.startswith("x-")
