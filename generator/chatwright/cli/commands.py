"""The commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from chatwright import __version__
from chatwright.cli.clients import (
    clients_of,
    document_client,
    is_document,
    project_of,
    source,
    spec_target,
)
from chatwright.cli.options import (
    common,
    complete_client,
    config_option,
    outside_option,
    target_option,
)
from chatwright.cli.program import EXIT_FINE, EXIT_WRONG, Program, Session
from chatwright.diagnostics import Diagnostic, InputError, Severity
from chatwright.job import Generated, Job, compare, jobs, run
from chatwright.progress import Bar
from chatwright.project import (
    LANGUAGES,
    Client,
    Flavour,
    Language,
    PythonTarget,
    RustTarget,
    Target,
    language,
)
from chatwright.terminal import Level, plural, show, show_difference, show_text
from chatwright.workers import spread


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    epilog="""
\b
Examples:
  chatwright generate                  every client of chatwright.yaml
  chatwright generate gabber tachyon   two of them
  chatwright generate --spec api.yaml --package acme --out acme-client
  chatwright check                     for CI: is everything fresh?
  chatwright inspect gabber            what was understood of a document

\b
Exit codes:
  0    fine
  1    the input or the tree is wrong
  2    the command line is wrong
  70   a bug in chatwright
  130  interrupted

\b
Shell completion:
  bash  eval "$(_CHATWRIGHT_COMPLETE=bash_source chatwright)"   in ~/.bashrc
  zsh   eval "$(_CHATWRIGHT_COMPLETE=zsh_source chatwright)"    in ~/.zshrc
  fish  _CHATWRIGHT_COMPLETE=fish_source chatwright | source    in config.fish
""",
)
@click.version_option(__version__, prog_name="chatwright")
def main() -> None:
    """Write typed, streaming API clients from vendors' OpenAPI documents.

    The clients are listed in chatwright.yaml; `chatwright generate` writes them.
    """


@main.command(
    epilog="""
\b
Examples:
  chatwright generate
  chatwright generate gabber
  chatwright generate gabber --force
  chatwright generate tachyon --target rust
  chatwright generate --spec https://api.acme.example/openapi.json --package acme --out acme
  chatwright generate --spec api.yaml --package acme.client --out client --flavour async \\
      --operations Chat listModels /v1/embeddings
  chatwright generate --spec api.yaml --target rust --package acme-client --out crate

