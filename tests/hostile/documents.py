"""Documents that carry hostile text wherever a document carries text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chatwright.pipeline import Build, build
from chatwright.project import Client, Flavour, PythonTarget

PACKAGE = "hostile_client"


def hostile_build(folder: Path, texts: Sequence[str]) -> Build:
    """The package of a document with each text in a schema, an operation and all they hold."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(hostile_document(texts)))
    target = PythonTarget(
        package=PACKAGE,
        distribution="hostile-client",
        version="1.0.0",
        flavour=Flavour.SYNC,
        output=folder / "client",
    )
    client = Client(name="hostile", folder=folder, document=path, targets=(target,))
    return build(client, target)


def hostile_document(texts: Sequence[str]) -> dict[str, Any]:
    first = texts[0]
    schemas: dict[str, Any] = {}
    for number, text in enumerate(texts):
        schemas[f"Thing{number}x {text}"] = _object(text)
        schemas[f"Word{number}x {text}"] = {
            "enum": [text, f"{text}b"],
            "description": text,
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": first, "version": first, "description": "\n\n".join(texts)},
        "servers": [
            {
                "url": f"https://example.com/{{place}}/{text}",
                "description": text,
                "variables": {
                    "place": {"default": text, "enum": [text], "description": text}
                },
            }
            for text in texts
        ],
        "tags": [{"name": text, "description": text} for text in texts],
        "paths": {
            f"/things/{number}/{text}/{{id}}": {"post": _operation(number, text)}
            for number, text in enumerate(texts)
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                f"key{number} {text}": {
                    "type": "apiKey",
                    "in": "header",
                    "name": text,
                    "description": text,
                }
                for number, text in enumerate(texts)
            },
        },
    }


def _object(text: str) -> dict[str, Any]:
    described = {"type": "string", "title": text, "description": text}
    return {
        **{
            "type": "object",
            "title": text,
            "description": text,
            "examples": [{"a": text}],
        },
        "required": ["constant"],
        "properties": {
            f"field {text}": {**described, "default": text, "examples": [text]},
            f"word {text}": {**described, "enum": [text, "b"], "default": text},
            "constant": {"const": text, "description": text},
            "plain": {**described, "default": text},
            "format": {**described, "format": text},
        },
    }


def _operation(number: int, text: str) -> dict[str, Any]:
    thing = f"Thing{number}x {text}".replace("~", "~0").replace("/", "~1")
    pointer = quote(f"/components/schemas/{thing}", errors="surrogatepass")
    reference = {"$ref": f"#{pointer}"}
    content = {"application/json": {"schema": reference}}
    string = {"type": "string"}
    return {
        "tags": [text],
        "operationId": f"send{number} {text}",
        "summary": text,
        "description": text,
        "security": [{f"key{number} {text}": []}],
        "parameters": [
            {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": string,
                "description": text,
            },
            {
                **{
                    "name": f"query {text}",
                    "in": "query",
                    "description": text,
                    "example": text,
                },
                "schema": {**string, "default": text, "enum": [text, "b"]},
            },
            {
                "name": f"Header {text}",
                "in": "header",
                "schema": string,
                "description": text,
            },
        ],
        "requestBody": {"description": text, "content": content},
        "responses": {
            "200": {
                "description": text,
                "headers": {"X-Header": {"description": text, "schema": string}},
                "content": content,
            },
            "default": {
                "description": text,
                "content": {f"text/{text}": {"schema": string}},
            },
        },
    }
