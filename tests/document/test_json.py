"""The JSON reader against the standard library's."""

from __future__ import annotations

import json as standard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.diagnostics import InputError
from chatwright.document import Node, json
from chatwright.document.marks import Marks
from chatwright.document.source import Sources


def read(text: str) -> Node:
    return json.read(Sources().add("document", text.encode()), Marks())


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    (diagnostic,) = caught.value.diagnostics
    return f"{diagnostic.code} {diagnostic.location}"


def accepted(text: str) -> tuple[bool, object]:
    """What the standard library makes of a text; it accepts constants and equal keys besides."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("duplicate key")
        return dict(pairs)

    def no_constant(name: str) -> object:
        raise ValueError(name)

    try:
        value: object = standard.loads(
            text, object_pairs_hook=unique, parse_constant=no_constant
        )
    except ValueError:
        return False, None
    return True, value


PUNCTUATION = st.sampled_from("{}[],: \n\f'")
STRINGS = st.sampled_from(['"a"', '"b"', '"\\u00e9"', '"\\x"', '"'])
NUMBERS = st.sampled_from(["1", "-0", "1.5", "2e3", "01", "+1", ".5", "1.", "-"])
WORDS = st.sampled_from(["true", "false", "null", "nul", "NaN", "Infinity"])
TOKENS = PUNCTUATION | STRINGS | NUMBERS | WORDS


@given(st.lists(TOKENS, max_size=8).map("".join))
def test_what_is_json_is_what_the_standard_library_says(text: str) -> None:
    valid, value = accepted(text)
    if valid:
        assert repr(read(text)) == repr(value)
    else:
        assert refusal(text).split()[0] in ("not-json", "empty", "duplicate-key")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=10))
def test_any_text_is_read_or_refused(text: str) -> None:
    valid, value = accepted(f'["{text}"]')
    if valid:
        assert read(f'["{text}"]') == value
    else:
        assert refusal(f'["{text}"]').split()[0] == "not-json"


def test_surrogates_stand_in_pairs() -> None:
    assert read('"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
    assert refusal('["a", "\\ude00\\ud83d"]') == "lone-surrogate document:1:7"
    assert refusal('{"\\ud83d": 1}') == "lone-surrogate document:1:2"


def test_nesting_is_bounded() -> None:
    assert refusal("[" * 100_000) == "too-deep document:1:1001"
    assert refusal('{"a":' * 20_000) == "too-deep document:1:5001"
    tree = read("[" * 1_000 + "]" * 1_000)
    depth = 0
    while isinstance(tree, list):
        depth += 1
        tree = tree[0] if tree else None
    assert depth == 1_000


def test_numbers_have_their_types() -> None:
    assert (
        repr(read("[1, 1.0, 1e2, -0, -0.0, 1E-2]")) == "[1, 1.0, 100.0, 0, -0.0, 0.01]"
    )
    assert read("1" * 1_000) == int("1" * 1_000)
    assert refusal("1" * 1_001) == "number-too-long document:1:1"
