"""The command line: `chatwright generate`, `check`, `inspect`, `lint` and `list`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from chatwright import __version__, pipeline
from chatwright.diagnostics import Diagnostic, InputError, Severity, error
from chatwright.job import Compiler, Generated, Job, compare, jobs, run
from chatwright.progress import Bar
from chatwright.project import (
    DEFAULT_VERSION,
    FILE_NAME,
    LANGUAGES,
    Client,
    Flavour,
    Project,
    PythonTarget,
    RustTarget,
    Target,
    Url,
    crate_problem,
    default_distribution,
    is_url,
    language,
    narrowed,
    package_problem,
    select,
)
from chatwright.terminal import (
    Level,
    plural,
    printable,
    show,
    show_difference,
    show_text,
)
from chatwright.workers import spread

EXIT_FINE = 0
EXIT_WRONG = 1
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


@dataclass(slots=True, kw_only=True)
class Session:
    """What holds for one run of the program."""

    compiler: Compiler = pipeline
    level: Level = Level.NORMAL


class Program(click.Group):
    """The group of commands, and what becomes of every exception that leaves one."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; every way to fail has its exit code and its sentence."""
        session = ctx.ensure_object(Session)
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        if reconfigure := getattr(sys.stdout, "reconfigure", None):
            reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except InputError as failure:
            show(failure.diagnostics, session.level)
            ctx.exit(EXIT_WRONG)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except (
            BrokenPipeError,
            click.ClickException,
            click.exceptions.Exit,
            click.Abort,
        ):
            raise
        except Exception as bug:
            if session.level is Level.VERBOSE:
                import traceback

                click.echo(printable(traceback.format_exc()), err=True)
            click.echo(
                printable(
                    f"chatwright: this is a bug in chatwright, not in your input:"
                    f" {type(bug).__name__}: {bug}\nPlease report it, with the document"
                    " and what the same command prints with --verbose."
                ),
                err=True,
            )
            ctx.exit(EXIT_BUG)


_Command = TypeVar("_Command", bound=Callable[..., Any])


def _level(level: Level) -> Callable[[click.Context, click.Parameter, bool], None]:
    def callback(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:
        if given:
            ctx.ensure_object(Session).level = level

    return callback


def common(command: _Command) -> _Command:
    """The options that every command has."""
    quiet = click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_level(Level.QUIET),
        help="Print errors only.",
    )
    verbose = click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_level(Level.VERBOSE),
        help="Print notes and file names too, and a traceback for a bug.",
    )
    return quiet(verbose(command))


def complete_client(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """The names of the project's clients, for shell completion."""
    try:
        project = _project(ctx.params.get("config") or Path(FILE_NAME))
    except InputError:
        return []
    return [
        client.name for client in project.clients if client.name.startswith(incomplete)
    ]


config_option = click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    default=Path(FILE_NAME),
    show_default=True,
    help="The project file.",
)


target_option = click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    type=click.Choice(LANGUAGES),
    help="This target alone; may be given again.  [default: all that a client has]",
)


outside_option = click.option(
    "--allow-outside",
    is_flag=True,
    help="With a document: let its references leave its folder.",
)


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
                document=_source(spec),
                operations=(*operations, *names),
                allow_outside=allow_outside,
                targets=(_spec_target(targets, package, out, flavour),),
            ),
        )
    else:
        if package or out or flavour or operations or allow_outside:
            raise click.UsageError(
                "--package, --out, --flavour, --operations and --allow-outside need --spec"
            )
        clients = _clients(config, names, targets)

    def wait(job: Job) -> None:
        _say(session, f"{job.label}: waiting for another chatwright to finish")

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
    for job in jobs(_clients(config, names, targets)):
        try:
            found = compare(job, session.compiler)
        except InputError as failure:
            show(failure.diagnostics, session.level)
            fine = False
            continue
        show(found.diagnostics, session.level)
        if found.fine:
            _say(session, f"{job.label}: up to date")
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
  chatwright inspect --spec api.yaml
