"""`names` in the project file, in a crate: spelt in Rust's case, or refused where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatwright.cli import main

DOCUMENT = """\
openapi: 3.1.0
info: {title: Acme, version: 1.0.0}
paths:
  /chat:
    post:
      operationId: createChat
      tags: [Chat]
      parameters:
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        '200':
          description: The answer.
          content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}
  /models:
    get:
      operationId: listModels
      tags: [Chat]
      responses: {'200': {description: The models.}}
components:
  schemas:
    Message:
      type: object
      properties:
        n: {type: integer}
        top_p: {type: number}
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
    targets: {{rust: {{crate: acme, output: out}}}}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "acme.yaml").write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def generate(names: str, *more: str) -> Result:
    project = PROJECT.format(names=names)
    Path("chatwright.yaml").write_text(project, encoding="utf-8")
    return CliRunner().invoke(main, ("generate", *more))


@pytest.mark.parametrize(
    ("names", "path", "line"),
    [
        (
            "schemas: {Role: sender_role}",
            "models/sender_role.rs",
            "pub enum SenderRole",
        ),
        ("operations: {createChat: sayHello}", "apis/chat_api.rs", "fn say_hello("),
        ("tags: {Chat: Talk}", "apis/talk_api.rs", "fn create_chat("),
        ("properties: {Message.n: type}", "models/message.rs", "pub r#type:"),
        ("parameters: {createChat.X-Trace: traceId}", "apis/chat_api.rs", "trace_id:"),
        ("enums: {Role.user: HUMAN_BEING}", "models/role.rs", "HumanBeing"),
    ],
)
def test_what_is_pinned_is_called_so_in_rusts_case(
    names: str, path: str, line: str
) -> None:
    result = generate(names)
    assert result.exit_code == 0, result.stderr
    assert line in Path("out/src", path).read_text(encoding="utf-8")


def test_a_pinned_field_keeps_its_name_on_the_wire() -> None:
    assert generate("properties: {Message.n: choices}").exit_code == 0
    text = Path("out/src/models/message.rs").read_text(encoding="utf-8")
    assert '"n" optional choices;' in text
    assert "pub choices:" in text


@pytest.mark.parametrize(
    ("names", "place", "said"),
    [
        ("schemas: {Rol: A}", "5:17 error unknown-name", "did you mean `Role`?"),
        ("schemas: {Role: my-role}", "5:17 error invalid-name", "ASCII identifier"),
        ("schemas: {Role: Result}", "5:17 error invalid-name", "`ModelResult`"),
        ("properties: {Message.n: self}", "5:20 error invalid-name", "`param_self`"),
        ("schemas: {Role: message}", "5:17 error name-taken", "`Message` is called so"),
        (
            "properties: {Message.n: topP}",
            "5:20 error name-taken",
            "`Message.top_p` is called so",
        ),
        (
            "operations: {listModels: create_chat}",
            "5:20 error name-taken",
            "`createChat` is called so",
        ),
        ("enums: {Role.user: unknown}", "5:15 error name-taken", "does not know"),
        ("enums: {Role.user: ASSISTANT}", "5:15 error name-taken", "is called so"),
        (
            "parameters: {createChat.X-Trace: limit}",
            "5:20 error name-taken",
            "is called so",
        ),
        (
            "parameters: {createChat.limit: configuration}",
            "5:20 error name-taken",
            "the function's own",
        ),
    ],
)
def test_what_cannot_be_is_refused(names: str, place: str, said: str) -> None:
    result = generate(names)
    assert result.exit_code == 1
    assert f"chatwright.yaml:{place}" in result.stderr
    assert said in result.stderr
    assert not Path("out").exists()


def test_two_pins_may_change_places_but_not_share_one() -> None:
    swapped = generate("properties: {Message.n: top_p, Message.top_p: n}")
    assert swapped.exit_code == 0, swapped.stderr
    shared = generate("schemas: {Role: same_thing, Message: SameThing}", "--force")
    assert shared.exit_code == 1
    assert "name-taken" in shared.stderr
