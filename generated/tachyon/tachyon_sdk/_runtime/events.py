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
    """Decodes streams of one JSON text a line (NDJSON, JSON Lines), and of JSON text sequences
    (RFC 7464), whose record separators JSON texts cannot hold.

    Empty lines are left out. After a line of more than `limit` bytes StreamError is raised.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pending: list[bytes] = []
        self._size = 0

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
            text = line.strip(_BLANK)
            if text:
                events.append(ServerSentEvent(text))
        return events

    def close(self) -> ServerSentEvent | None:
        if self._size > self._limit:
            raise _too_large(self._limit)
        text = b"".join(self._pending).strip(_BLANK)
        self._pending = []
        self._size = 0
        return ServerSentEvent(text) if text else None

    def _keep(self, data: bytes) -> None:
        if data:
            self._pending.append(data)
            self._size += len(data)


_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\x1e"
_LINES = frozenset(
    {
        "application/json-seq",
        "application/jsonl",
        "application/jsonlines",
        "application/ndjson",
        "application/stream+json",
        "application/x-jsonlines",
        "application/x-ndjson",
    }
)


def decoder(media_type: str, limit: int) -> Decoder:
    """The decoder for a stream's media type, that of event streams for any that is unknown."""
    return LineDecoder(limit) if is_lines(media_type) else EventDecoder(limit)


def is_lines(media_type: str) -> bool:
    """Whether a media type is a sequence of JSON texts."""
    return media_type in _LINES


def is_stream(media_type: str) -> bool:
    """Whether a media type is a stream of events or of JSON texts."""
    return media_type == "text/event-stream" or media_type in _LINES


def _too_large(limit: int) -> StreamError:
    return StreamError(
        f"an event is larger than {limit} bytes"
        " (Configuration(max_event_size=...) allows more)"
    )
