"""From the versions of OpenAPI that vendors write to the newest shape, in one step.

After it nothing needs to know the version. What differs only in spelling and can be told by the
spelling (`nullable`, `example`) stays: vendors mix the spellings of all versions.
"""

from __future__ import annotations

import re

from .marks import Marks
from .pointer import Node, child
from .swagger import Fetch, from_swagger, respelled
from .walk import objects

ACCEPTED = re.compile(r"3\.[012](\.\d+(-.*)?)?")
"""The values of `openapi` whose documents are read."""

SWAGGER = "2.0"
"""The value of `swagger` whose documents are read."""

_EXCLUSIVE = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def upgrade(root: dict[str, Node], marks: Marks, fetch: Fetch) -> dict[str, Node]:
    """A description of Swagger 2.0 or OpenAPI 3.0, 3.1 or 3.2 in the shape of the newest.

    A boolean `exclusiveMinimum` or `exclusiveMaximum` (OpenAPI 3.0.4, section 4.7.24.1, after JSON
    Schema draft 5) becomes the number that it qualifies (JSON Schema 2020-12, validation, section
    6.2). What Swagger 2.0 says in other files, `fetch` finds.

    The tree that comes in stays as it is, and shares with the one that goes out what is the same.
    """
    if "swagger" in root:
        root = from_swagger(root, marks, fetch)
    return _numeric(root, marks)


def upgrade_part(root: Node, marks: Marks, *, swagger: bool) -> Node:
    """What a file that is only a part of a description says, in the shape of the newest."""
    part = respelled(root, marks) if swagger else root
    return _numeric({"part": part}, marks)["part"]


def _numeric(root: dict[str, Node], marks: Marks) -> dict[str, Node]:
    paths = [
        path
        for node, path in objects(root)
        if isinstance(node.get("exclusiveMinimum"), bool)
        or isinstance(node.get("exclusiveMaximum"), bool)
    ]
    if not paths:
        return root
    upgraded = marks.twin(root)
    copied = {id(upgraded)}
    for path in paths:
        node: Node = upgraded
        for token in path:
            node = _copied(node, token, copied, marks)
        if isinstance(node, dict):
            _make_numeric(node)
    return upgraded


def _copied(parent: Node, token: str, copied: set[int], marks: Marks) -> Node:
    """The child of a copy, which becomes a copy itself unless it is one."""
    node = child(parent, token)
    if not isinstance(node, dict | list) or id(node) in copied:
        return node
    copy = marks.twin(node)
    copied.add(id(copy))
    match parent:
        case dict():
            parent[token] = copy
        case list():
            parent[int(token)] = copy
        case _:
            raise AssertionError("only a mapping or sequence has a child")
    return copy


def _make_numeric(schema: dict[str, Node]) -> None:
    for exclusive, bound in _EXCLUSIVE:
        match schema.get(exclusive):
            case True if isinstance(schema.get(bound), int | float):
                schema[exclusive] = schema.pop(bound)
            case bool():
                del schema[exclusive]
            case _:
                continue
