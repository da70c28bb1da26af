"""Regular expressions of documents, as far as a client can use them.

`pattern` is an ECMA-262 expression (JSON Schema Validation, section 6.3.3). Most are the same in
Python and in Rust; one that is not would break the model that carries it.
"""

from __future__ import annotations

import re
import warnings
from functools import cache

MAX_PATTERN = 2_000
"""The longest expression that is kept, in characters."""


@cache
def problem(pattern: str) -> str | None:
    """Why an expression cannot be used, or None where it can."""
    if len(pattern) > MAX_PATTERN:
        return f"it is longer than {MAX_PATTERN} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except re.error as error:
        return str(error)
    except (OverflowError, RecursionError):
        return "it is too large"
    return None
