"""Descriptions are filled where their authors have wrapped them, and kept as they are elsewhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.targets.python.prose import deprecated, wrapped

LONG = "An integer between 0 and 20 specifying the maximum number of most likely"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Short.", "Short."),
        (f"{LONG}\ntokens.", f"{LONG} tokens."),
        # There was room for the next word: the author wanted the line to end here.
        (f"auto: decides\n{LONG}\nnone", f"auto: decides\n{LONG} none"),
        ("one\ntwo", "one\ntwo"),
        # Lines of any length are not wrapped by hand.
        (f"{LONG} {LONG}.\nNext.", f"{LONG} An\n{LONG[3:]}.\nNext."),
        (f"- {LONG}\n- tokens", f"- {LONG}\n- tokens"),
        (f"{LONG}\n- tokens", f"{LONG}\n- tokens"),
        (f"{LONG}\n    indented", f"{LONG}\n    indented"),
        (f"{LONG}\n# Heading", f"{LONG}\n# Heading"),
        (f"{LONG}\n| a | b |", f"{LONG}\n| a | b |"),
        (f"```\n{LONG}\ncode\n```", f"```\n{LONG}\ncode\n```"),
        (f"{LONG}  \nbroken", f"{LONG}\nbroken"),
        (f"{LONG}\\\nbroken", f"{LONG}\\\nbroken"),
        ("one\n\n\n\ntwo", "one\n\ntwo"),
        (f"- {LONG} tokens to return", f"- {LONG} tokens\n  to return"),
    ],
)
def test_wrapped(text: str, expected: str) -> None:
    assert wrapped(text, 4) == expected


@given(st.text(st.sampled_from("ab -.#|`\n"), max_size=300), st.integers(0, 12))
def test_words_and_paragraphs_stay(text: str, indent: int) -> None:
    found = wrapped(text, indent)
    assert found.split() == text.split()
    assert [part.split() for part in re.split(r"\n\s*\n", found.strip())] == [
        part.split() for part in re.split(r"\n\s*\n", text.strip())
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Deprecated."),
        ("Use `b`.", "Deprecated. Use `b`."),
        ("Deprecated: use `b`.", "Deprecated: use `b`."),
        ("DEPRECATED", "DEPRECATED"),
    ],
)
def test_deprecated(text: str, expected: str) -> None:
    assert deprecated(text) == expected
