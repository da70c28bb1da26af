"""Growth: what a document of twice as many schemas costs, and what one more property costs.

Both are held against ourselves: a document of half the size, and the same one from nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks import synthetic
from benchmarks.environment import Environment
from benchmarks.process import Figure, Run, interleaved, run
from benchmarks.table import Budget, Row, mebibytes, seconds

SIZES = (1000, 2000, 4000, 8000, 16000)
LINEAR = Budget(bound=2.2, wording="at most 2.2")
"""Twice as much, and a tenth for what does not come out even."""
EDITED = 4000
NO_DEARER = Budget(bound=1.05, wording="at most 1")
"""As much as from nothing, and what two runs of the same differ by."""


def measure(environment: Environment) -> list[Row]:
    """Each size beside half of it, in CPU time and memory; then the edit."""
    folder = environment.scratch("growth")
    sizes = SIZES[:3] if environment.quick else SIZES
    documents = {size: synthetic.write(folder / f"{size}.json", size) for size in sizes}
    series = interleaved(
        {
            str(size): partial(_cold, environment, path, folder / f"out{size}")
            for size, path in documents.items()
        },
        rounds=environment.rounds(3),
    )
    rows: list[Row] = []
    for half, size in pairwise(sizes):
        ours, smaller = series[str(size)], series[str(half)]
        found: list[tuple[str, Figure, Figure, Callable[[float], str]]] = [
            ("CPU time", ours.cpu, smaller.cpu, seconds),
            ("peak memory", ours.peak, smaller.peak, mebibytes),
        ]
        rows += [
            Row(
                what=f"generate {size} schemas, {what}",
                ours=figure,
                peer=other,
                peer_name=f"{half} schemas",
                show=show,
                budget=LINEAR,
            )
            for what, figure, other, show in found
        ]
    return [*rows, _edit(environment, documents[EDITED], folder)]


def _edit(environment: Environment, path: Path, folder: Path) -> Row:
    """One property added to one schema, and the same document from nothing."""
    before, out = folder / "before", folder / "edited"
    _cold(environment, path, before)
    synthetic.with_property(path, 0)

    def again() -> Run:
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(before, out)
        return run(environment.chatwright(path, out, "measured"))

    subjects: dict[str, Callable[[], Run]] = {
        "edited": again,
        "cold": partial(_cold, environment, path, folder / "cold"),
    }
    series = interleaved(subjects, rounds=environment.rounds(5))
    return Row(
        what=f"generate {EDITED} schemas, one property added",
        ours=series["edited"].cpu,
        peer=series["cold"].cpu,
        peer_name="cold",
        show=seconds,
        budget=NO_DEARER,
    )


def _cold(environment: Environment, path: Path, out: Path) -> Run:
    shutil.rmtree(out, ignore_errors=True)
    return run(environment.chatwright(path, out, "measured"))
