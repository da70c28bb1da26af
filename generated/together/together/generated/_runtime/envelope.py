"""Events that are described in the data of server-sent events. No I/O happens here.

Where a description speaks of whole events (`{event, data}`), an API may mean the fields of a
server-sent event, or JSON text that holds all of them in `data`.
"""

from __future__ import annotations

from collections.abc import Iterable

from .addition import parsed
from .events import ServerSentEvent

_FIELDS = frozenset({"data", "event", "id", "retry"})


def opened(events: Iterable[ServerSentEvent], *, named: bool) -> list[ServerSentEvent]:
    """The events that the data of some events holds; those that hold none stay as they are.

    `named` says whether the described ones have names, so that what has none is no envelope.
    """
    return [
        _opened(event, named) if b'"data"' in event.raw else event for event in events
    ]


def _opened(event: ServerSentEvent, named: bool) -> ServerSentEvent:
    from pydantic_core import to_json

    fields = parsed(event.raw)
    if fields is None or "data" not in fields or not _FIELDS.issuperset(fields):
        return event
    name = fields.get("event")
    if not isinstance(name, str) and (named or name is not None):
        return event
    data, id_, retry = fields["data"], fields.get("id"), fields.get("retry")
    return ServerSentEvent(
        raw=data.encode() if isinstance(data, str) else to_json(data),
        event=name or event.event,
        id=str(id_) if isinstance(id_, str | int) else event.id,
        retry=retry if isinstance(retry, int) else event.retry,
    )
