"""Items that are told apart by the names of their events."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import NAME, assemble, load
from tests.runtime.server import answering, chunk, head

operation = load("_runtime.operation")
exceptions = load("exceptions")

EVENTS = operation.Operation(
    id="events",
    method="GET",
    path="/events",
    responses={"200": None, "default": "Message"},
    stream=operation.EventStream(
        "Chunk | Reply | str",
        sentinel="[DONE]",
        events=(
            ("message", "Chunk"),
            ("reply", "Reply"),
            ("ping", "str"),
            ("error", "Trouble"),
        ),
    ),
)


def event(name: str | None, data: str) -> bytes:
    return (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()


REPLY = '{"id":"1","text":"x","message":{"role":"user","content":"c"}}'
DONE = event(None, "[DONE]")


def test_an_item_is_of_its_events_type(serve: Serve, connect: Connect) -> None:
    body = (
        event("reply", REPLY)
        + event(None, REPLY)
        + event("ping", "still [here")
        + event("unknown", '{"text":"y"}')
        + DONE
    )
    opened = connect(serve(answering(head(), chunk(body), chunk(b"")))).open(EVENTS)
    names: list[tuple[str, str]] = []
    items: list[object] = []
    for item in opened:
        names.append((type(item).__name__, opened.stream.event.event))
        items.append(item)
    assert names == [
        ("Reply", "reply"),
        ("Chunk", "message"),
        ("str", "ping"),
        ("Chunk", "unknown"),
    ]
    assert items[2] == "still [here"


def test_an_error_is_of_its_events_type(serve: Serve, connect: Connect) -> None:
    body = event("ping", "") + event("error", '{"error":{"message":"no"}}')
    opened = connect(serve(answering(head(), chunk(body), chunk(b"")))).open(EVENTS)
    assert opened.next() == ""
    with pytest.raises(exceptions.StreamError, match="no") as caught:
        opened.next()
    assert type(caught.value.data).__name__ == "Trouble"
    assert caught.value.event.event == "error"


def test_the_last_event_is_of_its_type_too(serve: Serve, connect: Connect) -> None:
    open_ended = operation.Operation(
        id="events",
        method="GET",
        path="/events",
        stream=EVENTS.stream._replace(sentinel=None),
    )
    body = event("ping", "a") + b"event: ping\ndata: b"
    opened = connect(serve(answering(head(), chunk(body), chunk(b"")))).open(open_ended)
    assert list(opened) == ["a", "b"]


@pytest.mark.parametrize("expression", ["Reply | Chunk", "list[Reply]"])
def test_the_first_types_to_be_used_may_name_models_that_name_others(
    expression: str, tmp_path: Path
) -> None:
    assemble(tmp_path)
    json = f"[{REPLY}]" if expression.startswith("list") else REPLY
    program = (
        f"from {NAME}._types import TYPES;"
        f"print(TYPES.decoder({expression!r}, 'strict')({json!r}))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Message(" in said