\b
Files edited by hand are kept and reported (exit code 1). List those that are yours in
.chatwright-ignore in the output folder (the syntax is .gitignore's), or give --force.
Commit .chatwright-manifest.json with the rest: it is how files are known to be generated.
""",
)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_client)
@config_option
@target_option
@click.option("--spec", metavar="FILE|URL", help="A document, instead of clients.")
@click.option(
    "--package", metavar="NAME", help="With --spec: the package, or crate, to write."
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With --spec: the folder to write to.",
)
@click.option(
    "--flavour",
    type=click.Choice([flavour.value for flavour in Flavour]),
    help="With --spec: which calls stand at the top.  [default: sync]",
)
@click.option(
    "--operations",
    multiple=True,
    metavar="TAG|ID|PATH ...",
    help="With --spec: the operations to include; all of them otherwise.",
)
@outside_option
@click.option("--force", is_flag=True, help="Overwrite files edited by hand, too.")
@click.option("--rebuild", is_flag=True, help="Compile even what is up to date.")
@common
@click.pass_context
def generate(
    ctx: click.Context,
    names: tuple[str, ...],
    config: Path,
    targets: tuple[str, ...],
    spec: str | None,
    package: str | None,
    out: Path | None,
    flavour: str | None,
    operations: tuple[str, ...],
    allow_outside: bool,
    force: bool,
    rebuild: bool,
) -> None:
    """Write clients: all of the project's, the NAMEs, or the one of --spec.

    Only files whose bytes change are touched, all at once or not at all, and nothing runs
    when a client is up to date. Files that are no longer generated are removed.
    """
    session = ctx.ensure_object(Session)
    if spec is not None:
        if package is None or out is None:
            raise click.UsageError("--spec needs --package and --out")
        # What follows the first value of --operations, click reads as names.
        if names and not operations:
            raise click.UsageError("--spec and NAME exclude each other")
        clients: Sequence[Client] = (
            Client(
                # Relative to the output, the manifest is the same whatever the current
                # folder is.
                name=package,
                folder=out,
                document=source(spec),
                operations=(*operations, *names),
                allow_outside=allow_outside,
                targets=(spec_target(targets, package, out, flavour),),
            ),
        )
    else:
        if package or out or flavour or operations or allow_outside:
            raise click.UsageError(
                "--package, --out, --flavour, --operations and --allow-outside need --spec"
            )
        clients = clients_of(config, names, targets)

    def wait(job: Job) -> None:
        session.say(f"{job.label}: waiting for another chatwright to finish")

    def work(job: Job) -> Generated:
        return run(job, session.compiler, force=force, rebuild=rebuild, on_wait=wait)

    todo = jobs(clients)
    shown = session.level > Level.QUIET
    fine = True
    with Bar(sys.stderr, total=len(todo), shown=shown) as bar:
        for job, result in zip(todo, spread(work, todo), strict=True):
            bar.begin(job.label)
            try:
                done = result()
            except InputError as failure:
                fine = False
                with bar.hidden():
                    show(failure.diagnostics, session.level)
            else:
                fine = fine and done.fine
                with bar.hidden():
                    _show_generated(session, job, done)
            bar.advance()
    ctx.exit(EXIT_FINE if fine else EXIT_WRONG)


@main.command(
    epilog="""
\b
Examples:
  chatwright check
  chatwright check gabber
  chatwright check tachyon --target rust
  chatwright check | git apply        the same as: chatwright generate --force
""",
)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_client)
@config_option
@target_option
@common
@click.pass_context
def check(
    ctx: click.Context,
    names: tuple[str, ...],
    config: Path,
    targets: tuple[str, ...],
) -> None:
    """Compare the tree with what would be generated; writes nothing.

    Prints a unified diff and exits with 1 when they differ.
    """
    session = ctx.ensure_object(Session)
    fine = True
    for job in jobs(clients_of(config, names, targets)):
        try:
            found = compare(job, session.compiler)
        except InputError as failure:
            show(failure.diagnostics, session.level)
            fine = False
            continue
        show(found.diagnostics, session.level)
        if found.fine:
            session.say(f"{job.label}: up to date")
            continue
        fine = False
        if session.level > Level.QUIET:
            show_difference(found.diff)
        files = plural(len(found.paths), "file")
        click.echo(f"{job.label}: stale; {files} would change", err=True)
    ctx.exit(EXIT_FINE if fine else EXIT_WRONG)


@main.command(
    epilog="""
\b
Examples:
  chatwright inspect gabber
  chatwright inspect gabber --json | jq .operations
  chatwright inspect gabber --names    for `names` in chatwright.yaml
  chatwright inspect tachyon --names --target rust
  chatwright inspect --spec api.yaml
""",
)
@click.argument("name", required=False, shell_complete=complete_client)
@config_option
@click.option("--spec", metavar="FILE|URL", help="A document, instead of a client.")
@outside_option
@click.option("--json", "as_json", is_flag=True, help="Print all of it, as JSON.")
@click.option("--names", is_flag=True, help="Print what things are called, and can be.")
@click.option(
    "-t",
    "--target",
    type=click.Choice(LANGUAGES),
    help="With --names: as this target spells them.  [default: the client's first, or python]",
)
@common
@click.pass_context
def inspect(
    ctx: click.Context,
    name: str | None,
    config: Path,
    spec: str | None,
    allow_outside: bool,
    as_json: bool,
    names: bool,
    target: Language | None,
) -> None:
    """Show what was understood of a document: of the client NAME, or of --spec.

    By default a summary: operations, servers, authentication, and how it chats.
    """
    session = ctx.ensure_object(Session)
    if (name is None) == (spec is None):
        raise click.UsageError("give either NAME or --spec")
    if as_json and names:
        raise click.UsageError("--json and --names exclude each other")
    if target is not None and not names:
        raise click.UsageError("--target needs --names")
    if allow_outside and spec is None:
        raise click.UsageError("--allow-outside needs --spec")
    if spec is not None:
        client = document_client(spec, allow_outside)
    else:
        (client,) = clients_of(config, (name or "",))
    if as_json:
        text = session.compiler.inspect_json(client)
    elif names:
        spelt = target or (language(client.targets[0]) if client.targets else "python")
        text = session.compiler.inspect_names(client, spelt)
    else:
        text = session.compiler.inspect(client)
    show_text(text)


@main.command(
    epilog="""
\b
Examples:
  chatwright lint
  chatwright lint gabber
  chatwright lint specs/gabber.yaml
""",
)
@click.argument(
    "name", required=False, metavar="[NAME|FILE]", shell_complete=complete_client
)
@config_option
@outside_option
@common
@click.pass_context
def lint(
    ctx: click.Context, name: str | None, config: Path, allow_outside: bool
) -> None:
    """Judge documents in full: all clients', the client NAME's, or a FILE.

    Prints each finding with file:line:column, and exits with 1 when one is an error. This is
    the specification's whole validation, which `generate` leaves out for its time.
    """
    session = ctx.ensure_object(Session)
    if name is not None and is_document(name, config):
        clients: Sequence[Client] = (document_client(name, allow_outside),)
    elif allow_outside:
        raise click.UsageError("--allow-outside needs a FILE")
    else:
        clients = clients_of(config, () if name is None else (name,))
    fine = True
    for client in clients:
        try:
            found = session.compiler.lint(client)
        except InputError as failure:
            found = failure.diagnostics
        show(found, session.level, err=False)
        errors = _count(found, Severity.ERROR)
        warnings = _count(found, Severity.WARNING)
        fine = fine and not errors
        session.say(
            f"{client.name}: {plural(errors, 'error')}, {plural(warnings, 'warning')}",
        )
    ctx.exit(EXIT_FINE if fine else EXIT_WRONG)


@main.command(
    name="list",
    epilog="""
\b
Examples:
  chatwright list
  chatwright list --quiet              names alone
""",
)
@config_option
@common
@click.pass_context
def list_(ctx: click.Context, config: Path) -> None:
    """List the project's clients and what they become."""
    session = ctx.ensure_object(Session)
    project = project_of(config)
    if session.level is Level.QUIET:
        for client in project.clients:
            click.echo(client.name)
        return
    rows = [("NAME", "TARGET", "PACKAGE", "FLAVOUR", "OUTPUT", "DOCUMENT")]
    rows += [
        (
            client.name,
            language(target),
            *_described(target),
            str(target.output),
            str(client.document),
        )
        for client in project.clients
        for target in client.targets
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _described(target: Target) -> tuple[str, str]:
    """What a target is called, and its flavour."""
    match target:
        case PythonTarget():
            return target.package, str(target.flavour)
        case RustTarget():
            return target.crate, "async"


def _show_generated(session: Session, job: Job, done: Generated) -> None:
    show(done.diagnostics, session.level)
    if session.level is Level.VERBOSE:
        for path in done.written.written:
            click.echo(f"wrote {job.target.output / path}", err=True)
        for path in done.written.removed:
            click.echo(f"removed {job.target.output / path}", err=True)
    if session.level > Level.QUIET:
        changed = f" {plural(done.renamed, 'name')} changed;" if done.renamed else ""
        click.echo(
            f"{job.label}: {plural(len(done.written.written), 'file')} written,"
            f" {done.written.unchanged} unchanged, {len(done.written.removed)} removed;"
            f" {plural(done.counts.operations_written, 'operation')} written,"
            f" {done.counts.operations_left_out} left out;"
            f"{changed} "
            f"{plural(done.counts.warnings, 'warning')}; {done.seconds:.2f} s"
        )


def _count(diagnostics: Sequence[Diagnostic], severity: Severity) -> int:
    return sum(diagnostic.severity is severity for diagnostic in diagnostics)
