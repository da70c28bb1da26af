"""Which words can be names in Python."""

from __future__ import annotations

import keyword

from chatwright.pins import Pin


def problem(pin: Pin) -> str | None:
    """Why a pin's name is none in Python, or not at that place; None where it is one."""
    if not (pin.name.isascii() and pin.name.isidentifier()):
        return "it is not an ASCII identifier"
    if keyword.iskeyword(pin.name):
        return "it is a keyword of Python"
    if pin.name.startswith("_"):
        return "names that begin with `_` are the package's own"
    if pin.kind == "enums" and pin.name in ("mro", "name", "value"):
        return "every enum has an attribute of that name"
    return None
