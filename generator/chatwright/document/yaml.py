"""YAML 1.2.2 to a tree with positions, under the core schema (section 10.3).

PyYAML parses, but neither composes nor constructs: its C composer recurses until the process dies,
and its constructor follows YAML 1.1, where `off` is a boolean and `1e-08` a string.

One thing is read that YAML 1.2 does not have: the merge key `<<` of YAML 1.1, where it is written
plain. Every other reader of OpenAPI documents honours it, and so their authors use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

import yaml
from msgspec import Struct, field
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from yaml.reader import ReaderError

from chatwright.diagnostics import InputError

from .limits import (
    MAX_ALIASED,
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
from .source import Source, listed, quoted


class _Parser(Protocol):
    def get_event(self) -> Event | None: ...


_PARSER: Callable[[str], _Parser] = (
    yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
)
_TAG = "tag:yaml.org,2002:"
_CONSTANTS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMERIC_START = frozenset("+-.0123456789")
_NUMBER = re.compile(
    r"([-+]?[0-9]+)"
    r"|0o([0-7]+)"
    r"|0x([0-9a-fA-F]+)"
    r"|([-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_DECIMAL, _OCTAL, _HEXADECIMAL, _FLOAT = range(1, 5)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_OLD_BREAKS = "\x85\u2028\u2029"


def read(source: Source, marks: Marks) -> Node:
    """The tree of a YAML stream of one document; its positions are added to `marks`.

    A key that is not a string becomes its own text: `200` is the key "200".

    Raises InputError `not-yaml`, `empty`, `several-documents`, `control-character`,
    `duplicate-key`, `complex-key`, `unknown-tag`, `tag-mismatch`, `undefined-alias`,
    `recursive-alias`, `alias-bomb`, `bad-merge`, `lone-surrogate`, `too-deep`, `number-too-long`.
    """
    text, restored = _shielded(source.text)
    builder = _Builder(source, marks, restored)
    try:
        for event in iter(_PARSER(text).get_event, None):
            builder.add(event)
    except ReaderError as failure:
        raise _unreadable(source, failure) from None
    except yaml.MarkedYAMLError as failure:
        raise _malformed(source, failure) from None
    return builder.result()


class _Anchor(Struct):
    """What aliases of one name stand for; the value is there once all of it has been read.

    `text` is a scalar's text, for an alias in the place of a key; `nodes` counts the value's nodes.
    """

    text: str | None = None
    value: Node = None
    nodes: int = 1
    complete: bool = False


class _Frame(Struct):
    """A mapping or sequence that has begun and not ended, and the key that its next value has."""

    container: dict[str, Node] | list[Node]
    keys: dict[str, int]
    items: list[int]
    offset: int
    anchor: _Anchor | None = None
    nodes_before: int = 0
    key: str | None = None
    merging: bool = False
    merged: list[tuple[Node, int]] = field(default_factory=list[tuple[Node, int]])


class _Builder:
    """Builds a tree from parse events, one at a time."""

    def __init__(self, source: Source, marks: Marks, restored: dict[int, int]) -> None:
        self._source = source
        self._marks = marks
        self._restored = restored
        self._root: list[Node] = []
        self._frame = _Frame(self._root, {}, [], 0)
        self._frames: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}
        self._nodes = 0
        self._aliased = 0

    def add(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent):
            mapping: dict[str, Node] = {}
            self._start(
                event, _Frame(mapping, self._marks.keys(mapping), [], _offset(event))
            )
        elif isinstance(event, SequenceStartEvent):
            sequence: list[Node] = []
            self._start(
                event, _Frame(sequence, {}, self._marks.items(sequence), _offset(event))
            )
        elif isinstance(event, CollectionEndEvent):
            self._end()
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, DocumentStartEvent) and self._root:
            raise self._source.error(
                "several-documents",
                "a second YAML document begins here; a file of one document is expected",
                _offset(event),
            )

    def result(self) -> Node:
        """The tree of all events.

        Raises InputError `empty` where there were none.
        """
        if not self._root:
            raise empty(self._source)
        return self._root[0]

    def _scalar(self, event: ScalarEvent) -> None:
        offset = _offset(event)
        text = event.value
        if self._restored:
            text = text.translate(self._restored)
        plain = event.implicit[0]
        if event.style == '"' and not text.isascii():
            self._check_surrogates(text, offset)
        frame = self._frame
        if frame.key is None and isinstance(frame.container, dict):
            if event.tag is not None:
                _tagged(self._source, offset, event.tag, text, plain)
            if event.anchor:
                self._anchors[event.anchor] = _Anchor(text, text, complete=True)
            frame.merging = plain and text == "<<" and event.tag is None
            self._key(text, offset)
            return
        value: Node = text
        if event.tag is not None:
            value = _tagged(self._source, offset, event.tag, text, plain)
        elif plain:
            value = _plain(self._source, offset, text)
        if event.anchor:
            self._anchors[event.anchor] = _Anchor(text, value, complete=True)
        self._place(value, offset)

    def _key(self, key: str, offset: int) -> None:
        frame = self._frame
        if key in frame.keys:
            first = frame.keys[key] - self._source.base
            raise duplicate_key(self._source, key, first, offset)
        frame.keys[key] = self._source.base + offset
        frame.key = key

    def _place(self, value: Node, offset: int) -> None:
        self._nodes += 1
        frame = self._frame
        if not isinstance(frame.container, dict):
            frame.container.append(value)
            frame.items.append(self._source.base + offset)
        elif frame.key is None:
            raise self._source.error(
                "complex-key",
                "a mapping or sequence stands as a key; a string is expected",
                offset,
            )
        elif frame.merging:
            del frame.keys[frame.key]
            frame.merged.append((value, offset))
            frame.key = None
        else:
            frame.container[frame.key] = value
            frame.key = None

    def _start(self, event: CollectionStartEvent, frame: _Frame) -> None:
        kind = "map" if isinstance(frame.container, dict) else "seq"
        if event.tag not in (None, "!", _TAG + kind):
            raise _wrong_tag(self._source, frame.offset, event.tag or "", f"!!{kind}")
        frame.nodes_before = self._nodes
        self._place(frame.container, frame.offset)
        if len(self._frames) == MAX_DEPTH:
            raise too_deep(self._source, frame.offset)
        if event.anchor:
            frame.anchor = self._anchors[event.anchor] = _Anchor()
        self._frames.append(self._frame)
        self._frame = frame

    def _end(self) -> None:
        frame = self._frame
        self._frame = self._frames.pop()
        if frame.merged and isinstance(frame.container, dict):
            for value, offset in frame.merged:
                self._merge(frame.container, value, offset)
        if frame.anchor:
            frame.anchor.value = frame.container
            frame.anchor.nodes = self._nodes - frame.nodes_before
            frame.anchor.complete = True

    def _alias(self, event: AliasEvent) -> None:
        offset = _offset(event)
        name = event.anchor or ""
        anchor = self._anchors.get(name)
        if anchor is None:
            raise self._source.error(
                "undefined-alias",
                f"there is no anchor {quoted(name)} before this alias, "
                + (
                    f"but {listed([*self._anchors])}"
                    if self._anchors
                    else "nor any other"
                ),
                offset,
            )
        if not anchor.complete:
            raise self._source.error(
                "recursive-alias",
                f"the alias {quoted('*' + name)} stands inside of what it stands for; "
                "a tree is expected, and a recursive schema says `$ref`",
                offset,
            )
        frame = self._frame
        if (
            anchor.text is not None
            and frame.key is None
            and isinstance(frame.container, dict)
        ):
            frame.merging = False
            self._key(anchor.text, offset)
            return
        self._aliased += anchor.nodes
        if self._aliased > MAX_ALIASED:
            raise self._source.error(
                "alias-bomb",
                f"the aliases up to here stand for {self._aliased:,} nodes; "
                f"at most {MAX_ALIASED:,} are accepted",
                offset,
            )
        self._place(self._marks.clone(anchor.value), offset)
        self._nodes += anchor.nodes - 1

    def _merge(self, mapping: dict[str, Node], value: Node, offset: int) -> None:
        """Put in front what a merge key brings; what the mapping says itself wins."""
        own, own_keys = dict(mapping), dict(self._marks.keys(mapping))
        keys = self._marks.keys(mapping)
        mapping.clear()
        keys.clear()
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                raise self._source.error(
                    "bad-merge",
                    "the merge key `<<` takes a mapping or a sequence of mappings; "
                    'the key "<<" itself is written in quotes',
                    offset,
                )
            for key, node in part.items():
                if key not in mapping:
                    mapping[key] = node
                    keys[key] = self._marks.keys(part)[key]
        mapping.update(own)
        keys.update(own_keys)

    def _check_surrogates(self, text: str, offset: int) -> None:
        """PyYAML's own scanner reads `\\ud800`, libyaml refuses it."""
        if _SURROGATE.search(text):
            raise lone_surrogate(self._source, offset)


