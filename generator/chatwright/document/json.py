"""JSON (RFC 8259) to a tree with positions: no recursion, and no key twice.

The standard library's reader recurses, knows no positions, keeps the last of two equal keys and
accepts `NaN`; this one is one regular expression and a stack.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum

from chatwright.diagnostics import InputError

from .limits import (
    MAX_DEPTH,
    MAX_DIGITS,
    duplicate_key,
    empty,
    lone_surrogate,
    too_deep,
    too_long,
)
from .marks import Marks
from .pointer import Node
from .source import Source, quoted

_SPACE = r"[ \t\n\r]*"
_TOKEN = re.compile(
    _SPACE
    + r'(?:"([^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*)"'
    + rf"({_SPACE}:)?"
    + r"|(,)"
    + r"|([\]}])"
    + r"|([\[{])"
    + r"|(-?(?:0|[1-9][0-9]*))(?![\w.+-])"
    + r"|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.+-])"
    + r"|(true|false|null)(?![\w.+-])"
    + r"|([\w.+-]+|[^ \t\n\r])"
    + r"|\Z)"
)
_STRING, _KEY, _COMMA, _CLOSE, _OPEN, _INTEGER, _FLOAT, _WORD, _OTHER = range(1, 10)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class _Expected(StrEnum):
    """What may come next, in the words of the message that says what did instead."""

    VALUE = "a value"
    FIRST_ITEM = "a value or `]`"
    NEXT_ITEM = "`,` or `]`"
    KEY = "a key in double quotes, followed by `:`,"
    FIRST_KEY = "a key in double quotes, followed by `:`, or `}`"
    NEXT_KEY = "`,` or `}`"
    END = "the end of the file"


def read(source: Source, marks: Marks) -> Node:
    """The tree of a JSON text; the positions of its keys and items are added to `marks`.

    Raises InputError `not-json`, `empty`, `duplicate-key`, `lone-surrogate` (RFC 8259, section 8.2,
    calls its meaning unpredictable), `too-deep` and `number-too-long`.
    """
    text, base = source.text, source.base
    root: list[Node] = []
    container: dict[str, Node] | list[Node] = root
    stack: list[dict[str, Node] | list[Node]] = []
    keys: dict[str, int] = {}
    items: list[int] = []
    key = ""
    value: Node
    expected = _Expected.VALUE
    for token in _TOKEN.finditer(text):
        kind = token.lastindex
        if kind == _KEY:
            start = token.start(_STRING) - 1
            if expected is not _Expected.KEY and expected is not _Expected.FIRST_KEY:
                raise _unexpected(source, start, expected)
            key = token[_STRING]
            if "\\" in key:
                key = _unescaped(source, start, token.end(_STRING) + 1)
            if key in keys:
                raise duplicate_key(source, key, keys[key] - base, start)
            keys[key] = base + start
            expected = _Expected.VALUE
            continue
        if kind == _COMMA:
            if expected is _Expected.NEXT_KEY:
                expected = _Expected.KEY
            elif expected is _Expected.NEXT_ITEM:
                expected = _Expected.VALUE
            else:
                raise _unexpected(source, token.start(_COMMA), expected)
            continue
        if kind == _CLOSE:
            if token[_CLOSE] == "}":
                closes = (
                    expected is _Expected.NEXT_KEY or expected is _Expected.FIRST_KEY
                )
            else:
                closes = (
                    expected is _Expected.NEXT_ITEM or expected is _Expected.FIRST_ITEM
                )
            if not closes:
                raise _unexpected(source, token.start(_CLOSE), expected)
            container = stack.pop()
            if container is root:
                expected = _Expected.END
            elif isinstance(container, dict):
                keys, expected = marks.keys(container), _Expected.NEXT_KEY
            else:
                items, expected = marks.items(container), _Expected.NEXT_ITEM
            continue

        if kind is None:
            if expected is _Expected.END:
                break
            if not root:
                raise empty(source)
            raise _unexpected(source, len(text), expected)
        start = token.start(kind)
        opened: dict[str, Node] | list[Node] | None = None
        if expected is not _Expected.VALUE and expected is not _Expected.FIRST_ITEM:
            raise _unexpected(source, start - (kind == _STRING), expected)
        if kind == _STRING:
            start -= 1
            string = token[_STRING]
            value = _unescaped(source, start, token.end()) if "\\" in string else string
        elif kind == _OPEN:
            value = opened = {} if token[_OPEN] == "{" else []
        elif kind == _INTEGER:
            if token.end() - start > MAX_DIGITS:
                raise too_long(source, start, token.end() - start)
            value = int(token[_INTEGER])
        elif kind == _FLOAT:
            value = float(token[_FLOAT])
        elif kind == _WORD:
            value = _WORDS[token[_WORD]]
        else:
            raise _unexpected(source, start, expected)

        if isinstance(container, dict):
            container[key] = value
            expected = _Expected.NEXT_KEY
        else:
            container.append(value)
            items.append(base + start)
            expected = _Expected.END if container is root else _Expected.NEXT_ITEM
        if opened is not None:
            if len(stack) == MAX_DEPTH:
                raise too_deep(source, start)
            stack.append(container)
            container = opened
            if isinstance(container, dict):
                keys, expected = marks.keys(container), _Expected.FIRST_KEY
            else:
                items, expected = marks.items(container), _Expected.FIRST_ITEM
    return root[0]


def _unescaped(source: Source, start: int, end: int) -> str:
    """The string that is written, in its quotes, between two offsets."""
    try:
        value = str(json.loads(source.text[start:end]))
    except json.JSONDecodeError as failure:
        raise source.error(
            "not-json",
            "this is no escape of JSON: those are "
            r"`\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t` and `\uXXXX`",
            start + failure.pos,
        ) from None
    if _SURROGATE.search(value):
        raise lone_surrogate(source, start)
    return value


def _unexpected(source: Source, offset: int, expected: _Expected) -> InputError:
    """The error for a token that may not stand where it does."""
    text = source.text
    token = _TOKEN.match(text, offset)
    if offset == len(text):
        found = "the file ends"
    elif token and token.lastindex == _KEY:
        found = "there is a key"
    elif text[offset] == '"' and token and token.lastindex == _OTHER:
        found = "there is a string that does not end in its line, or a control character in it,"
    else:
        found = f"there is {quoted(token[0] if token else text[offset])}"
    return source.error("not-json", f"{found} where {expected} is expected", offset)
