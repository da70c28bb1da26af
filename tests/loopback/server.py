"""The server: real sockets on 127.0.0.1, one thread for each connection, HTTP/1.1 keep-alive."""

from __future__ import annotations

import itertools
import json
import select
import socket
import struct
import threading
from collections import deque
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self, cast

from tests.loopback.answer import Answer
from tests.loopback.candidates import NoValue
from tests.loopback.document import Document
from tests.loopback.judge import Violation, is_streamed, judge
from tests.loopback.nodes import Json, Object, mapping, sequence
from tests.loopback.operations import (
    EVENT_STREAM_TYPE,
    Operation,
    Stream,
    base_paths,
    concrete,
    is_json,
    operations,
    preferred,
)
from tests.loopback.request import MalformedRequest, Request, receive
from tests.loopback.schemas import Direction, Schemas
from tests.loopback.streams import WEATHER_CALL, ChatPlan, items
from tests.loopback.values import Mode, Values

_FRAMING = ("content-type", "content-length", "content-encoding", "transfer-encoding")
"""Headers that say how the body came, which documents also declare."""

_ON_ITS_WAY = 5.0
"""Seconds after which a request that was sent has been received."""


class LoopbackServer:
    """A vendor's API as its document says it, on 127.0.0.1.

    Requests are recorded in `requests` and what is wrong with them in `violations`. A valid one is
    answered from the document, in the amount of detail that `mode` asks for and, streamed, with
    what `plan` says (None: the usual text, a tool call when the request offers tools, and usage
    when it asks for it). An invalid one is answered with an error in the document's own shape.
    Scripted answers come first, in order, whatever the request. Use as a context manager.
    """

    def __init__(self, path: str | Path, *, port: int = 0) -> None:
        self._document = Document.read(Path(path))
        self._operations = operations(self._document)
        self._asked = Schemas(self._document, Direction.REQUEST)
        self._answered = Schemas(self._document, Direction.RESPONSE)
        self._values = Values(self._document, self._answered)
        self._port = port
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, None] = {}
        self._numbers = itertools.count(1)
        self._script: deque[Answer] = deque()
        self._closing = False
        self.requests: list[Request] = []
        self.violations: list[Violation] = []
        self.mode = Mode.FULL
        self.plan: ChatPlan | None = None

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=128)
        self._port = cast(int, self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self._port)).close()
        self._listener.close()
        self._drop_connections()

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The origin and the path of the document's first server: a client's base URL."""
        return self.origin + base_paths(self._document)[0]

    @property
    def last(self) -> Request:
        """The latest request; raises IndexError where there was none."""
        return self.requests[-1]

    def script(self, *answers: Answer) -> None:
        """Queues answers for the next requests, one each."""
        with self._lock:
            self._script.extend(answers)

    def clear(self) -> None:
        """Forgets requests, violations and script, and drops every connection: a new server."""
        self._drop_connections()
        with self._lock:
            self.requests.clear()
            self.violations.clear()
            self._script.clear()
            self._numbers = itertools.count(1)
        self.mode = Mode.FULL
        self.plan = None

    def verify(self) -> None:
        """Raises AssertionError where a request was invalid or a scripted answer was not asked."""
        # A request that its client has given up may still be on its way.
        late = monotonic() + _ON_ITS_WAY
        while self._script and monotonic() < late:
            sleep(0.01)
        if self.violations:
            raise AssertionError("\n".join(map(str, self.violations)))
        if self._script:
            raise AssertionError(
                f"{len(self._script)} scripted answers were never asked for"
            )

    def _drop_connections(self) -> None:
        with self._lock:
            connections = list(self._connections)
            self._connections.clear()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._closing:
                connection.close()
                return
            with self._lock:
                self._connections[connection] = None
                number = next(self._numbers)
            threading.Thread(
                target=self._serve, args=(connection, number), daemon=True
            ).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            try:
                while self._exchange(connection, stream, number):
                    pass
            except MalformedRequest as problem:
                request = Request("", "", [], b"", b"", connection=number)
                with self._lock:
                    self.violations.append(
                        Violation(request=request, where="HTTP", message=str(problem))
                    )
                connection.sendall(_plain_error(400, str(problem)).head_bytes())
            finally:
                with self._lock:
                    self._connections.pop(connection, None)

    def _exchange(
        self, connection: socket.socket, stream: BufferedReader, number: int
    ) -> bool:
        """Receives one request and answers it; whether the connection can be used again."""
        request = receive(stream)
        if request is None:
            return False
        request.connection = number
        answer = self._answer(request)
        try:
            complete = _send(connection, answer, without_body=request.method == "HEAD")
            request.aborted = not complete and answer.ending == "stall"
        except OSError:
            request.aborted = True
            raise
        finally:
            request.finished.set()
        return complete and (request.header("connection") or "").lower() != "close"

    def _answer(self, request: Request) -> Answer:
        """Records and judges the request, and decides what to answer."""
        path = [
            (operation, values)
            for operation in self._operations
            if (values := operation.path_values(request.path)) is not None
        ]
        # Paths that differ in their query or fragment alone are one path to a server.
        judged = [
            (found, list(judge(request, *found, self._asked)))
            for found in path
            if found[0].method == request.method.lower()
            and set(found[0].query) <= set(request.parameters)
        ]
        where = "method" if path else "path"
        found, problems = min(
            judged,
            key=lambda each: len(each[1]),
            default=(None, [(where, "the document has no such operation")]),
        )
        with self._lock:
            self.requests.append(request)
            for where, message in problems:
                self.violations.append(
                    Violation(request=request, where=where, message=message)
                )
            scripted = self._script.popleft() if self._script else None
        if scripted is not None:
            return scripted
        if found is None:
            return _plain_error(405 if path else 404, problems[0][1])
        if problems:
            return self._error(found[0], *problems[0])
        try:
            return self._success(found[0], request)
        except NoValue as problem:
            with self._lock:
                self.violations.append(
                    Violation(request=request, where="answer", message=str(problem))
                )
            return _plain_error(500, str(problem))

    def _success(self, operation: Operation, request: Request) -> Answer:
        if operation.stream is not None and is_streamed(request, operation):
            found = items(
                operation.stream,
                self.plan or _usual_plan(request),
                self._values,
                self._answered,
                self.mode,
            )
            request.answer = found
            return _streamed(operation.stream, found)
        status, response = operation.success
        # RFC 9110, 15.3.5: whatever the document says, there is no content.
        content = mapping(response.get("content")) if status != 204 else {}
        headers = self._headers(operation, response)
        media_type = preferred(request.header("accept"), content)
        if media_type is None:
            return Answer(status=status, headers=headers)
        headers["Content-Type"] = concrete(media_type)
        if not is_json(headers["Content-Type"]):
            return Answer(status=status, headers=headers, body=b"body")
        schema = mapping(content[media_type]).get("schema", True)
        request.answer = self._values.make(schema, self.mode)
        return Answer.json(
            request.answer,
            status=status,
            headers=headers,
        )

    def _headers(self, operation: Operation, response: Object) -> dict[str, str]:
        """The response's declared headers, with values of their schemas."""
        headers: dict[str, str] = {}
        for name, node in mapping(response.get("headers")).items():
            header = operation.document.resolve(node)
            if name.lower() not in _FRAMING and "schema" in header:
                value = self._values.make(header["schema"], self.mode)
                headers[name] = value if isinstance(value, str) else json.dumps(value)
        return headers

    def _error(self, operation: Operation, where: str, message: str) -> Answer:
        """A 400 (or declared 401) in the document's error shape, the message where it has one."""
        message = f"{where}: {message}"
        status = 401 if where == "security" and operation.response(401) else 400
        content = mapping(operation.response(status).get("content"))
        media_type = next(filter(is_json, content), None)
        if media_type is None:
            return _plain_error(status, message)
        schema = mapping(content[media_type]).get("schema", True)
        value = self._values.make(schema, Mode.FULL)
        holder = mapping(mapping(value).get("error")) or mapping(value)
        if isinstance(holder.get("message"), str):
            holder["message"] = message
        return Answer.json(value, status=status)


