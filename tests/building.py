"""What documents become, with the settings that a project file need not say."""

from __future__ import annotations

from pathlib import Path

from chatwright.pipeline import Build, build
from chatwright.project import (
    DEFAULT_VERSION,
    Client,
    Flavour,
    PythonTarget,
    RustTarget,
    Target,
    default_distribution,
)

OUT = Path("out")
"""A folder that is never written."""


def package(
    name: str, output: Path = OUT, flavour: Flavour = Flavour.SYNC
) -> PythonTarget:
    """A Python package."""
    return PythonTarget(
        package=name,
        distribution=default_distribution(name),
        version=DEFAULT_VERSION,
        flavour=flavour,
        output=output,
    )


def crate(name: str, output: Path = OUT) -> RustTarget:
    """A Rust crate."""
    return RustTarget(crate=name, version=DEFAULT_VERSION, output=output)


def client(document: Path, *targets: Target) -> Client:
    """The client of a document, called as its file is."""
    return Client(
        name=document.stem, folder=document.parent, document=document, targets=targets
    )


def built(document: Path, target: Target) -> Build:
    """What a document becomes, not written; raises InputError as `build` does."""
    return build(client(document, target), target)


def write(build: Build, folder: Path) -> None:
    """Writes the files below `folder`."""
    for path, content in build.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
