"""Names are spelled as OpenAPI Generator 7.26.0 spells them: `spelling.json` is what it wrote."""

from __future__ import annotations

import json
import keyword
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.targets import words
from chatwright.targets.python import spelling

WRITTEN: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "spelling.json").read_text(encoding="utf-8")
)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "api_class": spelling.api_class,
    "attribute": spelling.attribute,
    "class_name": spelling.class_name,
    "enum_member": spelling.enum_member,
    "method": spelling.method,
    "module_name": spelling.module_name,
}
IDENTIFIERS = [name for name in SPELLINGS if name != "module_name"]


@pytest.mark.parametrize("kind", SPELLINGS)
def test_spells_as_openapi_generator(kind: str) -> None:
    written = WRITTEN[kind]
    assert {name: SPELLINGS[kind](name) for name in written} == written


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("attribute", "日本", "日本"),
        ("attribute", "é", "é"),
        ("attribute", "#", "var"),
        ("attribute", "", "var"),
        ("api_class", "", "DefaultApi"),
        ("api_class", "1st", "Api1stApi"),
        ("class_name", "日本", "日本"),
        ("class_name", "#", "Model"),
        ("enum_member", "__", "VALUE"),
        ("enum_member", "__init__", "INIT"),
        ("method", "_class", "call_class"),
        ("method", "#", "call"),
        ("method", "é", "é"),
    ],
)
def test_is_an_identifier_where_openapi_generators_is_none(
    kind: str, name: str, expected: str
) -> None:
    assert SPELLINGS[kind](name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "NUMBER_1"),
        (-3, "NUMBER_MINUS_3"),
        (1.5, "NUMBER_1_DOT_5"),
        (1e-08, "NUMBER_1EMINUS_08"),
        (True, "TRUE"),
        (None, "NONE"),
        ([1], "VALUE"),
    ],
)
def test_names_values_that_are_no_strings(value: object, expected: str) -> None:
    assert spelling.enum_member(value) == expected


def test_the_callback_argument_is_named_apart() -> None:
    assert spelling.argument("callback") == "param_callback"
    assert spelling.attribute("callback") == "callback"


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("id", "id2"),
        ("id2", "id3"),
        ("var_9", "var_10"),
        ("a" + "9" * 5000, "a" + "9" * 4991 + "1000000000"),
    ],
)
def test_counts_names_up(name: str, following: str) -> None:
    assert words.next_name(name) == following


def test_every_keyword_is_reserved() -> None:
    assert {word.lower() for word in keyword.kwlist} <= spelling.RESERVED


@pytest.mark.parametrize("kind", IDENTIFIERS)
@given(name=st.text())
def test_every_name_becomes_an_identifier(kind: str, name: str) -> None:
    word = SPELLINGS[kind](name)
    assert word.isidentifier()
    assert not keyword.iskeyword(word)
    assert not word.startswith("_")
    assert unicodedata.normalize("NFKC", word) == word
