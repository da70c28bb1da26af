"""Each statement is what black makes of it, whatever its names, lengths and nesting."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatwright.targets.python.layout import (
    Doc,
    Parameter,
    assignment,
    call,
    class_statement,
    expression,
    flat,
    from_import,
    keyword,
    list_display,
    literal,
    return_statement,
    signature,
    subscript,
    tuple_display,
    union,
)
from chatwright.targets.text import Json, python_literal
from tests.targets.layout.docs import (
    FIELDS,
    IDENTIFIERS,
    INDENTS,
    JSON,
    NAMES,
    TYPES,
    VALUES,
    blackened,
    few,
    parameters,
    placed,
)


def assert_black_keeps(source: str) -> None:
    assert blackened(source) == source


def assert_says(statement: str, expected: str) -> None:
    """The statement has the syntax tree of another spelling of it."""
    assert ast.dump(ast.parse(textwrap.dedent(statement))) == ast.dump(
        ast.parse(expected)
    )


@given(NAMES, TYPES, INDENTS)
def test_annotation(name: str, annotation: Doc, indent: int) -> None:
    statement = assignment(name, annotation, None, indent)
    assert_says(statement, f"{name}: {flat(annotation)}")
    assert_black_keeps(placed(statement, indent))


@given(NAMES, VALUES | TYPES, INDENTS)
def test_assignment(name: str, value: Doc, indent: int) -> None:
    statement = assignment(name, None, value, indent)
    assert_says(statement, f"{name} = {flat(value)}")
    assert_black_keeps(placed(statement, indent))


@given(NAMES, TYPES, FIELDS, INDENTS)
def test_annotated_assignment(
    name: str, annotation: Doc, value: Doc, indent: int
) -> None:
    statement = assignment(name, annotation, value, indent)
    assert_says(statement, f"{name}: {flat(annotation)} = {flat(value)}")
    assert_black_keeps(placed(statement, indent))


@given(NAMES, few(VALUES), INDENTS)
def test_expression(name: str, arguments: list[Doc], indent: int) -> None:
    statement = expression(call(name, *arguments), indent)
    assert_black_keeps(placed(statement, indent))


@given(VALUES | TYPES)
def test_return(value: Doc) -> None:
    assert_black_keeps(f"def f():\n{return_statement(value, 4)}\n")


@given(
    NAMES,
    parameters(),
    st.none() | TYPES,
    st.booleans(),
    st.sampled_from(("", "...")),
)
def test_signature(
    name: str, listed: Sequence[Parameter], returns: Doc | None, async_: bool, body: str
) -> None:
    assume(listed or returns is None or len(flat(returns)) < 80)
    statement = signature(name, listed, returns, async_=async_, body=body)
    assert_black_keeps(f"{statement}\n" if body else f"{statement}\n    pass\n")


@given(NAMES, parameters(), st.none() | TYPES)
def test_signature_of_a_method(
    name: str, listed: Sequence[Parameter], returns: Doc | None
) -> None:
    statement = signature(name, [Parameter("self"), *listed], returns, 4)
    assert_black_keeps(f"class A:\n{statement}\n        pass\n")


@given(NAMES, few(TYPES))
def test_class(name: str, bases: list[Doc]) -> None:
    assert_black_keeps(f"{class_statement(name, bases)}\n    pass\n")


@given(NAMES, st.lists(IDENTIFIERS, min_size=1, max_size=6), INDENTS)
def test_from_import(module: str, names: list[str], indent: int) -> None:
    statement = from_import(f".{module}", names, indent)
    assert_says(statement, f"from .{module} import {', '.join(names)}")
    assert_black_keeps(placed(statement, indent))


@pytest.mark.parametrize("length", range(74, 92))
@pytest.mark.parametrize("value", ["None", '"value"', call("F"), call("F", "x", "y")])
def test_annotation_of_one_long_name(length: int, value: Doc) -> None:
    assert_black_keeps(f"{assignment('x', 'A' * length, value)}\n")


@given(NAMES, JSON, INDENTS)
def test_literal(name: str, value: Json, indent: int) -> None:
    statement = assignment(name, None, literal(value), indent)
    assert_says(statement, f"{name} = {python_literal(value)}")
    assert_black_keeps(placed(statement, indent))


A, B, C = "A" * 30, "B" * 30, "C" * 30


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (assignment("name", "str", None), "name: str"),
        (
            assignment("name", union("str", "None"), "None", 4),
            "    name: str | None = None",
        ),
        (assignment("empty", None, list_display()), "empty = []"),
        (assignment("one", None, tuple_display("x")), "one = (x,)"),
        (
            assignment("__all__", None, list_display(f'"{A}"', f'"{B}"', f'"{C}"')),
            f'__all__ = [\n    "{A}",\n    "{B}",\n    "{C}",\n]',
        ),
        (
            assignment("name", union(A, subscript("list", B), C), "None"),
            f"name: (\n    {A}\n    | list[{B}]\n    | {C}\n) = None",
        ),
        (
            assignment("name", union(subscript("Annotated", A, B, C), "None"), "None"),
            "name: (\n    Annotated[\n"
            f"        {A},\n        {B},\n        {C},\n    ]\n    | None\n) = None",
        ),
        (
            assignment("name", subscript("list", A + B + C), None),
            f"name: list[\n    {A + B + C}\n]",
        ),
        (
            assignment("name", union(A, B), call("Field", keyword("alias", f'"{C}"'))),
            f'name: {A} | {B} = Field(\n    alias="{C}",\n)',
        ),
        (
            signature(
                "f",
                [
                    Parameter("self"),
                    Parameter("a", union(A, B), "None"),
                    Parameter("b", A),
                ],
                "str",
                body="...",
            ),
            f"def f(\n    self,\n    a: {A} | {B} = None,\n    b: {A},\n) -> str: ...",
        ),
        (
            return_statement(union(A, B, C), 4),
            f"    return (\n        {A}\n        | {B}\n        | {C}\n    )",
        ),
        (class_statement("A", ()), "class A:"),
        (class_statement("A", ("B", "C")), "class A(B, C):"),
    ],
)
def test_reads_well(statement: str, expected: str) -> None:
    assert statement == expected
