"""The YAML reader against the specification, and against JSON."""

from __future__ import annotations

import json as standard
import math
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml import SafeLoader

from chatwright.diagnostics import InputError
from chatwright.document import Node, json, yaml
from chatwright.document.marks import Marks
from chatwright.document.source import Source, Sources
from tests.document.values import VALUES

# YAML 1.2.2, section 10.3.2, "Tag Resolution": the regular expressions of the core schema.
NULL = r"null|Null|NULL|~|"
BOOL = r"true|True|TRUE|false|False|FALSE"
INT_10 = r"[-+]?[0-9]+"
INT_8 = r"0o[0-7]+"
INT_16 = r"0x[0-9a-fA-F]+"
FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
INFINITY = r"[-+]?(\.inf|\.Inf|\.INF)"
NAN = r"\.nan|\.NaN|\.NAN"
CORE = "|".join((NULL, BOOL, INT_10, INT_8, INT_16, FLOAT, INFINITY, NAN))


def read(text: str, reader: Callable[[Source, Marks], Node] = yaml.read) -> Node:
    return reader(Sources().add("document", text.encode()), Marks())


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    (diagnostic,) = caught.value.diagnostics
    return f"{diagnostic.code} {diagnostic.location}"


def resolved(text: str) -> Node:
    """What the specification says that a plain scalar is."""
    if re.fullmatch(NULL, text):
        return None
    if re.fullmatch(BOOL, text):
        return text.lower() == "true"
    if re.fullmatch(INT_10, text):
        return int(text)
    if re.fullmatch(INT_8, text):
        return int(text[2:], 8)
    if re.fullmatch(INT_16, text):
        return int(text[2:], 16)
    if re.fullmatch(FLOAT, text):
        return float(text)
    if re.fullmatch(INFINITY, text):
        return -math.inf if text.startswith("-") else math.inf
    if re.fullmatch(NAN, text):
        return math.nan
    return text


def same(one: Node, other: Node) -> bool:
    """Equal, and of the same types: 1, 1.0 and true are three values, and NaN is itself."""
    return repr(one) == repr(other)


NEAR_CORE = st.text("0123456789+-.eExXoObaAfFinINFtrueTRUEyYnNlL~_T", max_size=8)


@given(st.from_regex(CORE, fullmatch=True) | NEAR_CORE)
def test_plain_scalars_resolve_as_the_core_schema_says(text: str) -> None:
    # An indicator alone, or a document's end, is no plain scalar (sections 7.3.3 and 9.1.4).
    if text in ("-", "---", "..."):
        return
    assert same(read(f"key: {text}"), {"key": resolved(text)})


@given(st.from_regex(CORE, fullmatch=True) | NEAR_CORE)
def test_quoted_scalars_are_strings(text: str) -> None:
    assert read(f'["{text}", \'{text}\', !!str "{text}"]') == [text, text, text]


@given(NEAR_CORE.filter(lambda text: text not in ("", "-", "---", "...")))
def test_keys_are_their_own_text(text: str) -> None:
    assert read(f"{text}: 1") == {text: 1}


@given(VALUES, st.sampled_from([None, 0, 1, 4]))
def test_json_reads_the_same_as_yaml_and_as_json(
    value: Node, indent: int | None
) -> None:
    text = standard.dumps(value, ensure_ascii=False, indent=indent)
    assert same(read(text, json.read), value)
    assert same(read(text), value)


@given(VALUES)
def test_escaped_json_reads_the_same_as_json(value: Node) -> None:
    assert same(read(standard.dumps(value), json.read), value)


@pytest.mark.parametrize(
    "text", ["a: b\n", "- [1, {a: ~}]\n", 'a: "\u2028 b"\n', "a: &x [1]\nb: *x\n"]
)
def test_both_of_pyyamls_parsers_read_the_same(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = read(text)
    monkeypatch.setattr("chatwright.document.yaml._PARSER", SafeLoader)
    assert read(text) == fast


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a: "\\ud800"', "lone-surrogate document:1:4"),
        ("a: \x7f", "control-character document:1:4"),
        ("a: !foo b", "unknown-tag document:1:4"),
        ("a: [b", "not-yaml document:1:6"),
    ],
)
def test_the_slow_parser_refuses_with_a_place(
    text: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatwright.document.yaml._PARSER", SafeLoader)
    assert refusal(text) == expected


def test_the_line_breaks_of_yaml_1_1_are_text() -> None:
    text = "a\u2028b \x85 c\u2029"
    assert read(
        f"plain: {text}\nquoted: '{text}'\nblock: |\n  {text}\n\U00100000: 1"
    ) == {
        "plain": text,
        "quoted": text,
        "block": f"{text}\n",
        "\U00100000": 1,
    }


def test_a_key_stands_once_however_it_is_written() -> None:
    for first, second in [
        ("200", '"200"'),
        ("~", "'~'"),
        ("a", "!!str a"),
        ("&x b", "*x "),
    ]:
        assert refusal(f"{first}: 1\n{second}: 2") == "duplicate-key document:2:1"


def test_an_alias_stands_for_a_tree_of_its_own() -> None:
    tree = read("- &x {a: [1]}\n- *x\n")
    assert isinstance(tree, list)
    first, second = tree
    assert first == second == {"a": [1]}
    assert first is not second


def test_an_anchor_means_what_stands_before() -> None:
    assert read("[&x 1, *x, &x 2, *x]") == [1, 1, 2, 2]
    assert refusal("&x {a: *x}") == "recursive-alias document:1:8"
    assert refusal("[*x, &x 1]") == "undefined-alias document:1:2"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_is_bounded(opening: str) -> None:
    assert refusal(opening * 50_000).startswith("too-deep document:1:")


def test_a_thousand_levels_are_accepted() -> None:
    tree = read("[" * 1_000 + "]" * 1_000)
    depth = 0
    while isinstance(tree, list):
        depth += 1
        tree = tree[0] if tree else None
    assert depth == 1_000
    assert refusal("[" * 1_001 + "]" * 1_001) == "too-deep document:1:1001"


def test_a_merge_key_gives_way_to_what_the_mapping_says() -> None:
    tree = read("base: &b {a: 1, b: 2}\nkid:\n  b: 3\n  <<: *b\n  c: 4\n  <<: {d: 5}\n")
    assert isinstance(tree, dict)
    assert tree["kid"] == {"a": 1, "d": 5, "b": 3, "c": 4}
    assert tree["base"] == {"a": 1, "b": 2}
