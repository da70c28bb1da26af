"""Streams whose items have the shape of the chat completion's answer, with a delta in it."""

from __future__ import annotations

from collections.abc import Iterable

from chatwright.ir.api import ChatChunks, ChatProfile, SchemaPath
from chatwright.ir.schema import (
    ArraySchema,
    ObjectSchema,
    Schema,
    SchemaTable,
)
from chatwright.parser.chat import ITEM, found_at


def chat_chunks(
    item: Schema, whole: Schema, profile: ChatProfile, schemas: SchemaTable
) -> ChatChunks | None:
    """How the items of a stream add up to `whole`, what its operation answers with.

    None where they or it are no chat completion of the profile's shape, or where they differ in
    more than the name of the object with the text.
    """
    delta = profile.text_delta
    if delta is None or len(delta) < 2:
        return None
    if not found_at(item, delta, schemas):
        return None
    if found_at(whole, delta, schemas):
        return ChatChunks(text=delta)
    text = profile.text
    if text is None or not found_at(whole, text, schemas):
        return None
    if (*text[:-2], text[-1]) != (*delta[:-2], delta[-1]):
        return None
    return ChatChunks(
        text=delta,
        message=text[-2],
        unindexed=tuple(
            name
            for name in _lists(item, delta[:-1], schemas)
            if found_at(item, (*delta[:-1], name, ITEM, "index"), schemas)
            and not found_at(whole, (*text[:-1], name, ITEM, "index"), schemas)
        ),
    )


def _lists(schema: Schema, path: SchemaPath, schemas: SchemaTable) -> Iterable[str]:
    """The names of the lists of the objects at a path, in the document's order."""
    return dict.fromkeys(
        member.name
        for found in found_at(schema, path, schemas)
        if isinstance(found, ObjectSchema)
        for member in found.properties
        if any(
            isinstance(each, ArraySchema)
            for each in found_at(member.schema, (), schemas)
        )
    )
