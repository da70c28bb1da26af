"""Names are spelt as OpenAPI Generator 7.26.0's `rust` generator spells them: `spelling.json` is
what it wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.targets.rust import spelling

WRITTEN: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "spelling.json").read_text(encoding="utf-8")
)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "argument": spelling.argument,
    "field": spelling.field,
    "function": spelling.function,
    "group": spelling.group,
    "module": spelling.module,
    "struct": spelling.struct,
    "variant": spelling.variant,
}
NEVER_RAW = {"crate", "self", "super", "Self", "_"}


@pytest.mark.parametrize("kind", SPELLINGS)
def test_spells_as_openapi_generator(kind: str) -> None:
    written = WRITTEN[kind]
    assert {name: SPELLINGS[kind](name) for name in written} == written


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("field", "é", "é"),
        ("field", "self", "param_self"),
        ("function", "_", "call"),
        ("group", "", "Default"),
        ("module", "aux", "model_aux"),
        ("module", "é", "ue9"),
        ("module", "mod", "model_mod"),
        ("struct", "String", "ModelString"),
        ("struct", "from", "ModelFrom"),
        ("struct", "日本", "日本"),
        ("variant", "", "Empty"),
        ("variant", "self", "VariantSelf"),
    ],
)
def test_is_a_name_of_its_own_where_openapi_generators_is_none(
    kind: str, name: str, expected: str
) -> None:
    assert SPELLINGS[kind](name) == expected


@given(st.sampled_from(sorted(SPELLINGS)), st.text(max_size=40))
def test_every_name_is_an_identifier(kind: str, name: str) -> None:
    spelt = SPELLINGS[kind](name)
    plain = spelling.plain(spelt)
    assert plain.isidentifier()
    assert spelt not in NEVER_RAW
    if spelt == plain and kind not in ("group", "struct", "variant"):
        assert spelt not in spelling.KEYWORDS


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Human", True), ("human", False), ("Human_Being", False), ("Self", False)],
)
def test_knows_what_can_be_a_variant(name: str, expected: bool) -> None:
    assert spelling.is_variant(name) is expected
