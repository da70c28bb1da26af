"""The body of a request, in the media type that is sent."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from ..exceptions import ApiValueError
from . import media, style
from .operation import EventStream, FormField
from .plan import Plan

if TYPE_CHECKING:
    from .content import Content
    from .types import Types


def encoded(
    plan: Plan,
    values: tuple[object, ...],
    types: Types,
    content_type: str | None,
    *,
    streaming: bool | None,
) -> tuple[Content | None, str | None]:
    """The body and its media type, None and None where there is no body.

    `content_type` overrides the operation's own. `streaming` sets the selector of the
    operation's stream; False raises ApiValueError where the caller has set it, and None leaves
    it to the caller.
    """
    media_type = content_type or plan.content_type or "application/json"
    stream = plan.operation.stream
    if plan.body is not None:
        index, argument = plan.body
        value = values[index]
        if stream is not None and stream.selector is not None:
            if streaming:
                value = {**_members(types.dump(value)), stream.selector: True}
            elif streaming is False and _selects(value, stream):
                raise _streams(plan)
        if value is None and not argument.required:
            return None, None
        return _whole(value, types, media_type)
    fields = [(field, values[index]) for index, field in plan.fields]
    if stream is not None and stream.selector is not None:
        fields = _selected(plan, fields, stream.selector, streaming=streaming)
    fields = [(field, value) for field, value in fields if value is not None]
    return _form(fields, types, media_type) if plan.fields else (None, None)


def plain(
    data: object, fields: tuple[tuple[str, object], ...], media_type: str
) -> tuple[Content | None, str | None]:
    """A body of plain data or bytes, or else a form, and its media type."""
    from . import content

    if data is not None and fields:
        raise ApiValueError("a request has either a body or form fields, not both")
    if isinstance(data, (bytes, str)) and not (
        isinstance(data, str) and media.kind(media_type) == "json"
    ):
        return content.binary(data), media_type
    if data is not None:
        return json.dumps(data, ensure_ascii=False).encode(), media_type
    if not fields:
        return None, None
    parts: list[tuple[FormField, object]] = []
    for name, value in fields:
        if isinstance(value, tuple):
            file_name, held, part_type = cast("tuple[str, bytes, str]", value)
            field = FormField(name, name, "bytes", file=True, content_type=part_type)
            parts.append((field, (file_name, held)))
        else:
            parts.append((FormField(name, name, "Any"), value))
    match media.kind(media_type):
        case "multipart":
            return _multipart(parts, media_type)
        case "form":
            return content.form(parts), media_type
        case _:
            return json.dumps(dict(fields), ensure_ascii=False).encode(), media_type


def _whole(value: object, types: Types, media_type: str) -> tuple[Content, str | None]:
    if "*" in media_type:
        media_type = _concrete(value, media_type)
    kind = media.kind(media_type)
    if kind == "json":
        return types.dump_json(value), media_type
    from . import content

    if isinstance(value, (bytes, bytearray)):
        return content.binary(value), media_type
    match kind:
        case "form":
            return content.form(content.fields(types.dump(value))), media_type
        case "multipart":
            return _multipart(content.fields(types.dump(value)), media_type)
        case "text":
            text = style.text(style.data(types.dump(value)))
            return text.encode(media.charset(media_type)), media_type
        case _:
            return content.binary(value), media_type


def _concrete(value: object, media_type: str) -> str:
    """The media type of a body where the document has a range, as what is sent has to say one
    (RFC 9110, sections 8.3 and 12.5.1)."""
    match media.essence(media_type):
        case "text/*":
            return "text/plain"
        case "*/*" if isinstance(value, str):
            return "text/plain"
        case "*/*" | "application/*":
            is_file = isinstance(value, (bytes, bytearray, os.PathLike, tuple))
            binary = is_file or hasattr(value, "read")
            return "application/octet-stream" if binary else "application/json"
        case _:
            return media_type


def _form(
    fields: list[tuple[FormField, object]], types: Types, media_type: str
) -> tuple[Content, str | None]:
    from . import content

    data = [
        (field, value if field.file else types.dump(value)) for field, value in fields
    ]
    match media.kind(media_type):
        case "form":
            return content.form(data), media_type
        case "json":
            return (
                types.dump_json({field.name: value for field, value in data}),
                media_type,
            )
        case _:
            return _multipart(data, media_type)


def _multipart(
    fields: list[tuple[FormField, object]], media_type: str
) -> tuple[Content, str]:
    from . import content

    boundary = os.urandom(16).hex()
    essence = media.essence(media_type)
    return content.multipart(fields, boundary), f"{essence}; boundary={boundary}"


def _selected(
    plan: Plan,
    fields: list[tuple[FormField, object]],
    selector: str,
    *,
    streaming: bool | None,
) -> list[tuple[FormField, object]]:
    if streaming is False and any(
        field.name == selector and value is True for field, value in fields
    ):
        raise _streams(plan)
    return [
        (field, True if streaming and field.name == selector else value)
        for field, value in fields
    ]


def _selects(value: object, stream: EventStream) -> bool:
    """Whether a body turns the stream on: a model's attribute, or a member that only the wire
    knows."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(stream.selector or "") is True
    if getattr(value, stream.attribute or stream.selector or "", None) is True:
        return True
    extra = getattr(value, "additional_properties", None)
    return isinstance(extra, Mapping) and _selects(
        cast("Mapping[str, object]", extra), stream
    )


def _streams(plan: Plan) -> ApiValueError:
    stream = plan.operation.stream
    selector = stream.selector if stream is not None else None
    return ApiValueError(
        f"{plan.operation.id} does not stream: call {plan.operation.id}_stream, which sets"
        f" {selector!r} itself"
    )


def _members(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
