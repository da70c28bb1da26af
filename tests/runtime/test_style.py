"""Styles of parameters: the table of OpenAPI 3.1.1, section 4.8.12.5, and RFC 6570."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.package import load
from tests.vectors import cases

style = load("_runtime.style")


def described(case: dict[str, Any]) -> str:
    exploded = "-exploded" * case["explode"]
    return f"{case['in']}-{case['style']}{exploded}-{json.dumps(case['value'])}"


@pytest.mark.parametrize(
    "case", [pytest.param(each, id=described(each)) for each in cases("styles")]
)
def test_cases(case: dict[str, Any]) -> None:
    value, named, explode = case["value"], case["style"], case["explode"]
    found: Any
    match case["in"]:
        case "path":
            found = style.path("color", value, named, explode)
        case "query":
            found = style.query("color", value, named, explode)
        case "header":
            found = style.header(value, explode)
        case _:
            found = [list(pair) for pair in style.cookies("color", value, explode)]
    assert found == case["written"]


def test_safe_characters_of_paths_stay() -> None:
    assert style.path("name", "a/b c", "simple", False, "/") == "a/b%20c"


def test_names_are_encoded() -> None:
    assert style.query("a[b]&c", "x", "form", True) == "a%5Bb%5D%26c=x"


def test_reserved_characters_stay_where_they_may() -> None:
    assert style.query("url", "https://h/p?q=1&r=2#f", "form", True, True) == (
        "url=https://h/p?q=1%26r=2%23f"
    )


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
