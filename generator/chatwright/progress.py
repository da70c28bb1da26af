"""A progress bar that appears only when there is something to wait for."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DELAY = 1.0
"""Seconds that a command takes before its bar appears."""


class Bar:
    """A bar of `total` steps on a terminal, which shows itself after `delay` seconds.

    Nothing is imported and nothing is printed before that, nor ever where the stream is no
    terminal, or unless `shown`. The bar leaves no trace when the
    `with` block ends.
    """

    def __init__(
        self, stream: TextIO, *, total: int, shown: bool = True, delay: float = DELAY
    ) -> None:
        self._stream = stream
        self._total = total
        self._done = 0
        self._label = ""
        self._lock = threading.Lock()
        self._bar: tuple[Progress, TaskID] | None = None
        self._timer: threading.Timer | None = None
        if shown and stream.isatty():
            self._timer = threading.Timer(delay, self._appear)
            self._timer.daemon = True

    def __enter__(self) -> Bar:
        if self._timer:
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._bar:
            self._bar[0].stop()

    def begin(self, label: str) -> None:
        """Say what is done now."""
        with self._lock:
            self._label = label
            self._show()

    def advance(self) -> None:
        """Count one step."""
        with self._lock:
            self._done += 1
            self._show()

    @contextmanager
    def hidden(self) -> Generator[None]:
        """Take the bar away for as long as something else is printed."""
        with self._lock:
            if self._bar:
                self._bar[0].stop()
            try:
                yield
            finally:
                if self._bar:
                    self._bar[0].start()

    def _show(self) -> None:
        if self._bar:
            bar, task = self._bar
            bar.update(task, completed=self._done, description=self._label)

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(file=self._stream),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        with self._lock:
            task = bar.add_task(self._label, total=self._total, completed=self._done)
            self._bar = bar, task
            bar.start()
