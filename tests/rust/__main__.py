"""`python -m tests.rust [--compare] [--table FILE]`: a crate of every document of the corpus.

Exits with 1 where one does not compile, where clippy warns of it, or where rustfmt would write it
in another way, and where it differs from OpenAPI Generator's in more than listed improvements. That
one's crates are compiled beside them, once for each document. With `--compare` ours are not.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.environment import Environment, prepare
from tests.corpus.documents import CORPUS, documents
from tests.parity.comparison import Comparison
from tests.parity.verdict import Promise, is_kept
from tests.rust.corpus import (
    Row,
    Workspace,
    compared,
    compiled,
    markdown,
    peer,
    same_documents,
    same_names,
)

PROMISE = Promise(
    improvements=Path(__file__).with_name("improvements.yaml"),
    names=98.0,
    documents=99.0,
)


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.rust")
    parser.add_argument("--compare", action="store_true", help="compile none of ours")
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
    workspace = Workspace(environment.scratch("rust-corpus"))
    for name in chosen:
        workspace.add(name, CORPUS / name)
    if options.compare:
        found = _compared(environment, workspace)
        return 0 if is_kept(PROMISE, found) else 1
    workspace.write()
    rows = _rows(environment, workspace)
    if options.table is not None:
        options.table.write_text(markdown(rows), encoding="utf-8")
    kept = is_kept(PROMISE, {row.document: row.comparison for row in rows})
    return 0 if kept and not any(row.problem for row in rows) else 1


def _compared(
    environment: Environment, workspace: Workspace
) -> dict[str, Comparison | None]:
    found: dict[str, Comparison | None] = {}
    for name, build in workspace.builds.items():
        each = compared(name, build, peer(environment, CORPUS / name))
        names = f"{same_names(each)} of {each.names} names, " if each.names else ""
        print(f"{name}: {names}{same_documents(each)} API documents", flush=True)
        found[name] = each
    return found


def _rows(environment: Environment, workspace: Workspace) -> list[Row]:
    rows: list[Row] = []
    for name in workspace.builds:
        theirs = peer(environment, CORPUS / name)
        row = compiled(workspace, name, theirs)
        print(
            f"{name}: {row.problem or 'compiles'} ({row.seconds:.1f} s),"
            f" OpenAPI Generator {theirs.problem or 'compiles'} ({theirs.seconds:.1f} s),"
            f" {same_documents(row.comparison)} API documents",
            flush=True,
        )
        rows.append(row)
    return rows


if __name__ == "__main__":
    sys.exit(main())
