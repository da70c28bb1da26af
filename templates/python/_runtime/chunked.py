"""Answers of http.client, read faster and more strictly.

Vendors send each event as a chunk of its own, and http.client reads one chunk a call, in Python:
that costs more than decoding the event. It also takes a connection that ends among the headers
for the end of the headers.
"""

from __future__ import annotations

from http.client import HTTPResponse, IncompleteRead
from typing import Any, cast

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


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


class _TLSConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = cast("Any", _Connection)


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = cast("Any", _TLSConnection)


def install(manager: PoolManager) -> None:
    """Makes the connections that `manager` opens from now on read that way."""
    pools: dict[str, Any] = {"http": _Pool, "https": _TLSPool}
    manager.pool_classes_by_scheme = pools
