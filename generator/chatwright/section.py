"""A YAML file that people write for Chatwright, read key by key, with every finding located."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeGuard

from chatwright.diagnostics import Diagnostic, Location, Severity, error
from chatwright.document.marks import Marks
from chatwright.document.pointer import Node
from chatwright.document.source import Source, Sources, quoted
from chatwright.document.yaml import read


class Section:
    """A mapping of such a file: its keys by kind, and a list of what is wrong in the file.

    A value of the wrong kind is reported and then read as if it were not there, so that one
    reading finds everything. A key with nothing behind it is not there either.
    """

    def __init__(
        self,
        *,
        source: Source,
        marks: Marks,
        findings: list[Diagnostic],
        name: str,
        entry: dict[str, Node],
        position: int,
    ) -> None:
        self.findings = findings
        self.name = name
        self.keys = tuple(entry)
        self._entry = entry
        self._position = position
        self._source = source
        self._marks = marks

    def report(
        self, code: str, message: str, key: str | None = None, item: int | None = None
    ) -> None:
        """Add an error at this section, at one of its keys, or at an item of that key's list."""
        position = self._place(key, item) - self._source.base
        self.findings.append(
            self._source.diagnostic(Severity.ERROR, code, message, position)
        )

    def only(self, *known: str) -> None:
        """Report every key that is none of these, with the nearest of them."""
        for key in self.keys:
            if key not in known:
                near = nearest(key, known)
                hint = (
                    f"did you mean {quoted(near)}?"
                    if near
                    else f"its keys are {', '.join(known)}"
                )
                self.report(
                    "unknown-key",
                    f"{quoted(key)} is no key of {self.name}; {hint}",
                    key,
                )

    def text(self, key: str, *, required: bool = False) -> str | None:
        """The string of a key, or None; it is not empty and has no control characters."""
        value = self._value(key, required=required)
        if value is None or _is_text(value):
            return value
        hint = "; put it in quotes" if isinstance(value, int | float) else ""
        self.report(
            "not-a-string", f"{quoted(key)} takes a string of one line{hint}", key
        )
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """The strings of a key that is a list, or nothing."""
        value = self._value(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.report("not-a-list", f"{quoted(key)} takes a list of strings", key)
            return ()
        for index, item in enumerate(value):
            if not _is_text(item):
                self.report(
                    "not-a-string",
                    f"{quoted(key)} takes strings of one line each",
                    key,
                    index,
                )
        return tuple(item for item in value if _is_text(item))

    def flag(self, key: str) -> bool:
        """Whether a key is there and true."""
        value = self._value(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.report("not-a-boolean", f"{quoted(key)} takes true or false", key)
        return False

    def located(self, key: str) -> tuple[Location, str]:
        """Where a key stands, and the line that it stands in."""
        position = self._place(key) - self._source.base
        return self._source.location(position), self._source.excerpt(position)

    def says(self, key: str, word: str) -> bool:
        """Whether a key has this word behind it, and no mapping."""
        return self._entry.get(key) == word

    def section(self, key: str, *, required: bool = False) -> Section | None:
        """The mapping of a key, or None."""
        value = self._value(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.report("not-a-mapping", f"{quoted(key)} takes a mapping", key)
            return None
        return Section(
            source=self._source,
            marks=self._marks,
            findings=self.findings,
            name=quoted(key),
            entry=value,
            position=self._place(key),
        )

    def sections(self) -> tuple[tuple[str, Section], ...]:
        """Every key that is a mapping."""
        found = ((key, self.section(key, required=True)) for key in self.keys)
        return tuple((key, section) for key, section in found if section is not None)

    def _value(self, key: str, *, required: bool = False) -> Node:
        value = self._entry.get(key)
        if value is None and required:
            if key in self._entry:
                self.report("missing-value", f"{quoted(key)} has no value", key)
            else:
                self.report("missing-key", f"{self.name} has no key {quoted(key)}")
        return value

    def _place(self, key: str | None, item: int | None = None) -> int:
        if key is None or key not in self._entry:
            return self._position
        value = self._entry[key]
        if item is not None and isinstance(value, list):
            return self._marks.items(value)[item]
        return self._marks.keys(self._entry)[key]


def open_section(path: Path) -> Section:
    """The mapping that a file is.

    Raises InputError for a file that cannot be read, is not YAML 1.2, or is no mapping;
    FileNotFoundError where there is none.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise error("unreadable", f"cannot read {path}: {problem.strerror}") from None
    marks = Marks()
    source = Sources().add(str(path), content)
    value = read(source, marks)
    if not isinstance(value, dict):
        raise source.error("not-a-mapping", "the file takes a mapping", 0)
    return Section(
        source=source,
        marks=marks,
        findings=[],
        name="the file",
        entry=value,
        position=source.base,
    )


def _is_text(value: Node) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value) and value.isprintable()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most likely means, or None."""
    matches: Sequence[str] = difflib.get_close_matches(word, list(known), n=1)
    return matches[0] if matches else None
