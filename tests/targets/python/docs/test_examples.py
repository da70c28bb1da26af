"""The examples in READMEs, guides and models' documents run, and type checkers accept them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatwright.document import load
from chatwright.parser import parse
from chatwright.targets.python import package
from chatwright.targets.python.names import decide
from chatwright.targets.python.settings import PackageSettings
from tests.loopback import LoopbackServer

from .test_documents import ROOT, VENDORS

EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CREDENTIALS = {"ACCESS_TOKEN": "secret", "API_KEY": "secret", "BEARER_TOKEN": "secret"}
RUN = """
import pathlib, sys
for path in sys.argv[1:]:
    code = compile(pathlib.Path(path).read_text(encoding="utf-8"), path, "exec")
    exec(code, {"__name__": "__main__"})
    print(f"\\n{pathlib.Path(path).stem} ran")
"""


def write_package(name: str, folder: Path) -> list[Path]:
    """Writes a vendor's package into `folder` and the examples of its documents into files."""
    _, package_name, flavour, _ = next(
        vendor for vendor in VENDORS if vendor[0] == name
    )
    document = ROOT / "specs" / f"{name}.yaml"
    overlay = document.with_name(f"{name}.overlay.yaml")
    api = parse(load(document, overlays=[overlay] if overlay.exists() else [])).api
    settings = PackageSettings(
        package=package_name, distribution=name, version="1.0.0", flavour=flavour
    )
    examples: list[Path] = []
    for path, text in package.files(api, decide(api, package_name), settings).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if path.endswith(".md") and not path.endswith("Api.md"):
            for number, code in enumerate(EXAMPLE.findall(text)):
                example = folder / "examples" / f"{name}_{target.stem}_{number}.py"
                example.parent.mkdir(exist_ok=True)
                example.write_text(code, encoding="utf-8")
                examples.append(example)
    return examples


@pytest.mark.parametrize("name", [vendor[0] for vendor in VENDORS])
def test_examples_run(
    name: str, tmp_path: Path, loopback: Callable[[str | Path], LoopbackServer]
) -> None:
    examples = write_package(name, tmp_path)
    server = loopback(name)
    for example in examples:
        code = example.read_text(encoding="utf-8")
        called = re.sub(
            r'\bConfiguration\(\s*(host="[^"]*",?)?',
            f'Configuration(host="{server.url}",',
            code,
        )
        example.write_text(called, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, *map(str, examples)],
        cwd=tmp_path,
        env={**os.environ, **CREDENTIALS, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ran = set(re.findall(r"^(\w+) ran$", done.stdout, re.MULTILINE))
    assert ran == {example.stem for example in examples}
    assert {f"{name}_README_0", f"{name}_Streaming_0", f"{name}_Streaming_1"} <= ran


@pytest.mark.parametrize(
    "checker",
    [
        ("-m", "mypy", "--strict", "--no-incremental", "examples"),
        ("-m", "pyright", "--pythonpath", sys.executable),
    ],
    ids=["mypy", "pyright"],
)
def test_type_checkers_accept_the_examples(
    checker: tuple[str, ...], tmp_path: Path
) -> None:
    for name, *_ in VENDORS:
        write_package(name, tmp_path)
    settings = '{"include": ["examples"], "typeCheckingMode": "strict"}'
    (tmp_path / "pyrightconfig.json").write_text(settings, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *checker],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
