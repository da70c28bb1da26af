"""Compilation of crates: CPU time for the crate alone, all that it depends on being compiled."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.cargo import Crate
from benchmarks.environment import Environment
from benchmarks.process import Failed, Run, interleaved, run
from benchmarks.table import Budget, Row, seconds

COMMANDS = ("check", "build")


def measure(environment: Environment) -> list[Row]:
    """Our crates against OpenAPI Generator's of the same documents."""
    return [
        row
        for document in environment.crate_documents
        for row in _compared(environment, document)
    ]


def _compared(environment: Environment, document: Path) -> list[Row]:
    folder = environment.scratch(f"crates-{document.stem}")
    ours, peer = folder / "ours", folder / "peer"
    crates = {
        "ours": _made(environment.chatwright(document, ours, "ours", "rust"), ours),
        "peer": _made(
            environment.openapi_generator(document, peer, "peer", "rust"), peer
        ),
    }
    subjects: dict[str, Callable[[], Run]] = {
        f"{name} {command}": partial(_compiled, crate, command)
        for command in COMMANDS
        for name, crate in crates.items()
    }
    found = interleaved(subjects, rounds=environment.rounds(5))
    return [
        Row(
            what=f"cargo {command} of {document.stem}",
            ours=found[f"ours {command}"].cpu,
            peer=found[f"peer {command}"].cpu,
            peer_name="OpenAPI Generator",
            show=seconds,
            budget=Budget(bound=1, wording="at most as much"),
        )
        for command in COMMANDS
    ]


def _made(generate: list[str | Path], folder: Path) -> Crate | Failed:
    """The crate that a command writes to a folder, with all that it depends on compiled."""
    crate = Crate(folder=folder)
    try:
        run(generate)
        for command in COMMANDS:
            crate.compiled(command)
    except Failed as problem:
        return problem
    return crate


def _compiled(crate: Crate | Failed, command: str) -> Run:
    if isinstance(crate, Failed):
        raise crate
    return crate.compiled(command)
