"""Chunks that repeat the shape of the answer, with a delta in place of its message.

Around the choices, the last value counts: usage, model, vendor's own members. In a choice, lists
are joined. In its delta, texts are joined too. The rest is in `addition`.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import addition
from .addition import Object
from .operation import ChatChunks, Path

_EACH = "*"


class ChunkSum:
    """The answer so far, as chunks are added to it."""

    whole = True

    def __init__(self, chat: ChatChunks) -> None:
        self._path = chat.text
        self._message = chat.message
        self._unindexed = frozenset(chat.unindexed)
        self.state: Object = {}

    def add(self, chunk: Object) -> None:
        """Adds the next chunk."""
        self._around(self.state, chunk, self._path)

    def texts(self, chunk: Object, index: int | None) -> Iterator[str]:
        """The texts of a chunk, of the choice with `index`, or of all."""
        return _at(chunk, self._path, index)

    def answer(self) -> object:
        """What has been added up."""
        return addition.settled(self.state, self._unindexed)

    def _around(self, state: Object, part: Object, path: Path) -> None:
        """Adds what stands outside the delta, which is at `path` (with the text's own step)."""
        if len(path) == 1:
            addition.add(state, part, joined=True)
            return
        inner, *rest = path
        named = self._message if len(path) == 2 and self._message else inner
        for name, value in part.items():
            if name == inner:
                self._inside(state, named, value, tuple(rest))
            elif name == named and inner in part:
                continue
            elif path is self._path:
                addition.replace(state, name, value)
            else:
                addition.add(state, {name: value}, joined=False)
        if path is self._path and self._message:
            _named_as_answer(state)

    def _inside(self, state: Object, name: str, value: object, path: Path) -> None:
        items = addition.as_list(value)
        if items is not None and path[0] == _EACH:
            known = addition.children(state, name)
            for position, item in enumerate(items):
                each = addition.as_object(item)
                if each is not None:
                    self._around(_choice(known, each, position), each, path[1:])
            return
        found = addition.as_object(value)
        if found is not None:
            self._around(addition.child(state, name), found, path)
        else:
            addition.replace(state, name, value)


def _at(value: object, path: Path, index: int | None) -> Iterator[str]:
    items = addition.as_list(value)
    members = addition.as_object(value)
    if isinstance(value, str):
        if not path:
            yield value
    elif items is not None:
        if not path:
            # Content in parts: `[{"type": "text", "text": "..."}]`.
            for part in items:
                yield from _at(part, ("text",), index)
        elif path[0] == _EACH:
            for position, item in enumerate(items):
                each = addition.as_object(item)
                if each is not None and index in (None, each.get("index", position)):
                    yield from _at(each, path[1:], index)
    elif members is not None and path:
        yield from _at(members.get(path[0]), path[1:], index)


def _choice(items: list[object], part: Object, position: int) -> Object:
    """What is known of a choice; one that does not say its index has that of its position."""
    index = part.get("index")
    found = addition.find(items, "index", position if index is None else index)
    if found is None and index is None and position < len(items):
        found = addition.as_object(items[position])
    if found is None:
        found = {} if index is None else {"index": index}
        items.append(found)
        addition.put_in_order(items)
    return found


def _named_as_answer(state: Object) -> None:
    """Chunks that are a type of their own call it `chat.completion.chunk`."""
    name = state.get("object")
    if isinstance(name, str):
        state["object"] = name.removesuffix(".chunk")
