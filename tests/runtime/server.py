"""An HTTP server that answers with exactly the bytes that a test says."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self


class Drop(Exception):
    """Raised by an answer: the connection is reset."""


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


Answer = Callable[[Received], Iterable[bytes]]


def answering(*pieces: bytes) -> Answer:
    """The same pieces for each request."""

    def answer(_: Received) -> Iterable[bytes]:
        return pieces

    return answer


def response(
    body: bytes = b"",
    *,
    status: str = "200 OK",
    content_type: str | None = "application/json",
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """A whole answer with a Content-Length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def head(content_type: str = "text/event-stream", *, chunked: bool = True) -> bytes:
    """The start of an answer whose body follows in chunks, or until the connection ends."""
    framing = "Transfer-Encoding: chunked" if chunked else "Connection: close"
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{framing}\r\n\r\n".encode()
    )


def chunk(data: bytes) -> bytes:
    """One chunk; an empty one ends the body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


@dataclass
class Server:
    """Listens on loopback; `answer` gives the bytes of each answer. A context manager.

    `tls` is what its connections are encrypted with. `connections` counts those that came.
    """

    answer: Answer
    tls: ssl.SSLContext | None = None
    requests: list[Received] = field(default_factory=list[Received])
    connections: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for opened in (self._listener, *self._open):
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()

    @property
    def url(self) -> str:
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.append(accepted)
                self.connections += 1
                threading.Thread(
                    target=self._serve, args=(accepted, self.connections), daemon=True
                ).start()

    def _serve(self, accepted: socket.socket, number: int) -> None:
        with suppress(OSError), accepted:
            if self.tls is None:
                self._answer(accepted, number)
            else:
                with self.tls.wrap_socket(accepted, server_side=True) as encrypted:
                    self._answer(encrypted, number)

    def _answer(self, accepted: socket.socket, number: int) -> None:
        with accepted.makefile("rb") as file:
            for received in _requests(file, number):
                self.requests.append(received)
                try:
                    closes = False
                    for data in self.answer(received):
                        accepted.sendall(data)
                        closes = closes or b"Connection: close" in data
                except Drop:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return
                if closes:
                    return


def _requests(file: BinaryIO, connection: int) -> Iterator[Received]:
    while line := file.readline():
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers: dict[str, str] = {}
        while (header := file.readline()) not in (b"\r\n", b""):
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(file.readline(), 16):
                body += file.read(size)
                file.readline()
            file.readline()
        else:
            body = file.read(int(headers.get("content-length", 0)))
        yield Received(method, target, headers, body, connection)
