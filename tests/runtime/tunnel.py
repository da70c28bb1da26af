"""A proxy whose tunnels (RFC 9110, section 9.3.6) all lead to one server."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.runtime.server import Received

OPENED = (b"HTTP/1.1 200 Connection established\r\n\r\n",)


@dataclass
class Tunnel:
    """Listens on loopback and connects to `port` there. A context manager.

    `answer` is what each request for a tunnel gets, and what does not start with a status of 200
    opens none. `tls` is what connections to the proxy itself are encrypted with.
    """

    port: int
    tls: ssl.SSLContext | None = None
    answer: Iterable[bytes] = OPENED
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
    def place(self) -> str:
        """The host and the port."""
        return f"localhost:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                self._open.append(accepted)
                self.connections += 1
                threading.Thread(
                    target=self._serve, args=(accepted,), daemon=True
                ).start()

    def _serve(self, accepted: socket.socket) -> None:
        with suppress(OSError), accepted:
            if self.tls is not None:
                accepted = self.tls.wrap_socket(accepted, server_side=True)
                self._open.append(accepted)
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                byte = accepted.recv(1)
                if not byte:
                    return
                head += byte
            first, *lines = head.decode("latin-1").strip().split("\r\n")
            method, target, _ = first.split(" ")
            pairs = (line.partition(":") for line in lines)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            self.requests.append(
                Received(method, target, headers, b"", self.connections)
            )
            opened = False
            for piece in self.answer:
                opened = opened or piece.startswith(b"HTTP/1.1 200")
                accepted.sendall(piece)
            if opened:
                self._join(accepted)

    def _join(self, client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as server:
            self._open.append(server)
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
