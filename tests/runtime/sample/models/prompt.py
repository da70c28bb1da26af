from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.model import Model

if TYPE_CHECKING:
    from .message import Message


class Prompt(Model):
    """What is asked."""

    messages: list[Message]
    stream: bool | None = None
