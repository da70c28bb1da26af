"""Styles of parameters: the table of OpenAPI 3.1.1, section 4.8.12.5, and RFC 6570."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.package import load

style = load("_runtime.style")

STRING = "blue"
ARRAY = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}


@pytest.mark.parametrize(
    ("named", "explode", "value", "expected"),
    [
        ("matrix", False, "", ";color"),
        ("matrix", False, STRING, ";color=blue"),
        ("matrix", False, ARRAY, ";color=blue,black,brown"),
        ("matrix", False, OBJECT, ";color=R,100,G,200,B,150"),
        ("matrix", True, "", ";color"),
        ("matrix", True, STRING, ";color=blue"),
        ("matrix", True, ARRAY, ";color=blue;color=black;color=brown"),
        ("matrix", True, OBJECT, ";R=100;G=200;B=150"),
        ("label", False, "", "."),
        ("label", False, STRING, ".blue"),
        ("label", False, ARRAY, ".blue,black,brown"),
        ("label", False, OBJECT, ".R,100,G,200,B,150"),
        ("label", True, "", "."),
        ("label", True, STRING, ".blue"),
        ("label", True, ARRAY, ".blue.black.brown"),
        ("label", True, OBJECT, ".R=100.G=200.B=150"),
        ("simple", False, "", ""),
        ("simple", False, STRING, "blue"),
        ("simple", False, ARRAY, "blue,black,brown"),
        ("simple", False, OBJECT, "R,100,G,200,B,150"),
        ("simple", True, ARRAY, "blue,black,brown"),
        ("simple", True, OBJECT, "R=100,G=200,B=150"),
        ("simple", False, "a/b?c d%é", "a%2Fb%3Fc%20d%25%C3%A9"),
        ("simple", False, ["a,b", "c"], "a%2Cb,c"),
        ("label", False, True, ".true"),
        ("matrix", False, 1.5, ";color=1.5"),
    ],
)
def test_paths(named: str, explode: bool, value: Any, expected: str) -> None:
    assert style.path("color", value, named, explode) == expected


def test_safe_characters_of_paths_stay() -> None:
    assert style.path("name", "a/b c", "simple", False, "/") == "a/b%20c"


@pytest.mark.parametrize(
    ("named", "explode", "value", "expected"),
    [
        ("form", False, "", "color="),
        ("form", False, STRING, "color=blue"),
        ("form", False, ARRAY, "color=blue,black,brown"),
        ("form", False, OBJECT, "color=R,100,G,200,B,150"),
        ("form", True, "", "color="),
        ("form", True, STRING, "color=blue"),
        ("form", True, ARRAY, "color=blue&color=black&color=brown"),
        ("form", True, OBJECT, "R=100&G=200&B=150"),
        ("spaceDelimited", False, ARRAY, "color=blue%20black%20brown"),
        ("spaceDelimited", False, OBJECT, "color=R%20100%20G%20200%20B%20150"),
        ("spaceDelimited", True, ARRAY, "color=blue&color=black&color=brown"),
        ("pipeDelimited", False, ARRAY, "color=blue%7Cblack%7Cbrown"),
        ("pipeDelimited", False, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"),
        ("pipeDelimited", True, ARRAY, "color=blue&color=black&color=brown"),
        (
            "deepObject",
            True,
            OBJECT,
            "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        ),
        (
            "deepObject",
            True,
            {"a": {"b": [1, 2]}},
            "color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bb%5D=2",
        ),
        ("form", True, {"tags": ["a", "b"]}, "tags=a&tags=b"),
        ("form", True, [], ""),
        ("form", False, [], ""),
        ("form", True, {}, ""),
        ("form", True, {"R": None, "G": 1}, "G=1"),
        ("form", False, ["a", None], "color=a"),
        ("deepObject", True, {"a": {"b": None, "c": 1}}, "color%5Ba%5D%5Bc%5D=1"),
        ("deepObject", True, {}, ""),
        ("form", True, True, "color=true"),
        ("form", True, [{"a": None}], "color=%7B%22a%22%3Anull%7D"),
        ("form", True, "a b&c=d+e#f", "color=a%20b%26c%3Dd%2Be%23f"),
    ],
)
def test_queries(named: str, explode: bool, value: Any, expected: str) -> None:
    assert style.query("color", value, named, explode) == expected


def test_names_are_encoded() -> None:
    assert style.query("a[b]&c", "x", "form", True) == "a%5Bb%5D%26c=x"


def test_reserved_characters_stay_where_they_may() -> None:
    assert style.query("url", "https://h/p?q=1&r=2#f", "form", True, True) == (
        "url=https://h/p?q=1%26r=2%23f"
    )


@pytest.mark.parametrize(
    ("explode", "value", "expected"),
    [
        (False, "", ""),
        (False, "a b", "a b"),
        (False, ARRAY, "blue,black,brown"),
        (True, ARRAY, "blue,black,brown"),
        (False, OBJECT, "R,100,G,200,B,150"),
        (True, OBJECT, "R=100,G=200,B=150"),
        (False, False, "false"),
    ],
)
def test_headers(explode: bool, value: Any, expected: str) -> None:
    assert style.header(value, explode) == expected


@pytest.mark.parametrize(
    ("explode", "value", "expected"),
    [
        (True, STRING, [("color", "blue")]),
        (False, ARRAY, [("color", "blue,black,brown")]),
        (True, ARRAY, [("color", "blue"), ("color", "black"), ("color", "brown")]),
        (False, OBJECT, [("color", "R,100,G,200,B,150")]),
        (True, OBJECT, [("R", "100"), ("G", "200"), ("B", "150")]),
        (False, [], []),
    ],
)
def test_cookies(explode: bool, value: Any, expected: list[tuple[str, str]]) -> None:
    assert style.cookies("color", value, explode) == expected


@given(st.text(), st.text())
def test_queries_come_back(name: str, value: str) -> None:
    written = style.query(name, value, "form", True)
    assert parse_qsl(written, keep_blank_values=True) == [(name, value)]
    assert written.isascii()


@given(st.text())
def test_path_parameters_come_back_as_one_segment(value: str) -> None:
    written = style.path("name", value, "simple", False)
    assert unquote(written) == value
    assert not set(written) & set("/?#")
