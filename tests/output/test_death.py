"""A generation that is killed, interrupted or refused at any step leaves a whole tree."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from chatwright import output
from chatwright.diagnostics import InputError
from chatwright.output.disk import Disk
from tests.output.trees import (
    NEW,
    OLD,
    OLD_INPUTS,
    Died,
    DyingDisk,
    compare,
    snapshot,
    write,
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An output folder that holds the old tree, and a file of the user's."""
    folder = tmp_path / "home" / "out"
    write(folder, OLD, OLD_INPUTS)
    (folder / "api" / "mine.py").write_bytes(b"mine\n")
    return folder


@pytest.fixture
def old_tree(old: Path) -> dict[str, bytes | None]:
    return snapshot(old.parent)


@pytest.fixture
def new_tree(
    old: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes | None]:
    parent = tmp_path_factory.mktemp("new")
    shutil.copytree(old, parent / "out")
    write(parent / "out", NEW)
    return snapshot(parent)


def _dies(folder: Path, steps: int, files: dict[str, bytes] = NEW) -> bool:
    try:
        write(folder, files, disk=DyingDisk(steps))
    except Died:
        return True
    return False


def test_killed_at_any_step_the_next_command_finds_the_old_or_the_new_tree(
    old: Path, old_tree: dict[str, bytes | None], new_tree: dict[str, bytes | None]
) -> None:
    outcomes: list[str] = []
    saved = old.parent.parent / "saved"
    shutil.copytree(old, saved)
    for steps in count():
        shutil.rmtree(old)
        shutil.copytree(saved, old)
        if not _dies(old, steps):
            break
        output.recover(old)
        found = snapshot(old.parent)
        assert found in (old_tree, new_tree), f"after {steps} steps"
        outcomes.append("old" if found == old_tree else "new")
    assert snapshot(old.parent) == new_tree
    assert outcomes == sorted(outcomes, reverse=True)
    assert {"old", "new"} == set(outcomes)
    assert len(outcomes) > 30


def test_killed_while_recovering_the_command_after_that_recovers(
    old: Path, new_tree: dict[str, bytes | None]
) -> None:
    committed = _steps_until_committed(old)
    saved = old.parent.parent / "saved"
    shutil.copytree(old.parent, saved)
    for first in range(committed + 2, committed + 27, 3):
        for second in count():
            shutil.rmtree(old.parent)
            shutil.copytree(saved, old.parent)
            assert _dies(old, first)
            try:
                output.recover(old, disk=DyingDisk(second))
            except Died:
                output.recover(old)
                assert snapshot(old.parent) == new_tree, (first, second)
            else:
                break


def _steps_until_committed(folder: Path) -> int:
    """How many steps it takes until the journal is there; the folder is as before."""

    class Recorder(DyingDisk):
        committed: int | None = None

        def rename(self, old: Path, new: Path) -> None:
            super().rename(old, new)
            if new.name == "journal.json":
                self.committed = 1000 - self.left
                raise Died

    disk = Recorder(1000)
    with pytest.raises(Died):
        write(folder, NEW, disk=disk)
    shutil.rmtree(folder.parent / ".chatwright-staging-out")
    assert disk.committed
    return disk.committed


def test_the_first_generation_killed_at_any_step_leaves_all_or_nothing(
    tmp_path: Path,
) -> None:
    for steps in count():
        folder = tmp_path / str(steps) / "out"
        if not _dies(folder, steps):
            break
        output.recover(folder)
        found = {
            path: text for path, text in snapshot(folder).items() if text is not None
        }
        found.pop(".chatwright-manifest.json", None)
        assert found in ({}, NEW), f"after {steps} steps"
        write(folder, NEW)


def test_check_after_a_kill_sees_the_recovered_tree_and_writes_nothing(
    old: Path,
) -> None:
    saved = old.parent.parent / "saved"
    shutil.copytree(old.parent, saved)
    verdicts: list[bool] = []
    for steps in count():
        shutil.rmtree(old.parent)
        shutil.copytree(saved, old.parent)
        if not _dies(old, steps):
            break
        before = snapshot(old.parent)
        seen = compare(old, NEW)
        assert snapshot(old.parent) == before
        output.recover(old)
        assert compare(old, NEW) == seen, f"after {steps} steps"
        verdicts.append(seen.diff == "")
    assert {True, False} == set(verdicts)


def test_edits_after_a_kill_are_kept_and_reported(old: Path) -> None:
    assert _dies(old, _steps_until_committed(old) + 2)
    edited = old / "api" / "chat.py"
    edited.write_bytes(b"chat = 'mine'\n")
    written = write(old, NEW)
    assert edited.read_bytes() == b"chat = 'mine'\n"
    assert [kept.path for kept in written.kept] == ["api/chat.py"]
    assert (old / "api" / "models.py").read_bytes() == NEW["api/models.py"]


class InterruptedDisk(Disk):
    """A disk on which Ctrl-C is pressed once, after so many steps of staging and renaming."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def _step(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt

    def write(self, path: Path | str, content: bytes) -> None:
        super().write(path, content)
        self._step()

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        self._step()


def test_interrupted_at_any_step_the_tree_is_whole_at_once(
    old: Path, old_tree: dict[str, bytes | None], new_tree: dict[str, bytes | None]
) -> None:
    saved = old.parent.parent / "saved"
    shutil.copytree(old, saved)
    outcomes: list[str] = []
    for steps in count(1):
        shutil.rmtree(old)
        shutil.copytree(saved, old)
        try:
            write(old, NEW, disk=InterruptedDisk(steps))
        except KeyboardInterrupt:
            found = snapshot(old.parent)
            assert found in (old_tree, new_tree), f"after {steps} steps"
            outcomes.append("old" if found == old_tree else "new")
        else:
            break
    assert {"old", "new"} == set(outcomes)


class RefusingDisk(Disk):
    """A disk that refuses to rename to one path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rename(self, old: Path, new: Path) -> None:
        if new == self.path:
            raise PermissionError(13, "Permission denied", str(new))
        super().rename(old, new)


@pytest.mark.parametrize(
    "path",
    ["README.md", "api/models.py", "moved/inside.py", ".chatwright-manifest.json"],
)
def test_a_change_that_is_refused_half_way_is_undone(
    old: Path, old_tree: dict[str, bytes | None], path: str
) -> None:
    with pytest.raises(InputError) as failure:
        write(old, NEW, disk=RefusingDisk(old / path))
    assert failure.value.diagnostics[0].code == "output-not-writable"
    assert snapshot(old.parent) == old_tree


_KILL = """
import os, signal, sys
from pathlib import Path
from chatwright.output.disk import Disk
from tests.output import trees

class KillingDisk(trees.DyingDisk):
    def _step(self):
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

trees.write(Path(sys.argv[1]), trees.NEW, disk=KillingDisk(int(sys.argv[2])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("after_commit", [-3, 0, 3, 7])
def test_a_killed_process_leaves_no_lock(
    old: Path,
    old_tree: dict[str, bytes | None],
    new_tree: dict[str, bytes | None],
    after_commit: int,
) -> None:
    steps = _steps_until_committed(old) + after_commit
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", _KILL, str(old), str(steps)], cwd=root, check=False
    )
    assert done.returncode == -signal.SIGKILL
    output.recover(old)
    assert snapshot(old.parent) == (old_tree if after_commit < 0 else new_tree)
