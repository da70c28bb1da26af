"""Which regular expressions of documents are run, and that none of them runs for long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import SchemaValidator, core_schema

from chatwright.document import load
from chatwright.document.validate import full_check
from chatwright.regex import MAX_PATTERN, is_linear, is_steady, matches, problem

# Each keeps an engine that backtracks busy for longer than anybody lives.
CATASTROPHES = (
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "^([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$",
    "(.*a){40}$",
    "^(?:(?:(?:a*)*)*)*b",
    "a?" * 60 + "a" * 60 + "$",
)
TEXT = "a" * 60 + "!"
PIECES = (
    *("a", "b", "+", "*", "?", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<!", "|", "^"),
    *("$", "[", "]", "[^", "]", "\\d", "\\w", "\\s", "\\W", "\\D", "\\S", "\\b", "\\B"),
    *(
        ".",
        "-",
        "{2}",
        "{1,3}",
        "{2,}",
        "{900}",
        "\\A",
        "\\Z",
        "\\x41",
        "\\u0041",
        "\\/",
    ),
    *(
        "\\-",
        "\\]",
        "&&",
        "--",
        "~~",
        "\\(",
        "0",
        "a-z",
        "[:alpha:]",
        "\\t",
        "\\0",
        "\\07",
    ),
    *(
        "(?i)",
        "(?i:",
        "(?P<n>",
        "#",
        " ",
        "(?x)",
        "(?s)",
        "(?u)",
        "(?a)",
        "(?L)",
        "é",
        "\n",
    ),
)
PATTERNS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@given(PATTERNS)
def test_what_is_kept_suits_the_engine_of_generated_packages(pattern: str) -> None:
    if problem(pattern) is None:
        linear = is_linear(pattern)
        SchemaValidator(
            core_schema.str_schema(
                pattern=pattern, regex_engine="rust-regex" if linear else "python-re"
            )
        )
        assert linear or is_steady(pattern)


@given(PATTERNS, st.text("ab-!0 ", max_size=8))
def test_both_engines_agree(pattern: str, text: str) -> None:
    if problem(pattern) is None and is_steady(pattern):
        assert matches(pattern, text) == (re.search(pattern, text) is not None)


@pytest.mark.parametrize("pattern", CATASTROPHES)
def test_catastrophes_take_no_time(pattern: str) -> None:
    assert problem(pattern) is None
    assert is_linear(pattern) and not is_steady(pattern)
    assert matches(pattern, TEXT) is False


@pytest.mark.parametrize("pattern", CATASTROPHES)
def test_catastrophes_that_look_around_are_not_run(pattern: str) -> None:
    for looking in (
        f"(?!x){pattern}",
        f"^(?!x){pattern.strip('^')}",
        f"^(?!{pattern})",
    ):
        assert problem(looking) == "checking it might take forever"
        assert matches(looking, TEXT) is None


@pytest.mark.parametrize(
    ("pattern", "fits", "unfit"),
    [
        ("^(?!usage$).*$", "use", "usage"),
        (r"^(?=.*[A-Z])(?=.*\d).{8,}$", "Passw0rds", "password"),
        ("^(?!con|prn|aux)[a-z]+(?<!-)$", "disk", "con"),
        (r"^x(?=y)\w+$", "xyz", "xz"),
    ],
)
def test_looking_around(pattern: str, fits: str, unfit: str) -> None:
    assert not is_linear(pattern) and is_steady(pattern)
    assert matches(pattern, fits) is True
    assert matches(pattern, unfit) is False


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[", "unterminated character set"),
        ("(?u)(?a)", "incompatible"),
        ("a" * (MAX_PATTERN + 1), "longer than"),
        ("(" * 1_000 + ")" * 1_000, "too large"),
        ("a{4294967296}", "large"),
        (r"(a)\1", "forever"),
        ("(?:[a-z]{1000}){1000}", "forever"),
        ("[a-z&&[^b]]", "mean something else"),
        ("(?=.*a)b", "forever"),
        ("^.*(?=.*a)b", "forever"),
        ("^a|b(?!c)", "forever"),
        ("^(?!(?!a))b", "forever"),
    ],
)
def test_what_is_not_used(pattern: str, reason: str) -> None:
    assert reason in (problem(pattern) or "")


def test_lint_checks_defaults_in_bounded_time(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(f"""\
openapi: 3.1.0
info: {{title: a, version: b}}
paths: {{}}
components:
  schemas:
    Slow: {{type: string, pattern: ^(a+)+$, default: {TEXT}}}
    Keys:
      {{patternProperties: {{^(a+)+$: {{type: string}}}}, default: {{{TEXT}: 1}}}}
    Wrong: {{type: string, pattern: ^a+$, default: b}}
""")
    (found,) = full_check(load(path))
    assert found.location is not None and found.location.line == 9
