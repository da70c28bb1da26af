"""Operations of every kind that the runtime knows."""

from __future__ import annotations

from ._runtime.operation import (
    Body,
    EventStream,
    Operation,
    Parameter,
)
from .models.chunk import Chunk
from .models.reply import Reply

CHAT: Operation[Reply, Chunk] = Operation(
    id="chat",
    method="POST",
    path="/rooms/{room}/chat",
    arguments=(
        Parameter("room", "room", "path", "str"),
        Body("prompt", "Prompt"),
        Parameter("x_trace", "X-Trace", "header", "str | None", required=False),
        Parameter("authorization", "Authorization", "header", "str", required=False),
    ),
    content_types=("application/json",),
    accept="application/json",
    responses={
        "200": "Reply",
        "400": "Trouble",
        "429": "Trouble",
        "default": "Trouble",
    },
    security=(("HeaderKey",), ("Bearer",)),
    stream=EventStream("Chunk", selector="stream", sentinel="[DONE]"),
)

LOG: Operation[Reply, Chunk] = Operation(
    id="log",
    method="GET",
    path="/log",
    accept="application/x-ndjson",
    responses={"200": None, "500": "Trouble"},
    stream=EventStream("Chunk", media_type="application/x-ndjson"),
)
