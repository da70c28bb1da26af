"""The files that a document is read from: their bytes, their text, and places in them."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from msgspec import Struct

from chatwright.diagnostics import Diagnostic, InputError, Location, Severity, error

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_NEWLINE = re.compile(r"\n")
_EXCERPT_WIDTH = 100
_QUOTED_LENGTH = 80
_COMPARED_NAMES = 1_000
_COMPARED_LENGTH = 100
_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Input(Struct, frozen=True):
    """One file that was read: its display path and the SHA-256 of its bytes, in hexadecimal."""

    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """The text of one file.

    `base` is the number of its first character among all the characters that one document was
    read from (see `Sources`), so that one integer says both which file and where in it.
    """

    file: str
    text: str = field(repr=False)
    input: Input
    base: int = 0

    @cached_property
    def _lines(self) -> tuple[int, ...]:
        breaks = _LINE_BREAK if "\r" in self.text else _NEWLINE
        return (0, *map(re.Match[str].end, breaks.finditer(self.text)))

    def location(self, offset: int) -> Location:
        """The line and column of the character at `offset` (0 is the first of this file)."""
        line = bisect_right(self._lines, offset)
        return Location(
            file=self.file, line=line, column=offset - self._lines[line - 1] + 1
        )

    def excerpt(self, *offsets: int) -> str:
        """The lines of these characters, numbered, each with a caret under its character.

        A line comes with the one before it; of a long line only the part around the character.
        """
        places = [self.location(offset) for offset in sorted(offsets)]
        gutter = len(str(places[-1].line))
        rows: list[str] = []
        last = 0
        for place in places:
            start = max(0, place.column - _EXCERPT_WIDTH * 3 // 4)
            first = max(place.line - 1, 1) if last < place.line - 1 else place.line
            if last and first > last + 1:
                rows.append(f"  {'':{gutter}} ...")
            for line in range(first, place.line + 1):
                rows.append(f"  {line:{gutter}} | {self._row(line, start)}".rstrip())
            before = self._row(place.line, start)[: place.column - 1 - start]
            rows.append(f"  {'':{gutter}} | {_blank(before)}^")
            last = place.line
        return "\n".join(rows)

    def _row(self, line: int, start: int) -> str:
        """A bounded part of a line, with a visible character for each that is not printable."""
        begin = self._lines[line - 1]
        end = self._lines[line] if line < len(self._lines) else len(self.text)
        row = self.text[begin:end].rstrip("\r\n")[start : start + _EXCERPT_WIDTH]
        return _printable(row, kept="\t")

    def error(self, code: str, message: str, offset: int, *others: int) -> InputError:
        """An error at `offset`; the excerpt also shows the lines of the other offsets."""
        return error(
            code, message, self.location(offset), self.excerpt(offset, *others)
        )

    def diagnostic(
        self, severity: Severity, code: str, message: str, offset: int
    ) -> Diagnostic:
        """A finding at `offset`, with its excerpt."""
        return Diagnostic(
            severity=severity,
            code=code,
            message=_printable(message),
            location=self.location(offset),
            excerpt=self.excerpt(offset),
        )


def _printable(text: str, kept: str = "") -> str:
    """The text with a visible character for each that could steer a terminal."""
    return "".join(
        char if char.isprintable() or char in kept else _UNPRINTABLE for char in text
    )


def _blank(text: str) -> str:
    """White space as wide as `text` is on a terminal."""
    return "".join(
        (
            "\t"
            if char == "\t"
            else "  " if unicodedata.east_asian_width(char) in "WF" else " "
        )
        for char in text
    )


class Sources:
    """All files of one document, whose characters are numbered through from file to file."""

    def __init__(self) -> None:
        self._sources: list[Source] = []
        self._bases: list[int] = []

    def add(self, file: str, content: bytes) -> Source:
        """The source of a file's bytes.

        Raises InputError `not-text` for bytes that are not the encoding that they should be.
        """
        last = self._sources[-1] if self._sources else None
        source = Source(
            file=file,
            text=decode(file, content),
            input=Input(file, hashlib.sha256(content).hexdigest()),
            base=last.base + len(last.text) + 1 if last else 0,
        )
        self._sources.append(source)
        self._bases.append(source.base)
        return source

    def find(self, position: int) -> tuple[Source, int]:
        """The source that holds the character of this number, and the offset in it."""
        source = self._sources[bisect_right(self._bases, position) - 1]
        return source, position - source.base

    def of(self, file: str) -> Source:
        """The source of a file that has been added."""
        return next(source for source in self._sources if source.file == file)

    def texts(self) -> tuple[str, ...]:
        """The text of every file that was read."""
        return tuple(source.text for source in self._sources)

    def inputs(self) -> tuple[Input, ...]:
        """Every file that was read, in the order of reading."""
        return tuple(source.input for source in self._sources)


def decode(file: str, content: bytes) -> str:
    """The text of a file: UTF-8, or what its byte order mark says (YAML 1.2.2, section 5.2)."""
    encoding, text = "utf-8", content
    for bom, name in _BOMS:
        if content.startswith(bom):
            encoding, text = name, content[len(bom) :]
            break
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as failure:
        before = text[: failure.start].decode(encoding)
        readable = text.decode(encoding, "replace")
        source = Source(file=file, text=readable, input=Input(file, ""))
        found = (
            f"byte 0x{text[failure.start]:02x}"
            if encoding == "utf-8"
            else "a broken character"
        )
        raise source.error(
            "not-text",
            f"{found} is not {encoding.upper()}; a YAML or JSON document in UTF-8 is expected",
            len(before),
        ) from None


def quoted(text: str) -> str:
    """Text from a document as a message shows it: one line, printable, bounded."""
    shown = text if len(text) <= _QUOTED_LENGTH else text[: _QUOTED_LENGTH - 3] + "..."
    return f"`{shown}`" if shown.isprintable() else ascii(shown)


def listed(names: Sequence[str]) -> str:
    """Names for a message: quoted, the first few of many."""
    shown = ", ".join(quoted(name) for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def nearest(name: str, names: Sequence[str]) -> Sequence[str]:
    """The names that may have been meant by one that is none of them, the likeliest first.

    To compare is slow; long names, and those after the first thousand, are not.
    """
    if len(name) > _COMPARED_LENGTH:
        return []
    compared = [
        known for known in names[:_COMPARED_NAMES] if len(known) <= _COMPARED_LENGTH
    ]
    return get_close_matches(name, compared, n=3)
