"""`names` in the project file, in a crate: spelt in Rust's case, or refused where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from .acme import assert_refused, generate

pytestmark = pytest.mark.usefixtures("acme")


@pytest.mark.parametrize(
    ("names", "path", "line"),
    [
        (
            "schemas: {Role: sender_role}",
            "models/sender_role.rs",
            "pub enum SenderRole",
        ),
        (
            "operations: {createChatCompletion: sayHello}",
            "apis/chat_completions_api.rs",
            "fn say_hello(",
        ),
        (
            "tags: {Chat Completions: Talk}",
            "apis/talk_api.rs",
            "fn create_chat_completion(",
        ),
        ("properties: {ChatRequest.n: type}", "models/chat_request.rs", "pub r#type:"),
        (
            "parameters: {createChatCompletion.X-Trace: traceId}",
            "apis/chat_completions_api.rs",
            "trace_id:",
        ),
        ("enums: {Role.user: HUMAN_BEING}", "models/role.rs", "HumanBeing"),
    ],
)
def test_what_is_pinned_is_called_so_in_rusts_case(
    names: str, path: str, line: str
) -> None:
    result = generate("rust", names)
    assert result.exit_code == 0, result.stderr
    assert line in Path("out/src", path).read_text(encoding="utf-8")


def test_a_pinned_field_keeps_its_name_on_the_wire() -> None:
    assert generate("rust", "properties: {ChatRequest.n: choices}").exit_code == 0
    text = Path("out/src/models/chat_request.rs").read_text(encoding="utf-8")
    assert '"n" optional choices;' in text
    assert "pub choices:" in text


@pytest.mark.parametrize(
    ("names", "place", "said"),
    [
        ("schemas: {Rol: A}", "5:17 error unknown-name", "did you mean `Role`?"),
        ("schemas: {Role: my-role}", "5:17 error invalid-name", "ASCII identifier"),
        ("schemas: {Role: Result}", "5:17 error invalid-name", "`ModelResult`"),
        (
            "properties: {ChatRequest.n: self}",
            "5:20 error invalid-name",
            "`param_self`",
        ),
        ("schemas: {Role: message}", "5:17 error name-taken", "`Message` is called so"),
        (
            "properties: {ChatRequest.n: topP}",
            "5:20 error name-taken",
            "`ChatRequest.top_p` is called so",
        ),
        (
            "operations: {listModels: create_chat_completion}",
            "5:20 error name-taken",
            "`createChatCompletion` is called so",
        ),
        ("enums: {Role.user: unknown}", "5:15 error name-taken", "does not know"),
        ("enums: {Role.user: ASSISTANT}", "5:15 error name-taken", "is called so"),
        (
            "parameters: {createChatCompletion.X-Trace: limit}",
            "5:20 error name-taken",
            "is called so",
        ),
        (
            "parameters: {createChatCompletion.limit: configuration}",
            "5:20 error name-taken",
            "the function's own",
        ),
    ],
)
def test_what_cannot_be_is_refused(names: str, place: str, said: str) -> None:
    assert_refused(generate("rust", names), place, said)
