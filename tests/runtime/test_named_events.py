"""Items that are told apart by the names of their events."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

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
    text = f"[{REPLY}]" if expression.startswith("list") else REPLY
    program = (
        f"from {NAME}._types import TYPES;"
        f"print(TYPES.decoder({expression!r}, 'strict')({text!r}))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Message(" in said


def enveloped(stream: Any, **changes: Any) -> Any:
    return operation.Operation(
        id="events",
        method="GET",
        path="/events",
        stream=stream._replace(envelope=True, **changes),
    )


def test_events_in_the_data_of_events(serve: Serve, connect: Connect) -> None:
    def inside(name: str, data: object, **fields: object) -> str:
        return event(None, json.dumps({"event": name, "data": data, **fields})).decode()

    body = (
        inside("reply", json.loads(REPLY), id="7", retry=5)
        + inside("message", {"text": "a"})
        + inside("unknown", {"text": "b"})
        + inside("ping", "still here")
        + event("reply", REPLY).decode()
        + event(None, '{"text":"c","data":1}').decode()
        + event(None, '{"data":{"text":"d"}}').decode()
        + inside("message", "[DONE]")
    ).encode()
    opened = connect(serve(answering(head(), chunk(body), chunk(b"")))).open(
        enveloped(EVENTS.stream)
    )
    found: list[tuple[str, str, str]] = []
    for item in opened:
        said = item if isinstance(item, str) else str(item.text)
        found.append((type(item).__name__, opened.stream.event.event, said))
        if len(found) == 1:
            event_ = opened.stream.event
            assert (event_.id, event_.retry) == ("7", 5)
            assert json.loads(event_.data) == json.loads(REPLY)
    assert found == [
        ("Reply", "reply", "x"),
        ("Chunk", "message", "a"),
        ("Chunk", "unknown", "b"),
        ("str", "ping", "still here"),
        ("Reply", "reply", "x"),
        ("Chunk", "message", "c"),
        # Events of this stream have names: this one is an item that does not fit.
        ("Chunk", "message", "None"),
    ]


def test_errors_in_the_data_of_events(serve: Serve, connect: Connect) -> None:
    inside = {"event": "error", "data": {"error": {"message": "no"}}}
    body = event(None, json.dumps(inside))
    opened = connect(serve(answering(head(), chunk(body), chunk(b"")))).open(
        enveloped(EVENTS.stream)
    )
    with pytest.raises(exceptions.StreamError, match="no") as caught:
        opened.next()
    assert type(caught.value.data).__name__ == "Trouble"


@pytest.mark.parametrize("content_type", ["text/event-stream", "application/x-ndjson"])
def test_data_of_events_without_names(
    serve: Serve, connect: Connect, content_type: str
) -> None:
    texts = [
        '{"data":{"text":"a"}}',
        '{"text":"b"}',
        '{"data":{"text":"x"},"event":null}',
        '{"text":"c","data":{"text":"y"}}',
        '{"data":{"text":"d"},"id":8}',
        '{"data":"[DONE]"}',
    ]
    lines = content_type != "text/event-stream"
    body = "".join(f"{text}\n" if lines else f"data: {text}\n\n" for text in texts)
    described = enveloped(operation.EventStream("Chunk", sentinel="[DONE]"))
    pieces = head(content_type), chunk(body.encode()), chunk(b"")
    opened = connect(serve(answering(*pieces))).open(described)
    assert [item.text for item in opened] == ["a", "b", "x", "c", "d"]


def test_envelopes_that_are_the_items(serve: Serve, connect: Connect) -> None:
    plain = operation.Operation(
        id="plain", method="GET", path="/x", stream=operation.EventStream("Any")
    )
    body = event(None, '{"event":"x","data":{"text":"a"}}')
    opened = connect(serve(answering(head(), chunk(body), chunk(b"")))).open(plain)
    assert list(opened) == [{"event": "x", "data": {"text": "a"}}]
