"""Work that is spread over processes comes back in order, and fails where it is asked for."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from pathlib import Path

import pytest

from chatwright import workers
from chatwright.diagnostics import InputError, error
from chatwright.workers import spread


@pytest.fixture(params=[1, 3])
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    count: int = request.param
    monkeypatch.setattr(workers, "processors", lambda: count)
    return count


def test_results_come_in_order(processors: int) -> None:
    found = [result() for result in spread(lambda item: item * 2, range(7))]
    assert found == [0, 2, 4, 6, 8, 10, 12]


def test_each_item_has_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)
    found = [result() for result in spread(lambda _: os.getpid(), range(3))]
    assert len({*found, os.getpid()}) == 4


def test_an_only_item_is_worked_out_here() -> None:
    (result,) = spread(lambda _: os.getpid(), (1,))
    assert result() == os.getpid()


def test_what_is_wrong_with_one_item_costs_that_item(processors: int) -> None:
    def work(item: int) -> int:
        if item == 1:
            raise error("odd", "it is odd")
        return item

    found: list[object] = []
    for result in spread(work, range(3)):
        try:
            found.append(result())
        except InputError as failure:
            found.append(failure.diagnostics[0].code)
    assert found == [0, "odd", 2]


def test_a_process_that_dies_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)

    def work(item: int) -> int:
        os._exit(7)

    for result in spread(work, range(2)):
        with pytest.raises(ChildProcessError, match="exit code 7"):
            result()


def test_a_bug_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)

    def work(item: int) -> float:
        return 1 / item

    failures: list[str] = []
    for result in spread(work, (0, 1)):
        try:
            result()
        except ZeroDivisionError as failure:
            failures.extend(failure.__notes__)
    assert len(failures) == 1
    assert "return 1 / item" in failures[0]


def test_work_beside_others_has_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)
    with workers.beside(os.getpid) as first, workers.beside(os.getpid) as second:
        assert len({first(), second(), os.getpid()}) == 3


def test_what_is_wrong_with_work_beside_is_raised_where_it_is_asked_for(
    processors: int,
) -> None:
    def work() -> int:
        raise error("odd", "it is odd")

    with (
        pytest.raises(InputError, match="it is odd"),
        workers.beside(work) as result,
    ):
        result()


def test_work_that_nobody_waits_for_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)

    def work() -> None:
        time.sleep(60)
        (tmp_path / "done").touch()

    with pytest.raises(InputError), workers.beside(work):
        raise error("odd", "it is odd")
    assert not multiprocessing.active_children()
    assert not (tmp_path / "done").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux only")
def test_a_process_that_was_begun_begins_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def two(pid: int) -> set[int]:
        return {0, 1}

    monkeypatch.setattr(os, "sched_getaffinity", two)
    with workers.beside(workers.processors) as result:
        assert result() == 1
    assert workers.processors() == 2
