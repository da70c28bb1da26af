"""What the parser has to say about a document, gathered while it reads on."""

from __future__ import annotations

from dataclasses import replace

from chatwright.diagnostics import Diagnostic, InputError, Severity
from chatwright.document import Document, Pointer

REFERENCES = frozenset({"cyclic-reference", "dangling-reference", "invalid-reference"})
"""Errors that cost the part that refers: what it refers to does not exist.

A reference that leaves the document's folder or this machine is no such error: the document may be
whole, but not for us.
"""


class Findings:
    """Diagnostics in the order in which they were found, each of them once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[Diagnostic, None] = {}
        self._lost: set[Diagnostic] = set()

    def warn(self, code: str, message: str, pointer: Pointer) -> None:
        """A part of the document was left out or read loosely; the rest is whole."""
        self._add(Severity.WARNING, code, message, pointer)

    def note(self, code: str, message: str, pointer: Pointer) -> None:
        """Something that a reader may want to know; nothing is lost."""
        self._add(Severity.NOTE, code, message, pointer)

    def include(self, error: InputError, cost: str) -> None:
        """The diagnostics of an error; one of a reference is a warning that says what it cost."""
        for diagnostic in error.diagnostics:
            if diagnostic.code in REFERENCES:
                diagnostic = replace(
                    diagnostic,
                    severity=Severity.WARNING,
                    message=f"{diagnostic.message}; {cost}",
                )
                self._lost.add(diagnostic)
            self._found.setdefault(diagnostic)

    def fail(self) -> None:
        """Makes errors of the references that cost a part: nothing useful is left."""
        self._found = {
            replace(each, severity=Severity.ERROR) if each in self._lost else each: None
            for each in self._found
        }

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All of them."""
        return tuple(self._found)

    def _add(
        self, severity: Severity, code: str, message: str, pointer: Pointer
    ) -> None:
        diagnostic = self._document.diagnostic(severity, code, message, pointer)
        self._found.setdefault(diagnostic)
