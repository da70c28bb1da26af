"""Crates of real documents in one workspace, so that what they depend on is compiled once."""

from __future__ import annotations

import re
import resource
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.environment import Environment
from benchmarks.process import Failed, run
from chatwright.pipeline import Build
from tests import building
from tests.building import built, write
from tests.parity.comparison import Comparison, Package, compare
from tests.parity.record import digest, recorded
from tests.parity.table import share
from tests.rust.cargo import attempt
from tests.rust.surface import surface

HEAD = """# Compatibility of crates

Crates of real vendors' documents: written by `make corpus-rust`. *Ours* and *OpenAPI Generator* say
whether `cargo check` compiles the crate; ours must pass `cargo clippy -- -D warnings` and
`cargo fmt --check` too. *Types* are the structs and enums of our models. Seconds are CPU time of
`cargo check` for the crate alone, its dependencies being compiled. *Names* are the modules, types,
fields, variants, functions and arguments, with their types, of OpenAPI Generator 7.26.0's crate
(`-g rust`), where it compiles, that ours has too; *API documents* are those of its `docs/*Api.md`
that ours has byte for byte. Differences that are meant are listed with their reasons in
`tests/rust/improvements.yaml`.

| document | operations | types | ours | s | OpenAPI Generator | s | names | API documents |
|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """OpenAPI Generator's crate, checked in so many seconds; `problem` says why it cannot be."""

    folder: Path
    seconds: float
    problem: str | None

    @property
    def package(self) -> Package:
        """What is compared of it: no names of what cannot be used."""
        sources = {
            path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.folder.glob("src/*/*.rs"))
        }
        return Package(
            names=surface(sources) if self.problem is None else {},
            documents={
                path.relative_to(self.folder).as_posix(): path.read_bytes()
                for path in sorted(self.folder.glob("docs/*Api.md"))
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document's crate; `problem` is the first thing that is wrong with it, None where none."""

    document: str
    operations: int
    types: int
    seconds: float
    problem: str | None
    peer: Peer
    comparison: Comparison


@dataclass(slots=True)
class Workspace:
    """Crates in one folder."""

    folder: Path
    builds: dict[str, Build] = field(default_factory=dict[str, Build])

    def add(self, name: str, document: Path) -> None:
        """Write the crate of a document."""
        self.builds[name] = built(document, building.crate(crate(name)))
        write(self.builds[name], self.folder / crate(name))

    def write(self) -> None:
        """Write what makes the crates one workspace."""
        _workspace(self.folder, [crate(name) for name in self.builds])


def crate(name: str) -> str:
    """The crate of a document."""
    return "x-" + re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower())


def compared(name: str, made: Build, theirs: Peer) -> Comparison:
    """A document's crate beside OpenAPI Generator's."""
    sources = {
        path: text.decode() for path, text in made.files.items() if path.endswith(".rs")
    }
    found = Package(names=surface(sources), documents=made.files)
    return compare(name, theirs.package, found)


def compiled(workspace: Workspace, name: str, theirs: Peer) -> Row:
    """What becomes of a document's crate."""
    package = ("-p", crate(name))
    # Clippy compiles the dependencies too, of which the check makes use.
    problem = attempt(workspace.folder, "clippy", *package, "--", "-D", "warnings")
    begun = _spent()
    problem = attempt(workspace.folder, "check", *package) or problem
    seconds = _spent() - begun
    if problem is None:
        problem = attempt(workspace.folder, "fmt", *package, "--check")
    made = workspace.builds[name]
    return Row(
        document=name,
        operations=made.operations_written,
        types=sum(
            len(re.findall(rb"^pub (?:struct|enum) ", content, re.MULTILINE))
            for path, content in made.files.items()
            if path.startswith("src/models/")
        ),
        seconds=seconds,
        problem=problem,
        peer=theirs,
        comparison=compared(name, made, theirs),
    )


def peer(environment: Environment, document: Path) -> Peer:
    """OpenAPI Generator's crate for a document, made and checked once."""
    folder = environment.folder / "parity-rust" / digest(document)

    def measure() -> dict[str, Any]:
        seconds, problem = _checked(environment, document, folder)
        return {"seconds": seconds, "problem": problem}

    said = recorded(folder, measure)
    return Peer(
        folder=folder / "peer", seconds=said["seconds"], problem=said["problem"]
    )


def _checked(
    environment: Environment, document: Path, folder: Path
) -> tuple[float, str | None]:
    out = folder / "peer"
    try:
        run(environment.openapi_generator(document, out, "peer", "rust"))
    except Failed:
        return 0.0, "crashes"
    _workspace(folder, ["peer"])
    problem = attempt(folder, "check")
    if problem is not None:
        return 0.0, f"does not compile: {problem}"
    (out / "src" / "lib.rs").touch()
    begun = _spent()
    attempt(folder, "check")
    return _spent() - begun, None


def _spent() -> float:
    """The CPU time of the processes that are over, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _workspace(folder: Path, members: Sequence[str]) -> None:
    listed = ", ".join(f'"{member}"' for member in members)
    text = f'[workspace]\nresolver = "3"\nmembers = [{listed}]\n'
    (folder / "Cargo.toml").write_text(text, encoding="utf-8")


def markdown(rows: Sequence[Row]) -> str:
    """The whole document."""
    ours = [row for row in rows if row.problem is None]
    theirs = [row for row in rows if row.peer.problem is None]
    both = [row for row in ours if row.peer.problem is None]
    return (
        HEAD
        + "".join(map(_line, rows))
        + f"\nOf {len(rows)} documents OpenAPI Generator gives a crate that compiles for"
        f" {len(theirs)}, ours for {len(ours)}. The {len(both)} that both compile take"
        f" {sum(row.peer.seconds for row in both):.0f} s and"
        f" {sum(row.seconds for row in both):.0f} s.\n\n{_sums(rows)}\n"
    )


def _sums(rows: Sequence[Row]) -> str:
    found = [row.comparison for row in rows]
    names = sum(each.names for each in found)
    same = names - sum(len(each.other_names) for each in found)
    documents = sum(each.documents for each in found)
    equal = documents - sum(len(each.other_documents) for each in found)
    return (
        f"Of the {names:,} names in its crates that compile ours has {share(same, names)} %, and of"
        f" all its {documents} API documents {share(equal, documents)} %."
    )


def _line(row: Row) -> str:
    theirs = "compiles"
    if row.peer.problem is not None:
        theirs = row.peer.problem.partition(":")[0]
    seconds = f"{row.peer.seconds:.1f}" if row.peer.seconds else ""
    return (
        f"| {row.document} | {row.operations} | {row.types} | {row.problem or 'compiles'} |"
        f" {row.seconds:.1f} | {theirs} | {seconds} | {same_names(row.comparison)} |"
        f" {same_documents(row.comparison)} |\n"
    )


def same_names(found: Comparison) -> str:
    """How many names are the same, "" where there are none to compare."""
    same = found.names - len(found.other_names)
    return f"{share(same, found.names)} %" if found.names else ""


def same_documents(found: Comparison) -> str:
    """How many API documents are the same, "" where there are none to compare."""
    same = found.documents - len(found.other_documents)
    return f"{same} of {found.documents}" if found.documents else ""
