"""Streams of events, decoded from bytes as they come. No I/O happens here.

Each decoder is fed bytes, cut anywhere, and gives the events that they complete; `close` gives
the one that was still open when the bytes ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..exceptions import StreamError


@dataclass(slots=True)
class ServerSentEvent:
    """One event as it came.

    `event` is its type, `message` unless the stream says otherwise; `raw` its data in UTF-8;
    `id` the last id that the stream has given, empty before the first; `retry` the reconnection
    time in milliseconds, where this event sets one.
    """

    raw: bytes
    event: str = "message"
    id: str = ""
    retry: int | None = None

    @property
    def data(self) -> str:
        """The data as text; what is not UTF-8 is replaced."""
        return self.raw.decode("utf-8", "replace")


class Decoder(Protocol):
    """Turns bytes into events."""

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """The events that `data` completes; raises StreamError after one that is too large."""
        ...

    def close(self) -> ServerSentEvent | None:
        """The event that the end of the stream left unfinished, None where there is none."""
        ...


class EventDecoder:
    """Decodes `text/event-stream` (WHATWG HTML, section 9.2).

    After an event of more than `limit` bytes StreamError is raised, as an unbounded one would
    fill the memory.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pending: list[bytes] = []
        self._size = 0
        self._started = False
        self._after_cr = False
        self._id = ""

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        if self._size > self._limit:
            raise _too_large(self._limit)
        if self._after_cr or b"\r" in data:
            data = self._line_feeds(data)
        if not self._started:
            data = self._without_bom(data)
        pending = self._pending
        if pending:
            # An empty line may be cut in the middle, so one byte of what came before is seen.
            if b"\n\n" not in pending[-1][-1:] + data:
                self._keep(data)
                return []
            pending.append(data)
            data = b"".join(pending)
        blocks = data.split(b"\n\n")
        rest = blocks.pop()
        self._pending = []
        self._size = 0
        self._keep(rest)
        events: list[ServerSentEvent] = []
        for block in blocks:
            if len(block) > self._limit:
                self._keep(block)
                break
            # Nearly every event is one line of data.
            if block[:6] == b"data: " and b"\n" not in block:
                events.append(ServerSentEvent(block[6:], "message", self._id))
            else:
                event = self._event(block)
                if event is not None:
                    events.append(event)
        return events

    def close(self) -> ServerSentEvent | None:
        if self._size > self._limit:
            raise _too_large(self._limit)
        block = b"".join(self._pending)
        self._pending = []
        self._size = 0
        return self._event(block)

    def _keep(self, data: bytes) -> None:
        if data:
            self._pending.append(data)
            self._size += len(data)

    def _line_feeds(self, data: bytes) -> bytes:
        """CR, LF and CRLF all end a line, and no line holds any of them."""
        if self._after_cr and data[:1] == b"\n":
            data = data[1:]
            self._after_cr = False
        if data:
            self._after_cr = data[-1:] == b"\r"
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _without_bom(self, data: bytes) -> bytes:
        data = b"".join(self._pending) + data
        self._pending = []
        self._size = 0
        if data[:3] == _BOM:
            data = data[3:]
        elif len(data) < 3 and _BOM.startswith(data):
            self._keep(data)
            return b""
        self._started = True
        return data

    def _event(self, block: bytes) -> ServerSentEvent | None:
        """The event that the lines of a block describe, None where they hold no data."""
        lines: list[bytes] = []
        event = ""
        retry: int | None = None
        for line in block.split(b"\n"):
            name, _, value = line.partition(b":")
            if value[:1] == b" ":
                value = value[1:]
            if name == b"data":
                lines.append(value)
            elif name == b"event":
                event = value.decode("utf-8", "replace")
            elif name == b"id" and b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
            elif name == b"retry" and value.isdigit():
                retry = int(value)
        if not lines:
            return None
        return ServerSentEvent(b"\n".join(lines), event or "message", self._id, retry)


