"""What is printed, and how: diagnostics, differences, and text that may be hostile."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import IntEnum

import click

from chatwright.diagnostics import Diagnostic, Severity


class Level(IntEnum):
    """How much is printed: errors alone, what a user needs, or everything."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


_LEAST = {
    Severity.ERROR: Level.QUIET,
    Severity.WARNING: Level.NORMAL,
    Severity.NOTE: Level.VERBOSE,
}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_DIFF_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def printable(text: str) -> str:
    """Text that cannot steer a terminal: control characters are shown, not sent."""
    return "".join(
        (
            char
            if char in "\n\t" or char.isprintable()
            else char.encode("unicode_escape", "backslashreplace").decode()
        )
        for char in text
    )


def show(diagnostics: Sequence[Diagnostic], level: Level, *, err: bool = True) -> None:
    """Print the diagnostics of a level, with colours on a terminal."""
    for diagnostic in diagnostics:
        if level < _LEAST[diagnostic.severity]:
            continue
        place = f"{diagnostic.location} " if diagnostic.location else ""
        kind = f"{diagnostic.severity} {diagnostic.code}:"
        styled = click.style(kind, fg=_COLOURS[diagnostic.severity], bold=True)
        click.echo(
            f"{printable(place)}{styled} {printable(diagnostic.message)}", err=err
        )
        if diagnostic.excerpt:
            click.echo(printable(diagnostic.excerpt), err=err)


def show_difference(diff: str) -> None:
    """Print a unified diff: with colours on a terminal, and as it is for another program."""
    if not sys.stdout.isatty():
        click.echo(diff, nl=False)
        return
    for line in printable(diff).splitlines(keepends=True):
        colour = _DIFF_COLOURS.get(line[:1])
        click.echo(click.style(line, fg=colour) if colour else line, nl=False)


def show_text(text: str) -> None:
    """Print what a command was asked for: as it is, but for a terminal."""
    click.echo(printable(text) if sys.stdout.isatty() else text)


def plural(number: int, noun: str) -> str:
    """A number with its noun, in the right grammatical number."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
