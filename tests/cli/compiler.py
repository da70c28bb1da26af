"""A compiler small enough to see what the command line does with one."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatwright.diagnostics import Diagnostic, Location, Severity, error
from chatwright.pipeline import Build
from chatwright.project import (
    Client,
    Language,
    PythonTarget,
    RustTarget,
    Target,
    Url,
    fingerprint,
)


def warning(message: str = "odd") -> Diagnostic:
    """A warning at a place, with an excerpt."""
    return Diagnostic(
        severity=Severity.WARNING,
        code="odd-thing",
        message=message,
        location=Location(file="acme.yaml", line=3, column=7),
        excerpt="  3 | odd",
    )


@dataclass(kw_only=True)
class FakeCompiler:
    """Makes one file of each line of a document; counts how often it compiles."""

    builds: int = 0
    found: tuple[Diagnostic, ...] = ()
    before: Callable[[], None] = field(default=lambda: None)

    def build(self, client: Client, target: Target, before: bytes = b"") -> Build:
        self.builds += 1
        self.before()
        lines = self._text(client).splitlines()
        return Build(
            files={
                path: f"# {line}\n".encode() for path, line in _paths(target, lines)
            },
            diagnostics=self.found,
            operations_written=len(lines),
            operations_left_out=1,
            inputs={**self.inputs_of(client, target), "document": self._digest(client)},
        )

    def inputs_of(self, client: Client, target: Target) -> Mapping[str, str]:
        return {
            "config entry": fingerprint(client, target),
            "document": self._digest(client),
        }

    def inspect(self, client: Client) -> str:
        return f"summary of {client.document}"

    def inspect_names(self, client: Client, language: Language) -> str:
        return f"names: of {client.document} in {language}"

    def inspect_json(self, client: Client) -> str:
        return f'{{"document": "{client.document}"}}'

    def lint(self, client: Client) -> tuple[Diagnostic, ...]:
        self._text(client)
        return self.found

    def _text(self, client: Client) -> str:
        match client.document:
            case Url() as url:
                return f"from\n{url.address.rsplit('/', 1)[-1]}\n"
            case Path() as path:
                if not path.exists():
                    raise error("no-document", f"there is no {path}")
                return path.read_text()

    def _digest(self, client: Client) -> str:
        return hashlib.sha256(self._text(client).encode()).hexdigest()


def _paths(target: Target, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match target:
            case PythonTarget():
                yield f"{target.package}/{line}.py", line
            case RustTarget():
                yield f"{target.crate}/{line}.rs", line


def interrupt() -> None:
    """What Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)
