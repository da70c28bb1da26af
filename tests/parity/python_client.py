"""openapi-python-client's packages, made once for each document and kept in `.bench/parity`."""

from __future__ import annotations

import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.environment import Environment
from benchmarks.process import Failed, run
from tests.parity.record import digest, recorded

_PACKAGE = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonClient:
    """What openapi-python-client made of a document in so many seconds: the operations that have
    a module. `problem` says why there is no package or why it cannot be imported, and is None
    where it can."""

    seconds: float
    operations: int
    problem: str | None


def python_client(environment: Environment, document: Path) -> PythonClient:
    """openapi-python-client's package for a document."""
    folder = environment.folder / "parity" / f"{digest(document)}-python-client"
    made = recorded(folder, lambda: asdict(_generate(environment, document, folder)))
    return PythonClient(**made)


def _generate(environment: Environment, document: Path, folder: Path) -> PythonClient:
    program = environment.generators.with_name("openapi-python-client")
    package = folder / _PACKAGE
    arguments = ("--path", document, "--output-path", package, "--meta", "none")
    try:
        seconds = run([program, "generate", *arguments]).seconds
    except Failed:
        return PythonClient(seconds=0.0, operations=0, problem="fails")
    if not (package / "api").is_dir():
        return PythonClient(seconds=seconds, operations=0, problem="fails")
    modules = [
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in sorted(package.rglob("*.py"))
        if path.stem != "__init__"
    ]
    imported = subprocess.run(
        [environment.generators, "-c", f"import {', '.join((_PACKAGE, *modules))}"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    problem = None if imported.returncode == 0 else "does not import"
    written = [path for path in package.glob("api/*/*.py") if path.stem != "__init__"]
    return PythonClient(seconds=seconds, operations=len(written), problem=problem)
