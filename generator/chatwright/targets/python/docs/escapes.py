"""Foreign text in markdown, escaped as OpenAPI Generator escapes it.

Where that would let the text leave its table cell, its line or its string, it is escaped further:
a vertical bar in a cell, line ends that are not `\\n` or `\\r`, quotes in a Python string.
"""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("[\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_HTML = str.maketrans(
    {
        "&": "&amp;",
        "'": "&#39;",
        '"': "&quot;",
        "<": "&lt;",
        ">": "&gt;",
        "`": "&#x60;",
        "=": "&#x3D;",
    }
)


def line(text: str) -> str:
    """The text on one line, as it stands in comments: backslashes and double quotes escaped."""
    escaped = single_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return escaped.replace("'''", "'_'_'")


def single_line(text: str) -> str:
    """The text with a blank for each line end and tab."""
    return _LINE_ENDS.sub(" ", text)


def html(text: str) -> str:
    """The text with HTML's special characters, backticks and equals signs as references."""
    return text.translate(_HTML)


def cell(text: str) -> str:
    """One line of text in a table cell."""
    return html(single_line(text)).replace("|", "\\|")


def quoted(text: str) -> str:
    """One line of text in a single-quoted Python string, quotes included."""
    escaped = line(text).replace("'", "\\'")
    return f"'{escaped}'"
