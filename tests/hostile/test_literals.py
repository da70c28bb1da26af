"""Hostile text in each kind of literal neither runs nor changes."""

from __future__ import annotations

import ast
import inspect
import keyword
import tokenize
import tomllib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest

from chatwright.targets.markdown import (
    markdown_block,
    markdown_cell,
    markdown_code,
    markdown_comment,
    markdown_fence,
    markdown_line,
    markdown_literal_cell,
    markdown_raw_cell,
)
from chatwright.targets.python.layout import comment, docstring
from chatwright.targets.text import (
    docstring_text,
    file_name,
    python_identifier,
    python_literal,
    python_string,
    toml_string,
)
from tests.hostile.canary import silence
from tests.hostile.texts import CASES, hostile, texts
from tests.targets.text.commonmark import assert_ends, dangers, parse


def run(module: str) -> dict[str, Any]:
    """The names that a module defines, as its bytes on disk would; it may do nothing else."""
    code = compile(module.encode(), "module.py", "exec")
    namespace: dict[str, Any] = {}
    with silence():
        exec(code, namespace)
    return namespace


def test_there_are_enough_cases() -> None:
    assert sum(len(texts(path.stem)) for path in CASES.glob("*.json")) >= 60


@pytest.mark.parametrize("song", ["canary()", "open('/dev/null')", "exec('1')"])
def test_the_canary_sings(song: str) -> None:
    with pytest.raises(AssertionError):
        run(f"a = {song}")


@hostile("python_string", "docstring", "comment")
def test_python_string(text: str) -> None:
    module = f"a = {python_string(text)}\nb = {python_literal({text: [text]})}\n"
    assert [type(each) for each in ast.parse(module).body] == [ast.Assign] * 2
    found = run(module)
    assert found["a"] == text
    assert found["b"] == {text: [text]}


@hostile("python_string", "docstring", "comment")
def test_docstring(text: str) -> None:
    module = "\n".join(
        [
            *(docstring(text), "", "class A:", docstring(text, 4), "    a: int"),
            *(docstring(text, 4), "def f():", docstring(text, 4)),
        ]
    )
    found = run(module)
    expected = docstring_text(text)
    assert inspect.cleandoc(found["__doc__"]) == expected
    assert (inspect.getdoc(found["A"]) or "") == expected
    assert (inspect.getdoc(found["f"]) or "") == expected
    assert [type(each) for each in ast.parse(module).body] == [
        ast.Expr,
        ast.ClassDef,
        ast.FunctionDef,
    ]


@hostile("comment", "python_string", "docstring")
def test_comment(text: str) -> None:
    source = f"{comment(text)}\na = 1\n"
    assert ast.dump(ast.parse(source)) == ast.dump(ast.parse("a = 1\n"))
    assert tokenize.detect_encoding(BytesIO(source.encode()).readline)[0] == "utf-8"
    assert run(source)["a"] == 1
    for word in ("type:", "noqa", "fmt:", "pyright:"):
        assert f"# {word}" not in source


@hostile("identifier", "python_string")
def test_identifier(text: str) -> None:
    name = python_identifier(text)
    assert name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
    found = run(f"{name} = 1\ndef f({name}): return {name}\nclass A: {name}: int = 2\n")
    assert found[name] == 1 and found["f"](2) == 2


@pytest.mark.parametrize(
    "write", [markdown_cell, markdown_literal_cell, markdown_raw_cell]
)
@hostile("markdown", "python_string", length=50_000)
def test_markdown_cell(text: str, write: Callable[[str], str]) -> None:
    table = f"a | b | c\n-|-|-\na | {write(text)} | z\n\nend"
    tokens = parse(table)
    assert [token.type for token in tokens].count("td_open") == 3
    assert [token.content for token in tokens if token.type == "inline"][-2:] == [
        "z",
        "end",
    ]
    assert dangers(table) == []


@pytest.mark.parametrize("write", [markdown_line, markdown_block])
@hostile("markdown", "python_string", length=50_000)
def test_markdown_text(text: str, write: Callable[[str], str]) -> None:
    written = write(text)
    assert dangers(written) == []
    assert_ends(written)


@hostile("markdown", "python_string", length=50_000)
def test_markdown_code(text: str) -> None:
    fence, *_ = parse(markdown_fence(text, "python"))
    assert (fence.type, fence.info) == ("fence", "python")
    assert_ends(markdown_fence(text))
    if text.strip():
        _, inline, _ = parse(f"a {markdown_code(text)} z")
        found = [token.type for token in inline.children or ()]
        assert found == ["text", "code_inline", "text"]


@hostile("markdown", "python_string", length=50_000)
def test_comment_of_an_example(text: str) -> None:
    example = f"```python\na = 1 # {markdown_comment(text)}\n```"
    assert_ends(example)
    assert run(parse(example)[0].content)["a"] == 1


@hostile("toml", "python_string")
def test_toml(text: str) -> None:
    found = tomllib.loads(f"a = {toml_string(text)}\nz = 1\n")
    assert found == {
        "a": text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "z": 1,
    }


@hostile("file_name", "identifier", "markdown")
def test_file_name(text: str, tmp_path: Path) -> None:
    name = file_name(text, ".md")
    assert PurePosixPath(name).name == name == PureWindowsPath(name).name
    assert not PureWindowsPath(name).is_reserved() and not name.startswith((".", "-"))
    (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == [name]
