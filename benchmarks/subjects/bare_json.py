"""`json.loads` and nothing else: the stream's bytes, in memory before the clock starts.

It splits them at blank lines, takes `data: ` off and decodes what is left: no transport, no other
field of an event, no line that ends in CR, no types. Nothing in Python can do less.
"""

import json
from urllib.request import Request, urlopen

import job

BODY = b'{"model":"gpt-4o-mini","stream":true}'


def connect(url: str) -> bytes:
    """The bytes of one stream."""
    with urlopen(Request(f"{url}/chat/completions", BODY)) as response:
        found: bytes = response.read()
    return found


def stream(body: bytes) -> int:
    """Decodes every event and reads its delta's text; the number of events."""
    events = 0
    for block in body.split(b"\n\n"):
        data = block.removeprefix(b"data: ")
        if data == b"[DONE]":
            break
        chunk = json.loads(data)
        events += chunk["choices"][0]["delta"]["content"] is not None
    return events


def call(body: bytes) -> int:
    """There is one request only, that of `connect`."""
    return len(body)


job.run("urllib3", connect=connect, call=call, stream=stream)
