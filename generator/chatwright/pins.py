"""Names that the user decides: the pins of a client, each with its place in the project file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from chatwright.diagnostics import Diagnostic, Location, Severity

PinKind: TypeAlias = Literal[
    "schemas", "operations", "tags", "properties", "parameters", "enums"
]
PIN_KINDS: tuple[PinKind, ...] = get_args(PinKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What the thing called `key` in the document is called in the package: `name`.

    A `key` is a schema's neutral name, an operationId, a tag, `Schema.property`,
    `operationId.parameter` (`operationId.requestBody` for the body) or `Schema.value`.
    """

    kind: PinKind
    key: str
    name: str
    location: Location | None = field(default=None, compare=False)
    excerpt: str = field(default="", compare=False)

    def refusal(self, code: str, message: str) -> Diagnostic:
        """The error that says why this pin cannot hold."""
        return Diagnostic(
            severity=Severity.ERROR,
            code=code,
            message=message,
            location=self.location,
            excerpt=self.excerpt,
        )
