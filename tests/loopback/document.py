"""A vendor's OpenAPI document, read independently of the generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import jsonpath

from tests.loopback.nodes import (
    METHODS,
    Json,
    Object,
    load,
    mapping,
    pointed,
    sequence,
    text,
)
from tests.loopback.swagger import upgraded

_MEDIA_TYPES = "#/components/mediaTypes/"
STREAM_KEY = "x-event-stream"


@dataclass(frozen=True, slots=True)
class Document:
    """One OpenAPI document; `root` is what the file says in the words of OpenAPI 3, streams added
    from its overlay."""

    root: Object

    @classmethod
    def read(cls, path: Path) -> Document:
        """The document at `path`; of the overlay beside it only the event streams are applied."""
        root = load(path)
        overlay = path.with_name(f"{path.stem}.overlay{path.suffix}")
        if overlay.exists():
            for action in sequence(load(overlay).get("actions")):
                _apply_streams(root, mapping(action))
        document = cls(upgraded(root) if "swagger" in root else root)
        document.inline(document.root)
        return document

    def inline(self, node: Json) -> None:
        """Puts Media Type Objects in the place of the references to them (OpenAPI 3.2)."""
        if isinstance(node, dict):
            for key, value in node.items():
                reference = mapping(value).get("$ref")
                if isinstance(reference, str) and reference.startswith(_MEDIA_TYPES):
                    node[key] = self.find(reference)
                else:
                    self.inline(value)
        elif isinstance(node, list):
            for item in node:
                self.inline(item)

    def resolve(self, node: Json | None) -> Object:
        """The object that a Reference Object stands for, followed to its end."""
        found = mapping(node)
        while isinstance(reference := found.get("$ref"), str):
            found = mapping(self.find(reference))
        return found

    def find(self, reference: str) -> Json:
        """What a reference points at: of one that points at nothing, anything may be."""
        try:
            return pointed(self.root, reference)
        except (LookupError, ValueError):
            return True

    def operations(self) -> Iterator[tuple[str, str, Object, Object]]:
        """Every operation: path template, method in lower case, path item, operation object."""
        for path, item in mapping(self.root.get("paths")).items():
            path_item = self.resolve(item)
            for method in METHODS:
                if isinstance(operation := path_item.get(method), dict):
                    yield path, method, path_item, operation
            others = mapping(path_item.get("additionalOperations"))
            for method, operation in others.items():
                yield path, method.lower(), path_item, mapping(operation)


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
