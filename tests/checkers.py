"""What type checkers say, in their strict modes, about a folder of Python files.

`roots` are the folders that packages are imported from.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a checker said: all of it, how many files it read, the lines with errors of each."""

    said: str
    files: int
    errors: Mapping[str, set[int]]


def check(folder: Path, *checker: str) -> None:
    """Run a type checker in a folder, where it finds nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *checker],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def mypy(folder: Path, roots: Sequence[str]) -> Checked:
    """What mypy says with `--strict`."""
    (folder / "mypy.ini").write_text(
        "[mypy]\nstrict = true\nexplicit_package_bases = true\n"
        f"mypy_path = {':'.join(roots)}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode < 2, done.stdout + done.stderr
    found: dict[str, set[int]] = {}
    for file, line in re.findall(r"^(.*?):(\d+): error: ", done.stdout, re.MULTILINE):
        found.setdefault(file, set()).add(int(line))
    checked = re.search(r"(?:checked|found in) (\d+) source files", done.stdout)
    assert checked is not None, done.stdout
    return Checked(said=done.stdout, files=int(checked[1]), errors=found)


def pyright(folder: Path, roots: Sequence[str]) -> Checked:
    """What pyright says in its strict mode."""
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": list(roots),
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pyright",
            "--outputjson",
            "--pythonpath",
            sys.executable,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode < 2, done.stdout + done.stderr
    found: dict[str, set[int]] = {}
    told = json.loads(done.stdout)
    for each in told["generalDiagnostics"]:
        if each["severity"] != "information":
            file = Path(each["file"]).relative_to(folder.resolve()).as_posix()
            found.setdefault(file, set()).add(each["range"]["start"]["line"] + 1)
    files: int = told["summary"]["filesAnalyzed"]
    return Checked(said=done.stdout, files=files, errors=found)
