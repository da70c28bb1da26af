"""Events of several kinds, each of which says one thing about the answer.

An event is told by a constant (`ChatEvents.tag`). It holds the answer as it is by then
(`answers`), or values that belong at places of the answer (`additions`). What the description
does not place is in the events only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from . import addition
from .addition import Object
from .operation import Addition, ChatEvents, Path

_EACH = "*"


class EventSum:
    """The answer so far, as events are added to it.

    `whole` is False where the answer is told as a whole and events have come after that.
    """

    def __init__(self, chat: ChatEvents) -> None:
        self._tag = chat.tag
        self._text: dict[str, list[Path]] = {}
        for event, path in chat.text:
            self._text.setdefault(event, []).append(path)
        self._answers = dict(chat.answers)
        self._additions: dict[str, list[Addition]] = {}
        for each in chat.additions:
            self._additions.setdefault(each.event, []).append(each)
        self.state: Object = {}
        self.whole = not chat.answers

    def add(self, chunk: Object) -> None:
        """Adds the next event."""
        tag = self._told(chunk)
        if self._answers:
            path = self._answers.get(tag)
            answer = addition.as_object(_at(chunk, path)) if path else None
            self.whole = answer is not None
            if answer is not None:
                self.state = answer
            return
        for each in self._additions.get(tag, ()):
            value = _at(chunk, each.source)
            if value is not None:
                _place(self.state, each, value, chunk.get("index"))

    def texts(self, chunk: Object, index: int | None) -> Iterator[str]:
        """The texts of an event: there is one answer, whose `index` is 0."""
        if index:
            return
        for path in self._text.get(self._told(chunk), ()):
            text = _at(chunk, path)
            if isinstance(text, str):
                yield text

    def answer(self) -> object:
        """What has been added up."""
        return addition.settled(self.state, frozenset())

    def _told(self, chunk: Object) -> str:
        tag = chunk.get(self._tag)
        return tag if isinstance(tag, str) else ""


def _at(value: object, path: Path) -> object:
    for name in path:
        members = addition.as_object(value)
        if members is None:
            return None
        value = members.get(name)
    return value


def _place(state: Object, each: Addition, value: object, index: object) -> None:
    """Adds a value at its place, in the item numbered `index` of a list on the way."""
    target = each.target
    at, last = 0, len(target) - 1
    while at < last:
        name = target[at]
        at += 1
        if target[at] != _EACH:
            state = addition.child(state, name)
            continue
        if not isinstance(index, int):
            return
        at += 1
        items = addition.numbered(state, name)
        found = addition.as_object(items.get(index))
        if found is None:
            found = Object()
            items[index] = found
        state = found
    if at > last:
        members = addition.as_object(value)
        if members is not None:
            addition.add(state, members, joined=False)
        return
    name = target[last]
    match each.how:
        case "set":
            members = addition.as_object(value)
            if members is not None:
                addition.add(addition.child(state, name), members, joined=False)
            else:
                addition.replace(state, name, value)
        case "join":
            addition.add(state, {name: value}, joined=True)
        case "append":
            addition.children(state, name).append(value)
        case "parse":
            if isinstance(value, str):
                addition.go_on_json(state, name, value)
        case _:
            assert_never(each.how)
