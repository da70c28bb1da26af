"""What operations answer with when they do not stream."""

from __future__ import annotations

from chatwright.ir.api import Operation, Response
from chatwright.ir.schema import Schema


def body(response: Response) -> Schema | None:
    """What a response holds, of an event stream only where it holds nothing else."""
    described = {m.name: m.schema for m in response.content if m.schema is not None}
    plain = [schema for name, schema in described.items() if "event-stream" not in name]
    return next(iter(plain or described.values()), None)


def answer(operation: Operation) -> Schema | None:
    """What the first successful response holds, else the default one; None for no body."""
    responses = {each.status: each for each in operation.responses}
    found = next(
        (each for status, each in responses.items() if status.startswith("2")),
        responses.get("default"),
    )
    return body(found) if found is not None else None
