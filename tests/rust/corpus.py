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
from chatwright.pipeline import Build, build
from chatwright.project import Client, RustTarget
from tests.corpus.package import write
from tests.parity.record import digest, recorded
from tests.rust.cargo import attempt

HEAD = """# Compatibility of crates

Crates of real vendors' documents: written by `make corpus-rust`. *Ours* and *OpenAPI Generator* say
whether `cargo check` compiles the crate; ours must pass `cargo clippy -- -D warnings` and
`cargo fmt --check` too. *Types* are the structs and enums of our models. Seconds are CPU time of
`cargo check` for the crate alone, its dependencies being compiled. *API documents* are those of
OpenAPI Generator 7.26.0's `docs/*Api.md` (`-g rust`) that ours has byte for byte.

| document | operations | types | ours | s | OpenAPI Generator | s | API documents |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """OpenAPI Generator's crate, checked in so many seconds; `problem` says why it cannot be."""

    folder: Path
    seconds: float
    problem: str | None

    @property
    def api_documents(self) -> dict[str, bytes]:
        """Its documents of operations by path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.glob("docs/*Api.md"))
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document's crate; `problem` is the first thing that is wrong with it, None where none."""

    document: str
    operations: int
    types: int
    seconds: float
    problem: str | None
    peer: Peer
    documents: int
    same: int


@dataclass(slots=True)
class Workspace:
    """Crates in one folder."""

    folder: Path
    builds: dict[str, Build] = field(default_factory=dict[str, Build])

    def add(self, name: str, document: Path) -> None:
        """Write the crate of a document."""
        target = RustTarget(
            crate=crate(name), version="1.0.0", output=self.folder / crate(name)
        )
        client = Client(name=name, folder=document.parent, document=document)
        self.builds[name] = build(client, target)
        write(self.builds[name], target.output)

    def write(self) -> None:
        """Write what makes the crates one workspace."""
        _workspace(self.folder, [crate(name) for name in self.builds])


def crate(name: str) -> str:
    """The crate of a document."""
    return "x-" + re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower())


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
        documents=len(theirs.api_documents),
        same=sum(
            made.files.get(path) == content
            for path, content in theirs.api_documents.items()
        ),
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
        f" {sum(row.seconds for row in both):.0f} s. Of {sum(row.documents for row in rows)} API"
        f" documents ours has {sum(row.same for row in rows)}.\n"
    )


def _line(row: Row) -> str:
    theirs = "compiles"
    if row.peer.problem is not None:
        theirs = row.peer.problem.partition(":")[0]
    seconds = f"{row.peer.seconds:.1f}" if row.peer.seconds else ""
    documents = f"{row.same} of {row.documents}" if row.documents else ""
    return (
        f"| {row.document} | {row.operations} | {row.types} | {row.problem or 'compiles'} |"
        f" {row.seconds:.1f} | {theirs} | {seconds} | {documents} |\n"
    )
