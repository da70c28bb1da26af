"""Fresh processes, measured from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias

LAUNCHER = Path(__file__).with_name("launcher.py")


class Failed(Exception):
    """A measured command failed; the message is the last line of its output that says error."""


Figure: TypeAlias = float | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command: wall and CPU seconds, peak resident memory in bytes, its output."""

    seconds: float
    cpu: float
    peak: int
    output: str


def run(
    command: Sequence[str | Path], *, path: Sequence[Path] = (), cwd: Path | None = None
) -> Run:
    """Runs a command with `path` as its PYTHONPATH; raises Failed where it exits with an error."""
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONPATH"
    }
    environment["PYTHONPATH"] = os.pathsep.join(map(str, path))
    environment["PATH"] = os.pathsep.join(
        [str(Path(command[0]).parent), environment["PATH"]]
    )
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result.json")
        launched = subprocess.run(
            [sys.executable, "-I", "-S", LAUNCHER, result, *command],
            env=environment,
            cwd=cwd,
            capture_output=True,
            text=True,
        )
        if launched.returncode:
            raise Failed(_reason(launched.stderr))
        measured = json.loads(result.read_text(encoding="utf-8"))
    if measured["code"]:
        raise Failed(_reason(launched.stderr or launched.stdout))
    return Run(
        seconds=measured["seconds"],
        cpu=measured["cpu"],
        peak=measured["peak"],
        output=launched.stdout,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The runs of one subject, or why it has none."""

    runs: list[Run]
    failed: Failed | None = None

    def median(self, figure: Callable[[Run], float]) -> Figure:
        """The median of one figure of the runs."""
        return self.failed or median(map(figure, self.runs))

    @property
    def seconds(self) -> Figure:
        """The median wall time."""
        return self.median(lambda run: run.seconds)

    @property
    def cpu(self) -> Figure:
        """The median CPU time in seconds."""
        return self.median(lambda run: run.cpu)

    @property
    def peak(self) -> Figure:
        """The median peak memory in bytes."""
        return self.median(lambda run: run.peak)

    @property
    def printed(self) -> Figure:
        """The median of the numbers that the runs printed."""
        return self.median(lambda run: float(run.output))


def interleaved(
    subjects: Mapping[str, Callable[[], Run]], *, rounds: int
) -> dict[str, Series]:
    """Runs the subjects in turns, `rounds` times; one that fails is not run again."""
    series = {name: Series(runs=[]) for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            if series[name].failed is None:
                try:
                    series[name].runs.append(subject())
                except Failed as problem:
                    series[name] = Series(runs=[], failed=problem)
    return series


def less(value: Figure, base: Figure) -> Figure:
    """The difference, or why one of the two is not there."""
    if isinstance(value, Failed):
        return value
    return base if isinstance(base, Failed) else value - base


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"Error|Exception|\berror\b", line)]
    return next(reversed(errors or lines), "no output")
