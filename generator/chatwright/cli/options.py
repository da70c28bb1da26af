"""Options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from chatwright.cli.clients import project_of
from chatwright.cli.program import Session
from chatwright.diagnostics import InputError
from chatwright.project import FILE_NAME, LANGUAGES
from chatwright.terminal import Level

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
        project = project_of(ctx.params.get("config") or Path(FILE_NAME))
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