def _streamed(stream: Stream, found: list[Json]) -> Answer:
    """The stream's items: an item that is a text in an event stream is the event's data."""
    plain = stream.media_type == EVENT_STREAM_TYPE
    data = [
        (
            item
            if plain and isinstance(item, str)
            else json.dumps(item, ensure_ascii=False)
        )
        for item in found
    ]
    events = [f"event: {event}\n" for event, _ in stream.events]
    return Answer.texts(
        data, events=events, sentinel=stream.sentinel, media_type=stream.media_type
    )


def _usual_plan(request: Request) -> ChatPlan:
    asked = mapping(request.json()) if is_json(request.media_type) else {}
    options = mapping(asked.get("stream_options"))
    return ChatPlan(
        tool_call=WEATHER_CALL if sequence(asked.get("tools")) else None,
        usage=options.get("include_usage") is True,
    )


def _plain_error(status: int, message: str) -> Answer:
    return Answer.json({"error": {"message": message}}, status=status)


def _send(connection: socket.socket, answer: Answer, *, without_body: bool) -> bool:
    """Sends the answer; whether the connection can be used again."""
    if answer.head:
        connection.sendall(answer.head_bytes())
    chunked = answer.framing == "chunked" and answer.head
    for piece in () if without_body else answer.pieces:
        if answer.delay and _client_left(connection, answer.delay):
            raise ConnectionAbortedError
        connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
    match answer.ending:
        case "complete":
            if chunked and not without_body:
                connection.sendall(b"0\r\n\r\n")
            return answer.framing in ("length", "chunked")
        case "close":
            return False
        case "reset":
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            return False
        case "stall":
            _client_left(connection, None)
            return False


def _client_left(connection: socket.socket, seconds: float | None) -> bool:
    """Waits at most so long for the client to close its side, and says whether it did."""
    readable, _, _ = select.select([connection], [], [], seconds)
    return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
