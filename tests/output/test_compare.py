"""`compare` says what `write` would do, as a diff that `git apply` reads."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatwright.diagnostics import InputError
from tests.output.trees import NEW, OLD, OLD_INPUTS, compare, snapshot, write


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The current folder."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def test_an_equal_tree_has_no_difference(home: Path) -> None:
    write(Path("out"), OLD)
    found = compare(Path("out"), OLD)
    assert (found.diff, found.paths, found.kept) == ("", (), ())


def test_the_difference_is_a_unified_diff(home: Path) -> None:
    write(Path("out"), {"a.py": b"one\ntwo\n", "gone.py": b"gone"})
    found = compare(Path("out"), {"a.py": b"one\n2\n", "new.py": b"new\n"})
    before, _, after = found.diff.partition("diff --git a/out/a.py b/out/a.py\n")
    assert before.startswith("diff --git a/out/.chatwright-manifest.json ")
    assert after == (
        "--- a/out/a.py\n"
        "+++ b/out/a.py\n"
        "@@ -1,2 +1,2 @@\n"
        " one\n"
        "-two\n"
        "+2\n"
        "diff --git a/out/gone.py b/out/gone.py\n"
        "deleted file mode 100644\n"
        "--- a/out/gone.py\n"
        "+++ /dev/null\n"
        "@@ -1 +0,0 @@\n"
        "-gone\n"
        "\\ No newline at end of file\n"
        "diff --git a/out/new.py b/out/new.py\n"
        "new file mode 100644\n"
        "--- /dev/null\n"
        "+++ b/out/new.py\n"
        "@@ -0,0 +1 @@\n"
        "+new\n"
    )


def test_bytes_that_are_no_text_are_said_to_differ(home: Path) -> None:
    write(Path("out"), {"a.bin": b"\xff"})
    found = compare(Path("out"), {"a.bin": b"\0"})
    assert "Binary files a/out/a.bin and b/out/a.bin differ\n" in found.diff


def test_a_tree_made_from_other_inputs_differs_in_its_manifest(home: Path) -> None:
    write(Path("out"), OLD, OLD_INPUTS)
    assert compare(Path("out"), OLD).paths == (".chatwright-manifest.json",)


def test_a_file_edited_by_hand_is_a_difference(home: Path) -> None:
    write(Path("out"), OLD)
    (home / "out" / "README.md").write_bytes(b"mine\n")
    found = compare(Path("out"), OLD)
    assert found.paths == ("README.md",)
    assert "-mine\n+old readme\n" in found.diff


def test_an_ignored_file_is_none(home: Path) -> None:
    (home / "out").mkdir()
    (home / "out" / ".chatwright-ignore").write_bytes(b"README.md\n")
    write(Path("out"), OLD)
    (home / "out" / "README.md").write_bytes(b"mine\n")
    assert compare(Path("out"), OLD).diff == ""


def test_comparing_writes_nothing(home: Path) -> None:
    found = compare(Path("deep/out"), OLD)
    assert set(OLD) < set(found.paths)
    assert snapshot(home) == {}


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_git_applies_the_difference(home: Path) -> None:
    old = {**OLD, "same.py": b"same\n", "no-end": b"no line end", "empty": b""}
    new = {**NEW, "same.py": b"same\n", "no-end": b"another", "new-empty": b""}
    write(Path("out"), old, OLD_INPUTS)
    diff = compare(Path("out"), new).diff
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(home.parent)}
    subprocess.run(
        ["git", "apply"], input=diff.encode(), check=True, env=environment, cwd=home
    )
    assert compare(Path("out"), new).diff == ""


def test_a_folder_that_is_not_ours_is_refused(home: Path) -> None:
    (home / "out").mkdir()
    (home / "out" / "mine").write_bytes(b"")
    with pytest.raises(InputError, match="output-not-ours"):
        compare(Path("out"), OLD)
