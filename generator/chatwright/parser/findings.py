"""What the parser has to say about a document, gathered while it reads on."""

from __future__ import annotations

from chatwright.diagnostics import Diagnostic, InputError, Severity
from chatwright.document import Document, Pointer


class Findings:
    """Diagnostics in the order in which they were found, each of them once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[Diagnostic, None] = {}

    def warn(self, code: str, message: str, pointer: Pointer) -> None:
        """A part of the document was left out or read loosely; the rest is whole."""
        self._add(Severity.WARNING, code, message, pointer)

    def note(self, code: str, message: str, pointer: Pointer) -> None:
        """Something that a reader may want to know; nothing is lost."""
        self._add(Severity.NOTE, code, message, pointer)

    def include(self, error: InputError) -> None:
        """The diagnostics of an error that cost one part only."""
        for diagnostic in error.diagnostics:
            self._found.setdefault(diagnostic)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All of them."""
        return tuple(self._found)

    def _add(
        self, severity: Severity, code: str, message: str, pointer: Pointer
    ) -> None:
        diagnostic = self._document.diagnostic(severity, code, message, pointer)
        self._found.setdefault(diagnostic)
