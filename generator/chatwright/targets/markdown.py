"""Writes foreign text into markdown (CommonMark 0.31, with the tables of GitHub).

API documents are, byte for byte, what OpenAPI Generator writes, so text is escaped here as there:
by `escapeText` of its DefaultCodegen, and then as HTML where its template asks for that. This
module departs from it only where text would leave the place it is put in:

- in a table cell `|` is `&#124;` and a line break a space, so that the cell stays one cell, and
  links of other schemes than http, https and mailto are disarmed by an escape;
- controls, and characters that turn the direction of the text around them, are written as their
  code points (`U+202E`), and a lone surrogate, which no file can hold, as U+FFFD;
- in text that stands as markdown so are these links, fences whose end depends on what stands around
  them, and HTML but line breaks and plain markup of words that ends on the line where it begins,
  such as `<b>`; and a fence that is never closed is closed. Code stays as it is.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

_BREAK = re.compile(r"\r\n|[\r\n]")
_CONTROL = re.compile(r"[\t\r\n]")
# Category Cc but tab and line breaks, U+2028 and U+2029, and the formatting characters of the
# Unicode Bidirectional Algorithm (UAX 9, section 2).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HTML_CHARACTER = re.compile("[&'\"<>`=]")
_HTML = {
    "&": "&amp;",
    "'": "&#39;",
    '"': "&quot;",
    "<": "&lt;",
    ">": "&gt;",
    "`": "&#x60;",
    "=": "&#x3D;",
}

# What HTML, code spans and the destinations of links begin with.
_MARK = re.compile("[]`<]")
_TICKS = re.compile("`+")
_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})(.*)")
# A line break in the middle of a line begins no HTML block (CommonMark 4.6).
_TAG = re.compile(
    r"<(?=[a-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>)"
    r"(?!(?<=[\w.,;:)]<)br */?>|br */?>[ \t]*\S)",
    re.IGNORECASE,
)
# Markup of words, which has no meaning but its looks.
_WORDS = r"b|i|em|strong|code|sub|sup|u"
_MARKUP = re.compile(
    rf"""(?<!\\)<(?:(?P<begin>{_WORDS})>|(?P<span>span) style="color: ?[a-z]+;?">"""
    rf"|/(?P<end>{_WORDS}|span)>)"
)
_UNESCAPED = r"(?<!\\)((?:\\\\)*)"
_LINK = re.compile(
    _UNESCAPED
    + r"\](?=\()(?:(?=\([ \t]*(?:<([^<>\\]*)>|((?:[^\s()<>]|\([^\s()<>]*\))*))"
    + r"""(?:[ \t]+(?:"[^"\\]*"|'[^'\\]*'))?[ \t]*\)))?"""
)
# A cell has neither code spans nor quotes, so that the destination alone decides there.
_DESTINATION_LIMIT = 300
_CELL_LINK = re.compile(
    rf"{_UNESCAPED}\](?=\([ \t]*([^\s()]{{0,{_DESTINATION_LIMIT}}}))"
)
# A link reference definition (CommonMark 4.7), whose label may begin on an earlier line.
_LABEL = r"(?>(?:[^\[\]\\]|\\.)*)"
_DEFINITION = re.compile(
    rf"\A({_LABEL}(?:\[{_LABEL})?)\](?=:)(?:(?=:[ \t]*<?([^\s<>]+)>?[ \t]*$))?"
)
_STRAY_TICK = re.compile(_UNESCAPED + "`")
_BACKSLASH_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_IGNORED = re.compile("[\x00-\x20\x7f-\x9f]")
_SAFE_SCHEMES = ("http", "https", "mailto")


def markdown_comment(text: str) -> str:
    """The text on one line, for a comment in an example, as `escapeText` gives it."""
    text = text.replace("\\/", "/").replace("\\", "\\\\").replace('"', '\\"')
    return _shown(_CONTROL.sub(" ", text).replace("'''", "'_'_'"))


def markdown_cell(text: str) -> str:
    """A description or a summary in a cell of a table, as `escapeText` and HTML escapes give it."""
    return markdown_literal_cell(markdown_comment(text))


def markdown_literal_cell(text: str) -> str:
    """A path, a default or a media type in a cell of a table: only HTML escapes."""
    cell = _HTML_CHARACTER.sub(lambda match: _HTML[match[0]], _shown(text))
    cell = _BREAK.sub(" ", cell).replace("|", "&#124;")
    return _CELL_LINK.sub(_disarm_cell_link, cell) if "](" in cell else cell


def markdown_raw_cell(text: str) -> str:
    """A default in a cell of a model document's table, which has no HTML escapes."""
    return _disarm_line(_BREAK.sub(" ", _shown(text)).replace("|", "&#124;"))


def markdown_line(text: str) -> str:
    """A summary that stands as a paragraph of one line, as `escapeText` gives it."""
    return _disarm_line(_without_fence(markdown_comment(text)))


def markdown_block(text: str) -> str:
    """A description that stands as markdown of its own, as its author wrote it."""
    lines = _BREAK.split(_shown(text))
    strict = any(map(_is_suspicious, lines))
    done: list[str] = []
    index = 0
    while index < len(lines):
        end = _fenced(lines, index)
        if end > index:
            done += lines[index:end]
            index = end
            continue
        fence = _FENCE.match(lines[index])
        if fence and not fence[1]:
            return "\n".join([*done, *lines[index:], fence[2]])
        done.append(_disarm_line(_without_fence(lines[index]), strict=strict))
        index += 1
    return "\n".join(done)


def markdown_code(text: str) -> str:
    """The text as a code span (CommonMark 6.1), its line breaks as spaces."""
    code = _BREAK.sub(" ", _shown(text))
    ticks = _outnumber(code, 1)
    padding = " " if code[:1] in ("`", " ") or code[-1:] in ("`", " ") else ""
    return f"{ticks}{padding}{code}{padding}{ticks}"


def markdown_fence(text: str, language: str = "") -> str:
    """The text as a fenced code block (CommonMark 4.5), behind a fence longer than any in it."""
    code = "\n".join(_BREAK.split(_shown(text)))
    ticks = _outnumber(code, 3)
    return f"{ticks}{language}\n{code}\n{ticks}"


def _shown(text: str) -> str:
    if text.isprintable():
        return text
    text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return _UNSEEN.sub(lambda match: f"U+{ord(match[0]):04X}", text)


def _outnumber(code: str, least: int) -> str:
    longest = max(map(len, _TICKS.findall(code)), default=0)
    return "`" * max(least, longest + 1)


def _fenced(lines: list[str], start: int) -> int:
    """Where the fenced code that begins at a line ends, or `start` where none surely does.

    An indented fence may stand in a list item, which a line of less indentation would end, or in
    a paragraph, where its backticks would be a code span: then it counts only if it is a block
    of code either way.
    """
    fence = _FENCE.match(lines[start])
    if fence is None or (fence[1] and fence[2][0] == "~"):
        return start
    indentation, marks, _ = fence.groups()
    for end in range(start + 1, len(lines)):
        line = lines[end]
        if _closes(line, marks, indentation):
            return end + 1
        if indentation and (
            marks in line or (line.strip() and not line.startswith(indentation))
        ):
            return start
    return start


def _closes(line: str, marks: str, indentation: str) -> bool:
    fence = _FENCE.match(line)
    if fence is None or not fence[2].startswith(marks) or fence[3].strip(" \t"):
        return False
    return fence[1] == indentation or (
        not indentation and len(fence[1].expandtabs()) < 4
    )


def _without_fence(line: str) -> str:
    fence = _FENCE.match(line)
    return f"{fence[1]}\\{fence[2]}{fence[3]}" if fence else line


def _is_suspicious(line: str) -> bool:
    return _TAG.search(line) is not None or "](" in line or "]:" in line


def _disarm_line(line: str, *, strict: bool = False) -> str:
    """The line without HTML and unsafe links outside its code spans.

    A `strict` line also loses the backticks that begin no code span in it, so that none of its
    text can be code, or cease to be, by what stands on the lines around it.
    """
    if not _MARK.search(line):
        return line
    line = _DEFINITION.sub(_disarm_definition, line, count=1)
    done: list[str] = []
    end = 0
    code = list(_code_spans(line))
    for start, stop in sorted([*code, *_markup(line, code)]):
        done += [_disarm_prose(line[end:start], strict), line[start:stop]]
        end = stop
    return "".join([*done, _disarm_prose(line[end:], strict)])


def _markup(line: str, code: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where the tags of harmless markup stand that begins and ends on the line, outside of code.

    What begins on it and ends on another could be a block of HTML (CommonMark 4.6), or never end.
    """
    begun: list[re.Match[str]] = []
    for tag in _MARKUP.finditer(line):
        before = bisect_left(code, (tag.start(), 0))
        if before and code[before - 1][1] > tag.start():
            continue
        if tag["end"] is None:
            begun.append(tag)
            continue
        while begun:
            begin = begun.pop()
            if tag["end"] in (begin["begin"], begin["span"]):
                yield begin.span()
                yield tag.span()
                break


def _code_spans(line: str) -> Iterator[tuple[int, int]]:
    """Where code spans begin and end: at runs of equally many backticks (CommonMark 6.1)."""
    runs = [match.span() for match in _TICKS.finditer(line)]
    starts: dict[int, list[int]] = defaultdict(list)
    for start, stop in runs:
        starts[stop - start].append(start)
    end = 0
    for start, stop in runs:
        if start < end:
            continue
        start += _is_escaped(line, start)
        same = starts[stop - start]
        following = bisect_left(same, stop)
        if stop > start and following < len(same):
            end = same[following] + stop - start
            yield start, end


def _is_escaped(line: str, index: int) -> bool:
    first = index
    while first and line[first - 1] == "\\":
        first -= 1
    return (index - first) % 2 == 1


def _disarm_prose(prose: str, strict: bool) -> str:
    prose = _TAG.sub("&lt;", _LINK.sub(_disarm_link, prose))
    return _STRAY_TICK.sub(r"\1\`", prose) if strict else prose


def _disarm_link(match: re.Match[str]) -> str:
    backslashes, pointed, bare = match.groups()
    destination = bare if pointed is None else pointed
    safe = destination is not None and _is_safe(destination)
    return f"{backslashes}]" if safe else f"{backslashes}\\]"


def _disarm_cell_link(match: re.Match[str]) -> str:
    backslashes, destination = match.groups()
    safe = len(destination) < _DESTINATION_LIMIT and _is_safe(destination)
    return f"{backslashes}]" if safe else f"{backslashes}\\]"


def _disarm_definition(match: re.Match[str]) -> str:
    label, destination = match.groups()
    safe = destination is not None and _is_safe(destination)
    return f"{label}]" if safe else f"{label}\\]"


def _is_safe(destination: str) -> bool:
    """Whether a link goes to the web, to mail or to a place beside the document.

    The destination is read as leniently as any browser does.
    """
    target = _IGNORED.sub("", _BACKSLASH_ESCAPE.sub(r"\1", html.unescape(destination)))
    scheme, colon, _ = re.split("[/?#]", target, maxsplit=1)[0].partition(":")
    return not colon or scheme.lower() in _SAFE_SCHEMES
