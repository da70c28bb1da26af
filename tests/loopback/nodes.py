"""A YAML or JSON file as plain JSON values, read independently of the generator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import unquote

import yaml

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Object: TypeAlias = dict[str, Json]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

# YAML 1.2's core schema (10.3.2): `off` and dates are strings, `1e-08` is a number.
_SCALARS = (
    ("bool", "tTfF", r"true|True|TRUE|false|False|FALSE"),
    ("null", "~nN", r"~|null|Null|NULL|"),
    ("int", "-+0123456789", r"[-+]?[0-9]+"),
    ("float", "-+.0123456789", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
)
_RESOLVERS = {
    first: [
        (f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"))
        for tag, starts, pattern in _SCALARS
        if first in starts or (first == "" and tag == "null")
    ]
    for first in ["", *"~nNtTfF-+.0123456789"]
}


class _Loader(yaml.CSafeLoader):
    def __init__(self, stream: bytes) -> None:
        super().__init__(stream)
        self.yaml_implicit_resolvers = _RESOLVERS

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        return int(node.value)


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def load(path: Path) -> Object:
    """The JSON value of one YAML or JSON file, whose top is an object."""
    return mapping(cast(Json, yaml.load(path.read_bytes(), Loader=_Loader)))


def mapping(value: Json | None) -> Object:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Json | None) -> list[Json]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Json | None, default: str = "") -> str:
    """The value if it is a string, else the default."""
    return value if isinstance(value, str) else default


def pointed(root: Object, reference: str) -> Json:
    """What a local reference points at (RFC 6901, 6); raises LookupError for nothing."""
    node: Json = root
    for token in unquote(reference).removeprefix("#").split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        node = (
            sequence(node)[int(key)] if isinstance(node, list) else mapping(node)[key]
        )
    return node