def _offset(event: Event) -> int:
    """Where an event begins, in characters from the beginning of the file."""
    return event.start_mark.index if event.start_mark else 0


def _plain(source: Source, offset: int, text: str) -> Node:
    """What a plain scalar means (YAML 1.2.2, section 10.3.2)."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMERIC_START:
        return text
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    kind = number.lastindex
    if kind == _FLOAT:
        return float(text)
    if len(text) > MAX_DIGITS:
        raise too_long(source, offset, len(text))
    if kind == _OCTAL:
        return int(number[_OCTAL], 8)
    if kind == _HEXADECIMAL:
        return int(number[_HEXADECIMAL], 16)
    return int(text)


def _tagged(source: Source, offset: int, tag: str, text: str, plain: bool) -> Node:
    """What a scalar with an explicit tag means (YAML 1.2.2, sections 10.1 to 10.3)."""
    if tag in ("!", _TAG + "str"):
        return text
    value = _plain(source, offset, text)
    match tag.removeprefix(_TAG):
        case "null" if value is None:
            return None
        case "bool" if isinstance(value, bool):
            return value
        case "int" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "float" if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        case "null" | "bool" | "int" | "float" as kind:
            raise source.error(
                "tag-mismatch",
                f"{quoted(text)} is no value of the tag `!!{kind}` in YAML 1.2",
                offset,
            )
        case _:
            raise _wrong_tag(
                source, offset, tag, "!!str, !!int, !!float, !!bool or !!null"
            )


def _wrong_tag(source: Source, offset: int, tag: str, accepted: str) -> InputError:
    shown = "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
    return source.error(
        "unknown-tag",
        f"the tag {quoted(shown)} does not fit here; {accepted} or no tag is expected",
        offset,
    )


def _shielded(text: str) -> tuple[str, dict[int, int]]:
    """The text without the line breaks that YAML 1.2 no longer has, and how to get them back.

    PyYAML follows YAML 1.1, in which U+0085, U+2028 and U+2029 end a line. Each is replaced by a
    private character that the text does not have.
    """
    if not any(char in text for char in _OLD_BREAKS):
        return text, {}
    private = (chr(code) for code in range(0x100000, 0x10FFFD))
    unused = (char for char in private if char not in text)
    stand_ins = {
        ord(char): ord(stand_in)
        for char, stand_in in zip(_OLD_BREAKS, unused, strict=False)
    }
    return text.translate(stand_ins), {new: old for old, new in stand_ins.items()}


def _unreadable(source: Source, failure: ReaderError) -> InputError:
    found = _NOT_PRINTABLE.search(source.text)
    offset = found.start() if found else 0
    code = ord(found[0]) if found else failure.character
    return source.error(
        "control-character",
        f"the character U+{code:04X} may not stand in YAML; text is expected, "
        r"and in double quotes the escape \x, \u or \U",
        offset,
    )


def _malformed(source: Source, failure: yaml.MarkedYAMLError) -> InputError:
    mark = failure.problem_mark or failure.context_mark
    offset = min(mark.index, len(source.text)) if mark else 0
    what = failure.problem or "this cannot be read"
    if source.text[offset : offset + 1] == "\t":
        what += " (a tab; YAML is indented with spaces)"
    context = f" {failure.context}" if failure.context else ""
    return source.error(
        "not-yaml", f"{what}{context}; YAML 1.2 or JSON is expected", offset
    )
