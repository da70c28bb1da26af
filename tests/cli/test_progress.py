"""A bar appears late, on terminals only, and leaves nothing behind."""

from __future__ import annotations

import io
import threading

from chatwright.progress import Bar


class Terminal(io.StringIO):
    """A stream that says whether it is a terminal, and when something is written to it."""

    def __init__(self, *, interactive: bool = True) -> None:
        super().__init__()
        self.interactive = interactive
        self.written = threading.Event()

    def isatty(self) -> bool:
        return self.interactive

    def write(self, text: str, /) -> int:
        count = super().write(text)
        if "acme" in text:
            self.written.set()
        return count


def test_it_shows_what_is_done() -> None:
    terminal = Terminal()
    with Bar(terminal, total=3, delay=0) as bar:
        bar.begin("acme [red]")
        assert terminal.written.wait(60)
        bar.advance()
        with bar.hidden():
            shown = terminal.getvalue()
            terminal.write("a line of ours\n")
            assert terminal.getvalue() == f"{shown}a line of ours\n"
    assert "acme [red]" in shown
    assert "0/3" in shown


def test_it_is_not_there_before_its_time() -> None:
    terminal = Terminal()
    with Bar(terminal, total=1, delay=3600) as bar:
        bar.begin("acme")
        with bar.hidden():
            bar_free = terminal.getvalue()
        bar.advance()
    assert (bar_free, terminal.getvalue()) == ("", "")


def test_it_is_not_there_where_nobody_looks() -> None:
    for terminal, shown in ((Terminal(interactive=False), True), (Terminal(), False)):
        with Bar(terminal, total=1, shown=shown, delay=0) as bar:
            bar.begin("acme")
            bar.advance()
        assert terminal.getvalue() == ""
