"""What became of a JSON value on its way."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from tests.loopback.nodes import Json


def difference(found: Json, sent: Json, path: str = "$") -> str | None:
    """Where what came back is not what was sent, first; None where it is the same.

    A time may be written in another way, and a UUID in another case (RFC 9562, 4).
    """
    match found, sent:
        case dict(), dict() if found.keys() == sent.keys():
            pairs = [(found[key], sent[key], f"{path}.{key}") for key in sent]
        case list(), list() if len(found) == len(sent):
            both = zip(found, sent, strict=True)
            pairs = [(*each, f"{path}[{index}]") for index, each in enumerate(both)]
        case str(), str() if _same(found, sent):
            return None
        case _ if found == sent and isinstance(found, bool) == isinstance(sent, bool):
            return None
        case _:
            shown = [json.dumps(value)[:200] for value in (sent, found)]
            return f"{path}: sent {shown[0]}, came back as {shown[1]}"
    return next(filter(None, (difference(*pair) for pair in pairs)), None)


def _same(found: str, sent: str) -> bool:
    if found == sent:
        return True
    for read in (datetime.fromisoformat, UUID):
        try:
            return len(sent) > len("2026-01-02") and read(found) == read(sent)
        except ValueError:
            continue
    return False
