"""What type checkers say about the committed packages, about their documents' examples and about
programs of users: nothing, unless there is a mistake.

Checkers take seconds, so each runs once, over everything.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.checkers import Checked, mypy, pyright
from tests.committed import CLIENTS, GENERATED, ROOT, Committed, each_client
from tests.fences import EXAMPLES

PROGRAMS = ROOT / "tests/examples"
MISTAKES = PROGRAMS / "mistakes.py"


def roots(folder: Path) -> list[str]:
    """The folders that packages are imported from."""
    return [str(folder / client.root.relative_to(ROOT)) for client in CLIENTS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the packages, their documents' examples and the programs."""
    ignored = shutil.ignore_patterns("__pycache__", "*.md")
    shutil.copytree(GENERATED, tmp_path / "generated", ignore=ignored)
    shutil.copytree(PROGRAMS, tmp_path / "programs", ignore=ignored)
    for example in EXAMPLES:
        path = tmp_path / "documents" / f"{example.module}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# {example}\n{example.text}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_checkers_find_the_mistakes_and_nothing_else(
    checker: Callable[[Path, Sequence[str]], Checked], folder: Path
) -> None:
    checked = checker(folder, roots(folder))
    assert checked.files == len(list(folder.rglob("*.py")))
    mistakes = {
        number
        for number, line in enumerate(MISTAKES.read_text("utf-8").splitlines(), 1)
        if line.endswith("# mistake")
    }
    assert checked.errors == {"programs/mistakes.py": mistakes}, checked.said


@each_client
def test_every_type_of_a_package_is_declared(client: Committed) -> None:
    """What every checker understands alike, as none has to infer it (`pyright --verifytypes`)."""
    command = ("-m", "pyright", "--verifytypes", client.package, "--ignoreexternal")
    done = subprocess.run(
        [sys.executable, *command, "--outputjson", "--pythonpath", sys.executable],
        env={**os.environ, "PYTHONPATH": str(client.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout)["typeCompleteness"]
    unclear = [each["name"] for each in told["symbols"] if not each["isTypeKnown"]]
    assert len(told["symbols"]) > 100, done.stdout
    assert not unclear
