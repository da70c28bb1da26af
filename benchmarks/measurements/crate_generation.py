"""Generation of crates: wall time and peak memory of a fresh process that finds no output."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.environment import Environment
from benchmarks.process import Run, interleaved, run
from benchmarks.table import Row, mebibytes, seconds


def measure(environment: Environment) -> list[Row]:
    """Chatwright against OpenAPI Generator on the large document."""
    document = environment.document

    def ours(out: Path) -> list[str | Path]:
        return environment.chatwright(document, out, "measured", "rust")

    def peer(out: Path) -> list[str | Path]:
        return environment.openapi_generator(document, out, "measured", "rust")

    def cold(command: Callable[[Path], list[str | Path]]) -> Run:
        return run(command(environment.scratch("crate") / "out"))

    found = interleaved(
        {"ours": partial(cold, ours), "peer": partial(cold, peer)},
        rounds=environment.rounds(5),
    )
    return [
        Row(
            what=f"generate a crate of {document.stem}, cold",
            ours=found["ours"].seconds,
            peer=found["peer"].seconds,
            peer_name="OpenAPI Generator",
            show=seconds,
        ),
        Row(
            what="peak memory of that",
            ours=found["ours"].peak,
            peer=found["peer"].peak,
            peer_name="OpenAPI Generator",
            show=mebibytes,
        ),
    ]
