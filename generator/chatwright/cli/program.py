"""The program: what holds for one run of it, and its exit codes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any

import click

from chatwright import pipeline
from chatwright.diagnostics import InputError
from chatwright.job import Compiler
from chatwright.terminal import Level, printable, show

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

    def say(self, text: str) -> None:
        """Print a sentence, unless errors alone are asked for."""
        if self.level > Level.QUIET:
            click.echo(text, err=True)


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
