"""Cargo, where it can be used: its registry is asked once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGET = ROOT / ".cargo-target"
"""Where crates are built, kept between runs."""


def cargo(folder: Path, *arguments: str, **environment: str) -> str:
    """What a command of cargo prints; AssertionError with all that it said where it fails."""
    done = _run(folder, *arguments, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def attempt(folder: Path, *arguments: str) -> str | None:
    """Why a command of cargo fails, in its first line that says so; None where it does not."""
    # What is compiled again must take as long as what is compiled first.
    done = _run(folder, *arguments, CARGO_INCREMENTAL="0")
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines()]
    errors = [line for line in lines if line.startswith(("error", "Diff"))]
    return next(iter(errors or lines), "no output")


def fetched(folder: Path) -> None:
    """Skips the test, aloud, where the crate's dependencies cannot be had."""
    if shutil.which("cargo") is None:
        pytest.skip("THE RUST CHECKS ARE SKIPPED: there is no cargo")
    done = _run(folder, "fetch")
    if done.returncode != 0:
        pytest.skip(f"THE RUST CHECKS ARE SKIPPED: cargo fetch failed: {done.stderr}")


def _run(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["cargo", *arguments],
        cwd=folder,
        env={**os.environ, "CARGO_TARGET_DIR": str(TARGET), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
