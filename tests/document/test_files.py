"""Files that cannot be read, and URLs."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from chatwright.diagnostics import InputError
from chatwright.document import files, load

DOCUMENT = (
    b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\nx-a: {$ref: 'other.yaml#/a'}\n"
)


def refusal(path: str | Path) -> str:
    with pytest.raises(InputError) as refused:
        load(path)
    return str(refused.value).replace(str(path), "FILE", 1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "missing.yaml"
    assert refusal(path) == "FILE:1:1 error not-found: there is no such file"


def test_a_folder(tmp_path: Path) -> None:
    assert (
        refusal(tmp_path)
        == "FILE:1:1 error not-a-file: this is a folder; a file is expected"
    )


def test_a_file_that_the_system_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The name of a socket may have about 100 characters.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert refusal("socket").startswith("FILE:1:1 error not-readable: ")
    assert refusal("n" * 5_000).startswith("FILE:1:1 error not-readable: ")
    assert refusal("a\0b").startswith("FILE:1:1 error not-readable: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_bytes(DOCUMENT)
    path.chmod(0)
    assert refusal(path).startswith("FILE:1:1 error not-readable: ")


def test_a_file_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    path = tmp_path / "large.yaml"
    path.write_bytes(DOCUMENT)
    assert refusal(path).startswith("FILE:1:1 error too-large: ")


class Handler(BaseHTTPRequestHandler):
    """Answers with a document, a redirection to it, or nothing."""

    def do_GET(self) -> None:
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/openapi.yaml")
            self.end_headers()
        elif self.path == "/openapi.yaml":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(DOCUMENT)
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{listener.server_port}"
        listener.shutdown()
        thread.join()


def test_a_url_is_read_and_its_password_forgotten(server: str) -> None:
    document = load(f"http://user:secret@{server}/openapi.yaml")
    assert document.root["info"] == {"title": "T", "version": "1"}
    assert document.file == f"http://{server}/openapi.yaml"
    assert document.inputs()[0].path == document.file


def test_a_redirection_is_followed(server: str) -> None:
    assert load(f"http://{server}/redirect").version == "3.1.0"


def test_a_document_from_a_url_reaches_no_files(server: str) -> None:
    document = load(f"http://{server}/openapi.yaml")
    with pytest.raises(InputError) as refused:
        document.resolve("other.yaml#/a", document.pointer / "x-a")
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "remote-reference"
    assert str(diagnostic.location) == f"http://{server}/openapi.yaml:3:7"


def test_a_url_that_answers_nothing(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(f"http://{server}/missing") == (
        "FILE:1:1 error not-found: the server answers 404; 200 is expected"
    )
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    assert refusal(f"http://{server}/openapi.yaml").startswith(
        "FILE:1:1 error too-large: "
    )


def test_a_url_without_a_server() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/openapi.yaml"
        assert refusal(url).startswith(
            "FILE:1:1 error not-readable: the URL cannot be read: "
        )
    assert refusal("http://[::1").startswith("FILE:1:1 error not-readable: ")
