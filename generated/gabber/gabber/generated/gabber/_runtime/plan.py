"""An operation's arguments, sorted by where they go; worked out on its first call."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from . import media
from .operation import Body, FormField, Operation, Parameter
from .style import literal

AnyOperation: TypeAlias = Operation[Any, Any]
Placed: TypeAlias = tuple[int, Parameter]


class Plan(NamedTuple):
    """Where an operation's arguments go; numbers are their indices.

    `path` is the path's template, cut at its parameters. `content_type` is what is sent unless
    the call says otherwise.
    """

    operation: AnyOperation
    path: tuple[str | Placed, ...]
    query: tuple[Placed, ...]
    headers: tuple[Placed, ...]
    cookies: tuple[Placed, ...]
    fields: tuple[tuple[int, FormField], ...]
    body: tuple[int, Body] | None
    content_type: str | None


@lru_cache(maxsize=4096)
def plan(operation: AnyOperation) -> Plan:
    """The plan of an operation, kept: operations are the constants of generated modules."""
    places: dict[str, list[Placed]] = {
        place: [] for place in ("path", "query", "querystring", "header", "cookie")
    }
    fields: list[tuple[int, FormField]] = []
    body: tuple[int, Body] | None = None
    for index, argument in enumerate(operation.arguments):
        match argument:
            case Parameter():
                places[argument.location].append((index, argument))
            case FormField():
                fields.append((index, argument))
            case Body():
                body = index, argument
    return Plan(
        operation=operation,
        path=_segments(operation.path, places["path"]),
        query=(*places["query"], *places["querystring"]),
        headers=tuple(places["header"]),
        cookies=tuple(places["cookie"]),
        fields=tuple(fields),
        body=body,
        content_type=_form(operation) if fields else preferred(operation.content_types),
    )


def _form(operation: AnyOperation) -> str | None:
    """The first media type of a form, whose fields the arguments are."""
    for media_type in operation.content_types:
        if media.kind(media_type) in ("form", "multipart"):
            return media_type
    return preferred(operation.content_types)


def preferred(media_types: tuple[str, ...] | list[str]) -> str | None:
    """The first JSON media type, else the first, as OpenAPI Generator's clients choose."""
    for media_type in media_types:
        if "json" in media_type.lower():
            return media_type
    return media_types[0] if media_types else None


def _segments(template: str, parameters: list[Placed]) -> tuple[str | Placed, ...]:
    segments: list[str | Placed] = [template]
    for placed in parameters:
        placeholder = "{" + placed[1].name + "}"
        split: list[str | Placed] = []
        for segment in segments:
            if not isinstance(segment, str):
                split.append(segment)
                continue
            first, *others = segment.split(placeholder)
            split.append(first)
            for other in others:
                split += (placed, other)
        segments = split
    return tuple(
        literal(segment) if isinstance(segment, str) else segment
        for segment in segments
        if segment
    )
