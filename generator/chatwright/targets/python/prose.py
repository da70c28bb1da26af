"""Descriptions as they stand in docstrings: paragraphs filled, all else as its author has it."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Iterator

from chatwright.targets.python.layout import LINE_LENGTH

_SEVERAL = re.compile(r"\n{3,}")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+|\s*")
_FENCE = re.compile(r"\s*(?:```|~~~)")
# What starts another block than a paragraph (CommonMark 0.31, section 4 and 5), or is indented.
_BLOCK = re.compile(r"\s|[-*+]\s|\d+[.)]\s|[#>|<=]|---|\[[^]]*\]:|$")
_HARD_BREAK = re.compile(r"(?:  |\\|<br */?>)$")
_QUOTES = '"""'
"""What stands before the first line."""

_WRAPPED = range(60, 121)
"""How long the longest line of a paragraph is that its author has wrapped by hand."""


@functools.lru_cache(maxsize=10_000)
def wrapped(text: str, indent: int) -> str:
    """The text with lines that fit into a docstring at `indent`, words kept whole.

    A paragraph that its author has wrapped is filled anew. A wrapped line keeps its indentation,
    and hangs under the text of a list item. Of several empty lines one is left, as markdown reads
    them.
    """
    if len(text) <= LINE_LENGTH - indent - len(_QUOTES) and text.isprintable():
        return text.rstrip()
    lines = (_wrap(line.rstrip(), LINE_LENGTH - indent) for line in _joined(text))
    return _SEVERAL.sub("\n\n", "\n".join(lines))


def deprecated(text: str) -> str:
    """What is said of something deprecated, unless its author begins so."""
    if text.lower().startswith("deprecated"):
        return text
    return f"Deprecated. {text}".strip()


def _joined(text: str) -> Iterator[str]:
    """The lines of a text, those of a wrapped paragraph as one."""
    paragraph: list[str] = []
    fenced = False
    for line in text.splitlines():
        fence = bool(_FENCE.match(line))
        if fence or fenced or _BLOCK.match(line):
            yield from _paragraph(paragraph)
            paragraph = []
            yield line
        else:
            paragraph.append(line)
        fenced ^= fence
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> Iterator[str]:
    """A line break is the author's own where the next word would have had room."""
    longest = max(map(len, lines), default=0)
    started = ""
    for index, line in enumerate(lines):
        started += line
        word = lines[index + 1].partition(" ")[0] if index + 1 < len(lines) else ""
        full = len(line) + 1 + len(word) > longest
        if word and full and longest in _WRAPPED and not _HARD_BREAK.search(line):
            started = f"{started.rstrip()} "
        else:
            yield started
            started = ""


def _wrap(line: str, width: int) -> str:
    if len(line) <= width - len(_QUOTES):
        return line
    found = _BULLET.match(line)
    lead = found.group() if found else ""
    return "\n".join(
        textwrap.wrap(
            line[len(lead) :],
            width=width - len(_QUOTES),
            initial_indent=lead,
            subsequent_indent=" " * len(lead),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
