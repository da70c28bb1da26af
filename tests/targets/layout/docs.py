"""Random docs, and black as the judge of what is laid out."""

from __future__ import annotations

import keyword as keywords
from collections.abc import Sequence
from typing import Any

import black
from black.mode import TargetVersion
from hypothesis import strategies as st

from chatwright.targets.python.layout import (
    LINE_LENGTH,
    Doc,
    Group,
    Parameter,
    Prefixed,
    call,
    dict_display,
    keyword,
    list_display,
    subscript,
    tuple_display,
    union,
)
from chatwright.targets.text import python_string

MODE = black.Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
INDENTS = st.sampled_from((0, 4, 8))

# Lengths on both sides of what fits, and few enough that a line is often just full.
SHORT = (1, 2, 3, 4, 6, 8, 10, 14, 18, 22, 25, 28, 30, 33, 38)
LONG = (45, 60, 75, 80, 84, 95)
LETTERS = "abcxyzABCXYZ_"


def _identifiers(lengths: Sequence[int]) -> st.SearchStrategy[str]:
    def is_name(text: str) -> bool:
        return text != "_" and not keywords.iskeyword(text)

    return st.builds(
        str.__mul__, st.sampled_from(LETTERS), st.sampled_from(lengths)
    ).filter(is_name)


def _dotted(owner: str, attribute: str) -> str:
    return f"{owner}.{attribute}"


NAMES = _identifiers(SHORT)
IDENTIFIERS = _identifiers(SHORT + LONG)
DOTTED = st.builds(_dotted, NAMES, NAMES)
STRINGS = st.builds(
    str.__mul__,
    st.sampled_from("a 漢\"'\\\n\x00\u202e{"),
    st.sampled_from(SHORT + LONG),
).map(python_string)
NUMBERS = st.sampled_from(("0", "-1", "1.5", "10", "1e-08", "None", "True", "..."))
ATOMS: st.SearchStrategy[Doc] = IDENTIFIERS | DOTTED | STRINGS | NUMBERS


def few(items: st.SearchStrategy[Doc], least: int = 0) -> st.SearchStrategy[list[Doc]]:
    """Up to four of the items."""
    return st.lists(items, min_size=least, max_size=4)


def _subscript(name: str, items: list[Doc]) -> Doc:
    return subscript(name, *items)


def _union(members: list[Doc]) -> Doc:
    return union(*members)


def _types(children: st.SearchStrategy[Doc]) -> st.SearchStrategy[Doc]:
    items = few(st.one_of(children, VALUES), least=1)
    return st.one_of(
        st.builds(_subscript, NAMES, items),
        st.builds(_union, few(children, least=2)),
    )


def _call(name: str, arguments: list[Doc], named: list[Doc]) -> Doc:
    return call(name, *arguments, *named)


def _list(items: list[Doc]) -> Doc:
    return list_display(*items)


def _tuple(items: list[Doc]) -> Doc:
    return tuple_display(*items)


def _dict(entries: list[tuple[str, Doc]]) -> Doc:
    return dict_display(*entries)


def _unpacked(group: Doc) -> Doc:
    return Prefixed("**", group)


def _values(children: st.SearchStrategy[Doc]) -> st.SearchStrategy[Doc]:
    named = few(st.builds(keyword, NAMES, children))
    entries = st.lists(st.tuples(STRINGS, children), max_size=4)
    unpacked = st.builds(_unpacked, st.builds(_dict, entries))
    return st.one_of(
        st.builds(_call, NAMES | DOTTED, few(children), named | few(unpacked)),
        st.builds(_list, few(children)),
        st.builds(_tuple, few(children)),
        st.builds(_dict, entries),
    )


VALUES: st.SearchStrategy[Doc] = st.recursive(ATOMS, _values, max_leaves=8)
TYPES: st.SearchStrategy[Doc] = st.recursive(
    st.one_of(IDENTIFIERS, NAMES, DOTTED), _types, max_leaves=8
)
# What a field or a parameter is given: never a tuple, which black breaks in ways of its own.
FIELDS = VALUES.filter(lambda doc: not (isinstance(doc, Group) and doc.opening == "("))


@st.composite
def parameters(draw: st.DrawFn) -> list[Parameter]:
    """Parameters in an order that Python takes: after a default, all before `*` have one."""
    names = draw(st.lists(NAMES, max_size=5, unique=True))
    star = draw(st.integers(min_value=0, max_value=len(names)))
    found: list[Parameter] = []
    optional = False
    for index, name in enumerate(names):
        annotation = draw(st.none() | TYPES)
        default = draw(st.none() | FIELDS)
        if index == star:
            found.append(Parameter("*"))
        optional = index < star and (optional or default is not None)
        if optional and default is None:
            default = "None"
        found.append(Parameter(name, annotation, default))
    return found


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from("a 漢\"'\\\n")),
    lambda children: st.lists(children) | st.dictionaries(st.text("ab"), children),
    max_leaves=20,
)


def blackened(source: str) -> str:
    """What black makes of a module."""
    return black.format_str(source, mode=MODE)


def placed(statement: str, indent: int) -> str:
    """A module in which a statement stands at an indentation that is legal there."""
    opened = "".join(f"{' ' * depth}if a:\n" for depth in range(0, indent, 4))
    return f"{opened}{statement}\n"
