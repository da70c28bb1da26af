"""What Chatwright says about its input: a located sentence, and the error that stops a command.

A diagnostic reads `specs/x.yaml:812:9 warning unsupported-keyword: ...` with the offending lines
under it. *Unsupported* (legal, not ours yet) and *invalid* (not legal) are different codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How much a diagnostic costs: an error costs the client, a warning at most one part of it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Location(Struct, frozen=True, kw_only=True):
    """A place in a file: `line` and `column` count from 1, in characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding: where, how bad, which kind, and what was found and would be accepted.

    `code` is a stable kebab-case word that users can search for. `excerpt` holds the offending
    lines, already numbered and underlined, or nothing where the finding has no place in a file.
    """

    severity: Severity
    code: str
    message: str
    location: Location | None = None
    excerpt: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = f"{self.location} " if self.location else ""
        head = f"{place}{self.severity} {self.code}: {self.message}"
        return f"{head}\n{self.excerpt}" if self.excerpt else head


class InputError(Exception):
    """Input that cannot be used; ends the command with exit code 1 and its diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = diagnostics

    def __reduce__(self) -> tuple[type[InputError], tuple[Diagnostic, ...]]:
        return InputError, self.diagnostics


def error(
    code: str, message: str, location: Location | None = None, excerpt: str = ""
) -> InputError:
    """The InputError of one error diagnostic, ready to raise."""
    return InputError(
        Diagnostic(
            severity=Severity.ERROR,
            code=code,
            message=message,
            location=location,
            excerpt=excerpt,
        )
    )


def worst(diagnostics: Iterable[Diagnostic]) -> Severity | None:
    """The gravest severity among the diagnostics, or None where there are none."""
    found = {diagnostic.severity for diagnostic in diagnostics}
    return next((severity for severity in Severity if severity in found), None)
