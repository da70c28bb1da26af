"""Answers that become files: whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import gzip
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.flavours import AsyncCaller, Options
from tests.runtime.package import load
from tests.runtime.server import Drop, Received, answering, chunk, head, response

exceptions = load("exceptions")

BINARY = "application/octet-stream"
CONTENT = bytes(range(256)) * 1024
FILE: Any = load("_runtime.operation").Operation(
    id="get_file",
    method="GET",
    path="/file",
    accept=BINARY,
    responses={"200": "bytes", "202": "Message", "404": "Trouble"},
)


def whole(content: bytes = CONTENT) -> bytes:
    return response(content, content_type=BINARY)


class Steps:
    """What a caller is told of a file as it comes."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int | None]] = []

    def __call__(self, received: int, total: int | None) -> None:
        self.told.append((received, total))


def test_a_file(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    server = serve(answering(whole()))
    path = tmp_path / "file.bin"
    path.write_bytes(b"before")
    steps = Steps()
    answer = connect(server).save(FILE, str(path), steps)
    assert path.read_bytes() == CONTENT
    assert (answer.status_code, answer.data, answer.raw_data) == (200, path, b"")
    assert answer.headers["content-type"] == BINARY
    assert answer.elapsed > 0
    assert os.listdir(tmp_path) == ["file.bin"]
    received = [received for received, _ in steps.told]
    assert received == sorted(set(received))
    assert steps.told[-1] == (len(CONTENT), len(CONTENT))
    assert {total for _, total in steps.told} == {len(CONTENT)}
    assert server.requests[0].headers["accept"] == BINARY


def test_an_empty_file(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    connect(serve(answering(whole(b"")))).save(FILE, path)
    assert path.read_bytes() == b""


@pytest.mark.parametrize("packed", [False, True], ids=["chunked", "packed"])
def test_a_file_of_unknown_size(
    serve: Serve, connect: Connect, tmp_path: Path, packed: bool
) -> None:
    pieces = [head(BINARY), chunk(CONTENT), chunk(b"")]
    if packed:
        encoding = [("Content-Encoding", "gzip")]
        body = gzip.compress(CONTENT)
        pieces = [response(body, content_type=BINARY, headers=encoding)]
    steps = Steps()
    path = tmp_path / "file.bin"
    connect(serve(answering(*pieces))).save(FILE, path, steps)
    assert path.read_bytes() == CONTENT
    assert steps.told[-1] == (len(CONTENT), None)


def test_the_file_that_a_link_leads_to(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "there" / "file.bin")
    connect(serve(answering(whole()))).save(FILE, link)
    assert link.is_symlink()
    assert (tmp_path / "there" / "file.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([whole()[:-1]], id="length"),
        pytest.param([head(BINARY), chunk(CONTENT)], id="chunks"),
        pytest.param([head(BINARY), b"8000\r\n" + CONTENT[:100]], id="chunk"),
    ],
)
def test_a_file_that_breaks_off(
    serve: Serve, connect: Connect, tmp_path: Path, pieces: list[bytes]
) -> None:
    def answer(_: Received) -> Iterable[bytes]:
        yield from pieces
        raise Drop

    server = serve(answer)
    path = tmp_path / "file.bin"
    path.write_bytes(b"before")
    with pytest.raises(exceptions.ApiConnectionError) as caught:
        connect(server, retries=3).save(FILE, path)
    assert caught.value.operation == "get_file"
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["file.bin"]
    assert len(server.requests) == 1


def test_a_length_that_is_not_kept(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    length = b"Content-Length: %d" % len(CONTENT)
    said = length + b"0\r\nConnection: close"
    server = serve(answering(whole().replace(length, said, 1)))
    with pytest.raises(exceptions.ApiConnectionError):
        connect(server).save(FILE, tmp_path / "file.bin")
    assert not os.listdir(tmp_path)


def test_what_fails_before_the_first_byte_is_tried_again(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    def answer(_: Received) -> Iterable[bytes]:
        match len(server.requests):
            case 1:
                raise Drop
            case 2:
                yield whole()[: -len(CONTENT)]
                raise Drop
            case 3:
                yield response(status="503 No")
            case _:
                yield whole()

    policy = load("configuration").RetryPolicy(retries=3, base=0.001)
    server = serve(answer)
    path = tmp_path / "file.bin"
    connect(server, retries=policy).save(FILE, path)
    assert path.read_bytes() == CONTENT
    assert len(server.requests) == 4
    assert os.listdir(tmp_path) == ["file.bin"]


def test_an_error(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    said = b'{"error": {"message": "No such file"}}'
    caller = connect(serve(answering(response(said, status="404 No"))))
    with pytest.raises(exceptions.NotFoundException) as caught:
        caller.save(FILE, tmp_path / "file.bin")
    assert caught.value.message == "No such file"
    assert type(caught.value.data).__name__ == "Trouble"
    assert not os.listdir(tmp_path)


def test_a_success_that_is_no_file(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    caller = connect(serve(answering(response(b'{"wait": 1}', status="202 Later"))))
    with pytest.raises(exceptions.ResponseDecodeError, match="202 is no file") as said:
        caller.save(FILE, tmp_path / "file.bin")
    assert said.value.raw == b'{"wait": 1}'
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("where", ["", "no/such/folder/file.bin", "file.bin/inside"])
def test_where_no_file_can_be(
    serve: Serve, connect: Connect, tmp_path: Path, where: str
) -> None:
    (tmp_path / "file.bin").touch()
    server = serve(answering(whole()))
    with pytest.raises(exceptions.ApiValueError, match="cannot write"):
        connect(server).save(FILE, tmp_path / where)
    assert not server.requests


def test_a_progress_that_raises(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    def stop(received: int, total: int | None) -> None:
        raise InterruptedError(received, total)

    server = serve(answering(whole()))
    caller = connect(server)
    with pytest.raises(InterruptedError):
        caller.save(FILE, tmp_path / "file.bin", stop)
    assert not os.listdir(tmp_path)
    caller.save(FILE, tmp_path / "file.bin")
    assert (tmp_path / "file.bin").read_bytes() == CONTENT


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk(
    serve: Serve, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Any:
        return Path("/dev/full").open("wb")

    module = load("_runtime.download")
    monkeypatch.setattr(module, "open", full, raising=False)
    caller = connect(serve(answering(whole())), retries=3)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        caller.save(FILE, tmp_path / "file.bin")
    assert not os.listdir(tmp_path)


def test_a_call_that_is_cancelled(serve: Serve, tmp_path: Path) -> None:
    caller = AsyncCaller(load("configuration").Configuration(host=slow(serve)))
    begun = asyncio.Event()

    def begin(received: int, total: int | None) -> None:
        begun.set()

    async def cancelled() -> None:
        task = asyncio.create_task(
            caller.client.call_to_file(
                FILE, (), Options(), tmp_path / "file.bin", begin
            )
        )
        await begun.wait()
        assert len(os.listdir(tmp_path)) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    caller.runner.run(cancelled())
    caller.close()
    assert not os.listdir(tmp_path)


def test_a_pause_that_is_too_long(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    caller = connect(None, host=slow(serve), timeout=(5, 0.05), retries=3)
    with pytest.raises(exceptions.ApiTimeoutError):
        caller.save(FILE, tmp_path / "file.bin")
    assert not os.listdir(tmp_path)


def slow(serve: Serve) -> str:
    """The address of a server that stalls after the first piece of a file."""
    stopped = threading.Event()

    def answer(_: Received) -> Iterable[bytes]:
        yield whole()[:1000]
        stopped.wait(10)

    return serve(answer).url
