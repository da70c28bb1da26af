"""How the pieces of a JSON value add up. No I/O happens here.

Null and the empty text never take the place of a value. Of numbers, booleans and texts the last
value counts; objects are added up member by member, lists are joined. Where texts are joined,
those whose name is or ends in one of `_WHOLE` (`id`, `tool_name`, `audio_url`) still come whole.

Items of lists that have an `index` are added up by it and put in its order, such as calls of
tools; else those that have an `id` by that. All others are appended.
"""

from __future__ import annotations

from typing import TypeAlias, cast

Object: TypeAlias = dict[str, object]

_WHOLE = frozenset(
    {"encoding", "format", "id", "name", "role", "status", "type", "uri", "url"}
)


class Text(list[str]):
    """The pieces of a text."""


class JsonText(Text):
    """The pieces of the JSON text of a value."""


class Numbered(dict[int, object]):
    """The items of a list by their numbers, which may come in any order."""


def add(state: Object, part: Object, *, joined: bool) -> None:
    """Adds the members of `part`; `joined` says whether texts are."""
    for name, value in part.items():
        members = as_object(value)
        items = as_list(value)
        if members is not None:
            add(child(state, name), members, joined=joined)
        elif items is not None:
            append(children(state, name), items, joined=joined)
        elif isinstance(value, str) and joined and not is_whole(name):
            go_on(state, name, value)
        else:
            replace(state, name, value)


def append(items: list[object], more: list[object], *, joined: bool) -> None:
    """Adds items of a list to those that are known."""
    for item in more:
        each: Object = as_object(item) or {}
        key = next((key for key in ("index", "id") if each.get(key) is not None), None)
        if key is None:
            items.append(item)
            continue
        found = find(items, key, each[key])
        # Some vendors number all calls of tools with 0, and tell them apart by their ids.
        if found is None or (each.get("id") or found.get("id")) != found.get("id"):
            found = Object()
            items.append(found)
        add(found, each, joined=joined)
        if key == "index":
            put_in_order(items)


def go_on(state: Object, name: str, text: str) -> None:
    """Adds a piece of the text called `name`."""
    known = state.get(name)
    parts = as_list(known)
    if isinstance(known, Text):
        known.append(text)
    elif parts is None:
        state[name] = Text((known, text) if isinstance(known, str) else (text,))
    else:
        # A text that follows content in parts is one of them.
        last = as_object(parts[-1]) if parts else None
        begun = last.get("text") if last is not None else None
        if isinstance(begun, Text):
            begun.append(text)
        elif text:
            parts.append({"type": "text", "text": Text((text,))})


def go_on_json(state: Object, name: str, text: str) -> None:
    """Adds a piece of the JSON text of the value called `name`; what stood there gives way."""
    known = state.get(name)
    if isinstance(known, JsonText):
        known.append(text)
    elif text:
        state[name] = JsonText((text,))


def replace(state: Object, name: str, value: object) -> None:
    """Sets the member called `name`, unless to null or the empty text in place of a value."""
    if state.get(name) is None or (value is not None and value != ""):
        state[name] = value


def child(state: Object, name: str) -> Object:
    """The object called `name`, an empty one where there is none."""
    found = as_object(state.get(name))
    if found is None:
        found = state[name] = {}
    return found


def children(state: Object, name: str) -> list[object]:
    """The list called `name`, an empty one where there is none."""
    known = state.get(name)
    found = as_list(known)
    if found is None:
        found = state[name] = list[object]()
        if isinstance(known, Text) and any(known):
            # A text that goes on in parts is their first.
            found.append({"type": "text", "text": known})
    return found


def numbered(state: Object, name: str) -> Numbered:
    """The list called `name`, by the numbers of its items."""
    known = state.get(name)
    if isinstance(known, Numbered):
        return known
    found = state[name] = Numbered(enumerate(as_list(known) or ()))
    return found


def find(items: list[object], key: str, value: object) -> Object | None:
    """The last object of a list whose member `key` has a value."""
    for item in reversed(items):
        each = as_object(item)
        if each is not None and each.get(key) == value:
            return each
    return None


def put_in_order(items: list[object]) -> None:
    """Sorts items by their `index`, where all of them have one."""
    indices: list[tuple[float, int]] = []
    for position, item in enumerate(items):
        index = (as_object(item) or {}).get("index")
        if not isinstance(index, int | float):
            return
        indices.append((index, position))
    items[:] = [items[position] for _, position in sorted(indices)]


def settled(value: object, unindexed: frozenset[str], inside: str = "") -> object:
    """A value with its texts in one piece.

    `unindexed` names the lists whose items have an `index` only while they are added up.
    """
    if isinstance(value, JsonText):
        return _from_json("".join(value))
    if isinstance(value, Text):
        return "".join(value)
    if isinstance(value, Numbered):
        value = [item for _, item in sorted(value.items())]
    items = as_list(value)
    if items is not None:
        return [settled(item, unindexed, inside) for item in items]
    members = as_object(value)
    if members is not None:
        return {
            name: settled(member, unindexed, name)
            for name, member in members.items()
            if name != "index" or inside not in unindexed
        }
    return value


def measured(value: object) -> int:
    """About how many bytes a value takes; joins the pieces of its texts."""
    if isinstance(value, Text):
        value[:] = ["".join(value)]
        return len(value[0])
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Numbered):
        return sum(map(measured, value.values()))
    items = as_list(value)
    if items is not None:
        return sum(map(measured, items))
    members = as_object(value)
    if members is not None:
        return sum(len(name) + measured(member) for name, member in members.items())
    return 8


def is_whole(name: str) -> bool:
    """Whether a text with this name comes whole."""
    return name.rpartition("_")[2] in _WHOLE


def as_object(value: object) -> Object | None:
    """The value where it is an object."""
    if isinstance(value, dict) and not isinstance(value, Numbered):
        return cast("Object", value)
    return None


def as_list(value: object) -> list[object] | None:
    """The value where it is a list."""
    if isinstance(value, list) and not isinstance(value, Text):
        return cast("list[object]", value)
    return None


def parsed(raw: bytes) -> Object | None:
    """The object that a JSON text is, None for anything else."""
    from pydantic_core import from_json

    try:
        return as_object(from_json(raw))
    except ValueError:
        return None


def _from_json(text: str) -> object:
    """The value of a JSON text; one that was cut off is kept as it came."""
    from pydantic_core import from_json

    try:
        return from_json(text)
    except ValueError:
        return text