""",
)
@click.argument("name", required=False, shell_complete=complete_client)
@config_option
@click.option("--spec", metavar="FILE|URL", help="A document, instead of a client.")
@outside_option
@click.option("--json", "as_json", is_flag=True, help="Print all of it, as JSON.")
@click.option("--names", is_flag=True, help="Print what things are called, and can be.")
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
) -> None:
    """Show what was understood of a document: of the client NAME, or of --spec.

    By default a summary: operations, servers, authentication, and how it chats.
    """
    session = ctx.ensure_object(Session)
    if (name is None) == (spec is None):
        raise click.UsageError("give either NAME or --spec")
    if as_json and names:
        raise click.UsageError("--json and --names exclude each other")
    if allow_outside and spec is None:
        raise click.UsageError("--allow-outside needs --spec")
    if spec is not None:
        client = _document_client(spec, allow_outside)
    else:
        (client,) = _clients(config, (name or "",))
    if as_json:
        text = session.compiler.inspect_json(client)
    elif names:
        text = session.compiler.inspect_names(client)
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
    if name is not None and _is_document(name, config):
        clients: Sequence[Client] = (_document_client(name, allow_outside),)
    elif allow_outside:
        raise click.UsageError("--allow-outside needs a FILE")
    else:
        clients = _clients(config, () if name is None else (name,))
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
        _say(
            session,
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
    project = _project(config)
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


def _project(config: Path) -> Project:
    """The project of a file; YAML is loaded only when there is one to read."""
    from chatwright.project_file import read

    return read(config)


def _clients(
    config: Path, names: tuple[str, ...], targets: tuple[str, ...] = ()
) -> tuple[Client, ...]:
    """The clients of these names with these targets; those that have them, for no names.

    Raises click.UsageError where a name is no client's, or its client has no such target.
    """
    project = _project(config)
    try:
        clients = select(project, names)
    except KeyError as missing:
        raise click.UsageError(_no_client(str(missing.args[0]), project)) from None
    found: list[Client] = []
    for client in clients:
        part = narrowed(client, targets)
        if part.targets:
            found.append(part)
        elif names:
            has = ", ".join(language(each) for each in client.targets)
            raise click.UsageError(
                f"{client.name} has no target {' or '.join(targets)}; it has: {has}"
            )
    if not found:
        raise click.UsageError(
            f"no client of {project.path} has a target {' or '.join(targets)}"
        )
    return tuple(found)


def _no_client(name: str, project: Project) -> str:
    from chatwright.section import nearest

    known = [client.name for client in project.clients]
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"there are: {', '.join(known)}"
    return f"{project.path} has no client {name!r}; {hint}"


def _source(spec: str) -> Path | Url:
    return Url(address=spec) if is_url(spec) else Path(spec)


def _document_client(spec: str, allow_outside: bool) -> Client:
    return Client(
        name=spec,
        folder=Path(),
        document=_source(spec),
        allow_outside=allow_outside,
    )


def _spec_target(
    targets: tuple[str, ...], package: str, out: Path, flavour: str | None
) -> Target:
    """What --spec is generated for: Python, or the one --target."""
    if len(set(targets)) > 1:
        raise click.UsageError("--spec takes one --target, as --out is one folder")
    if "rust" in targets:
        if flavour is not None:
            raise click.UsageError("--flavour is of Python packages; crates are async")
        if problem := crate_problem(package):
            raise error("crate-name", f"{package!r} is no name of a crate: {problem}")
        return RustTarget(crate=package, version=DEFAULT_VERSION, output=out)
    if problem := package_problem(package):
        raise error("package-name", f"{package!r} is no package name: {problem}")
    return PythonTarget(
        package=package,
        distribution=default_distribution(package),
        version=DEFAULT_VERSION,
        flavour=Flavour(flavour or Flavour.SYNC),
        output=out,
    )


def _is_document(name: str, config: Path) -> bool:
    if is_url(name):
        return True
    if config.exists() and name in (client.name for client in _project(config).clients):
        return False
    return Path(name).exists() or Path(name).suffix in (".yaml", ".yml", ".json")


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


def _say(session: Session, text: str) -> None:
    if session.level > Level.QUIET:
        click.echo(text, err=True)
