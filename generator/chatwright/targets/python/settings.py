"""What the user chose for one Python package."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Flavour: TypeAlias = Literal["sync", "async"]


class PackageSettings(Struct, frozen=True, kw_only=True):
    """`package` is the dotted import name, `distribution` the name that pip installs.

    `flavour` stands at the top of the package, the other one under `.aio` or `.sync`.
    """

    package: str
    distribution: str
    version: str
    flavour: Flavour

    @property
    def folder(self) -> str:
        """The package's folder below the output folder, with `/` between its parts."""
        return self.package.replace(".", "/")

    def variable(self, word: str) -> str:
        """The environment variable for `word`; see `_runtime/environment.py`."""
        top = self.package.partition(".")[0]
        return f"{top.removesuffix('_sdk').removesuffix('_client').upper()}_{word}"

    @property
    def other(self) -> str:
        """The sub-package of the other flavour."""
        return "aio" if self.flavour == "sync" else "sync"
