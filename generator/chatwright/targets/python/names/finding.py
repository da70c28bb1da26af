"""What was decided about a name, for people."""

from __future__ import annotations

from msgspec import Struct

from chatwright.diagnostics import Severity


class Finding(Struct, frozen=True, kw_only=True):
    """What was decided about a name, at the address `pointer` of the document."""

    severity: Severity
    code: str
    message: str
    pointer: str


def warning(code: str, message: str, pointer: str) -> Finding:
    """A finding that users should read: a name is not the one that they expect."""
    return Finding(
        severity=Severity.WARNING, code=code, message=message, pointer=pointer
    )


def note(code: str, message: str, pointer: str = "#/tags") -> Finding:
    """A finding for those who wonder."""
    return Finding(severity=Severity.NOTE, code=code, message=message, pointer=pointer)
