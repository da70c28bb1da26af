"""The answer that the items of a chat completion's stream add up to. No I/O happens here."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Protocol, assert_never

from .addition import Object, measured, parsed
from .events import ServerSentEvent
from .operation import ChatChunks, ChatEvents

_WAITING = 256 * 1024
_PATIENCE = 64
_MARK = "\0"
_NEVER = sys.maxsize


class Sum(Protocol):
    """What items add up to."""

    state: Object
    whole: bool

    def add(self, chunk: Object) -> None: ...
    def texts(self, chunk: Object, index: int | None) -> Iterator[str]: ...
    def answer(self) -> object: ...


class Accumulator:
    """Adds up the items of one stream.

    Items are kept as they came, which costs next to nothing, and added up at the end, or when
    they take more than 256 KiB: then what they say about the answer is kept, and nothing else.
    An answer of more than `limit` bytes is given up: `overflowed`.
    """

    def __init__(
        self, chat: ChatChunks | ChatEvents, sentinel: bytes, limit: int
    ) -> None:
        self._chat: ChatChunks | ChatEvents = chat
        self._sum = _sum(chat)
        self._run = _Run(chat)
        self._sentinel = sentinel
        self._limit = limit
        self._waiting: list[bytes] = []
        self._size = 0
        self._measured = 0
        self._ended = False
        self.overflowed = False

    def keep(self, events: Iterable[ServerSentEvent], size: int) -> None:
        """Takes the next events, of `size` bytes together."""
        if self.overflowed:
            return
        self._waiting += [event.raw for event in events]
        self._size += size
        if self._size > _WAITING or self._size > self._limit:
            # What is added up takes no more than what it came from.
            self._measured += self._size
            self._add_up()
            if self._measured > self._limit:
                self._measured = measured(self._sum.state)
            if self._measured > self._limit:
                self.overflowed = True
                self._sum = _sum(self._chat)

    def answer(self) -> bytes | None:
        """The answer as JSON text; None where there was none, or it has overflowed."""
        from pydantic_core import to_json

        self._add_up()
        return to_json(self._sum.answer()) if self._sum.state else None

    @property
    def whole(self) -> bool:
        """Whether nothing has come after the answer, where one item tells it."""
        return self._sum.whole

    def texts(self, raw: bytes, index: int) -> Iterator[str]:
        """The texts of an item, of the choice with `index`; empty ones are left out."""
        chunk = parsed(raw)
        return filter(None, self._sum.texts(chunk, index) if chunk is not None else ())

    def _add_up(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if self._ended:
            return
        items = iter(waiting)
        while (raw := self._run.take(items)) is not None:
            self._run.end(self._sum)
            chunk = parsed(raw)
            if chunk is not None:
                self._sum.add(chunk)
                self._run.start(raw, chunk)
            elif raw.strip() == self._sentinel:
                self._ended = True
                return
        self._run.end(self._sum)


class _Run:
    """Items that differ in a piece of text only, added up as one.

    Most of an answer comes in such runs: it is ten times cheaper to compare bytes than to add up
    what they say. `head` and `tail` are what stands before and after the text.
    """

    def __init__(self, chat: ChatChunks | ChatEvents) -> None:
        self._chat: ChatChunks | ChatEvents = chat
        self._head = b""
        self._tail = b""
        self._least = _NEVER
        self._pieces: list[bytes] = []
        self._passing = 0
        self._passes = 1

    def take(self, items: Iterator[bytes]) -> bytes | None:
        """Takes the items that go on with the run; gives the first that does not."""
        head, tail, least = self._head, self._tail, self._least
        start, end = len(head), -len(tail)
        pieces = self._pieces
        for raw in items:
            if len(raw) < least or not (raw.startswith(head) and raw.endswith(tail)):
                return raw
            pieces.append(raw[start:end])
        return None

    def end(self, total: Sum) -> None:
        """Adds what was taken."""
        pieces, self._pieces = self._pieces, []
        if not pieces:
            return
        self._passing, self._passes = 0, 1
        for joined in _joined(pieces):
            chunk = parsed(self._head + joined + self._tail)
            if chunk is not None:
                total.add(chunk)

    def start(self, raw: bytes, chunk: Object) -> None:
        """Looks for the text in an item: items that are like it in all else follow.

        Streams whose items differ in more are left alone for ever longer.
        """
        if self._passing:
            self._passing -= 1
            return
        self._passing = self._passes
        self._passes = min(2 * self._passes, _PATIENCE)
        texts = list(_sum(self._chat).texts(chunk, None))
        if len(texts) != 1:
            return
        for quoted in {
            json.dumps(texts[0]).encode(),
            json.dumps(texts[0], ensure_ascii=False).encode("utf-8", "replace"),
        }:
            at = raw.find(quoted)
            while at >= 0:
                head, tail = raw[: at + 1], raw[at + len(quoted) - 1 :]
                if self._is_text(head, tail):
                    self._head, self._tail = head, tail
                    self._least = len(head) + len(tail)
                    return
                at = raw.find(quoted, at + 1)

    def _is_text(self, head: bytes, tail: bytes) -> bool:
        """Whether the text stands between these, and all else may be said any number of times."""
        marked = parsed(head + json.dumps(_MARK)[1:-1].encode() + tail)
        empty = parsed(head + tail)
        if marked is None or empty is None:
            return False
        total = _sum(self._chat)
        if list(total.texts(marked, None)) != [_MARK]:
            return False
        total.add(empty)
        once = total.answer()
        total.add(empty)
        return total.answer() == once


def _joined(pieces: list[bytes]) -> Iterator[bytes]:
    """Pieces of one text, joined where that cannot change what they mean.

    A quotation mark ends the text, and a backslash at a piece's end takes what follows with it.
    """
    text = b"".join(pieces)
    if b'"' not in text and b"\\" not in text:
        yield text
        return
    for is_plain, several in groupby(pieces, _is_plain):
        if is_plain:
            yield b"".join(several)
        else:
            yield from several


def _is_plain(piece: bytes) -> bool:
    return b'"' not in piece and not piece.endswith(b"\\")


def _sum(chat: ChatChunks | ChatEvents) -> Sum:
    match chat:
        case ChatChunks():
            from .chat_chunks import ChunkSum

            return ChunkSum(chat)
        case ChatEvents():
            from .chat_events import EventSum

            return EventSum(chat)
        case _:
            assert_never(chat)
