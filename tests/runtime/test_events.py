"""Decoding of streams from bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.package import load
from tests.vectors import cases

events = load("_runtime.events")
StreamError = load("exceptions").StreamError
Event = events.ServerSentEvent

LIMIT = 1 << 20


def decoded(decoder: Any, *pieces: bytes) -> list[Any]:
    found = [event for piece in pieces for event in decoder.feed(piece)]
    last = decoder.close()
    return found if last is None else [*found, last]


CASES = cases("event_streams")
ERRORS = {"too-large": "max_event_size", "broken-off": "broke off"}


@pytest.mark.parametrize("size", [1, 2, 3, None], ids=["1", "2", "3", "whole"])
@pytest.mark.parametrize(
    "case", [pytest.param(each, id=each["name"]) for each in CASES]
)
def test_cases(case: dict[str, Any], size: int | None) -> None:
    """WHATWG HTML, section 9.2.6; NDJSON; RFC 7464."""
    stream = case["stream"].encode("latin-1")
    decoder = events.decoder(case["media_type"], case.get("limit", LIMIT))
    found: list[Any] = []
    said: str | None = None
    step = size or max(1, len(stream))
    try:
        for at in range(0, len(stream), step):
            found += decoder.feed(stream[at : at + step])
        last = decoder.close()
        found += [] if last is None else [last]
    except StreamError as error:
        said = str(error)
    assert found == [
        Event(
            each["data"].encode("latin-1"),
            each.get("event", "message"),
            each.get("id", ""),
            each.get("retry"),
        )
        for each in case["events"]
    ]
    if "error" in case:
        assert said is not None
        assert ERRORS[case["error"]] in said
    else:
        assert said is None


PIECES = st.sampled_from(
    (
        *(b"data: ", b"data", b"id: 7", b"event: e", b"retry: 1", b":", b" ", b"x"),
        *(b"\r", b"\n", b"\r\n", b"\n\n", b"\r\r"),
        *(b"\xc3\xa9", b"\xef\xbb\xbf", b"{}", b"\0"),
    )
)


@given(st.lists(PIECES, max_size=40).map(b"".join), st.data())
def test_cuts_change_nothing(stream: bytes, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6))
    bounds = sorted({0, len(stream), *cuts})
    pieces = [stream[start:stop] for start, stop in pairwise(bounds)]
    assert decoded(events.EventDecoder(LIMIT), *pieces) == decoded(
        events.EventDecoder(LIMIT), stream
    )


@given(
    st.lists(
        st.tuples(
            st.text(), st.text(alphabet="abc"), st.sampled_from(["\n", "\r", "\r\n"])
        )
    )
)
def test_what_is_encoded_comes_back(sent: list[tuple[str, str, str]]) -> None:
    stream = "".join(
        f"event: {name}{end}"
        + "".join(f"data: {line}{end}" for line in _lines(text))
        + end
        for text, name, end in sent
    )
    found = decoded(events.EventDecoder(LIMIT), stream.encode())
    assert [(event.data, event.event) for event in found] == [
        ("\n".join(_lines(text)), name or "message") for text, name, _ in sent
    ]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def test_an_event_comes_with_its_last_byte() -> None:
    decoder = events.EventDecoder(LIMIT)
    assert decoder.feed(b"data: a\n") == []
    assert decoder.feed(b"\n") == [Event(b"a")]
    assert decoder.feed(b"data: b\r\n\r") == [Event(b"b")]
    assert decoder.feed(b"\ndata: c\r\r") == [Event(b"c")]


@pytest.mark.parametrize("name", ["EventDecoder", "LineDecoder", "SequenceDecoder"])
def test_too_large_events_are_refused(name: str) -> None:
    decoder = getattr(events, name)(100)
    with pytest.raises(StreamError, match="larger than 100 bytes"):
        for _ in range(200):
            decoder.feed(b"x")


def test_many_small_events_are_not_too_large() -> None:
    assert len(events.EventDecoder(100).feed(b"data: x\n\n" * 1000)) == 1000


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("text/event-stream", "EventDecoder"),
        ("application/json", "EventDecoder"),
        ("application/x-ndjson", "LineDecoder"),
        ("application/jsonl", "LineDecoder"),
        ("application/stream+json", "LineDecoder"),
        ("application/jsonlines", "LineDecoder"),
        ("application/json-seq", "SequenceDecoder"),
    ],
)
def test_media_types(media_type: str, name: str) -> None:
    assert type(events.decoder(media_type, LIMIT)).__name__ == name


@given(
    st.lists(st.sampled_from([b"\x1e", b"\n", b"1", b"{", b"}", b'"', b" "])).map(
        b"".join
    ),
    st.data(),
)
def test_cuts_do_not_change_sequences(stream: bytes, data: st.DataObject) -> None:
    def read(*pieces: bytes) -> tuple[list[bytes], bool]:
        decoder = events.SequenceDecoder(LIMIT)
        found = [event.raw for piece in pieces for event in decoder.feed(piece)]
        try:
            last = decoder.close()
        except StreamError:
            return found, True
        return [*found, *([last.raw] if last else [])], False

    at = data.draw(st.integers(0, len(stream)))
    assert read(stream[:at], stream[at:]) == read(stream)


def test_a_text_of_a_sequence_comes_with_its_line() -> None:
    decoder = events.SequenceDecoder(LIMIT)
    assert decoder.feed(b'\x1e{"a":1}') == []
    assert decoder.feed(b"\n") == [Event(b'{"a":1}')]
    assert decoder.feed(b"\x1e{\n") == []
    assert decoder.feed(b"}\n") == []
    assert decoder.feed(b"\x1e2") == [Event(b"{\n}")]
