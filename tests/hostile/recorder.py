"""A loopback server that records what it is asked."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Recorder(ThreadingHTTPServer):
    """Answers each request with an empty object; keeps its target and its headers' names."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, list[str]]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def recording() -> Generator[Recorder]:
    """A recorder that listens."""
    with Recorder() as recorder:
        thread = Thread(target=recorder.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield recorder
        finally:
            recorder.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        assert isinstance(self.server, Recorder)
        self.server.requests.append((self.path, self.headers.keys()))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""
