"""The answer that the chunks of a chat completion add up to. No I/O happens here.

Chunks say where their delta is (`EventStream.text`, without its last step), and what the answer
calls it (`EventStream.message`). They add up by these rules, in which null and the empty text
never take the place of a value:

- Around the choices, the last value counts: usage, model, vendor's own members.
- In a choice, lists are joined, objects are added up member by member, of anything else the last
  value counts: finish reason, log probabilities.
- In a delta, texts are joined too, but for those whose name is or ends in one of `_WHOLE`
  (`id`, `tool_name`, `audio_url`), which come whole: of these the last counts.
- Items of lists that have an `index` are added up by it and put in its order, such as choices and
  tool calls; else those that have an `id` by that. All others are appended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias, cast

from .events import ServerSentEvent
from .operation import EventStream

Object: TypeAlias = dict[str, object]
Path: TypeAlias = tuple[str, ...]

_WHOLE = frozenset(
    {"encoding", "format", "id", "name", "role", "status", "type", "uri", "url"}
)
_EACH = "*"


class _Text(list[str]):
    """The pieces of a text."""


class Accumulator:
    """Adds up the chunks of one stream.

    Chunks are kept as they came, which costs next to nothing, and added up at the end, or when
    they take more than `limit` bytes. An answer of more than that is given up: `overflowed`.
    """

    def __init__(self, stream: EventStream, sentinel: bytes, limit: int) -> None:
        self._path = stream.text
        self._message = stream.message
        self._unindexed = frozenset(stream.unindexed)
        self._sentinel = sentinel
        self._limit = limit
        self._waiting: list[bytes] = []
        self._size = 0
        self._state: Object = {}
        self.overflowed = False

    def keep(self, events: Iterable[ServerSentEvent], size: int) -> None:
        """Takes the next events, of `size` bytes together."""
        if self.overflowed:
            return
        self._waiting += [event.raw for event in events]
        self._size += size
        if self._size > self._limit:
            self._add_up()
            if _measured(self._state) > self._limit:
                self.overflowed = True
                self._state = {}

    def answer(self) -> bytes | None:
        """The answer as JSON text; None where there was no chunk, or it has overflowed."""
        from pydantic_core import to_json

        self._add_up()
        return to_json(self._settled(self._state)) if self._state else None

    def _add_up(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        for raw in waiting:
            chunk = _parsed(raw)
            if chunk is not None:
                self._around(self._state, chunk, self._path)
            elif raw.strip() == self._sentinel:
                return

    def _around(self, state: Object, part: Object, path: Path) -> None:
        """Adds what stands outside the delta, which is at `path` (with the text's own step)."""
        if len(path) == 1:
            _add(state, part, joined=True)
            return
        inner, *rest = path
        named = self._message if len(path) == 2 and self._message else inner
        for name, value in part.items():
            if name == inner:
                self._inside(state, named, value, tuple(rest))
            elif name == named and inner in part:
                continue
            elif path is self._path:
                _replace(state, name, value)
            else:
                _add(state, {name: value}, joined=False)
        if path is self._path and self._message:
            _named_as_answer(state)

    def _inside(self, state: Object, name: str, value: object, path: Path) -> None:
        items = _list(value)
        if items is not None and path[0] == _EACH:
            known = _children(state, name)
            for position, item in enumerate(items):
                each = _object(item)
                if each is not None:
                    self._around(_choice(known, each, position), each, path[1:])
            return
        found = _object(value)
        if found is not None:
            self._around(_child(state, name), found, path)
        else:
            _replace(state, name, value)

    def _settled(self, value: object, inside: str = "") -> object:
        """A value with its texts in one piece, and without what only chunks have."""
        if isinstance(value, _Text):
            return "".join(value)
        items = _list(value)
        if items is not None:
            return [self._settled(item, inside) for item in items]
        members = _object(value)
        if members is not None:
            return {
                name: self._settled(member, name)
                for name, member in members.items()
                if name != "index" or inside not in self._unindexed
            }
        return value


def texts(raw: bytes, path: Path, index: int) -> Iterator[str]:
    """The texts at `path` of a chunk, of the choice with `index`; empty ones are left out."""
    return filter(None, _at(_parsed(raw), path, index))


def _at(value: object, path: Path, index: int) -> Iterator[str]:
    items = _list(value)
    members = _object(value)
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
                each = _object(item)
                if each is not None and each.get("index", position) == index:
                    yield from _at(each, path[1:], index)
    elif members is not None and path:
        yield from _at(members.get(path[0]), path[1:], index)


def _parsed(raw: bytes) -> Object | None:
    from pydantic_core import from_json

    try:
        return _object(from_json(raw))
    except ValueError:
        return None


def _add(state: Object, part: Object, *, joined: bool) -> None:
    for name, value in part.items():
        members = _object(value)
        items = _list(value)
        if members is not None:
            _add(_child(state, name), members, joined=joined)
        elif items is not None:
            _append(_children(state, name), items, joined=joined)
        elif isinstance(value, str) and joined and not _is_whole(name):
            _go_on(state, name, value)
        else:
            _replace(state, name, value)


def _append(items: list[object], more: list[object], *, joined: bool) -> None:
    for item in more:
        each: Object = _object(item) or {}
        key = next((key for key in ("index", "id") if each.get(key) is not None), None)
        if key is None:
            items.append(item)
            continue
        found = _find(items, key, each[key])
        # Some vendors number all calls of tools with 0, and tell them apart by their ids.
        if found is None or (each.get("id") or found.get("id")) != found.get("id"):
            found = Object()
            items.append(found)
        _add(found, each, joined=joined)
        if key == "index":
            _put_in_order(items)


def _go_on(state: Object, name: str, text: str) -> None:
    known = state.get(name)
    parts = _list(known)
    if isinstance(known, _Text):
        known.append(text)
    elif parts is None:
        state[name] = _Text((text,))
    else:
        # A text that follows content in parts is one of them.
        last = _object(parts[-1]) if parts else None
        begun = last.get("text") if last is not None else None
        if isinstance(begun, _Text):
            begun.append(text)
        elif text:
            parts.append({"type": "text", "text": _Text((text,))})


def _replace(state: Object, name: str, value: object) -> None:
    if state.get(name) is None or (value is not None and value != ""):
        state[name] = value


def _child(state: Object, name: str) -> Object:
    found = _object(state.get(name))
    if found is None:
        found = state[name] = {}
    return found


def _children(state: Object, name: str) -> list[object]:
    known = state.get(name)
    found = _list(known)
    if found is None:
        found = state[name] = list[object]()
        if isinstance(known, _Text) and any(known):
            # A text that goes on in parts is their first.
            found.append({"type": "text", "text": known})
    return found


def _choice(items: list[object], part: Object, position: int) -> Object:
    """What is known of a choice; one that does not say its index has that of its position."""
    index = part.get("index")
    found = _find(items, "index", position if index is None else index)
    if found is None and index is None and position < len(items):
        found = _object(items[position])
    if found is None:
        found = {} if index is None else {"index": index}
        items.append(found)
        _put_in_order(items)
    return found


def _find(items: list[object], key: str, value: object) -> Object | None:
    for item in reversed(items):
        each = _object(item)
        if each is not None and each.get(key) == value:
            return each
    return None


def _put_in_order(items: list[object]) -> None:
    indices: list[tuple[float, int]] = []
    for position, item in enumerate(items):
        index = (_object(item) or {}).get("index")
        if not isinstance(index, int | float):
            return
        indices.append((index, position))
    items[:] = [items[position] for _, position in sorted(indices)]


def _measured(value: object) -> int:
    """About how many bytes a value takes; joins the pieces of its texts."""
    if isinstance(value, _Text):
        value[:] = ["".join(value)]
        return len(value[0])
    if isinstance(value, str):
        return len(value)
    items = _list(value)
    if items is not None:
        return sum(map(_measured, items))
    members = _object(value)
    if members is not None:
        return sum(len(name) + _measured(member) for name, member in members.items())
    return 8


def _is_whole(name: str) -> bool:
    return name.rpartition("_")[2] in _WHOLE


def _named_as_answer(state: Object) -> None:
    """Chunks that are a type of their own call it `chat.completion.chunk`."""
    name = state.get("object")
    if isinstance(name, str):
        state["object"] = name.removesuffix(".chunk")


def _object(value: object) -> Object | None:
    return cast("Object", value) if isinstance(value, dict) else None


def _list(value: object) -> list[object] | None:
    if isinstance(value, list) and not isinstance(value, _Text):
        return cast("list[object]", value)
    return None
