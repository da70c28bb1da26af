"""The clients that a command line names: of the project file, or of one document."""

from __future__ import annotations

from pathlib import Path

import click

from chatwright.diagnostics import error
from chatwright.project import (
    DEFAULT_VERSION,
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


def project_of(config: Path) -> Project:
    """The project of a file; YAML is loaded only when there is one to read."""
    from chatwright.project_file import read

    return read(config)


def clients_of(
    config: Path, names: tuple[str, ...], targets: tuple[str, ...] = ()
) -> tuple[Client, ...]:
    """The clients of these names with these targets; those that have them, for no names.

    Raises click.UsageError where a name is no client's, or its client has no such target.
    """
    project = project_of(config)
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


def source(spec: str) -> Path | Url:
    """The document that `--spec` names."""
    return Url(address=spec) if is_url(spec) else Path(spec)


def document_client(spec: str, allow_outside: bool) -> Client:
    """A client of a document, of which nothing is generated."""
    return Client(
        name=spec,
        folder=Path(),
        document=source(spec),
        allow_outside=allow_outside,
    )


def spec_target(
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


def is_document(name: str, config: Path) -> bool:
    """Whether a word means a document, and not one of the project's clients."""
    if is_url(name):
        return True
    if config.exists() and name in (
        client.name for client in project_of(config).clients
    ):
        return False
    return Path(name).exists() or Path(name).suffix in (".yaml", ".yml", ".json")
