"""A CommonMark parser as the judge of what stands in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

HARMLESS = re.compile(
    r'<br ?/?>|</?(b|i|em|strong|code|sub|sup|u)>|</span>|<span style="color: ?[a-z]+;?">'
)
SAFE_SCHEMES = ("http:", "https:", "mailto:")


class Credulous(MarkdownIt):
    """A parser that takes every link for one."""

    def validateLink(self, url: str) -> bool:
        return True


def parse(text: str) -> list[Token]:
    """CommonMark with tables."""
    return Credulous("commonmark").enable("table").parse(text)


def every(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every(token.children or ())


def dangers(text: str) -> list[str]:
    """HTML but harmless markup, and the links that lead elsewhere than to the web or nearby."""
    found: list[str] = []
    for token in every(parse(text)):
        markup = token.type == "html_inline" and HARMLESS.fullmatch(token.content)
        if token.type.startswith("html") and not markup:
            found.append(token.content)
        address = str(token.attrs.get("href") or token.attrs.get("src") or "")
        beginning = address.split("/")[0].split("?")[0].split("#")[0]
        if ":" in beginning and not address.lower().startswith(SAFE_SCHEMES):
            found.append(address)
    return found


def assert_ends(text: str) -> None:
    """What follows the text after an empty line is read for itself."""
    *_, opening, heading, closing = parse(f"{text}\n\n### Next\n")
    assert (opening.type, heading.content, closing.type) == (
        "heading_open",
        "Next",
        "heading_close",
    )
