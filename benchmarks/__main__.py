"""`python -m benchmarks [--quick] [--only NAME ...]`: measures, and prints one table."""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable

from benchmarks.environment import Environment, prepare
from benchmarks.measurements import (
    concurrency,
    construction,
    crate_compilation,
    crate_events,
    crate_generation,
    events,
    first_request,
    generation,
    growth,
    imports,
    overhead,
)
from benchmarks.process import Failed
from benchmarks.table import Row, rendered

MEASUREMENTS: dict[str, Callable[[Environment], list[Row]]] = {
    "generation": generation.measure,
    "growth": growth.measure,
    "import": imports.measure,
    "first-request": first_request.measure,
    "construction": construction.measure,
    "events": events.measure,
    "overhead": overhead.measure,
    "concurrency": concurrency.measure,
    "crate-generation": crate_generation.measure,
    "crate-compilation": crate_compilation.measure,
    "crate-events": crate_events.measure,
}
NEEDS_CARGO = {"crate-compilation", "crate-events"}


def say(text: str) -> None:
    """Tells what is going on, beside the table."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Exit code 0 whatever the verdicts, 1 where the peers cannot be installed or run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the rounds")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=MEASUREMENTS,
        default=list(MEASUREMENTS),
        metavar="NAME",
        help=f"some of: {', '.join(MEASUREMENTS)}",
    )
    arguments = parser.parse_args()
    rows: list[Row] = []
    environment: Environment | None = None
    try:
        environment = prepare(quick=arguments.quick, say=say)
        for name in arguments.only:
            if name in NEEDS_CARGO and shutil.which("cargo") is None:
                say(f"{name} IS SKIPPED: there is no cargo")
                continue
            say(f"measuring {name}")
            rows += MEASUREMENTS[name](environment)
    except (Failed, subprocess.CalledProcessError) as problem:
        say(f"error: {problem}")
        return 1
    finally:
        if environment is not None:
            environment.clear()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}\n"
    )
    print(rendered(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
