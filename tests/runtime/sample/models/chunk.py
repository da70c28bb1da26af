from __future__ import annotations

from .._runtime.model import Model


class Chunk(Model):
    """A streamed part of a reply."""

    text: str
    index: int | None = None
