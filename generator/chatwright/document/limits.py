"""What no document may do, in whichever notation: bounds far above real documents, and errors."""

from __future__ import annotations

from chatwright.diagnostics import InputError

from .source import Source, quoted

MAX_DEPTH = 1_000
"""Mappings and sequences inside one another; the deepest vendor document known has 33."""

MAX_DIGITS = 1_000
"""Characters of one integer: Python refuses to print those of more than 4,300 digits."""

MAX_ALIASED = 250_000
"""Nodes that the aliases of one YAML file stand for, together."""

MAX_CONTAINERS = 500_000
"""Mappings and sequences of a document and its overlays; the largest known has 40,000."""


def too_deep(source: Source, offset: int) -> InputError:
    """The error for the container that is one too deep."""
    return source.error(
        "too-deep",
        f"mappings and sequences are nested deeper than here; at most {MAX_DEPTH:,} levels "
        "are accepted",
        offset,
    )


def too_long(source: Source, offset: int, digits: int) -> InputError:
    """The error for an integer that is too long."""
    return source.error(
        "number-too-long",
        f"an integer of {digits:,} characters; at most {MAX_DIGITS:,} are accepted",
        offset,
    )


def duplicate_key(source: Source, key: str, first: int, second: int) -> InputError:
    """The error for a key that stands twice in one mapping, with the lines of both."""
    line = source.location(first).line
    return source.error(
        "duplicate-key",
        f"the key {quoted(key)} stands here and in line {line}; one of them is expected",
        second,
        first,
    )


def empty(source: Source) -> InputError:
    """The error for a file without a value."""
    return source.error("empty", "the file is empty; a mapping is expected", 0)


def lone_surrogate(source: Source, offset: int) -> InputError:
    """The error for a string with half of a surrogate pair, which no encoding can write."""
    return source.error(
        "lone-surrogate",
        r"the string has half of a surrogate pair, as in `\ud83d`; both halves, as in "
        r"`\ud83d\ude00`, or the character itself are expected",
        offset,
    )
