"""How the items of streams add up to what their operations answer with."""

from __future__ import annotations

from msgspec.structs import replace

from chatwright.ir import walk
from chatwright.ir.api import Api, ChatChunks, ChatEvents, ChatProfile, Operation
from chatwright.ir.schema import Schema, SchemaTable
from chatwright.parser.chat import answer
from chatwright.parser.chat_chunks import chat_chunks
from chatwright.parser.chat_events import chat_events


def accumulated(api: Api) -> Api:
    """The Api, in which each stream that the document says enough of adds up."""
    schemas = walk.table(api)
    return replace(
        api,
        operations=tuple(
            _accumulated(operation, api.chat, schemas) for operation in api.operations
        ),
    )


def _accumulated(
    operation: Operation, profile: ChatProfile | None, schemas: SchemaTable
) -> Operation:
    stream = operation.event_stream
    whole = answer(operation)
    if stream is None or whole is None:
        return operation
    chat = _chat(stream.item_schema, whole, profile, schemas)
    return replace(operation, event_stream=replace(stream, chat=chat))


def _chat(
    item: Schema, whole: Schema, profile: ChatProfile | None, schemas: SchemaTable
) -> ChatChunks | ChatEvents | None:
    chunks = chat_chunks(item, whole, profile, schemas) if profile else None
    return chunks or chat_events(item, whole, schemas)
