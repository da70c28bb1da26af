"""A prepared answer: exact bytes, and how the connection behaves while they are sent."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import zip_longest
from typing import Literal

from tests.loopback.nodes import Json

Framing = Literal["length", "chunked", "close", "none"]
Ending = Literal["complete", "close", "reset", "stall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server sends for one request.

    `body` is sent in the pieces given, each one write and, when chunked, one chunk; `delay` seconds
    pass before each piece. `framing` says how the body's end is told: by Content-Length, by the
    chunked coding, by closing the connection, or (`none`) not at all; a Content-Length among
    `headers` stands in place of the true one. `ending` says what follows the body: the end of the
    answer (`complete`), or instead of it a closed connection (FIN), a reset one (RST), or nothing
    at all until the client leaves (`stall`). Without a `head` the pieces are all that is sent.
    """

    status: int = 200
    reason: str | None = None
    headers: dict[str, str] | Sequence[tuple[str, str]] = ()
    body: bytes | tuple[bytes, ...] = b""
    framing: Framing = "length"
    ending: Ending = "complete"
    delay: float = 0
    head: bool = True

    @classmethod
    def json(
        cls, value: Json, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> Answer:
        """A JSON body."""
        return cls(
            status=status,
            headers={"Content-Type": "application/json", **(headers or {})},
            body=json.dumps(value, ensure_ascii=False).encode(),
        )

    @classmethod
    def stream(
        cls,
        pieces: Iterable[bytes],
        *,
        split: int | None = None,
        delay: float = 0,
        ending: Ending = "complete",
        content_type: str = "text/event-stream",
    ) -> Answer:
        """A chunked body of raw bytes, cut anew after every `split` bytes if given."""
        parts = tuple(pieces)
        if split is not None:
            whole = b"".join(parts)
            parts = tuple(whole[at : at + split] for at in range(0, len(whole), split))
        return cls(
            headers={"Content-Type": content_type},
            body=parts,
            framing="chunked",
            ending=ending,
            delay=delay,
        )

    @classmethod
    def events(
        cls,
        items: Iterable[Json],
        *,
        sentinel: str | None = "[DONE]",
        split: int | None = None,
        delay: float = 0,
        ending: Ending = "complete",
    ) -> Answer:
        """An event stream with one JSON item in each event's data, and the sentinel last."""
        data = [json.dumps(item, ensure_ascii=False) for item in items]
        return cls.texts(
            data, sentinel=sentinel, split=split, delay=delay, ending=ending
        )

    @classmethod
    def texts(
        cls,
        data: Iterable[str],
        *,
        sentinel: str | None = None,
        split: int | None = None,
        delay: float = 0,
        ending: Ending = "complete",
        media_type: str = "text/event-stream",
        events: Sequence[str] = (),
    ) -> Answer:
        """A stream with one line of text in each item, framed as its media type says, and the
        sentinel last. `events` are lines before the items of an event stream, one for each.
        """
        match media_type:
            case "text/event-stream":
                head, tail = "data: ", "\n\n"
            case "application/json-seq":
                head, tail = "\x1e", "\n"
            case _:
                head, tail = "", "\n"
        lines = [*data, *([] if sentinel is None else [sentinel])]
        pieces = [
            f"{before}{head}{line}{tail}".encode()
            for before, line in zip_longest(events, lines, fillvalue="")
        ]
        return cls.stream(
            pieces, split=split, delay=delay, ending=ending, content_type=media_type
        )

    @classmethod
    def reset(cls, after: bytes | None = None) -> Answer:
        """A connection reset: before any byte, or in mid-body once `after` has been sent."""
        return cls(
            headers={"Content-Type": "application/json"},
            body=after or b"",
            framing="chunked",
            ending="reset",
            head=after is not None,
        )

    @classmethod
    def stall(cls, after: bytes | None = None) -> Answer:
        """No answer at all, or none beyond the head and `after`, until the client leaves."""
        return replace(cls.reset(after), ending="stall")

    @classmethod
    def truncated(cls, body: bytes, *, missing: int = 1) -> Answer:
        """A body that ends `missing` bytes before its Content-Length, by a closed connection."""
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body) + missing),
        }
        return cls(headers=headers, body=body, ending="close")

    @classmethod
    def redirect(cls, location: str, *, status: int = 307) -> Answer:
        """A redirection."""
        return cls(status=status, headers={"Location": location})

    @classmethod
    def garbage(cls, data: bytes = b"\x00\x01 this is not HTTP\r\n\r\n") -> Answer:
        """Bytes in place of an HTTP response, and a closed connection."""
        return cls(body=data, head=False, framing="none", ending="close")

    def gzipped(self) -> Answer:
        """The same answer with its body compressed and Content-Encoding said."""
        packed = gzip.compress(b"".join(self.pieces), mtime=0)
        return replace(
            self, body=packed, headers=[*self.header_list, ("Content-Encoding", "gzip")]
        )

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """The body as it is cut; a body given whole is one piece, an empty one none."""
        parts = (self.body,) if isinstance(self.body, bytes) else self.body
        return tuple(part for part in parts if part)

    @property
    def header_list(self) -> list[tuple[str, str]]:
        """The headers as given, in order."""
        return (
            [*self.headers.items()]
            if isinstance(self.headers, dict)
            else [*self.headers]
        )

    def head_bytes(self) -> bytes:
        """The status line, the headers with the framing's own added, and the blank line."""
        headers = self.header_list
        names = {name.lower() for name, _ in headers}
        bodiless = self.status < 200 or self.status in (204, 304)
        match self.framing:
            case "length" if "content-length" not in names and not bodiless:
                headers.append(("Content-Length", str(sum(map(len, self.pieces)))))
            case "chunked":
                headers.append(("Transfer-Encoding", "chunked"))
            case "close":
                headers.append(("Connection", "close"))
            case _:
                pass
        reason = self.reason
        if reason is None:
            known = {status.value: status.phrase for status in HTTPStatus}
            reason = known.get(self.status, "")
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in headers]
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")
