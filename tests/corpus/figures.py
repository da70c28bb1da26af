"""What is measured of a document's package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chatwright.pipeline import Build
from tests.building import write
from tests.checkers import mypy, pyright
from tests.corpus.anything import imprecise
from tests.corpus.calls import called


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many operations were called and answered in both flavours, the lines in which pyright
    and mypy find errors in their strict modes, and how many public annotations are `Any` where
    the document says more."""

    called: int
    pyright: int
    mypy: int
    anything: int


def figures(document: Path, build: Build, folder: Path) -> Figures:
    """The figures of a package, which is written to the empty folder."""
    write(build, folder)
    roots = [str(folder)]
    errors = [
        sum(map(len, checker(folder, roots).errors.values()))
        for checker in (pyright, mypy)
    ]
    return Figures(
        called=called(document, folder).called,
        pyright=errors[0],
        mypy=errors[1],
        anything=len(imprecise(document)),
    )
