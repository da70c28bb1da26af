"""Text of a document that tries to leave its cell, line, string or fence stays in it."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from .test_documents import written
from .test_examples import EXAMPLE

HOSTILE = [
    "a | b | c",
    "line\nbreak\r\nand\rmore\u2028still\x85more",
    "``` \n```\n# **heading**",
    "\"\"\"; import os  # '''",
    "'; import os; x = '",
    "<script>alert(1)</script> <!-- ",
    "](javascript:alert(1)) [x](data:text/html,x)",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "back\\slash \\| \\",
    "\u202e\u2066\x00\x1b[0m\ufeff",
]


def document(text: str) -> dict[str, Any]:
    model = {"$ref": "#/components/schemas/Model"}
    return {
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text},
        "servers": [{"url": f"https://x.example/{text}"}],
        "security": [{text: []}],
        "paths": {
            f"/{text}": {
                "post": {
                    "operationId": text,
                    "tags": [text],
                    "summary": text,
                    "description": text,
                    "parameters": [
                        {
                            "name": text,
                            "in": "query",
                            "required": True,
                            "description": text,
                            "schema": {"type": "string", "default": text},
                        },
                        {"name": text, "in": "header", "example": text, "schema": {}},
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {text: {"schema": model, "example": {text: text}}},
                    },
                    "responses": {
                        "200": {
                            "description": text,
                            "headers": {text: {"description": text, "schema": {}}},
                            "content": {"text/event-stream": {"schema": model}},
                        }
                    },
                }
            }
        },
        "components": {
            "securitySchemes": {
                text: {
                    "type": "apiKey",
                    "in": "header",
                    "name": text,
                    "description": text,
                }
            },
            "schemas": {
                "Model": {
                    "type": "object",
                    "description": text,
                    "required": [text, "choice"],
                    "properties": {
                        text: {"type": "string", "description": text, "default": text},
                        "choice": {"$ref": "#/components/schemas/Choice"},
                        "only": {"const": text},
                    },
                },
                "Choice": {
                    "enum": [text, f"{text}2"],
                    "description": text,
                    "default": text,
                },
                "Either": {"oneOf": [{"const": text}, model], "description": text},
                text: {"type": "object", "properties": {"x": {"type": "string"}}},
            },
        },
    }


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def files(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document(request.param)), encoding="utf-8")
    return written(path)


def test_text_stays_in_its_example(files: dict[str, str]) -> None:
    for path, text in files.items():
        for code in EXAMPLE.findall(text):
            imported = {
                alias.name
                for node in ast.walk(ast.parse(code))
                if isinstance(node, ast.Import)
                for alias in node.names
            }
            assert imported <= {"asyncio", "os", "pkg"}, path


def test_text_stays_in_its_cell(files: dict[str, str]) -> None:
    for path, text in files.items():
        cells = 0
        for line in text.split("\n"):
            if re.fullmatch(r"\|?( ?-+ \| )+-+|\|(-+\|)+", line):
                cells = line.count("|")
            elif not line:
                cells = 0
            elif cells:
                assert line.count("|") in (cells, cells - 1), (path, line)


def test_text_stays_in_its_document(files: dict[str, str]) -> None:
    fences = re.compile("^```[^`]*$", re.MULTILINE)
    for path, text in files.items():
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text
        ), path
        assert len(fences.findall(text)) % 2 == 0, path
        spanless = re.sub("`[^`\n]*`", "", EXAMPLE.sub("", text))
        prose = "\n".join(line for line in spanless.split("\n") if " | " not in line)
        assert not re.search(r"<script|(?<!\\)\]\((javascript|data):", prose), path
