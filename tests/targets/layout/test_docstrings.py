"""Docstrings and comments: black leaves them alone, and readers get the text back."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.targets.python.layout import attribute_docstring, comment, docstring
from chatwright.targets.text import docstring_text
from tests.targets.layout.docs import blackened

_PIECES = (
    *(
        '"',
        '""',
        '"""',
        "'",
        "'''",
        "\\",
        "\\n",
        "\\N{DASH}",
        "\\u0041",
        "{",
        "}",
        "{{ 7*7 }}",
        "%s",
    ),
    *(
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\v",
        "\f",
        "\x1c",
        "\x85",
        "\u2028",
        "\u2029",
        " ",
        "    ",
        "\t",
    ),
    *(
        "\x00",
        "\x1f",
        "\x7f",
        "\xa0",
        "\u3000",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\U000e0041",
    ),
    *(
        "a",
        "word ",
        "x" * 40,
        "x" * 80,
        "漢字",
        "é",
        "😀",
        "# type: ignore",
        "# fmt: off",
        "coding: x",
    ),
)
TEXTS = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text()


def _value(module: str, name: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(compile(module, "module.py", "exec"), namespace)
    return namespace[name]


@given(TEXTS)
def test_docstring_of_a_class(text: str) -> None:
    module = f"class A:\n{docstring(text, 4)}\n\n    a: int\n"
    assert blackened(module) == module
    assert inspect.getdoc(_value(module, "A")) == docstring_text(text)


@given(TEXTS)
def test_docstring_of_a_function(text: str) -> None:
    module = f"def f():\n{docstring(text, 4)}\n    return 1\n"
    assert blackened(module) == module
    assert inspect.getdoc(_value(module, "f")) == docstring_text(text)


@given(TEXTS)
def test_docstring_of_a_module(text: str) -> None:
    module = f"{docstring(text)}\n\na = 1\n"
    assert blackened(module) == module
    assert inspect.cleandoc(_value(module, "__doc__")) == docstring_text(text)


@given(TEXTS)
def test_docstring_of_an_attribute(text: str) -> None:
    module = f"class A:\n    a: int\n{attribute_docstring(text, 4)}\n\n    b: int\n"
    assert blackened(module) == module
    body = ast.parse(module).body[0]
    assert isinstance(body, ast.ClassDef)
    found = body.body[1]
    assert isinstance(found, ast.Expr)
    assert inspect.cleandoc(ast.literal_eval(found.value)) == docstring_text(text)


@given(TEXTS)
def test_normal_form_is_normal(text: str) -> None:
    assert docstring_text(docstring_text(text)) == docstring_text(text)


@given(TEXTS)
def test_comment(text: str) -> None:
    module = f"a = 1\n{comment(text)}\nb = 2\n" if text else "a = 1\nb = 2\n"
    assert blackened(module) == module
    assert ast.dump(ast.parse(module)) == ast.dump(ast.parse("a = 1\nb = 2\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line.", '    """One line."""'),
        ("  One.\n\n  Two.  \n", '    """One.\n\n    Two.\n    """'),
        ("List:\n  - a\n  - b", '    """\n    List:\n      - a\n      - b\n    """'),
        ('"Quoted" text', '    """ "Quoted" text"""'),
        ('Ends with a "quote"', '    """\n    Ends with a "quote"\n    """'),
        ("Ends with \\", '    """Ends with \\\\"""'),
        ('"""', '    """\n    \\"\\"\\"\n    """'),
        ("\u202eabc", '    """\\u202eabc"""'),
        ("", '    """"""'),
    ],
)
def test_reads_well(text: str, expected: str) -> None:
    assert docstring(text, 4) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line.", '    """One line."""'),
        ("One.\n\nTwo.", '    """One.\n\n    Two."""'),
        ('One.\nSo "two"', '    """One.\n    So "two"\n    """'),
        ("One.\nTwo \\", '    """One.\n    Two \\\\\n    """'),
        (f"One.\n{'x' * 81}", f'    """One.\n    {"x" * 81}"""'),
        (f"One.\n{'x' * 82}", f'    """One.\n    {"x" * 82}\n    """'),
    ],
)
def test_an_attributes_ends_on_its_last_line(text: str, expected: str) -> None:
    assert attribute_docstring(text, 4) == expected
