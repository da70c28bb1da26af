from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.model import Model

if TYPE_CHECKING:
    from .message import Message


class Reply(Model):
    """What is answered."""

    id: str
    message: Message
