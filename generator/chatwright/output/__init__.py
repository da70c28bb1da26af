"""Generated trees on disk: planned as values, written all at once, compared without writing.

The output folder holds the generated files, `.chatwright-manifest.json` (what they were made
from, and their digests; commit it with them) and, where a user wants one, `.chatwright-ignore`.
"""

from __future__ import annotations

from chatwright.output.folder import (
    Comparison,
    Written,
    compare,
    current,
    recover,
    write,
)
from chatwright.output.manifest import Counts, Manifest
from chatwright.output.plan import Kept, Reason

__all__ = [
    "Comparison",
    "Counts",
    "Kept",
    "Manifest",
    "Reason",
    "Written",
    "compare",
    "current",
    "recover",
    "write",
]
