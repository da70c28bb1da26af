"""From the versions of OpenAPI that vendors write to the newest shape, in one step.

After it nothing needs to know the version. What differs only in spelling and can be told by the
spelling (`nullable`, `example`) stays: vendors mix the spellings of all versions.
"""

from __future__ import annotations

import re

from .pointer import Node

ACCEPTED = re.compile(r"3\.[012](\.\d+(-.*)?)?")
"""The values of `openapi` whose documents are read."""

_NAMED = frozenset(
    {
        "$defs",
        "callbacks",
        "content",
        "definitions",
        "dependentSchemas",
        "encoding",
        "headers",
        "links",
        "parameters",
        "pathItems",
        "paths",
        "patternProperties",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "securitySchemes",
        "variables",
        "webhooks",
    }
)
"""The fields whose value maps names, which mean nothing here, to objects."""

_DATA = frozenset({"const", "default", "enum", "example", "examples", "mapping"})
"""The fields that hold data of the API itself."""


def upgrade(root: Node) -> None:
    """Give a tree of OpenAPI 3.0, 3.1 or 3.2, or a part of one, the shape of the newest, in place.

    A boolean `exclusiveMinimum` or `exclusiveMaximum` (OpenAPI 3.0.4, section 4.7.24.1, after JSON
    Schema draft 5) becomes the number that it qualifies (JSON Schema 2020-12, validation, section
    6.2).
    """
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            _exclude(node, "exclusiveMinimum", "minimum")
            _exclude(node, "exclusiveMaximum", "maximum")
            for key, value in node.items():
                if key in _NAMED and isinstance(value, dict):
                    stack.extend(value.values())
                elif key not in _DATA and not key.startswith("x-"):
                    stack.append(value)


def _exclude(schema: dict[str, Node], exclusive: str, bound: str) -> None:
    match schema.get(exclusive):
        case True if isinstance(schema.get(bound), int | float):
            schema[exclusive] = schema.pop(bound)
        case bool():
            del schema[exclusive]
        case _:
            return
