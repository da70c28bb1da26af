"""What all documents say of operations and servers."""

from __future__ import annotations

from collections.abc import Sequence

from chatwright.ir.api import Operation, Response, Server


def base_path(servers: Sequence[Server]) -> str:
    """The URL of the first server with the defaults of its variables, or http://localhost."""
    if not servers:
        return "http://localhost"
    url = servers[0].url
    for variable in servers[0].variables:
        url = url.replace(f"{{{variable.name}}}", variable.default)
    return url.rstrip("/") or "http://localhost"


def main_response(operation: Operation) -> Response | None:
    """The response that the method returns: the first success, else the default one."""
    successes = [
        response
        for response in operation.responses
        if response.status.startswith("2") or response.status == "default"
    ]
    return min(successes, key=lambda response: response.status, default=None)
