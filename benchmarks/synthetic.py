"""Documents of any size that are like vendors': objects that refer to each other, unions, enums.

Each schema refers to a fixed number of others, however many there are, and every tenth is that of
an operation: what is written grows as the document does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Node = dict[str, Any]
OPERATIONS = 10
"""How many schemas there are for each operation."""


def write(path: Path, schemas: int) -> Path:
    """Writes a document with so many schemas, and says where it is."""
    path.write_text(json.dumps(document(schemas), indent=1), encoding="utf-8")
    return path


def document(schemas: int) -> Node:
    """A document with so many schemas."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Synthetic", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {
            f"/things/{number}": {"post": _operation(number)}
            for number in range(0, schemas, OPERATIONS)
        },
        "components": {
            "schemas": {
                _name(number): _schema(number, schemas) for number in range(schemas)
            }
        },
    }


def with_property(path: Path, schema: int) -> None:
    """Adds one property to one schema of a document, an object."""
    found: Node = json.loads(path.read_text(encoding="utf-8"))
    target = found["components"]["schemas"][_name(schema)]
    target["properties"]["added"] = {"type": "string", "description": "One more."}
    path.write_text(json.dumps(found, indent=1), encoding="utf-8")


def _name(number: int) -> str:
    return f"Thing{number}"


def _reference(number: int) -> Node:
    return {"$ref": f"#/components/schemas/{_name(number)}"}


def _operation(number: int) -> Node:
    content = {"application/json": {"schema": _reference(number)}}
    return {
        "operationId": f"send_thing_{number}",
        "tags": [f"group {number // 1000}"],
        "summary": f"Sends the thing {number}.",
        "parameters": [
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "default": 20},
            }
        ],
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "The thing.", "content": content}},
    }


def _schema(number: int, schemas: int) -> Node:
    """An object; of ten one is an enum, one a union of the two objects after it, and one is the
    object before it and something more."""
    kind = number % 10
    if kind == 7:
        return {"type": "string", "enum": [f"value {each}" for each in range(6)]}
    if kind == 8:
        others = [(number + step) % schemas // 10 * 10 for step in (1, 20)]
        return {"oneOf": [_reference(other) for other in dict.fromkeys(others)]}
    own: Node = {
        "type": "object",
        "description": f"The thing {number}, of which there is more to say than its name.",
        "required": ["id", "kind"],
        "properties": {
            "id": {"type": "string", "description": "What the thing is called."},
            "kind": {"type": "string", "enum": [f"thing {number}"]},
            "count": {"type": "integer", "minimum": 0, "default": 1},
            "ratio": {"type": ["number", "null"]},
            "next": _reference((number + 1) % schemas),
            "several": {"type": "array", "items": _reference((number * 7) % schemas)},
            "inline": {
                "type": "object",
                "properties": {"text": {"type": "string", "maxLength": 100 + number}},
            },
        },
    }
    return {"allOf": [_reference(number - 1), own]} if kind == 9 and number > 9 else own
