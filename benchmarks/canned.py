"""A fast server of prepared bytes, so that what is measured is the client.

`python -m benchmarks.canned` prints its port and serves until standard input ends. A request whose
body has `"stream":true` gets `EVENTS` events, any other one chat completion.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

EVENTS = 20_000

_COMPLETION = {
    "id": "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012",
    "object": "chat.completion",
    "created": 1767323045,
    "model": "gpt-4o-mini-2024-07-18",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Hello! How can I help you today?",
                "refusal": None,
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {
        "prompt_tokens": 9,
        "completion_tokens": 10,
        "total_tokens": 19,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    },
    "service_tier": "default",
    "system_fingerprint": "fp_0123456789",
}


def _chunk(number: int) -> bytes:
    item = {
        "id": "chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012",
        "object": "chat.completion.chunk",
        "created": 1767323045,
        "model": "gpt-4o-mini-2024-07-18",
        "service_tier": "default",
        "system_fingerprint": "fp_0123456789",
        "choices": [
            {
                "index": 0,
                "delta": {"content": f" word{number}"},
                "logprobs": None,
                "finish_reason": None,
            }
        ],
        "usage": None,
    }
    return b"data: %b\n\n" % json.dumps(item, separators=(",", ":")).encode()


def _completion() -> bytes:
    body = json.dumps(_COMPLETION).encode()
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
    return f"{head}{len(body)}\r\n\r\n".encode() + body


def _stream() -> bytes:
    events = [*map(_chunk, range(EVENTS)), b"data: [DONE]\n\n"]
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    chunks = (b"%x\r\n%b\r\n" % (len(event), event) for event in events)
    return b"".join([head, *chunks, b"0\r\n\r\n"])


class _Protocol(asyncio.Protocol):
    completion = _completion()
    stream = _stream()

    def __init__(self) -> None:
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, blank, rest = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        size = int(length[1]) if length else 0
        if blank and len(rest) >= size:
            self.received = rest[size:]
            streamed = re.search(rb'"stream": *true', rest[:size])
            self.transport.write(self.stream if streamed else self.completion)


async def serve() -> None:
    """Serves on a free port of 127.0.0.1 until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Protocol, "127.0.0.1", 0, backlog=128)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
