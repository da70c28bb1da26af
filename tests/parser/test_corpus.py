"""Real vendors' documents parse whole, fast enough, and to an Api that keeps its promises.

A handful of those in the folder that CHATWRIGHT_CORPUS names: each of another kind.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatwright.diagnostics import Severity
from chatwright.document import load
from chatwright.parser import parse
from tests.parser.invariants import violations

CORPUS = Path(
    os.environ.get("CHATWRIGHT_CORPUS", Path(__file__).parents[3] / "shared" / "specs")
)

DOCUMENTS = {
    "vendors/gabber.yaml": (1, 40, "chatCompletions"),
    "vendors/tachyon-2026-08.json": (104, 216, "chat_completion"),
    "vendors/together-2024-11.yaml": (16, 95, "chat-completions"),
    "vendors/mistral-2025-06.yaml": (
        45,
        195,
        "chat_completion_v1_chat_completions_post",
    ),
    "vendors/openai-2026-08.yaml": (288, 2155, "createChatCompletion"),
    "general/readme-3.0-schema-circular.yaml": (3, 21, None),
    "general/readme-3.0-discriminators.yaml": (10, 39, None),
}
"""Operations, schemas and the chat completion of each."""


@pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"no folder {CORPUS}; set CHATWRIGHT_CORPUS"
)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_document(name: str) -> None:
    parsed = parse(load(CORPUS / name))

    api = parsed.api
    chat = api.chat and api.chat.operation
    assert (len(api.operations), len(api.schemas), chat) == DOCUMENTS[name]
    assert parsed.left_out == 0
    assert violations(api) == []
    assert all(each.severity is not Severity.ERROR for each in parsed.diagnostics)
    assert all(each.location is not None for each in parsed.diagnostics)
