"""Literals evaluate to what was written, and black leaves them alone."""

from __future__ import annotations

import ast
import keyword
import math
import tomllib
from typing import Any

import black
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.targets.python.layout import assignment
from chatwright.targets.text import (
    Json,
    comment_line,
    file_name,
    python_identifier,
    python_literal,
    python_string,
    rust_raw_string,
    toml_string,
)
from tests.targets.layout.docs import MODE

# Any code points at all, with those that matter to quoting far more often than by chance.
TEXTS = st.text() | st.text(
    st.sampled_from("\"'\\nN{}ux0\n\r\t\x00\x85\u2028\u202e\ud800é漢")
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda children: st.lists(children, max_size=4)
    | st.dictionaries(TEXTS, children, max_size=4),
    max_leaves=10,
)


@given(TEXTS)
def test_python_string(text: str) -> None:
    literal = python_string(text)
    assert ast.literal_eval(literal) == text
    assert literal.splitlines() == [literal]


@given(st.text(st.sampled_from("\"'\\a\n\x00"), max_size=20))
def test_python_string_has_the_quotes_of_black(text: str) -> None:
    module = f"a = {python_string(text)}\n"
    assert black.format_str(module, mode=MODE) == module


@given(JSON)
def test_python_literal(value: Json) -> None:
    assert ast.literal_eval(python_literal(value)) == value


@given(st.none() | st.booleans() | st.integers() | st.floats())
def test_python_literal_is_black(value: Json) -> None:
    module = f"a = {python_literal(value)}\n"
    assert black.format_str(module, mode=MODE) == module


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (None, "None"),
        (True, "True"),
        (1, "1"),
        (1e22, "1e22"),
        (1e-08, "1e-08"),
        (math.inf, 'float("inf")'),
        (-math.inf, 'float("-inf")'),
        (math.nan, 'float("nan")'),
        ([1, "a", None], '[1, "a", None]'),
        ({"a": {"b": []}}, '{"a": {"b": []}}'),
    ],
)
def test_python_literal_of(value: Json, literal: str) -> None:
    assert python_literal(value) == literal


# Python reads and writes at most 4,300 decimal digits.
HUGE = [10**4300 - 1, 10**4300, 16**5000 + 0xABCDEF]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("value", HUGE, ids=["longest", "too-long", "hexadecimal"])
def test_python_literal_of_a_huge_integer(value: int, sign: int) -> None:
    literal = python_literal(sign * value)
    assert ast.literal_eval(literal) == sign * value
    module = f"{assignment('a', None, literal)}\n"
    assert black.format_str(module, mode=MODE) == module


def test_python_literal_is_no_deeper_than_python_reads() -> None:
    value: Json = []
    for _ in range(100):
        value = [value]
    assert ast.literal_eval(python_literal(value)) == value
    with pytest.raises(ValueError, match="nested more than 100 deep"):
        python_literal([value])


@given(TEXTS)
def test_python_identifier(text: str) -> None:
    name = python_identifier(text)
    assert name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
    assert python_identifier(name) == name


@given(
    TEXTS.filter(lambda text: not any("\ud800" <= each <= "\udfff" for each in text))
)
def test_toml_string(text: str) -> None:
    assert tomllib.loads(f"a = {toml_string(text)}\nb = 1") == {"a": text, "b": 1}


@given(TEXTS)
def test_file_name(text: str) -> None:
    name = file_name(text, ".md")
    assert name.isascii() and name.endswith(".md") and len(name) <= 255
    assert not set(name) & set('<>:"/\\|?*') and name[0] not in ".-"
    assert file_name(file_name(text)) == file_name(text)


def test_long_file_names_stay_apart() -> None:
    names = {file_name("a" * 300 + end, ".py") for end in "bcd"}
    assert len(names) == 3
    assert {len(name) for name in names} == {255}


@given(TEXTS)
def test_comment_line(text: str) -> None:
    line = comment_line(text)
    assert line.splitlines() == [line] and line.startswith("#")
    assert ast.parse(line).body == []


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("", "#"),
        ("A word: typed text.", "# A word: typed text."),
        ("type: ignore", "# \\type: ignore"),
        ("noqa", "# \\noqa"),
        ("fmt: off", "# \\fmt: off"),
        ("see # fmt: skip", "# see # \\fmt: skip"),
        ("-*- coding: latin-1 -*-", "# -*- coding\\: latin-1 -*-"),
        ("pyright: basic", "# \\pyright: basic"),
    ],
)
def test_comments_are_no_directives(text: str, comment: str) -> None:
    assert comment_line(text) == comment


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", 'r#""#'),
        ('{"a": "b"}', 'r#"{"a": "b"}"#'),
        ('{"a": "#"}', 'r##"{"a": "#"}"##'),
        ('"#"##"', 'r###""#"##""###'),
        ("a\\\nb", 'r#"a\\\nb"#'),
    ],
)
def test_raw_strings_of_rust_end_where_the_text_does(text: str, literal: str) -> None:
    assert rust_raw_string(text) == literal