class LineDecoder:
    """Decodes streams of one JSON text a line (NDJSON, JSON Lines).

    Empty lines are left out. After a line of more than `limit` bytes StreamError is raised.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pending: list[bytes] = []
        self._size = 0
        self._started = False

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        if self._size > self._limit:
            raise _too_large(self._limit)
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = b"".join((*self._pending, lines[0]))
            self._pending = []
            self._size = 0
        self._keep(rest)
        events: list[ServerSentEvent] = []
        for line in lines:
            if len(line) > self._limit:
                self._keep(line)
                break
            text = self._text(line)
            if text:
                events.append(ServerSentEvent(text))
        return events

    def close(self) -> ServerSentEvent | None:
        if self._size > self._limit:
            raise _too_large(self._limit)
        text = self._text(b"".join(self._pending))
        self._pending = []
        self._size = 0
        return ServerSentEvent(text) if text else None

    def _text(self, line: bytes) -> bytes:
        if not self._started:
            self._started = True
            line = line.removeprefix(_BOM)
        return line.strip(_BLANK)

    def _keep(self, data: bytes) -> None:
        if data:
            self._pending.append(data)
            self._size += len(data)


class SequenceDecoder:
    """Decodes JSON text sequences (RFC 7464): each text follows a record separator.

    A text is given as soon as its first line is a whole one, else when the next separator
    comes: texts may be written over several lines. What stands between separators is left out
    where it is blank. After a text of more than `limit` bytes StreamError is raised.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pending: list[bytes] = []
        self._size = 0
        self._is_long = False

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        if self._size > self._limit:
            raise _too_large(self._limit)
        *records, rest = data.split(_SEPARATOR)
        events: list[ServerSentEvent] = []
        for record in records:
            self._keep(record)
            if self._size > self._limit:
                return events
            self._give(events)
            self._end(events)
        self._keep(rest)
        if b"\n" in rest and self._size <= self._limit:
            self._give(events)
        return events

    def close(self) -> ServerSentEvent | None:
        """The text that no separator followed; raises StreamError where it is cut off.

        Numbers and names look whole wherever they are cut: the line feed after them tells.
        """
        if self._size > self._limit:
            raise _too_large(self._limit)
        text = b"".join(self._pending)
        events: list[ServerSentEvent] = []
        self._end(events)
        if not events:
            return None
        if text[-1:] not in (b"\n", b"}", b"]", b'"'):
            raise StreamError("the stream broke off in the middle of an item")
        return events[0]

    def _give(self, events: list[ServerSentEvent]) -> None:
        """Gives the lines that are whole texts, up to the first that is not."""
        if self._is_long:
            return
        text = b"".join(self._pending)
        start = 0
        while (end := text.find(b"\n", start)) >= 0:
            line = text[start:end].strip(_BLANK)
            if line and not _is_json(line):
                self._is_long = True
                break
            if line:
                events.append(ServerSentEvent(line))
            start = end + 1
        self._pending = []
        self._size = 0
        self._keep(text[start:])

    def _end(self, events: list[ServerSentEvent]) -> None:
        """Gives what is there, up to a separator."""
        text = b"".join(self._pending).strip(_BLANK)
        self._pending = []
        self._size = 0
        self._is_long = False
        if text:
            events.append(ServerSentEvent(text))

    def _keep(self, data: bytes) -> None:
        if data:
            self._pending.append(data)
            self._size += len(data)


_BOM = b"\xef\xbb\xbf"
_SEPARATOR = b"\x1e"
_BLANK = b" \t\r\n"
_SEQUENCE = "application/json-seq"
_LINES = frozenset(
    {
        "application/jsonl",
        "application/jsonlines",
        "application/ndjson",
        "application/stream+json",
        "application/x-json-stream",
        "application/x-jsonl",
        "application/x-jsonlines",
        "application/x-ndjson",
    }
)


def decoder(media_type: str, limit: int) -> Decoder:
    """The decoder for a stream's media type, that of event streams for any that is unknown."""
    if media_type == _SEQUENCE:
        return SequenceDecoder(limit)
    return LineDecoder(limit) if media_type in _LINES else EventDecoder(limit)


def is_json_texts(media_type: str) -> bool:
    """Whether a media type is a sequence of JSON texts."""
    return media_type == _SEQUENCE or media_type in _LINES


def is_stream(media_type: str) -> bool:
    """Whether a media type is a stream of events or of JSON texts."""
    return media_type == "text/event-stream" or is_json_texts(media_type)


def _is_json(text: bytes) -> bool:
    from pydantic_core import from_json

    try:
        from_json(text)
    except ValueError:
        return False
    return True


def _too_large(limit: int) -> StreamError:
    return StreamError(
        f"an event is larger than {limit} bytes"
        " (Configuration(max_event_size=...) allows more)"
    )
