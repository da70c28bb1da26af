"""A document's package, as `chatwright generate --spec` writes it."""

from __future__ import annotations

from pathlib import Path

from chatwright.pipeline import Build
from chatwright.project import Flavour
from tests import building

PACKAGE = "peer"
"""The package of every document, and of OpenAPI Generator's for it."""


def built(document: Path, flavour: Flavour = Flavour.SYNC) -> Build:
    """The files of the package `peer`, not written; raises InputError as `build` does."""
    return building.built(document, building.package(PACKAGE, flavour=flavour))
