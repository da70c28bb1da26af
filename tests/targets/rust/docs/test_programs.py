"""The programs of a crate's documents call an operation that a few lines can call."""

from __future__ import annotations

from pathlib import Path

from tests.building import built, crate

DOCUMENT = """\
openapi: 3.1.0
info: {title: Acme, version: 1.0.0}
servers: [{url: https://api.acme.example}]
paths:
  /images:
    put:
      operationId: putImage
      requestBody:
        required: true
        content: {image/png: {schema: {type: string, format: binary}}}
      responses: {"204": {description: Stored.}}
  /things/{thing-id}:
    get:
      operationId: getThing
      parameters:
        - {name: thing-id, in: path, required: true, schema: {type: string, format: uuid}}
      responses: {"204": {description: None.}}
"""


def test_an_argument_that_is_text_is_its_name(tmp_path: Path) -> None:
    document = tmp_path / "acme.yaml"
    document.write_text(DOCUMENT, encoding="utf-8")
    readme = built(document, crate("acme")).files["README.md"].decode()
    assert 'get_thing(&configuration, "thing-id").await?;' in readme
