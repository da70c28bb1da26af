"""What is wrong with the package of a document, found in a process of its own.

The process is a fork of one that has the libraries at hand: a document takes half a second.
"""

from __future__ import annotations

import json
import sys
import traceback
import warnings
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chatwright.diagnostics import InputError
from tests.building import write
from tests.corpus import probe
from tests.corpus.calls import outcome
from tests.corpus.package import built

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["tests.corpus.isolated", "pydantic", "urllib3", "aiohttp", "email.message"]
)


def problems(document: dict[str, Any]) -> list[str]:
    """What is wrong with the package of a document, its modules, types, documents and calls."""
    reader, writer = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_run, args=(document, writer))
    process.start()
    writer.close()
    try:
        found: list[str] = reader.recv()
    except EOFError:
        found = ["the process died"]
    process.join()
    return found


def _run(document: dict[str, Any], writer: Connection) -> None:
    with TemporaryDirectory() as folder:
        try:
            found = _found(document, Path(folder))
        except Exception:
            found = [traceback.format_exc()]
    writer.send(found)


def _found(document: dict[str, Any], folder: Path) -> list[str]:
    path = folder / "document.json"
    path.write_text(json.dumps(document), "utf-8")
    try:
        build = built(path)
    except InputError as error:
        return [f"refused: {error}"]
    if build.operations_left_out:
        return [str(each) for each in build.diagnostics]
    write(build, folder)
    sys.path.insert(0, str(folder))
    warnings.simplefilter("ignore")
    found = [*probe.modules(), *probe.models(), *probe.operations()]
    result = outcome(path)
    found += [f"{name}: {problem}" for name, problem in result.wrong.items()]
    if (
        result.called + len(result.impossible) + len(result.wrong)
        < build.operations_written
    ):
        found.append("an operation has no method")
    return found
