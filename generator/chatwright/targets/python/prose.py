"""Descriptions as they stand in docstrings: the author's lines, the long ones wrapped."""

from __future__ import annotations

import re
import textwrap

from chatwright.targets.python.layout import LINE_LENGTH

_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+|\s*")


def wrapped(text: str, indent: int) -> str:
    """The text with lines that fit into a docstring at `indent`, words kept whole.

    A wrapped line keeps its indentation, and hangs under the text of a list item.
    """
    return "\n".join(
        _wrap(line.rstrip(), LINE_LENGTH - indent) for line in text.splitlines()
    )


def _wrap(line: str, width: int) -> str:
    # Three quotes stand before the first line.
    if len(line) <= width - 3:
        return line
    found = _BULLET.match(line)
    lead = found.group() if found else ""
    return "\n".join(
        textwrap.wrap(
            line[len(lead) :],
            width=width - 3,
            initial_indent=lead,
            subsequent_indent=" " * len(lead),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
