"""One target of one client: built, and written or compared.

This is where the pipeline, which only computes, meets the output folder.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from chatwright import output, published
from chatwright.diagnostics import Diagnostic, Severity
from chatwright.pipeline import Build
from chatwright.project import Client, Language, Target, language


class Compiler(Protocol):
    """The pipeline, as far as the command line knows it."""

    def build(self, client: Client, target: Target, before: bytes = b"") -> Build: ...
    def inputs_of(self, client: Client, target: Target) -> Mapping[str, str]: ...
    def inspect(self, client: Client) -> str: ...
    def inspect_names(self, client: Client, language: Language) -> str: ...
    def inspect_json(self, client: Client) -> str: ...
    def lint(self, client: Client) -> tuple[Diagnostic, ...]: ...


class Job(Struct, frozen=True, kw_only=True):
    """One target of one client, and what to call it in print."""

    label: str
    client: Client
    target: Target


class Generated(Struct, frozen=True, kw_only=True):
    """What a generation found and changed, in `seconds`; `fine` when nothing was kept."""

    diagnostics: tuple[Diagnostic, ...]
    written: output.Written
    counts: output.Counts
    seconds: float
    renamed: int = 0

    @property
    def fine(self) -> bool:
        """Whether the folder now holds exactly what was generated."""
        return not self.written.kept


class Checked(Struct, frozen=True, kw_only=True):
    """How a folder differs from what would be generated; an empty `diff` says not at all."""

    diagnostics: tuple[Diagnostic, ...] = ()
    paths: tuple[str, ...] = ()
    diff: str = ""

    @property
    def fine(self) -> bool:
        """Whether a generation would change nothing."""
        return not self.paths


def jobs(clients: Sequence[Client]) -> tuple[Job, ...]:
    """Every target of these clients, in order; the label of an only target is its client's name."""
    return tuple(
        Job(
            label=(
                client.name
                if len(client.targets) == 1
                else f"{client.name} ({language(target)})"
            ),
            client=client,
            target=target,
        )
        for client in clients
        for target in client.targets
    )


def run(
    job: Job,
    compiler: Compiler,
    *,
    force: bool,
    on_wait: Callable[[Job], None],
    rebuild: bool = False,
) -> Generated:
    """Make the target's folder hold what the client's document makes.

    A folder that already does is recognised by its digests, and nothing is compiled, unless
    `rebuild` (the program itself is known by its version alone). `on_wait`
    is called with the job when another process writes to the folder.

    Raises InputError, and leaves the folder as it was.
    """
    begun = time.monotonic()
    folder = job.target.output
    output.recover(folder)
    inputs = compiler.inputs_of(job.client, job.target)
    manifest = output.current(folder, inputs, root=job.client.folder)
    if manifest is not None and not rebuild:
        return Generated(
            diagnostics=(),
            written=output.Written(unchanged=len(manifest.outputs)),
            counts=manifest.counts,
            seconds=time.monotonic() - begun,
        )
    build = compiler.build(job.client, job.target, _published(folder))
    counts = _counts(build)
    written = output.write(
        folder,
        build.files,
        inputs=build.inputs,
        counts=counts,
        force=force,
        on_wait=lambda: on_wait(job),
    )
    return Generated(
        diagnostics=(*build.diagnostics, *build.renamed, *_kept(folder, written.kept)),
        written=written,
        counts=counts,
        seconds=time.monotonic() - begun,
        renamed=sum(each.severity is Severity.WARNING for each in build.renamed),
    )


def compare(job: Job, compiler: Compiler) -> Checked:
    """Compare the target's folder with what the client's document makes; writes nothing.

    It always compiles: a manifest tells whether the inputs changed, not whether the program did.
    Raises InputError.
    """
    folder = job.target.output
    build = compiler.build(job.client, job.target, _published(folder))
    comparison = output.compare(
        folder, build.files, inputs=build.inputs, counts=_counts(build)
    )
    return Checked(
        diagnostics=(
            *build.diagnostics,
            *build.renamed,
            *_kept(folder, comparison.kept),
        ),
        paths=(*comparison.paths, *(kept.path for kept in comparison.kept)),
        diff=comparison.diff,
    )


def _published(folder: Path) -> bytes:
    """The names that the folder's tree has, nothing where it has none."""
    try:
        return (folder / published.FILE_NAME).read_bytes()
    except OSError:
        return b""


def _counts(build: Build) -> output.Counts:
    return output.Counts(
        operations_written=build.operations_written,
        operations_left_out=build.operations_left_out,
        warnings=sum(
            diagnostic.severity is Severity.WARNING for diagnostic in build.diagnostics
        ),
    )


_HOW_TO_KEEP = (
    "Overwrite it with --force, or list it in .chatwright-ignore to keep it for good."
)
_WAYS = {
    output.Reason.EDITED: f"`chatwright check` shows the difference. {_HOW_TO_KEEP}",
    output.Reason.FOREIGN: _HOW_TO_KEEP,
    output.Reason.BLOCKED: "Move it away, or list it in .chatwright-ignore.",
}


def _kept(folder: Path, kept: Sequence[output.Kept]) -> tuple[Diagnostic, ...]:
    return tuple(
        Diagnostic(
            severity=Severity.ERROR,
            code=file.reason.value,
            message=f"{folder / file.path} {file.message}; it is kept."
            f" {_WAYS[file.reason]}",
        )
        for file in kept
    )
