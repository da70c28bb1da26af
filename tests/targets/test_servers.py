"""The guides of every language say which server operations call, where they differ in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwright.pipeline import build
from chatwright.project import Client, Flavour, PythonTarget, RustTarget, Target

DOCUMENT = """\
openapi: 3.1.0
info: {{title: Servers, version: 1.0.0}}
servers: [{{url: https://api.example.com}}]
paths:
  /files:
    {operation}
    get: {{operationId: files, responses: {{"204": {{description: none}}}}}}
"""
OUTPUT = Path("out")
GUIDES: dict[str, Target] = {
    "docs/Configuration.md": PythonTarget(
        package="servers",
        distribution="servers",
        version="1.0.0",
        flavour=Flavour.SYNC,
        output=OUTPUT,
    ),
    "docs/guide-calls.md": RustTarget(crate="servers", version="1.0.0", output=OUTPUT),
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
    client = Client(name="servers", folder=tmp_path, document=document)
    text = build(client, GUIDES[guide]).files[guide].decode()
    assert ("ignore_operation_servers" in text) is said
