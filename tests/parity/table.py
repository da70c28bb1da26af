"""`docs/compatibility.md`: what becomes of each document, ours beside the peers'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.corpus.figures import Figures
from tests.parity.comparison import Comparison
from tests.parity.python_client import PythonClient

HEAD = """# Compatibility

Real vendors' documents, and what becomes of them: written by `make corpus`, which measures all of
it. Seconds are wall time of a generation, cold, on one machine; ours are the least of three.

## Chatwright

*Called* are the operations that were called in both flavours, streams included, against a server
on the loopback that judges each request by the document and answers with made-up values of its
schemas: the request was right, and what came back is what was sent. *Type errors* are the lines in
which pyright and mypy find something in the package, both strict. *Any* are the public annotations
that are or hold `Any` where the document says more.

"""

COLUMNS = ("document", "operations", "left out", "called", "type errors", "`Any`", "s")

PEERS = """
## The peers

A package can be imported where all of its modules can. Operations are *unusable* that have no
method in a package that can be imported. *Names* are the module paths, classes, methods, arguments,
fields and enum members of OpenAPI Generator 7.26.0's package that ours has too, the same in every
respect; *API documents* are those of its `docs/*Api.md` that ours has byte for byte. Differences
that are meant are listed with their reasons in `tests/parity/improvements.yaml`.

"""

PEERS_COLUMNS = (
    *("document", "OpenAPI Generator", "unusable", "s", "names", "API documents"),
    *("openapi-python-client", "unusable", "s"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What only a table needs: the seconds of our generation, the figures of our package, and
    the other peer's package."""

    seconds: float
    figures: Figures
    client: PythonClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document. `problem` says why OpenAPI Generator's package cannot be used, and
    `peer_operations` are those that have a method in it."""

    document: str
    operations: int
    left_out: int
    peer_seconds: float
    peer_operations: int
    problem: str | None
    comparison: Comparison | None
    measured: Measured | None


def markdown(rows: Sequence[Row]) -> str:
    """The whole document, of rows that are measured."""
    parts = (
        HEAD,
        _head(*COLUMNS),
        *map(_ours, rows),
        _sum(rows),
        PEERS,
        _head(*PEERS_COLUMNS),
        *map(_peers, rows),
        _peers_sum(rows),
    )
    return "".join(parts)


def share(part: int, whole: int) -> str:
    """A share in per cent; it is 100.00 only where nothing is missing."""
    if part == whole:
        return "100.00"
    return f"{min(100 * part / whole, 99.99):.2f}"


def _ours(row: Row) -> str:
    assert row.measured is not None
    found = row.measured.figures
    return _line(
        row.document,
        row.operations,
        row.left_out,
        found.called,
        found.pyright + found.mypy,
        found.anything,
        f"{row.measured.seconds:.1f}",
    )


def _sum(rows: Sequence[Row]) -> str:
    figures = [row.measured.figures for row in rows if row.measured is not None]
    called = sum(each.called for each in figures)
    operations = sum(row.operations for row in rows)
    errors = sum(each.pyright + each.mypy for each in figures)
    anything = sum(each.anything for each in figures)
    return (
        f"\nOf {operations:,} operations in {len(rows)} documents {called:,} were called;"
        f" {errors} lines have type errors, and {anything} annotations are `Any` without need.\n"
    )


def _peers(row: Row) -> str:
    assert row.measured is not None
    client = row.measured.client
    names = documents = ""
    if row.comparison is not None:
        found = row.comparison
        names = f"{share(found.names - len(found.other_names), found.names)} %"
        documents = (
            f"{found.documents - len(found.other_documents)} of {found.documents}"
        )
    return _line(
        row.document,
        _state(row.problem),
        _unusable(row, row.problem, row.peer_operations),
        _seconds(row.peer_seconds),
        names,
        documents,
        _state(client.problem),
        _unusable(row, client.problem, client.operations),
        _seconds(client.seconds),
    )


def _peers_sum(rows: Sequence[Row]) -> str:
    compared = [row.comparison for row in rows if row.comparison is not None]
    names = sum(each.names for each in compared)
    same = names - sum(len(each.other_names) for each in compared)
    documents = sum(each.documents for each in compared)
    equal = documents - sum(len(each.other_documents) for each in compared)
    clients = [row.measured.client for row in rows if row.measured is not None]
    imported = sum(each.problem is None for each in clients)
    operations = sum(row.operations for row in rows)
    first = sum(_unusable(row, row.problem, row.peer_operations) for row in rows)
    second = sum(
        _unusable(row, each.problem, each.operations)
        for row, each in zip(rows, clients, strict=True)
    )
    return (
        f"\nOf {len(rows)} documents OpenAPI Generator gives a package that can be imported for"
        f" {len(compared)}, openapi-python-client for {imported}, and Chatwright for {len(rows)};"
        f" of their operations {share(first, operations)} % and {share(second, operations)} % are"
        f" unusable with the peers. Of the {names:,} names in those {len(compared)} packages of"
        f" OpenAPI Generator ours has {share(same, names)} %, and of their {documents} API"
        f" documents {share(equal, documents)} %.\n"
    )


def _state(problem: str | None) -> str:
    return "imports" if problem is None else problem.partition(":")[0]


def _unusable(row: Row, problem: str | None, written: int) -> int:
    whole = row.operations + row.left_out
    return whole if problem is not None else max(0, whole - written)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds else ""


def _head(*columns: str) -> str:
    return _line(*columns) + "|---" * len(columns) + "|\n"


def _line(*cells: str | int) -> str:
    return f"| {' | '.join(map(str, cells))} |\n"
