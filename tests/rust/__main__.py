"""`python -m tests.rust [--table FILE]`: compiles a crate of every document of the corpus.

Exits with 1 where a crate does not compile, where clippy warns of it, or where rustfmt would write
it in another way. OpenAPI Generator's crates are compiled beside them, once for each document.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.environment import Environment, prepare
from tests.corpus.documents import CORPUS, documents
from tests.rust.corpus import Row, Workspace, compiled, markdown, peer


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.rust")
    parser.add_argument("--table", type=Path, help="write the table to this file")
    parser.add_argument("only", nargs="*", help="parts of the names of documents")
    options = parser.parse_args()
    if not CORPUS.is_dir():
        print(f"no folder {CORPUS}; set CHATWRIGHT_CORPUS")
        return 1
    environment = prepare(quick=True, say=print)
    chosen = [
        name
        for name in documents()
        if not options.only or any(part in name for part in options.only)
    ]
    rows = _rows(environment, chosen)
    if options.table is not None:
        options.table.write_text(markdown(rows), encoding="utf-8")
    return 1 if any(row.problem for row in rows) else 0


def _rows(environment: Environment, chosen: list[str]) -> list[Row]:
    workspace = Workspace(environment.scratch("rust-corpus"))
    for name in chosen:
        workspace.add(name, CORPUS / name)
    workspace.write()
    rows: list[Row] = []
    for name in chosen:
        theirs = peer(environment, CORPUS / name)
        row = compiled(workspace, name, theirs)
        print(
            f"{name}: {row.problem or 'compiles'} ({row.seconds:.1f} s),"
            f" OpenAPI Generator {theirs.problem or 'compiles'} ({theirs.seconds:.1f} s),"
            f" {row.same} of {row.documents} API documents",
            flush=True,
        )
        rows.append(row)
    return rows


if __name__ == "__main__":
    sys.exit(main())
