"""The names of schemas besides their places: `$id`, `$self`, `$anchor` and `$dynamicAnchor`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from msgspec import Struct

from .pointer import Node, Pointer
from .walk import objects

_ANCHORS = ("$dynamicAnchor", "$anchor")


class Resource(Struct, frozen=True, kw_only=True):
    """A schema, or a whole file, with a URI of its own: what references in it are relative to
    (JSON Schema 2020-12, core, section 8.2.1; OpenAPI 3.2.0, section 4.1.2.2)."""

    uri: str
    pointer: Pointer


class Identities:
    """The resources and the anchors of one file."""

    def __init__(self, root: Node, file: str) -> None:
        own = root.get("$self") if isinstance(root, dict) else None
        whole = Resource(uri=own if isinstance(own, str) else "", pointer=Pointer(file))
        self._whole = whole
        self._resources: dict[Pointer, Resource] = {}
        self._by_uri = {whole.uri: whole} if whole.uri else {}
        self._anchors: list[tuple[str, Pointer]] = []
        for node, path in objects(root):
            pointer = Pointer(file, path)
            identifier = node.get("$id")
            if isinstance(identifier, str) and identifier[:1] == "#":
                # What `$anchor` was called up to draft 7.
                self._anchors.append((identifier[1:], pointer))
            elif isinstance(identifier, str):
                uri = joined(self.around(pointer).uri, identifier)
                resource = Resource(uri=uri, pointer=pointer)
                self._resources[pointer] = resource
                self._by_uri.setdefault(uri, resource)
            for keyword in _ANCHORS:
                name = node.get(keyword)
                if isinstance(name, str):
                    self._anchors.append((name, pointer))

    @property
    def anchors(self) -> tuple[str, ...]:
        """The names of the anchors, each once."""
        return tuple(dict.fromkeys(name for name, _ in self._anchors))

    def around(self, pointer: Pointer) -> Resource:
        """The innermost resource that an address is in."""
        if not self._resources:
            return self._whole
        return next(
            filter(None, map(self._resources.get, upwards(pointer))), self._whole
        )

    def find(self, uri: str) -> Resource | None:
        """The resource with a URI, None where there is none."""
        return self._by_uri.get(uri)

    def anchor(self, name: str, resource: Resource) -> Pointer | None:
        """The schema with an anchor, if it can be in a resource; else any of the file."""
        found = [pointer for known, pointer in self._anchors if known == name]
        inside = [each for each in found if self.around(each) == resource]
        return next(iter(inside or reversed(found)), None)


def joined(base: str, uri: str) -> str:
    """A URI reference, resolved against a base and without its fragment (RFC 3986, section 5)."""
    try:
        return urldefrag(urljoin(base, uri)).url
    except ValueError:
        return uri


def upwards(pointer: Pointer) -> Iterator[Pointer]:
    """An address, and those of the containers around it."""
    for length in range(len(pointer.tokens), -1, -1):
        yield Pointer(pointer.file, pointer.tokens[:length])
