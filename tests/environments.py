"""Empty virtual environments, and the distributions that are built for them."""

from __future__ import annotations

import sys
import sysconfig
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

from tests.committed import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A wheel, and the source distribution that it was built from."""

    wheel: Path
    sdist: Path


def built(project: Path, folder: Path) -> Built:
    """What `python -m build` makes of a project: the sdist, and from that the wheel.

    The build backend is this environment's (`--no-isolation`): fetching one takes seconds and
    the network.
    """
    command = ("-m", "build", "--no-isolation", f"--outdir={folder}", str(project))
    run(sys.executable, *command, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Built(wheel=wheel, sdist=sdist)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment that holds what is installed into it, and nothing else."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> Environment:
        """An empty one."""
        venv.create(folder, symlinks=True)
        return cls(folder=folder)

    @property
    def scripts(self) -> Path:
        """The folder of the commands."""
        return Path(sysconfig.get_path("scripts", "venv", {"base": str(self.folder)}))

    @property
    def python(self) -> str:
        """The interpreter."""
        return str(self.scripts / "python")

    @property
    def packages(self) -> Path:
        """The folder of the installed packages."""
        variables = {"base": str(self.folder), "platbase": str(self.folder)}
        return Path(sysconfig.get_path("purelib", "venv", variables))

    def install(self, *wheels: Path) -> None:
        """Installs wheels with pip, and what they require.

        The requirements are those installed where the tests run, linked: exactly those that the
        wheels' metadata asks for, and what these ask for.
        """
        pip = ("-m", "pip", "--python", self.python, "install", "--quiet", "--no-deps")
        names = [str(wheel) for wheel in wheels]
        run(sys.executable, *pip, "--no-index", *names, cwd=self.folder)
        for each in self.installed():
            self._link(requirements(each, frozenset()))

    def install_extra(self, extra: str) -> None:
        """Installs what an extra requires, of whatever has it."""
        for each in self.installed():
            self._link(requirements(each, frozenset({extra})))

    def installed(self) -> tuple[Distribution, ...]:
        """The distributions that came from wheels (PEP 610 says so)."""
        found = distributions(path=[str(self.packages)])
        return tuple(each for each in found if each.read_text("direct_url.json"))

    def _link(self, needed: Iterable[Requirement]) -> None:
        """Links distributions of the tests' environment, and what they require."""
        for requirement in needed:
            found = distribution(requirement.name)
            assert found.version in requirement.specifier
            for file in found.files or ():
                top = file.parts[0]
                link = self.packages / top
                if top not in ("..", "__pycache__") and not link.exists():
                    link.symlink_to(Path(str(found.locate_file(top))))
            self._link(requirements(found, frozenset(requirement.extras)))


def requirements(
    installed: Distribution, extras: frozenset[str]
) -> tuple[Requirement, ...]:
    """What a distribution requires here (PEP 508), for itself and for some of its extras."""
    return tuple(
        requirement
        for requirement in map(Requirement, installed.requires or ())
        if requirement.marker is None
        or any(requirement.marker.evaluate({"extra": each}) for each in {"", *extras})
    )
