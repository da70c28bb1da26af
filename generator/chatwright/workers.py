"""Independent work, each piece in a process of its own where there are processors to spare.

Processes are forked, so that work and what it needs are there already; where there is no fork
(Windows), or where it is not safe with the system's frameworks (macOS), all is done in turn.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

_forked = False
"""Whether this process is one that was begun here: those that began it keep the others busy."""

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


def spread(
    work: Callable[[ItemT], ResultT], items: Sequence[ItemT]
) -> Iterator[Callable[[], ResultT]]:
    """For each item in turn a function that gives its result, or raises what its work raised.

    Results and exceptions must be picklable. No more is under way than there are processors.
    """
    count = processors()
    if count == 1 or len(items) < 2:
        for item in items:
            yield partial(work, item)
        return
    waiting = list(reversed(items))
    started: list[_Worker[ResultT]] = []
    try:
        while waiting or started:
            while waiting and len(started) < count:
                started.append(_Worker(partial(work, waiting.pop())))
            yield started[0].result
            started.pop(0).join()
    finally:
        for worker in started:
            worker.join()


@contextmanager
def beside(work: Callable[[], ResultT]) -> Generator[Callable[[], ResultT]]:
    """Begin work in a process of its own, and go on: what is given waits for the result, or raises
    what the work raised. It is called once; what nobody waits for is given up.

    The result and exceptions must be picklable.
    """
    if processors() == 1:
        yield work
        return
    worker = _Worker(work)
    try:
        yield worker.result
    finally:
        worker.stop()


def processors() -> int:
    """How many processes can be at work; 1 where none can be forked, and in one that was."""
    if _forked or not sys.platform.startswith("linux"):
        return 1
    return len(os.sched_getaffinity(0))


class _Worker(Generic[ResultT]):
    """A process that works out one result."""

    def __init__(self, work: Callable[[], ResultT]) -> None:
        from multiprocessing import get_context

        context = get_context("fork")
        self._receiver, sender = context.Pipe(duplex=False)
        self._process: ForkProcess = context.Process(target=_work, args=(work, sender))
        self._process.start()
        sender.close()

    def result(self) -> ResultT:
        try:
            failed, value = self._receiver.recv()
        except EOFError:
            self.join()
            raise ChildProcessError(
                f"a process ended with exit code {self._process.exitcode}"
            ) from None
        if failed:
            raise cast("BaseException", value)
        return cast("ResultT", value)

    def stop(self) -> None:
        self._process.terminate()
        self.join()

    def join(self) -> None:
        self._process.join()


def _work(work: Callable[[], object], sender: Connection) -> None:
    global _forked
    _forked = True
    try:
        sent = False, work()
    except BaseException as error:
        error.add_note(traceback.format_exc())
        sent = True, error
    sender.send(sent)
