"""Where every key and item of a tree was written."""

from __future__ import annotations

from typing import overload

from .pointer import Node, is_index


class Marks:
    """The positions of a tree's keys and items, kept beside the tree, by container.

    A position is a number in `Sources`. A container is known by its identity, so a node that moves
    within the tree, or from an overlay into it, takes the positions of what is inside it along.
    """

    def __init__(self) -> None:
        # The container itself is held too: as long as it lives, no other object has its id.
        self._keys: dict[int, tuple[dict[str, Node], dict[str, int]]] = {}
        self._items: dict[int, tuple[list[Node], list[int]]] = {}

    def keys(self, node: dict[str, Node]) -> dict[str, int]:
        """The positions of a mapping's keys, to read and to change."""
        entry = self._keys.get(id(node))
        if entry is None:
            entry = self._keys[id(node)] = (node, {})
        return entry[1]

    def items(self, node: list[Node]) -> list[int]:
        """The positions of a sequence's items in their order, to read and to change."""
        entry = self._items.get(id(node))
        if entry is None:
            entry = self._items[id(node)] = (node, [])
        return entry[1]

    def position(self, node: Node, token: str) -> int | None:
        """The position of the key or item of `node` that a token names, or None."""
        match node:
            case dict():
                return self.keys(node).get(token)
            case list() if is_index(token):
                items = self.items(node)
                return items[int(token)] if int(token) < len(items) else None
            case _:
                return None

    def clone(self, node: Node) -> Node:
        """A deep copy of `node` whose keys and items have the positions of the original's."""
        root: list[Node] = [node]
        stack: list[dict[str, Node] | list[Node]] = [root]
        while stack:
            container = stack.pop()
            if isinstance(container, dict):
                for key, value in container.items():
                    if isinstance(value, dict | list):
                        container[key] = twin = self.twin(value)
                        stack.append(twin)
            else:
                for index, value in enumerate(container):
                    if isinstance(value, dict | list):
                        container[index] = twin = self.twin(value)
                        stack.append(twin)
        return root[0]

    @overload
    def twin(self, node: dict[str, Node]) -> dict[str, Node]: ...
    @overload
    def twin(self, node: list[Node]) -> list[Node]: ...
    def twin(self, node: dict[str, Node] | list[Node]) -> dict[str, Node] | list[Node]:
        """A shallow copy of `node` whose keys or items have the positions of the original's."""
        if isinstance(node, dict):
            mapping = dict(node)
            self._keys[id(mapping)] = (mapping, dict(self.keys(node)))
            return mapping
        sequence = list(node)
        self._items[id(sequence)] = (sequence, list(self.items(node)))
        return sequence

    def __len__(self) -> int:
        """How many containers are known."""
        return len(self._keys) + len(self._items)
