"""One request as it arrived: the bytes first, and what they say second."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from io import BufferedReader
from typing import cast
from urllib.parse import parse_qsl, unquote_plus

from tests.loopback.nodes import Json, Object


class MalformedRequest(Exception):
    """Bytes that are no HTTP/1.1 request (RFC 9112); the message says why."""


@dataclass(eq=False)
class Request:
    """A request that the server received.

    `head` holds the bytes before the body, blank line included; `headers` the fields in order and
    in the case they came in; `body` the content once a chunked transfer coding is taken off, and
    `chunked` whether there was one. `connection` numbers the TCP connections of a server from 1.
    `answer` is the JSON value that was answered from the document, or the list of a stream's
    items; None where the answer was scripted. `finished` is set once the server is done with the
    request, and `aborted` says that the client left before it had the whole answer.
    """

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    head: bytes
    chunked: bool = False
    connection: int = 0
    answer: Json = None
    aborted: bool = False
    finished: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def path(self) -> str:
        """The target's path, percent-encoding as sent; also of an absolute-form target."""
        rest = self.target.partition("?")[0]
        if rest.startswith("/"):
            return rest
        return "/" + rest.partition("://")[2].partition("/")[2]

    @property
    def query(self) -> str:
        """The target's query, percent-encoding as sent; "" where there is none."""
        return self.target.partition("?")[2]

    @cached_property
    def parameters(self) -> list[tuple[str, str]]:
        """The query's names and values, decoded, in order."""
        return [
            (unquote_plus(name), unquote_plus(value))
            for name, _, value in (
                part.partition("=") for part in self.query.split("&") if part
            )
        ]

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The Cookie header's pairs."""
        jar = SimpleCookie(self.header("cookie") or "")
        return {name: morsel.value for name, morsel in jar.items()}

    def header(self, name: str) -> str | None:
        """The field's value, several joined as RFC 9110, 5.3 says; None where it was not sent."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def json(self) -> Json:
        """The body as JSON (RFC 8259): UTF-8, no NaN, no name twice; raises ValueError."""
        text = self.body.decode("utf-8")
        found = json.loads(text, parse_constant=_refuse, object_pairs_hook=_distinct)
        return cast(Json, found)

    def form(self) -> list[tuple[str, str]]:
        """The body as application/x-www-form-urlencoded pairs."""
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    def wait_finished(self, timeout: float = 10) -> bool:
        """Waits until the server is done with the request; False after `timeout` seconds."""
        return self.finished.wait(timeout)


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


def _distinct(pairs: list[tuple[str, Json]]) -> Object:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError(f"a name comes twice among {[name for name, _ in pairs]}")
    return result


def receive(stream: BufferedReader) -> Request | None:
    """The next request of a connection, or None at its end; raises MalformedRequest."""
    head = stream.readline()
    if not head:
        return None
    match head.decode("latin-1").removesuffix("\r\n").split(" "):
        case [method, target, "HTTP/1.1"]:
            pass
        case _:
            raise MalformedRequest(f"request line {head!r}")
    headers: list[tuple[str, str]] = []
    while (line := stream.readline()) != b"\r\n":
        name, colon, value = line.decode("latin-1").partition(":")
        if not line.endswith(b"\r\n") or not colon or not name or name != name.strip():
            raise MalformedRequest(f"header line {line!r}")
        headers.append((name, value.strip()))
        head += line
    head += b"\r\n"
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    codings = [value for name, value in headers if name.lower() == "transfer-encoding"]
    if sum(name.lower() == "host" for name, _ in headers) != 1:
        raise MalformedRequest("not exactly one Host")
    if len(lengths) + len(codings) > 1:
        raise MalformedRequest("more than one of Content-Length and Transfer-Encoding")
    if codings:
        body = _receive_chunked(stream)
    else:
        length = lengths[0] if lengths else "0"
        if not length.isdecimal():
            raise MalformedRequest(f"Content-Length {length!r}")
        size = int(length)
        body = stream.read(size)
        if len(body) < size:
            raise MalformedRequest(
                f"{len(body)} bytes of body, Content-Length is {size}"
            )
    return Request(method, target, headers, body, head, chunked=bool(codings))


def _receive_chunked(stream: BufferedReader) -> bytes:
    """The content of a chunked body (RFC 9112, 7.1)."""
    body = bytearray()
    while True:
        line = stream.readline()
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            raise MalformedRequest(f"chunk size {line!r}") from None
        body += stream.read(size)
        if stream.readline() != b"\r\n":
            raise MalformedRequest("a chunk does not end in CRLF")
        if not size:
            return bytes(body)
