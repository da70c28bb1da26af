"""Where a node is: which file, and the path to it from that file's root."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

Node: TypeAlias = "dict[str, Node] | list[Node] | str | int | float | bool | None"
"""A value of JSON's data model: what a document is made of once it has been read."""


class Pointer(Struct, frozen=True):
    """The address of a node: a JSON Pointer (RFC 6901) into one file.

    `file` is the file's display path, `tokens` the unescaped reference tokens.
    """

    file: str
    tokens: tuple[str, ...] = ()

    def __truediv__(self, token: str | int) -> Pointer:
        return Pointer(self.file, (*self.tokens, str(token)))

    def __str__(self) -> str:
        return "#" + "".join(f"/{escape(token)}" for token in self.tokens)

    def at(self, fragment: str) -> Pointer:
        """The address that a fragment (`#/components/schemas/A`) names in the same file."""
        tokens = fragment.removeprefix("#").split("/")[1:]
        return Pointer(self.file, tuple(map(unescape, tokens)))

    @property
    def name(self) -> str:
        """The last token, or an empty string at the root."""
        return self.tokens[-1] if self.tokens else ""

    @property
    def parent(self) -> Pointer:
        """The address of the container; the root is its own parent."""
        return Pointer(self.file, self.tokens[:-1])


def escape(token: str) -> str:
    """A reference token as it is written in a JSON Pointer (RFC 6901, section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """The reference token that was written, with `~1` and `~0` decoded in that order."""
    return token.replace("~1", "/").replace("~0", "~")


def child(node: Node, token: str) -> Node:
    """The member or item of `node` that a token names (RFC 6901, section 4).

    Raises LookupError where there is none.
    """
    match node:
        case dict():
            return node[token]
        case list() if is_index(token):
            return node[int(token)]
        case _:
            raise LookupError(token)


def is_index(token: str) -> bool:
    """Whether a token is an array index: decimal digits without a leading zero."""
    return (
        token.isascii()
        and token.isdigit()
        and len(token) < 10
        and (token == "0" or token[0] != "0")
    )


def children(node: Node) -> Iterator[tuple[str, Node]]:
    """Every member or item of `node` with its token, in the document's order."""
    match node:
        case dict():
            yield from node.items()
        case list():
            for index, item in enumerate(node):
                yield str(index), item
        case _:
            return
