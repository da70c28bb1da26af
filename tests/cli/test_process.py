"""What only a process of its own can show: signals, pipes, encodings, and what is imported."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PROJECT = """\
clients:
  acme:
    document: acme.yaml
    targets:
      python:
        package: acme
"""
_MAIN = """
import sys
from chatwright.cli import Session, main
from tests.cli.compiler import FakeCompiler
{before}
main(obj=Session(compiler=FakeCompiler({arguments})), prog_name="chatwright")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "chatwright.yaml").write_text(PROJECT)
    (tmp_path / "acme.yaml").write_text("one\n")
    return tmp_path


def command(*arguments: str, before: str = "", given: str = "") -> list[str]:
    """A command line with the fake compiler."""
    return [
        sys.executable,
        "-c",
        _MAIN.format(before=before, arguments=given),
        *arguments,
    ]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT")
def test_ctrl_c_ends_with_130_and_one_word(home: Path) -> None:
    process = subprocess.Popen(
        command(
            "generate",
            before="def wait():\n"
            "    import time\n"
            "    print('ready', flush=True)\n"
            "    while True:\n"
            "        time.sleep(0.01)",
            given="before=wait",
        ),
        cwd=home,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "interrupted\n")
    assert process.returncode == 130
    assert sorted(path.name for path in home.iterdir()) == [
        "acme.yaml",
        "chatwright.yaml",
    ]


def test_a_closed_pipe_is_quiet(home: Path) -> None:
    (home / "acme.yaml").write_text("".join(f"line{n}\n" for n in range(5000)))
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as closed:
        done = subprocess.run(
            command("check"),
            cwd=home,
            env=environment(),
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert b"Traceback" not in done.stderr
    assert b"bug" not in done.stderr
    assert b"Broken" not in done.stderr


def test_a_terminal_without_the_characters_gets_escapes(home: Path) -> None:
    (home / "acme.yaml").rename(home / "日記.yaml")
    text = PROJECT.replace("acme.yaml", "日記.yaml")
    (home / "chatwright.yaml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        command("list"),
        cwd=home,
        env=environment(PYTHONIOENCODING="latin-1", PYTHONUTF8="1"),
        capture_output=True,
        check=True,
    )
    assert b"\\u65e5\\u8a18.yaml" in done.stdout


_HEAVY = (
    "aiohttp",
    "jinja2",
    "jsonpath",
    "jsonschema_rs",
    "openapi_spec_validator",
    "pathspec",
    "pydantic",
    "rich",
    "urllib3",
)
_IMPORTED = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(
    {name.partition(".")[0] for name in sys.modules})), file=sys.stderr))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["generate"]])
def test_little_is_imported_where_little_is_done(
    home: Path, arguments: list[str]
) -> None:
    subprocess.run(command("generate"), cwd=home, env=environment(), check=True)
    done = subprocess.run(
        command(*arguments, before=_IMPORTED),
        cwd=home,
        env=environment(),
        capture_output=True,
        check=True,
    )
    imported: list[str] = json.loads(done.stderr)
    assert set(imported).isdisjoint(_HEAVY)


def test_the_module_and_the_command_are_the_same_program(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "chatwright", "list", "-q"],
        cwd=home,
        env=environment(),
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == "acme\n"
