"""Layout is rustfmt's, at every width at which something breaks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatwright.targets.rust import layout

pytestmark = pytest.mark.skipif(
    shutil.which("rustfmt") is None, reason="there is no rustfmt"
)


def name(length: int) -> str:
    return "A" + "b" * (length - 1)


def formatted(path: Path, text: str) -> str:
    """The text as rustfmt writes it."""
    path.write_text(text, encoding="utf-8")
    subprocess.run(["rustfmt", "--edition", "2021", path], check=True)
    return path.read_text(encoding="utf-8")


def signatures() -> Iterator[str]:
    for length in range(30, 95):
        returned = f"Result<models::{name(length)}, Error<OtherError>>"
        yield layout.signature("pub async fn f", ["a: &A"], returned)
        yield layout.signature("pub fn f", [f"a: {name(length)}", "b: B"], "Self")
    for length in range(60, 110):
        returned = f"Result<serde_json::Value, Error<{name(length)}>>"
        yield layout.signature("fn f", ["a: &A"], returned)


def statements() -> Iterator[str]:
    for length in range(10, 90):
        a, b = f"A::{name(length)}", f"B::{name(11)}"
        yield layout.call("call.one", [f"&{name(length)}"], 4)
        yield layout.call("call.two", [f"&{name(length)}", '"text"'], 4)
        yield layout.lists("call.lists", [[a]], 4)
        yield layout.lists("call.lists", [[a], [b]], 4)
        yield layout.lists("call.lists", [[a, b]], 4)
        yield layout.lists("call.lists", [[a, b], [b]], 4)
        yield layout.lists("call.lists", [[], [a, b]], 4)


def members() -> Iterator[str]:
    for length in range(40, 110):
        yield f"pub struct A{length} {{"
        yield layout.field("name", f"Option<Vec<models::{name(length)}>>", 4)
        yield "}"
        yield f"pub enum B{length} {{"
        yield layout.member(name(12), f"Vec<models::{name(length)}>", 4)
        yield "}"
        yield layout.declaration("struct", name(length))
        yield "    a: A,\n}"
        yield layout.implementation("std::fmt::Display", name(length))
        yield "    fn f() {}\n}"


def arms() -> Iterator[str]:
    for length in range(20, 100):
        yield layout.arm(f"Self::{name(length)}", "", ['"a text"'], 8)
        yield layout.arm(f'"{name(length)}"', "", ["Self::Member"], 8)
        member = f"Self::{name(length)}"
        yield layout.arm('Some("a")', "variant::read", ["&value", member], 8)


def constants() -> Iterator[str]:
    for length in range(20, 120):
        yield layout.constant("const BASE_PATH: &str", f'"{name(length)}"')


def bodied(lines: Iterator[str]) -> str:
    return "".join(f"{each}\n    a\n}}\n" for each in lines)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bodied(signatures()), id="signatures"),
        pytest.param(
            "fn f() {\n" + "".join(f"{each}\n" for each in statements()) + "}\n",
            id="statements",
        ),
        pytest.param("".join(f"{each}\n" for each in members()), id="members"),
        pytest.param("".join(f"{each}\n" for each in constants()), id="constants"),
        pytest.param(
            "fn f() {\n    match a {\n"
            + "".join(f"{each}\n" for each in arms())
            + "    }\n}\n",
            id="arms",
        ),
    ],
)
def test_rustfmt_changes_nothing(text: str, tmp_path: Path) -> None:
    assert formatted(tmp_path / "a.rs", text) == text
