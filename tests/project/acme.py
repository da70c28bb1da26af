"""A project of one client, with names that the user pins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from chatwright.cli import main
from chatwright.project import Language

DOCUMENT = """\
openapi: 3.1.0
info: {title: Acme, version: 1.0.0}
paths:
  /v1/chat:
    post:
      operationId: createChatCompletion
      tags: [Chat Completions]
      parameters:
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/ChatRequest'}}}
      responses:
        '200':
          description: The answer.
          content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}
  /v1/models:
    get:
      operationId: listModels
      tags: [Chat Completions]
      responses: {'200': {description: The models.}}
components:
  schemas:
    ChatRequest:
      type: object
      properties:
        n: {type: integer}
        top_p: {type: number}
        tools:
          type: array
          items: {type: object, properties: {name: {type: string}}}
    Message:
      type: object
      properties:
        role: {$ref: '#/components/schemas/Role'}
    Role:
      type: string
      enum: [user, assistant]
"""
PROJECT = """\
clients:
  acme:
    document: acme.yaml
    names:
      {names}
    targets: {{{target}}}
"""
TARGETS: Mapping[Language, str] = {
    "python": "python: {package: acme, output: out}",
    "rust": "rust: {crate: acme, output: out}",
}


def project(target: Language, *names: str) -> str:
    """The project file with these entries of `names`."""
    return PROJECT.format(names="\n      ".join(names), target=TARGETS[target])


def generate(target: Language, *names: str) -> Result:
    """Generates the client in the current folder, which has its document."""
    text = project(target, *names)
    Path("chatwright.yaml").write_text(text, encoding="utf-8")
    return run("generate", "--force")


def run(*arguments: str) -> Result:
    """Runs the program."""
    return CliRunner().invoke(main, arguments)


def assert_refused(result: Result, place: str, said: str) -> None:
    """The names are not generated with, and the project file's place is told."""
    assert result.exit_code == 1
    assert f"chatwright.yaml:{place}" in result.stderr
    assert said in result.stderr
    assert not Path("out").exists()
