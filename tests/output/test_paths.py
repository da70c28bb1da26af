"""Which paths a generated tree may hold, and which it may hold together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.diagnostics import InputError
from chatwright.output import paths
from tests.output.trees import write

HOSTILE = (
    "",
    "/",
    "/etc/passwd",
    "..",
    "../escaped",
    "a/../../escaped",
    "a/..",
    "./a",
    "a//b",
    "a/",
    ".",
    "a\\b",
    "..\\escaped",
    "C:\\escaped",
    "C:escaped",
    "a:stream",
    "nul\0",
    "line\nbreak",
    "bell\a",
    "delete\x7f",
    "next\x85line",
    "surrogate\ud800",
    "con",
    "CON.py",
    "aux/a.py",
    "a/nul.tar.gz",
    "com1",
    "LPT9.txt",
    "com¹.md",
    "conin$",
    "trailing.",
    "trailing ",
    " leading",
    "a/trailing./b",
    ".git/hooks/post-checkout",
    "a/.GIT/config",
    "what?",
    "star*",
    'quo"te',
    "pipe|",
    "less<",
    "x" * 256,
    "é" * 128,
    ".chatwright-manifest.json",
    ".chatwright-ignore",
)


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_path_is_refused_and_nothing_is_written(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(InputError) as failure:
        write(tmp_path / "home" / "out", {"fine.py": b"", path: b"hostile"})
    assert failure.value.diagnostics[0].code == "output-path"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "a/b.py",
        ".gitignore",
        ".github/workflows/ci.yml",
        "console.py",
        "com10.py",
        "docs/Größe.md",
        "with blank.md",
        "x" * 255,
        "..a",
    ],
)
def test_a_usual_path_is_fine(path: str) -> None:
    assert paths.problem(path) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.py", "A.py"),
        ("models/a.py", "Models/b.py"),
        ("a", "a/b"),
        ("a", "A/b"),
        ("caf\u00e9", "cafe\u0301"),
        ("straße", "STRASSE"),
    ],
)
def test_paths_that_are_one_file_somewhere_are_refused(
    tmp_path: Path, first: str, second: str
) -> None:
    with pytest.raises(InputError) as failure:
        write(tmp_path / "home" / "out", {first: b"", second: b""})
    (diagnostic,) = failure.value.diagnostics
    assert diagnostic.code == "output-collision"
    assert ascii(first) in diagnostic.message
    assert ascii(second) in diagnostic.message
    assert list(tmp_path.iterdir()) == []


@given(st.text(min_size=1, max_size=12))
def test_no_accepted_path_leaves_the_folder(path: str) -> None:
    root = Path("/root/of/output")
    if paths.problem(path) is None:
        assert root in (root / path).parents
        assert (root / path).relative_to(root).as_posix() == path


PARTS = st.sampled_from(["a", "A", "b", "ß", "ss", "é"])
SETS = st.sets(st.lists(PARTS, min_size=1, max_size=3).map("/".join), max_size=6)


@given(SETS)
def test_a_collision_is_found_exactly_when_there_is_one(names: set[str]) -> None:
    spelled: dict[str, set[str]] = {}
    for name in names:
        parts = name.split("/")
        for length in range(1, len(parts) + 1):
            prefix = "/".join(parts[:length])
            spelled.setdefault(prefix.casefold(), set()).add(prefix)
    folders = {
        name.rsplit("/", length)[0]
        for name in names
        for length in range(1, name.count("/") + 1)
    }
    collides = any(len(ways) > 1 for ways in spelled.values()) or bool(names & folders)
    assert (paths.collision(names) is not None) == collides
