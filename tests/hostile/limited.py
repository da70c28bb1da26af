"""The program in a process that may take little time and memory."""

from __future__ import annotations

import importlib
import os
import resource
import runpy
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

MEMORY = 3 * 1024**3
"""Bytes of address space, of which Python and its libraries take one sixth."""

SECONDS = 30
"""Of processor time; each document takes less than three where nothing else runs."""

_GENERATE = ("generate", "--package", "small", "--out", "out")
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["chatwright.cli", "chatwright.pipeline", "pydantic"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a run ended, below zero by a signal, and what it printed."""

    code: int | None
    out: str
    err: str


def generate(folder: Path, document: str, *, use: bool = True) -> Said:
    """Runs `chatwright generate` in a folder on a document of it, then uses the package."""
    return said(folder, *_GENERATE, "--spec", document, use=use)


def said(folder: Path, *arguments: str, use: bool = False) -> Said:
    """Runs the program in a folder, then uses the package where there is to be one."""
    process = _CONTEXT.Process(target=_run, args=(folder, arguments, use))
    process.start()
    process.join()
    return Said(
        code=process.exitcode,
        out=(folder / "stdout").read_text("utf-8"),
        err=(folder / "stderr").read_text("utf-8"),
    )


def _run(folder: Path, arguments: tuple[str, ...], use: bool) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.chdir(folder)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    sys.argv = ["chatwright", *arguments]
    try:
        runpy.run_module("chatwright", run_name="__main__")
    except SystemExit as end:
        if end.code or not use:
            raise
    sys.path.insert(0, str(folder / "out"))
    _use(importlib.import_module("small"))


def _use(package: Any) -> None:
    """Reads what makes expressions backtrack with the first models of a package."""
    text = "a" * 50_000 + "!"
    for name in sorted(package.models.__all__)[:20]:
        model = getattr(package.models, name)
        for field in [*getattr(model, "model_fields", {})][:50]:
            with suppress(ValueError):
                model.from_dict({field: text})
