"""The clients of this repository as they are committed: where they are and how they were made."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatwright import pipeline
from chatwright.job import Job, jobs
from chatwright.project import Flavour, PythonTarget
from chatwright.project_file import read
from tests.functional.clients import VENDORS, Vendor

ROOT = Path(__file__).parent.parent
GENERATED = ROOT / "generated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A Python client under generated/, and the entry of the project file that it comes from."""

    job: Job

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The client's name in the project file."""
        return self.job.client.name

    @property
    def target(self) -> PythonTarget:
        """The package's settings."""
        assert isinstance(self.job.target, PythonTarget)
        return self.job.target

    @property
    def package(self) -> str:
        """The import name of the package."""
        return self.target.package

    @property
    def root(self) -> Path:
        """The folder from which the package is imported."""
        return self.target.output

    @property
    def folder(self) -> Path:
        """The folder of the package."""
        return self.root.joinpath(*self.package.split("."))

    @property
    def vendor(self) -> Vendor:
        """How the client's chat completion is called."""
        return next(vendor for vendor in VENDORS if vendor.name == self.name)

    @property
    def library(self) -> str:
        """The HTTP library of the default flavour."""
        return "urllib3" if self.target.flavour is Flavour.SYNC else "aiohttp"

    @property
    def other(self) -> Other:
        """The flavour that is not the default."""
        if self.target.flavour is Flavour.SYNC:
            return Other(name="aio", library="aiohttp")
        return Other(name="sync", library="urllib3")

    @property
    def modules(self) -> tuple[str, ...]:
        """Every module of the package, by its full name, in the order of their files."""
        return modules(self.folder, self.package)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The other flavour of a package: the name of its sub-package (and extra) and its library."""

    name: str
    library: str


def modules(folder: Path, package: str) -> tuple[str, ...]:
    """The full names of all modules in the folder of a package."""
    found: list[str] = []
    for path in sorted(folder.rglob("*.py")):
        inner = path.relative_to(folder).with_suffix("").parts
        parts = inner[:-1] if inner[-1] == "__init__" else inner
        found.append(".".join((package, *parts)))
    return tuple(found)


@functools.cache
def build(client: Committed) -> pipeline.Build:
    """What the client's document becomes now."""
    return pipeline.build(client.job.client, client.job.target)


def python(
    program: str, *arguments: str, paths: tuple[Path, ...] = (), cwd: Path = ROOT
) -> str:
    """What a program prints in a fresh interpreter, which finds packages in `paths` too.

    Warnings are errors; AssertionError where the program fails.
    """
    inserted = f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n"
    done = run(
        sys.executable, "-W", "error", "-c", inserted + program, *arguments, cwd=cwd
    )
    return done


def run(*command: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a command prints; AssertionError with all that it said where it fails."""
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


CLIENTS = tuple(
    Committed(job=job)
    for job in jobs(read(ROOT / "chatwright.yaml").clients)
    if isinstance(job.target, PythonTarget)
)
each_client = pytest.mark.parametrize("client", CLIENTS, ids=str)
