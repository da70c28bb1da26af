"""Two commands at once on one output folder take turns."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chatwright import output
from chatwright.output import lock
from tests.output.trees import COUNTS, NEW, NEW_INPUTS, OLD, OLD_INPUTS, compare, write

_WRITER = """
import sys
from pathlib import Path
from tests.output import trees
for _ in range(10):
    trees.write(Path(sys.argv[1]), trees.OLD, trees.OLD_INPUTS)
    trees.write(Path(sys.argv[1]), trees.NEW, trees.NEW_INPUTS)
"""


def test_processes_that_write_at_once_leave_one_whole_tree(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "out"
    root = Path(__file__).parent.parent.parent
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(folder)], cwd=root)
        for _ in range(3)
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert compare(folder, NEW).diff == ""
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_a_second_writer_waits_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "out"
    staging = folder.parent / ".chatwright-staging-out"
    waiting = threading.Event()

    def work() -> None:
        output.write(folder, NEW, inputs=NEW_INPUTS, counts=COUNTS, on_wait=waiting.set)

    def create() -> None:
        staging.mkdir(parents=True, exist_ok=True)

    with lock.hold(staging / "lock", create=create):
        writer = threading.Thread(target=work)
        writer.start()
        assert waiting.wait(60)
        assert not folder.exists()
    writer.join(60)
    assert compare(folder, NEW).diff == ""


@pytest.mark.skipif(sys.platform == "win32", reason="an open file keeps its name there")
def test_a_lock_whose_file_is_gone_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    created: list[int] = []

    def create() -> None:
        created.append(1)

    with lock.hold(path, create=create):
        path.unlink()
        with lock.hold(path, create=create) as held:
            assert held
    assert len(created) == 2


def test_reading_needs_no_lock_file(tmp_path: Path) -> None:
    write(tmp_path / "out", OLD, OLD_INPUTS)
    with lock.hold(tmp_path / "none" / "lock") as held:
        assert not held
