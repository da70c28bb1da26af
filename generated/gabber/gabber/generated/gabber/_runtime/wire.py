"""Connections of http.client, read faster and more strictly, and within a deadline.

Vendors send each event as a chunk of its own, and http.client reads one chunk a call, in Python:
that costs more than decoding the event. It also takes a connection that ends among the headers
for the end of the headers. And the timeout of a socket bounds one read, of which a head that
drips takes many, but all of what is sent in one call, however large that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from http.client import HTTPResponse, IncompleteRead
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import Any, cast

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

DEADLINE: ContextVar[float | None] = ContextVar("DEADLINE", default=None)
"""Until when requests are sent and their answers read, on the clock of `monotonic`."""

# What a slow network still takes within the time to connect, which urllib3 bounds sending with.
_BLOCK = 65536


def hurry(sock: Any, deadline: float) -> None:
    """Lets a socket wait for the deadline at most; raises TimeoutError after it."""
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    limit = sock.gettimeout()
    if limit is None or left < limit:
        sock.settimeout(left)


class _Timely(RawIOBase):
    """The bytes that a socket receives until a deadline."""

    def __init__(self, received: RawIOBase, sock: Any, deadline: float) -> None:
        self._received = received
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        hurry(self._sock, self._deadline)
        count: int | None = cast("Any", self._received).readinto(buffer)
        return count

    def fileno(self) -> int:
        return self._received.fileno()

    def close(self) -> None:
        self._received.close()
        super().close()


class _Lines:
    """A file that knows the last line that was read from it."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.last = b""

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self._file.readline(limit)
        self.last = line
        return line

    def close(self) -> None:
        self._file.close()


class _Response(HTTPResponse):
    def __init__(self, sock: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        deadline = DEADLINE.get()
        if deadline is not None:
            received = cast("Any", self.fp).detach()
            self.fp = BufferedReader(_Timely(received, sock, deadline))

    def begin(self) -> None:
        """Reads the head; raises IncompleteRead where it has no end."""
        file = self.fp
        lines = _Lines(file)
        self.fp = cast("Any", lines)
        try:
            super().begin()
        finally:
            if cast("Any", self.fp) is lines:
                self.fp = file
        if not lines.last:
            raise IncompleteRead(b"")

    def read1(self, n: int = -1) -> bytes:
        """What has come, at least one byte before the end: all whole chunks that are buffered,
        or else what http.client reads of one (RFC 9112, section 7.1)."""
        if self.isclosed() or not self.chunked or self.chunk_left:
            return super().read1(n)
        window = self.fp.peek()
        # Where a chunk has been read whole, the line end after it has not.
        position = 0 if self.chunk_left is None else 2
        consumed = 0
        chunks: list[bytes] = []
        while (end := window.find(b"\r\n", position)) >= 0:
            try:
                size = int(window[position:end].partition(b";")[0], 16)
            except ValueError:
                break
            stop = end + 2 + size
            if size <= 0 or stop > len(window) or 0 <= n < stop:
                break
            chunks.append(window[end + 2 : stop])
            consumed = stop
            position = stop + 2
        if not chunks:
            return super().read1(n)
        self.fp.read(consumed)
        self.chunk_left = 0
        return b"".join(chunks)


class _Connection(HTTPConnection):
    response_class = _Response

    def send(self, data: Any) -> None:
        """Sends what is given, in blocks, until the deadline."""
        for block in _timely(self, data):
            super().send(block)


class _TLSConnection(HTTPSConnection):
    response_class = _Response

    def send(self, data: Any) -> None:
        """Sends what is given, in blocks, until the deadline."""
        for block in _timely(self, data):
            super().send(block)


class _Pool(HTTPConnectionPool):
    ConnectionCls = cast("Any", _Connection)


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = cast("Any", _TLSConnection)


def _timely(connection: HTTPConnection, data: Any) -> Iterator[Any]:
    """The blocks of what a connection sends, each before the deadline."""
    deadline = DEADLINE.get()
    for block in _blocks(data):
        if deadline is not None and connection.sock is not None:
            hurry(connection.sock, deadline)
        yield block


def _blocks(data: Any) -> Iterator[Any]:
    if isinstance(data, bytes) and len(data) > _BLOCK:
        whole = memoryview(data)
        for at in range(0, len(data), _BLOCK):
            yield whole[at : at + _BLOCK]
    else:
        yield data


def install(manager: PoolManager) -> None:
    """Makes the connections that `manager` opens from now on read that way."""
    pools: dict[str, Any] = {"http": _Pool, "https": _TLSPool}
    manager.pool_classes_by_scheme = pools
