from __future__ import annotations

from typing import Any

from .._runtime.model import Model


class Trouble(Model):
    """What an error says."""

    error: dict[str, Any]
