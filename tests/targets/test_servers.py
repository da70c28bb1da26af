"""The guides of every language say which server operations call, where they differ in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwright.project import Target
from tests.building import built, crate, package

DOCUMENT = """\
openapi: 3.1.0
info: {{title: Servers, version: 1.0.0}}
servers: [{{url: https://api.example.com}}]
paths:
  /files:
    {operation}
    get: {{operationId: files, responses: {{"204": {{description: none}}}}}}
"""
GUIDES: dict[str, Target] = {
    "docs/Configuration.md": package("servers"),
    "docs/guide-calls.md": crate("servers"),
}


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize(
    ("operation", "said"),
    [("servers: [{url: https://files.example.com}]", True), ("summary: Files", False)],
)
def test_an_operations_own_server(
    guide: str, operation: str, said: bool, tmp_path: Path
) -> None:
    document = tmp_path / "servers.yaml"
    document.write_text(DOCUMENT.format(operation=operation))
    text = built(document, GUIDES[guide]).files[guide].decode()
    assert ("ignore_operation_servers" in text) is said
