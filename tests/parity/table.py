"""`docs/compatibility.md`: what becomes of each document, ours beside OpenAPI Generator's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.parity.comparison import Comparison

HEAD = """# Compatibility

Real vendors' documents, and what becomes of them: written by `make corpus`. *Names* are the module
paths, classes, methods, arguments, fields and enum members of OpenAPI Generator 7.26.0's package
that ours has too, the same in every respect; *API documents* are those of its `docs/*Api.md` that
ours has byte for byte. Differences that are meant are listed with their reasons in
`tests/parity/improvements.yaml`. Seconds are wall time, cold, on one machine.

| document | operations | ours | s | OpenAPI Generator | s | names | API documents |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document. `problem` says why OpenAPI Generator's package cannot be used."""

    document: str
    operations: int
    left_out: int
    seconds: float
    peer_seconds: float
    problem: str | None
    comparison: Comparison | None


def markdown(rows: Sequence[Row]) -> str:
    """The whole document."""
    compared = [row.comparison for row in rows if row.comparison is not None]
    names = sum(each.names for each in compared)
    same = names - sum(len(each.other_names) for each in compared)
    documents = sum(each.documents for each in compared)
    equal = documents - sum(len(each.other_documents) for each in compared)
    total = (
        f"\nOf {len(rows)} documents OpenAPI Generator gives a package that can be imported for"
        f" {len(compared)}, ours for {len(rows)}. Of the {names:,} names in those {len(compared)}"
        f" packages ours has {share(same, names)} %, and of their {documents} API documents"
        f" {share(equal, documents)} %.\n"
    )
    return HEAD + "".join(map(_line, rows)) + total


def share(part: int, whole: int) -> str:
    """A share in per cent; it is 100.00 only where nothing is missing."""
    if part == whole:
        return "100.00"
    return f"{min(100 * part / whole, 99.99):.2f}"


def _line(row: Row) -> str:
    peer = "imports" if row.problem is None else row.problem.partition(":")[0]
    names = documents = ""
    if row.comparison is not None:
        found = row.comparison
        names = f"{share(found.names - len(found.other_names), found.names)} %"
        documents = (
            f"{found.documents - len(found.other_documents)} of {found.documents}"
        )
    ours = "complete" if not row.left_out else f"{row.left_out} left out"
    seconds = f"{row.peer_seconds:.1f}" if row.peer_seconds else ""
    return (
        f"| {row.document} | {row.operations} | {ours} | {row.seconds:.1f} | {peer} |"
        f" {seconds} | {names} | {documents} |\n"
    )
