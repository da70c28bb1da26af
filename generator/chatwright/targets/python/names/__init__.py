"""The names of a whole Python package, decided once, before anything is rendered.

They are those of OpenAPI Generator's `python` generator (see `spelling`). Where two of them would
collide, or one would hide a name that the package needs, these modules decide and say so.
"""

from __future__ import annotations

from chatwright.targets.python.names.apis import ApiName
from chatwright.targets.python.names.decision import Names, decide, listed, pin
from chatwright.targets.python.names.fields import MODEL_ATTRIBUTES
from chatwright.targets.python.names.finding import Finding
from chatwright.targets.python.names.listing import published
from chatwright.targets.python.names.methods import METHOD_SUFFIXES
from chatwright.targets.python.names.models import RUNTIME_NAMES, ModelName, has_model

__all__ = [
    "METHOD_SUFFIXES",
    "MODEL_ATTRIBUTES",
    "RUNTIME_NAMES",
    "ApiName",
    "Finding",
    "ModelName",
    "Names",
    "decide",
    "has_model",
    "listed",
    "pin",
    "published",
]
