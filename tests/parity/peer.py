"""OpenAPI Generator's packages, made once for each document and kept in `.bench/parity`."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.environment import Environment
from benchmarks.process import Failed, run
from tests.corpus.package import PACKAGE
from tests.corpus.surface import surface
from tests.parity.comparison import Package
from tests.parity.record import digest, recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What OpenAPI Generator made of a document in so many seconds.

    `problem` says why there is no package or why it cannot be imported, and is None where it can.
    """

    folder: Path
    seconds: float
    problem: str | None

    @property
    def sources(self) -> dict[str, str]:
        """The package's modules by path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8")
            for path in self.folder.glob(f"{PACKAGE}/**/*.py")
        }

    @property
    def operations(self) -> int:
        """How many operations have a method; one of several tags has several."""
        return sum(
            len(re.findall(r"def \w+_with_http_info\(", text))
            for path, text in self.sources.items()
            if path.startswith(f"{PACKAGE}/api/")
        )

    @property
    def package(self) -> Package:
        """What is compared of it; its documents are those of the API classes."""
        names = surface(self.sources, PACKAGE)
        documents = [
            self.folder / "docs" / f"{key.removeprefix('export api.')}.md"
            for key in names
            if key.startswith("export api.")
        ]
        return Package(
            names=names,
            documents={
                path.relative_to(self.folder).as_posix(): path.read_bytes()
                for path in documents
                if path.exists()
            },
        )


def peer(environment: Environment, document: Path) -> Peer:
    """OpenAPI Generator's package for a document."""
    folder = environment.folder / "parity" / digest(document)

    def measure() -> dict[str, Any]:
        seconds, problem = _generate(environment, document, folder)
        return {"seconds": seconds, "problem": problem}

    said = recorded(folder, measure)
    return Peer(folder=folder, seconds=said["seconds"], problem=said["problem"])


def _generate(
    environment: Environment, document: Path, folder: Path
) -> tuple[float, str | None]:
    try:
        seconds = run(environment.openapi_generator(document, folder, PACKAGE)).seconds
    except Failed:
        return 0.0, "crashes"
    modules = [
        f"{PACKAGE}.{path.parent.name}.{path.stem}"
        for path in sorted(folder.glob(f"{PACKAGE}/*/*.py"))
        if path.stem != "__init__"
    ]
    imported = subprocess.run(
        [environment.clients, "-c", f"import {', '.join((PACKAGE, *modules))}"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if imported.returncode == 0:
        return seconds, None
    return seconds, f"does not import: {imported.stderr.strip().splitlines()[-1]}"
