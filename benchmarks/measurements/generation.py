"""Generation: wall time and peak memory, cold and again, and the lines that are written.

Cold is a fresh process and an empty output folder; again is the same command once more. Lines are
all lines of all `.py` files, the peers' setup.py and tests included; documents are not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.environment import Environment
from benchmarks.process import Failed, Figure, Run, interleaved, run
from benchmarks.table import Budget, Row, count, mebibytes, seconds

Command = list[str | Path]


def measure(environment: Environment) -> list[Row]:
    """Chatwright against OpenAPI Generator and openapi-python-client on the large document."""
    document = environment.document
    other = environment.generators.with_name("openapi-python-client")
    commands: dict[str, Callable[[Path], Command]] = {
        "Chatwright": lambda out: environment.chatwright(document, out, "measured"),
        "OpenAPI Generator": lambda out: environment.openapi_generator(
            document, out, "measured"
        ),
        "openapi-python-client": lambda out: [
            *(
                other,
                "generate",
                "--path",
                document,
                "--output-path",
                out,
                "--overwrite",
            )
        ],
    }
    outs: dict[str, Path] = {}

    def cold(name: str) -> Run:
        outs[name] = environment.scratch("generated") / "out"
        return run(commands[name](outs[name]))

    def again(name: str) -> Run:
        return run(commands[name](outs[name]))

    subjects: dict[str, Callable[[], Run]] = {}
    for name in commands:
        subjects[f"{name} cold"] = partial(cold, name)
        subjects[f"{name} again"] = partial(again, name)
    series = interleaved(subjects, rounds=environment.rounds(5))

    def lines(name: str) -> Figure:
        return series[f"{name} cold"].failed or _lines(outs[name])

    rows: list[Row] = []
    ours, *peers = commands
    for peer in peers:
        ours_cold, peer_cold = series[f"{ours} cold"], series[f"{peer} cold"]
        ours_again, peer_again = series[f"{ours} again"], series[f"{peer} again"]
        found: list[tuple[str, Figure, Figure, Callable[[float], str], int]] = [
            (
                f"generate {document.stem}, cold",
                ours_cold.seconds,
                peer_cold.seconds,
                seconds,
                6,
            ),
            ("peak memory of that", ours_cold.peak, peer_cold.peak, mebibytes, 5),
            (
                "generate again, nothing changed",
                ours_again.seconds,
                peer_again.seconds,
                seconds,
                40,
            ),
            ("lines of Python written", lines(ours), lines(peer), count, 4),
        ]
        rows += [
            Row(
                what=what,
                ours=ours_figure,
                peer=peer_figure,
                peer_name=peer,
                show=show,
                budget=(
                    Budget(bound=1 / part, wording=f"at most 1/{part}")
                    if peer is peers[0]
                    else None
                ),
            )
            for what, ours_figure, peer_figure, show, part in found
        ]
    return rows


def _lines(folder: Path) -> Figure:
    """All lines of all Python files under the folder."""
    found = sum(len(path.read_bytes().splitlines()) for path in folder.rglob("*.py"))
    return found or Failed("no Python files were written")
