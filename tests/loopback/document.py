"""A vendor's OpenAPI document as plain JSON values, read independently of the generator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import unquote

import jsonpath
import yaml

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Object: TypeAlias = dict[str, Json]

STREAM_KEY = "x-event-stream"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


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


@dataclass(frozen=True, slots=True)
class Document:
    """One OpenAPI 3.x document; `root` is what the file says, streams added from its overlay."""

    root: Object

    @classmethod
    def read(cls, path: Path) -> Document:
        """The document at `path`; of the overlay beside it only the event streams are applied."""
        root = load(path)
        overlay = path.with_name(f"{path.stem}.overlay{path.suffix}")
        if overlay.exists():
            for action in sequence(load(overlay).get("actions")):
                _apply_streams(root, mapping(action))
        return cls(root)

    def resolve(self, node: Json | None) -> Object:
        """The object that a Reference Object stands for, followed to its end."""
        found = mapping(node)
        while isinstance(reference := found.get("$ref"), str):
            found = mapping(pointed(self.root, reference))
        return found

    def operations(self) -> Iterator[tuple[str, str, Object, Object]]:
        """Every operation: path template, method in lower case, path item, operation object."""
        for path, item in mapping(self.root.get("paths")).items():
            path_item = self.resolve(item)
            for method in METHODS:
                if isinstance(operation := path_item.get(method), dict):
                    yield path, method, path_item, operation


def _apply_streams(root: Object, action: Object) -> None:
    """Merges those parts of an Overlay 1.0 update action that say how an operation streams."""
    update = _streams_only(action.get("update"))
    if not isinstance(update, dict):
        return
    for node in jsonpath.findall(text(action.get("target")), root):
        if isinstance(node, dict):
            _merge(cast(Object, node), update)


def _streams_only(update: Json | None) -> Json | None:
    kept: Object = {}
    for key, value in mapping(update).items():
        part = value if key == STREAM_KEY else _streams_only(value)
        if part is not None:
            kept[key] = part
    return kept or None


def _merge(target: Object, update: Object) -> None:
    for key, value in update.items():
        present = target.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        else:
            target[key] = value
