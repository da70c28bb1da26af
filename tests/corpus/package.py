"""A document's package, as `chatwright generate --spec` writes it."""

from __future__ import annotations

from pathlib import Path

from chatwright.pipeline import Build, build
from chatwright.project import Client, Flavour, PythonTarget

PACKAGE = "peer"
"""The package of every document, and of OpenAPI Generator's for it."""


def built(document: Path, flavour: Flavour = Flavour.SYNC) -> Build:
    """The files of the package `peer`, not written; raises InputError as `build` does."""
    target = PythonTarget(
        package=PACKAGE,
        distribution=PACKAGE,
        version="1.0.0",
        flavour=flavour,
        output=Path("out"),
    )
    client = Client(
        name=document.stem, folder=document.parent, document=document, targets=(target,)
    )
    return build(client, target)


def write(build: Build, folder: Path) -> None:
    """Writes the files below `folder`."""
    for path, content in build.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
