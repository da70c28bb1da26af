"""Events of a crate: how many streamed, typed chunks a second it delivers, from the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial

from benchmarks.cargo import TARGET, cargo
from benchmarks.environment import Environment
from benchmarks.process import Failed, Run, interleaved, run
from benchmarks.subject import SCRIPTS, canned
from benchmarks.table import Row, per_second

PROGRAMS = ("ours", "by_hand")


def measure(environment: Environment) -> list[Row]:
    """Our Tachyon crate against reqwest and serde_json by hand; each text is read."""
    folder = environment.scratch("crate-events")
    # Cargo writes a lock file beside the manifest.
    shutil.copytree(SCRIPTS / "rust", folder, dirs_exist_ok=True)
    try:
        cargo(folder / "Cargo.toml", "build", "--release")
        failed = None
    except Failed as problem:
        failed = problem
    with canned() as url:
        subjects: dict[str, Callable[[], Run]] = {
            program: partial(_streamed, program, url, failed) for program in PROGRAMS
        }
        found = interleaved(subjects, rounds=environment.rounds(7))
    return [
        Row(
            what="events streamed by a crate",
            ours=found["ours"].printed,
            peer=found["by_hand"].printed,
            peer_name="reqwest + serde_json",
            show=per_second,
        )
    ]


def _streamed(program: str, url: str, failed: Failed | None) -> Run:
    if failed is not None:
        raise failed
    return run([TARGET / "release" / program, url])
