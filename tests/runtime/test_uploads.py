"""Files that are sent: in blocks, and once more where a call is tried again."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import tracemalloc
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import load
from tests.runtime.server import Drop, Received, response
from tests.runtime.test_content import Field, Unseekable, post

BLOCK = 1024 * 1024
SIZE = 50 * BLOCK
FLAT = 4 * BLOCK
"""What a call may hold in memory, in bytes."""

operation = load("_runtime.operation")
exceptions = load("exceptions")

FORM = post(
    Field("purpose", "purpose", "str"),
    Field("file", "file", "bytes", file=True),
    content_type="multipart/form-data",
    responses={"200": None},
)
WHOLE = post(
    operation.Body("body", "bytes"),
    content_type="application/octet-stream",
    responses={"200": None},
)
JSON = post(
    operation.Body("body", "dict[str, str]"),
    content_type="application/json",
    responses={"200": None},
)


@dataclass
class Sink:
    """A server that answers one request, of whose body it keeps a digest."""

    head: dict[str, str] = field(default_factory=dict[str, str])
    digest: str = ""

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with closing(self._listener.accept()[0]) as accepted:
            with accepted.makefile("rb") as file:
                while (line := file.readline().decode()) != "\r\n":
                    name, _, value = line.partition(":")
                    self.head[name.lower()] = value.strip()
                left = int(self.head["content-length"])
                digest = hashlib.sha256()
                while left and (data := file.read1(min(left, 65536))):
                    digest.update(data)
                    left -= len(data)
                self.digest = digest.hexdigest()
            accepted.sendall(response())


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server that holds nothing in memory."""
    with closing(Sink()) as opened:
        yield opened


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of which no two blocks are the same."""
    path = tmp_path_factory.mktemp("large") / "large.wav"
    with path.open("wb") as file:
        for number in range(SIZE // BLOCK):
            file.write(number.to_bytes(4, "big") * (BLOCK // 4))
    return path


@dataclass
class Once:
    """A file that is read once, such as a pipe."""

    file: BinaryIO

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)


def sent(path: Path, sink: Sink) -> str:
    """The digest of what should have come."""
    content_type = sink.head["content-type"]
    digest = hashlib.sha256()
    boundary = content_type.partition("boundary=")[2]
    if boundary:
        digest.update(
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="purpose"\r\n\r\ntest\r\n'
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="file"; filename="large.wav"\r\n'
            "Content-Type: audio/x-wav\r\n\r\n".encode()
        )
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    if boundary:
        digest.update(f"\r\n--{boundary}--\r\n".encode())
    return digest.hexdigest()


def as_file(path: Path) -> Any:
    return path.open("rb")


def as_pair(path: Path) -> Any:
    return "large.wav", path.open("rb")


def as_bytes(path: Path) -> Any:
    return "large.wav", path.read_bytes()


def as_pipe(path: Path) -> Any:
    return "large.wav", Once(path.open("rb"))


def as_unseekable(path: Path) -> Any:
    return Unseekable(path.read_bytes())


@pytest.mark.parametrize(
    ("described", "made"),
    [
        pytest.param(FORM, Path, id="path"),
        pytest.param(FORM, str, id="name"),
        pytest.param(FORM, as_file, id="file"),
        pytest.param(FORM, as_pair, id="pair"),
        pytest.param(FORM, as_bytes, id="bytes"),
        pytest.param(FORM, as_pipe, id="pipe"),
        pytest.param(WHOLE, Path, id="body-path"),
        pytest.param(WHOLE, as_file, id="body-file"),
        pytest.param(WHOLE, Path.read_bytes, id="body-bytes"),
    ],
)
def test_large_files_take_no_memory(
    sink: Sink,
    connect: Connect,
    large: Path,
    described: Any,
    made: Callable[[Path], Any],
) -> None:
    file = made(large)
    caller = connect(None, host=sink.url)
    tracemalloc.start()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            caller.call(described, *(("test", file) if described is FORM else (file,)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < FLAT
    assert sink.digest == sent(large, sink)


def test_large_bodies_are_no_reason_for_warnings(sink: Sink, connect: Connect) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        connect(None, host=sink.url).call(JSON, {"image": "x" * 2 * BLOCK})
    assert int(sink.head["content-length"]) == 2 * BLOCK + len('{"image":""}')
    assert "transfer-encoding" not in sink.head


def failing_once(received: list[bytes], *, drops: bool) -> Callable[..., Any]:
    """Answers the second request only."""

    def answer(request: Received) -> Iterable[bytes]:
        received.append(request.body)
        if len(received) > 1:
            return [response()]
        if drops:
            raise Drop
        return [response(status="503 No")]

    return answer


@pytest.mark.parametrize("drops", [False, True], ids=["status", "reset"])
@pytest.mark.parametrize(
    "made",
    [Path, as_file, as_unseekable],
    ids=["path", "file", "pipe"],
)
@pytest.mark.parametrize("described", [FORM, WHOLE], ids=["form", "body"])
def test_files_are_sent_again_from_where_they_began(
    serve: Serve,
    connect: Connect,
    tmp_path: Path,
    described: Any,
    made: Callable[[Path], Any],
    drops: bool,
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abcdef" * 100_000)
    file = made(path)
    begun = 0
    if hasattr(file, "seek") and file.seekable():
        begun = file.seek(3)
    received: list[bytes] = []
    policy = load("configuration").RetryPolicy(retries=1, base=0.001)
    caller = connect(serve(failing_once(received, drops=drops)), retries=policy)
    caller.call(described, *(("test", file) if described is FORM else (file,)))
    first, second = received
    assert first == second
    assert path.read_bytes()[begun:] in second
    if described is WHOLE:
        assert len(second) == 600_000 - begun


@pytest.mark.parametrize("made", [Path, as_file], ids=["path", "file"])
@pytest.mark.parametrize("described", [FORM, WHOLE], ids=["form", "body"])
@pytest.mark.parametrize("size", [0, 10, 600_001, None], ids=str)
def test_files_that_change_while_they_are_sent(
    serve: Serve,
    connect: Connect,
    tmp_path: Path,
    described: Any,
    made: Callable[[Path], Any],
    size: int | None,
) -> None:
    """What was said to come comes, or nothing of the connection is used again."""
    path = tmp_path / "file"
    path.write_bytes(b"abcdef" * 100_000)
    file = made(path)
    received: list[bytes] = []

    def answer(request: Received) -> Iterable[bytes]:
        received.append(request.body)
        if len(received) > 1:
            return [response()]
        if size is None:
            path.unlink()
        else:
            os.truncate(path, size)
        return [response(status="503 No")]

    policy = load("configuration").RetryPolicy(retries=2, base=0.001)
    caller = connect(serve(answer), retries=policy)
    arguments = ("test", file) if described is FORM else (file,)
    if (size is None and made is as_file) or (size is not None and size > 600_000):
        caller.call(described, *arguments)
        assert received[0] == received[1]
    else:
        said = "cannot read .*file: No such" if size is None else "has become shorter"
        with pytest.raises(exceptions.ApiValueError, match=said):
            caller.call(described, *arguments)
        assert all(len(body) < len(received[0]) for body in received[1:])
        path.write_bytes(b"abcdef" * 100_000)
        caller.call(described, *(("test", path) if described is FORM else (path,)))
