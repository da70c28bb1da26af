"""Regular expressions of documents: which of them are run, and in time linear in the text.

`pattern` is an ECMA-262 expression (JSON Schema Validation, section 6.3.3). Most mean the same to
the engine of Rust, which takes linear time whatever the expression is, and to that of Python,
which backtracks: `^(a+)+$` would keep it busy for years. Generated packages ask Rust's, and
Python's only for what that one has not, looking around; so an expression is kept if Rust's engine
takes it, or if it is of a shape over which Python's cannot dither.
"""

from __future__ import annotations

import re
import warnings
from functools import cache

MAX_PATTERN = 2_000
"""The longest expression that is kept, in characters."""

_MAX_ALTERNATIVES = 8
_COMPILED_BYTES = 4 * 1024 * 1024
"""Less than half of what pydantic's engine allows a compiled expression."""

_TOKEN = re.compile(
    r"""
    (?P<reference>\\[1-9k])
  | (?P<escape>\\.)
  | (?P<class>\[\^?\]?(?:[^\]\\]|\\.)*\])
  | (?P<look>\(\?<?[=!])
  | (?P<group>\((?:\?:|\?P<\w+>)?(?!\?))
  | (?P<close>\))
  | (?P<count>\{\d+\})
  | (?P<repeat>[*+?]|\{\d*,\d*\})
  | (?P<bar>\|)
  | (?P<other>\(\?)
  | (?P<character>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# Sets of characters that Rust's engine takes for nested, intersected or subtracted ones.
_NESTED = re.compile(r"(?<!\\)(?:\\\\)*(?:\[|&&|--|~~)")
# What Rust's engine means by these in pydantic; in ECMA-262 they are ASCII alone.
_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"[\p{L}\p{M}\p{N}\p{Pc}]",
    "W": r"[^\p{L}\p{M}\p{N}\p{Pc}]",
}


@cache
def problem(pattern: str) -> str | None:
    """Why an expression cannot be used, or None where it can."""
    if len(pattern) > MAX_PATTERN:
        return f"it is longer than {MAX_PATTERN} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, ValueError) as error:
        return str(error)
    except (OverflowError, RecursionError):
        return "it is too large"
    sets = (token["class"] for token in _TOKEN.finditer(pattern) if token["class"])
    if any(_NESTED.search(each, 1) for each in sets):
        return "its sets of characters mean something else to other engines"
    if is_linear(pattern) or is_steady(pattern):
        return None
    return "checking it might take forever"


def matches(pattern: str, text: str) -> bool | None:
    """Whether the expression is found in the text; None for one that cannot be used."""
    if problem(pattern) is not None:
        return None
    if not is_linear(pattern):
        return re.search(pattern, text) is not None
    from jsonschema_rs import RegexOptions, validator_for

    validator = validator_for({"pattern": pattern}, pattern_options=RegexOptions())
    return validator.is_valid(text)


@cache
def is_linear(pattern: str) -> bool:
    """Whether Rust's engine takes the expression, which it then matches in linear time."""
    from jsonschema_rs import RegexOptions, ValidationError, validator_for

    options = RegexOptions(size_limit=_COMPILED_BYTES)
    wide = re.sub(
        r"\\(.)", lambda found: _CLASSES.get(found[1], found[0]), pattern, flags=re.S
    )
    try:
        for each in (pattern, wide):
            validator_for({"pattern": each}, pattern_options=options)
    except (ValidationError, ValueError):
        return False
    return True


def is_steady(pattern: str) -> bool:
    """Whether Python's engine, too, surely takes time linear in the text.

    It does where the expression is anchored, no group is repeated or referred to, and there is one
    place to choose a length at most: in each look around, and after all of these in the rest.
    """
    repeats = [0]
    looking: list[bool] = []
    closed = False
    bars = 0
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        match kind:
            case "reference" | "other":
                return False
            case "look":
                # What looks behind has a width, so that it costs the same everywhere.
                if True in looking or (repeats[0] and "<" not in token[0]):
                    return False
                looking.append(True)
                repeats.append(0)
            case "group":
                looking.append(False)
            case "close":
                if looking and looking.pop():
                    repeats.pop()
            case "count" | "repeat" if closed:
                return False
            case "repeat":
                repeats[-1] += 1
                if repeats[-1] > 1:
                    return False
            case "bar":
                bars += 1
                if not looking or bars > _MAX_ALTERNATIVES:
                    return False
            case _:
                pass
        closed = kind == "close"
    return pattern.startswith("^")
