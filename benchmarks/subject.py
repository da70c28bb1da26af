"""The clients that are measured, each in its environment, and the server that they call."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environment import ROOT, Environment
from benchmarks.process import Run, run

SCRIPTS = Path(__file__).with_name("subjects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A client: the script that drives it, the Python that has it, and where its package is."""

    script: str
    python: Path
    package: Path | None = None

    def job(self, name: str, url: str, *arguments: int) -> Callable[[], Run]:
        """Has the client do a job of `subjects/job.py`, which prints a number; raises Failed."""
        script = SCRIPTS / f"{self.script}.py"
        return lambda: run(
            [self.python, script, name, url, *map(str, arguments)], path=self._path
        )

    def statement(self, text: str) -> Callable[[], Run]:
        """Has a fresh interpreter execute one statement; raises Failed."""
        return lambda: run([self.python, "-c", text], path=self._path)

    @property
    def _path(self) -> list[Path]:
        return [self.package] if self.package else []


class Subjects:
    """Every client of one environment."""

    def __init__(self, environment: Environment) -> None:
        package, python = environment.ours, environment.clients
        self._python = python
        self.ours = Subject(script="ours", python=python, package=package)
        self.ours_aio = Subject(script="ours_aio", python=python, package=package)
        self.sdk = Subject(script="sdk", python=environment.sdk)
        self.sdk_aio = Subject(script="sdk_aio", python=environment.sdk)
        self.json = Subject(script="bare_json", python=python)
        self.urllib3 = Subject(script="bare_urllib3", python=python)
        self.aiohttp = Subject(script="bare_aiohttp", python=python)

    def generated(self, package: Path, *, by_peer: bool = False) -> Subject:
        """The client of a package that was generated for this run, by us or OpenAPI Generator."""
        script = "openapi_generator" if by_peer else "ours"
        return Subject(script=script, python=self._python, package=package)


@contextmanager
def canned() -> Generator[str]:
    """The base URL of a server of prepared bytes, in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.canned"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        server.communicate()
