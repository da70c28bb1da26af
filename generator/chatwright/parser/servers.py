"""Base URLs (OpenAPI 3.2.0, sections 4.5 and 4.6)."""

from __future__ import annotations

from collections.abc import Mapping

from chatwright.document import Node
from chatwright.ir.api import Server, ServerVariable
from chatwright.parser import reading


def servers(node: Mapping[str, Node]) -> tuple[Server, ...]:
    """The servers that an object lists; one without a URL is left out."""
    return tuple(
        Server(
            url=url,
            description=reading.text(server, "description"),
            variables=tuple(
                variable(name, content)
                for name, content in reading.mapping(server, "variables").items()
                if isinstance(content, dict)
            ),
        )
        for server in reading.sequence(node, "servers")
        if isinstance(server, dict) and (url := reading.text(server, "url")) is not None
    )


def variable(name: str, node: Mapping[str, Node]) -> ServerVariable:
    """One variable of a URL template; a number that should be a string is read as one."""
    return ServerVariable(
        name=name,
        default=scalar(node.get("default")),
        enum=tuple(scalar(value) for value in reading.sequence(node, "enum")),
        description=reading.text(node, "description"),
    )


def scalar(value: Node) -> str:
    """The text of a value that stands where a string is expected."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
