"""What the documents of all languages show in the same form."""

from __future__ import annotations

from msgspec import Struct


class PropertyView(Struct, frozen=True, kw_only=True):
    """One row of a model's table of properties."""

    name: str
    type: str
    description: str
    notes: str
