"""The sample's types."""

from ._runtime.types import Types

TYPES = Types(__package__ or "")
