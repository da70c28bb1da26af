"""What the vendor wrote, with line numbers: reading, references, overlays, upgrade, validation."""

from .document import Document, load
from .pointer import Node, Pointer, escape, unescape
from .source import Input
from .validate import full_check, schema_check

__all__ = [
    "Document",
    "Input",
    "Node",
    "Pointer",
    "escape",
    "full_check",
    "load",
    "schema_check",
    "unescape",
]
