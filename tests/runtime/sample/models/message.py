from __future__ import annotations

from .._runtime.model import Model


class Message(Model):
    """One message."""

    role: str
    content: str | None = None
