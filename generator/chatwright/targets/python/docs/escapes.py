"""Foreign text in the few places of documents that are neither markdown nor a table cell."""

from __future__ import annotations

import re

from chatwright.targets.markdown import markdown_comment, markdown_literal_cell

# Controls, line and paragraph separators, what turns the direction of text, lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def one_line(text: str) -> str:
    """The text as it is, on one line: a blank for each character that is no text."""
    return _UNSEEN.sub(" ", text)


def quoted(text: str) -> str:
    """One line of text in a single-quoted Python string, quotes included."""
    escaped = markdown_comment(text).replace("'", "\\'")
    return f"'{escaped}'"


def html_line(text: str) -> str:
    """One line of text that stands as a paragraph with HTML's characters escaped, and no link."""
    return markdown_literal_cell(one_line(text)).replace("](", "&#93;(")
