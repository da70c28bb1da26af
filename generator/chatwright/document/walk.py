"""The objects of a description, apart from the data that it shows as examples."""

from __future__ import annotations

from collections.abc import Iterator

from .pointer import Node

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
        "x-webhooks",
    }
)
"""The fields whose value maps names, which mean nothing here, to objects."""

_DATA = frozenset({"const", "default", "enum", "example", "examples", "mapping"})
"""The fields that hold data of the API itself."""


def objects(root: Node) -> Iterator[tuple[dict[str, Node], tuple[str, ...]]]:
    """Every object that OpenAPI or JSON Schema gives a meaning to, with its path.

    Examples, defaults, enum values and extensions are the API's own data, in which a `$ref` or an
    `exclusiveMinimum` means nothing. Whatever the root is, a description or a part of one, is told
    from the fields below it.
    """
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, dict):
            yield node, path
            for key, value in node.items():
                if key in _NAMED and isinstance(value, dict):
                    stack.extend(
                        (item, (*path, key, name)) for name, item in value.items()
                    )
                elif (
                    isinstance(value, dict | list)
                    and key not in _DATA
                    and key[:2] != "x-"
                ):
                    stack.append((value, (*path, key)))
        elif isinstance(node, list):
            stack.extend(
                (item, (*path, str(index)))
                for index, item in enumerate(node)
                if isinstance(item, dict | list)
            )
