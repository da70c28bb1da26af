"""Cargo, and crates that are compiled to measure it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environment import ROOT
from benchmarks.process import Failed, Run, run

TARGET = ROOT / ".cargo-target"
"""Where crates are built, kept between runs; the tests build there too."""


def cargo(manifest: Path, command: str, *arguments: str) -> Run:
    """Runs a command of cargo without incremental compilation; raises Failed."""
    program = shutil.which("cargo")
    if program is None:
        raise Failed("there is no cargo")
    return run(
        [
            *(program, command, "--quiet", "--manifest-path", manifest),
            *("--target-dir", TARGET, "--config", "build.incremental=false"),
            *arguments,
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A generated crate, whose features `rustls` is the TLS that all crates here have."""

    folder: Path

    def compiled(self, command: str) -> Run:
        """Has `cargo check` or `cargo build` compile the crate, and what it needs where that is
        not compiled yet; raises Failed."""
        (self.folder / "src" / "lib.rs").touch()
        return cargo(
            self.folder / "Cargo.toml",
            command,
            "--no-default-features",
            "--features=rustls",
        )
