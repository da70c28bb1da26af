"""Decoding of streams from bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.package import load

events = load("_runtime.events")
StreamError = load("exceptions").StreamError
Event = events.ServerSentEvent

LIMIT = 1 << 20


def decoded(decoder: Any, *pieces: bytes) -> list[Any]:
    found = [event for piece in pieces for event in decoder.feed(piece)]
    last = decoder.close()
    return found if last is None else [*found, last]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        pytest.param(b"data: a\n\n", [Event(b"a")], id="one"),
        pytest.param(b"data:a\n\n", [Event(b"a")], id="no-space"),
        pytest.param(b"data:  a\n\n", [Event(b" a")], id="one-space-is-cut"),
        pytest.param(
            b"data: a\r\n\r\ndata: b\r\n\r\n", [Event(b"a"), Event(b"b")], id="crlf"
        ),
        pytest.param(b"data: a\r\rdata: b\r\r", [Event(b"a"), Event(b"b")], id="cr"),
        pytest.param(
            b"data: a\n\r\ndata: b\r\n\n", [Event(b"a"), Event(b"b")], id="mixed"
        ),
        pytest.param(b"\xef\xbb\xbfdata: a\n\n", [Event(b"a")], id="bom"),
        pytest.param(
            b"data: \xef\xbb\xbfa\n\n", [Event(b"\xef\xbb\xbfa")], id="inner-bom"
        ),
        pytest.param(b": hello\n\ndata: a\n\n", [Event(b"a")], id="comment"),
        pytest.param(
            b":\ndata: a\n:x\ndata: b\n\n", [Event(b"a\nb")], id="inner-comment"
        ),
        pytest.param(b"data: a\ndata: b\ndata\n\n", [Event(b"a\nb\n")], id="lines"),
        pytest.param(b"data\n\n", [Event(b"")], id="empty-data"),
        pytest.param(b"event: ping\n\ndata: a\n\n", [Event(b"a")], id="no-data"),
        pytest.param(
            b"event: e\nid: 1\nretry: 30\ndata: a\n\ndata: b\n\n",
            [Event(b"a", "e", "1", 30), Event(b"b", "message", "1")],
            id="fields",
        ),
        pytest.param(b"id: 1\n\ndata: a\n\n", [Event(b"a", id="1")], id="id-is-kept"),
        pytest.param(
            b"id: 1\ndata: a\n\nid\ndata: b\n\n",
            [Event(b"a", id="1"), Event(b"b", id="")],
            id="id-is-reset",
        ),
        pytest.param(b"id: a\0b\ndata: a\n\n", [Event(b"a")], id="id-with-null"),
        pytest.param(b"retry: 1s\ndata: a\n\n", [Event(b"a")], id="retry-no-digits"),
        pytest.param(
            b"datum: x\ndata : y\ndata: a\n\n", [Event(b"a")], id="unknown-fields"
        ),
        pytest.param(
            b"\n\n\ndata: a\n\n\n\ndata: b\n\n", [Event(b"a"), Event(b"b")], id="gaps"
        ),
        pytest.param(
            b"data: a\n\ndata: b\n", [Event(b"a"), Event(b"b")], id="unfinished"
        ),
        pytest.param(
            "data: \u00e9\u4e16\n\n".encode(),
            [Event("\u00e9\u4e16".encode())],
            id="utf8",
        ),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_event_streams(stream: bytes, expected: list[Any]) -> None:
    """WHATWG HTML, section 9.2.6, whole and cut before every byte."""
    assert decoded(events.EventDecoder(LIMIT), stream) == expected
    single = [stream[index : index + 1] for index in range(len(stream))]
    assert decoded(events.EventDecoder(LIMIT), *single) == expected


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


@pytest.mark.parametrize("end", [b"\n\n", b"\r\r"])
def test_too_large_events_are_refused_when_they_come_whole(end: bytes) -> None:
    decoder = events.EventDecoder(100)
    found = decoder.feed(
        b"data: a" + end + b"data: " + b"x" * 101 + end + b"data: b" + end
    )
    assert found == [Event(b"a")]
    with pytest.raises(StreamError, match="max_event_size"):
        decoder.close()


def test_too_large_lines_are_refused_when_they_come_whole() -> None:
    decoder = events.LineDecoder(100)
    assert decoder.feed(b"1\n" + b"x" * 101 + b"\n2\n") == [Event(b"1")]
    with pytest.raises(StreamError, match="max_event_size"):
        decoder.feed(b"3\n")


def test_many_small_events_are_not_too_large() -> None:
    assert len(events.EventDecoder(100).feed(b"data: x\n\n" * 1000)) == 1000


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        pytest.param(b'{"a":1}\n{"b":2}\n', [b'{"a":1}', b'{"b":2}'], id="ndjson"),
        pytest.param(
            b'{"a":1}\r\n\r\n{"b":2}', [b'{"a":1}', b'{"b":2}'], id="crlf-and-no-end"
        ),
        pytest.param(b'\xef\xbb\xbf{"a":1}\n', [b'{"a":1}'], id="bom"),
        pytest.param(b"\n\n", [], id="blank"),
    ],
)
def test_lines(stream: bytes, expected: list[bytes]) -> None:
    for pieces in (
        [stream],
        [stream[index : index + 1] for index in range(len(stream))],
    ):
        found = decoded(events.LineDecoder(LIMIT), *pieces)
        assert [event.raw for event in found] == expected


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


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        pytest.param(b"\x1e1\n\x1e[2]\n", [b"1", b"[2]"], id="lines"),
        pytest.param(b'\x1e{"a":\n1}\n\x1e2\n', [b'{"a":\n1}', b"2"], id="long"),
        pytest.param(b"\x1e\n{\n}\n", [b"{\n}"], id="long-and-last"),
        pytest.param(b"\x1e\x1e \n\x1e1\r\n", [b"1"], id="blank"),
        pytest.param(b"\x1e{}\x1e[]", [b"{}", b"[]"], id="no-line-feeds"),
        pytest.param(b'\x1e"a"', [b'"a"'], id="no-last-line-feed"),
        pytest.param(b"1\n2\n\n3\n", [b"1", b"2", b"3"], id="no-separators"),
        pytest.param(b"\x1e{x\n}\n\x1e1\n", [b"{x\n}", b"1"], id="no-json"),
        pytest.param(b"", [], id="empty"),
    ],
)
def test_sequences(stream: bytes, expected: list[bytes]) -> None:
    for size in (1, 2, 3, len(stream) or 1):
        pieces = [stream[index : index + size] for index in range(0, len(stream), size)]
        found = decoded(events.SequenceDecoder(LIMIT), *pieces)
        assert [event.raw for event in found] == expected


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


@pytest.mark.parametrize("stream", [b"\x1e12", b"\x1etru", b'\x1e{"a', b"\x1e1\n\x1e-"])
def test_sequences_that_are_cut_off(stream: bytes) -> None:
    decoder = events.SequenceDecoder(LIMIT)
    decoder.feed(stream)
    with pytest.raises(StreamError, match="broke off"):
        decoder.close()


def test_too_large_texts_of_sequences_are_refused_when_they_come_whole() -> None:
    decoder = events.SequenceDecoder(100)
    assert decoder.feed(b"\x1e1\n\x1e" + b"2" * 101 + b"\n\x1e3\n") == [Event(b"1")]
    with pytest.raises(StreamError, match="max_event_size"):
        decoder.feed(b"\x1e4\n")
