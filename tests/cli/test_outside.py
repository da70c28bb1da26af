"""References that leave the document's folder: refused, unless the user allows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatwright.cli import main

DOCUMENT = """\
openapi: 3.1.0
info: {title: Acme, version: 1.0.0}
paths:
  /v1/models:
    get:
      operationId: listModels
      responses:
        '200':
          description: The models.
          content:
            application/json:
              schema: {$ref: '../shared.yaml#/Models'}
"""
SHARED = "Models: {type: object, properties: {first: {type: string}}}\n"
PROJECT = """\
clients:
  acme:
    document: specs/acme.yaml
    targets: {python: {package: acme, output: out}}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/acme.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "shared.yaml").write_text(SHARED, encoding="utf-8")
    (tmp_path / "chatwright.yaml").write_text(PROJECT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_client_needs_leave_in_the_project_file(home: Path) -> None:
    refused = run("generate")
    assert refused.exit_code == 1
    assert "specs/acme.yaml:12:24 error escaping-reference" in refused.stderr
    assert "allow_outside: true" in refused.stderr
    assert not (home / "out").exists()

    leave = PROJECT.replace("    targets", "    allow_outside: true\n    targets")
    (home / "chatwright.yaml").write_text(leave, encoding="utf-8")
    assert run("generate").exit_code == 0
    assert list((home / "out/acme/models").glob("*models*.py"))


def test_what_is_outside_is_an_input_too(home: Path) -> None:
    leave = PROJECT.replace("    targets", "    allow_outside: true\n    targets")
    (home / "chatwright.yaml").write_text(leave, encoding="utf-8")
    assert run("generate").exit_code == 0
    assert "0 files written" in run("generate").stdout

    changed = SHARED.replace("first", "last")
    (home / "shared.yaml").write_text(changed, encoding="utf-8")
    assert "0 files written" not in run("generate").stdout
    assert run("check").exit_code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("generate", "--spec", "specs/acme.yaml", "--package", "acme", "--out", "out"),
        ("inspect", "--spec", "specs/acme.yaml"),
        ("lint", "specs/acme.yaml"),
    ],
    ids=lambda command: command[0],
)
def test_a_document_needs_leave_on_the_command_line(command: tuple[str, ...]) -> None:
    refused = run(*command)
    assert refused.exit_code == 1
    assert "escaping-reference" in refused.output
    assert run(*command, "--allow-outside").exit_code == 0


@pytest.mark.parametrize("command", [("generate",), ("inspect", "acme"), ("lint",)])
def test_leave_is_for_a_document(command: tuple[str, ...]) -> None:
    assert run(*command, "--allow-outside").exit_code == 2
