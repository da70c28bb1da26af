"""What writing a tree changes, keeps, reports and refuses."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatwright.diagnostics import InputError
from chatwright.output import Reason, current, recover
from chatwright.output.disk import Disk
from tests.output.trees import COUNTS, NEW, NEW_INPUTS, OLD, compare, snapshot, write

MANIFEST = ".chatwright-manifest.json"
AS_ROOT = sys.platform == "win32" or os.geteuid() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "out"


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a tree but for the manifest."""
    return {
        path: content
        for path, content in snapshot(folder).items()
        if content is not None and path != MANIFEST
    }


def refusal(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> str:
    """The code of the one error that writing these files ends in."""
    with pytest.raises(InputError) as failure:
        write(folder, files, force=force)
    (diagnostic,) = failure.value.diagnostics
    return diagnostic.code


def test_a_new_folder_holds_the_files_and_their_manifest(folder: Path) -> None:
    written = write(folder, OLD)
    assert files_of(folder) == OLD
    assert sorted(written.written) == sorted(OLD)
    assert (written.unchanged, written.removed, written.kept) == (0, (), ())
    assert os.listdir(folder.parent) == ["out"]


def test_the_manifest_is_the_same_wherever_it_is_written(tmp_path: Path) -> None:
    write(tmp_path / "here" / "a", OLD)
    write(tmp_path / "there" / "b", dict(reversed(OLD.items())))
    first = (tmp_path / "here" / "a" / MANIFEST).read_bytes()
    assert first == (tmp_path / "there" / "b" / MANIFEST).read_bytes()
    manifest = json.loads(first)
    assert manifest["inputs"] == NEW_INPUTS
    assert list(manifest["outputs"]) == sorted(OLD)
    assert manifest["operations"] == {"written": 3, "left_out": 1}


def test_only_files_whose_bytes_change_are_touched(folder: Path) -> None:
    write(folder, OLD)
    for path in folder.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    files = {**OLD, "README.md": b"changed\n"}
    written = write(folder, files)
    assert written.written == ("README.md",)
    assert written.unchanged == len(OLD) - 1
    touched = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_mtime_ns != 10**18
    }
    assert touched == {"README.md", MANIFEST}


def test_writing_the_same_again_changes_nothing_at_all(folder: Path) -> None:
    write(folder, OLD)
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, ns=(10**18, 10**18))
    written = write(folder, OLD)
    assert (written.written, written.removed, written.unchanged) == ((), (), len(OLD))
    assert {path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]} == {
        10**18
    }


def test_files_no_longer_produced_go_with_the_folders_they_leave_empty(
    folder: Path,
) -> None:
    write(folder, {"a.py": b"a", "deep/er/b.py": b"b", "deep/c.py": b"c"})
    written = write(folder, {"a.py": b"a"})
    assert written.removed == ("deep/c.py", "deep/er/b.py")
    assert not (folder / "deep").exists()


def test_files_that_are_not_ours_stay(folder: Path) -> None:
    write(folder, OLD)
    (folder / "docs" / "mine.md").write_bytes(b"mine")
    (folder / "empty").mkdir()
    write(folder, NEW)
    assert (folder / "docs" / "mine.md").read_bytes() == b"mine"
    assert (folder / "empty").is_dir()
    assert not (folder / "docs" / "Gone.md").exists()


def test_a_deleted_file_comes_back(folder: Path) -> None:
    write(folder, OLD)
    (folder / "README.md").unlink()
    assert write(folder, OLD).written == ("README.md",)
    assert files_of(folder) == OLD


def test_a_file_edited_by_hand_is_kept_while_the_others_are_written(
    folder: Path,
) -> None:
    write(folder, OLD)
    (folder / "README.md").write_bytes(b"mine\n")
    written = write(folder, NEW)
    (kept,) = written.kept
    assert (kept.path, kept.reason) == ("README.md", Reason.EDITED)
    assert files_of(folder) == {**NEW, "README.md": b"mine\n"}
    assert [kept.path for kept in write(folder, NEW).kept] == ["README.md"]


def test_a_restored_file_is_no_longer_in_the_way(folder: Path) -> None:
    write(folder, OLD)
    (folder / "README.md").write_bytes(b"mine\n")
    write(folder, NEW)
    (folder / "README.md").write_bytes(OLD["README.md"])
    assert write(folder, NEW).kept == ()
    assert files_of(folder) == NEW


def test_an_edit_to_what_would_be_generated_is_no_conflict(folder: Path) -> None:
    write(folder, OLD)
    (folder / "README.md").write_bytes(NEW["README.md"])
    assert write(folder, NEW).kept == ()
    assert write(folder, NEW).unchanged == len(NEW)


def test_an_edited_file_that_is_no_longer_produced_is_kept(folder: Path) -> None:
    write(folder, OLD)
    (folder / "docs" / "Gone.md").write_bytes(b"mine\n")
    for _ in range(2):
        (kept,) = write(folder, NEW).kept
        assert (kept.path, kept.reason) == ("docs/Gone.md", Reason.EDITED)
    assert (folder / "docs" / "Gone.md").read_bytes() == b"mine\n"
    (folder / "docs" / "Gone.md").unlink()
    assert write(folder, NEW).kept == ()


def test_a_file_in_the_way_that_is_not_ours_is_kept(folder: Path) -> None:
    write(folder, {"a.py": b"a"})
    (folder / "b.py").write_bytes(b"mine")
    for _ in range(2):
        (kept,) = write(folder, {"a.py": b"a", "b.py": b"b"}).kept
        assert (kept.path, kept.reason) == ("b.py", Reason.FOREIGN)
    assert (folder / "b.py").read_bytes() == b"mine"


def test_force_overwrites_edited_and_foreign_files(folder: Path) -> None:
    write(folder, OLD)
    (folder / "README.md").write_bytes(b"mine\n")
    (folder / "docs" / "Gone.md").write_bytes(b"mine\n")
    (folder / "api" / "models.py").write_bytes(b"mine\n")
    (folder / "mine.txt").write_bytes(b"mine\n")
    assert write(folder, NEW, force=True).kept == ()
    assert files_of(folder) == {**NEW, "mine.txt": b"mine\n"}


def test_a_folder_of_the_users_in_the_place_of_a_file_stays(folder: Path) -> None:
    write(folder, {"a.py": b"a"})
    (folder / "b").mkdir()
    (folder / "b" / "mine.py").write_bytes(b"mine")
    for force in (False, True):
        (kept,) = write(folder, {"a.py": b"a", "b": b"b"}, force=force).kept
        assert (kept.path, kept.reason) == ("b", Reason.BLOCKED)
    assert (folder / "b" / "mine.py").read_bytes() == b"mine"


def test_a_file_of_the_users_in_the_place_of_a_folder_stays(folder: Path) -> None:
    write(folder, {"a.py": b"a"})
    (folder / "b").write_bytes(b"mine")
    for force in (False, True):
        (kept,) = write(folder, {"a.py": b"a", "b/c.py": b"c"}, force=force).kept
        assert (kept.path, kept.reason) == ("b/c.py", Reason.BLOCKED)
    assert (folder / "b").read_bytes() == b"mine"


@pytest.mark.parametrize("force", [False, True])
def test_nothing_is_written_or_removed_through_a_symbolic_link(
    folder: Path, tmp_path: Path, force: bool
) -> None:
    write(folder, {"api/a.py": b"a", "docs/b.md": b"b"})
    outside = tmp_path / "outside"
    (folder / "api").rename(outside)
    (folder / "api").symlink_to(outside, target_is_directory=True)
    (folder / "docs" / "b.md").unlink()
    (folder / "docs" / "b.md").symlink_to(outside / "a.py")
    written = write(folder, {"api/a.py": b"new", "docs/b.md": b"new"}, force=force)
    assert {kept.reason for kept in written.kept} == {Reason.BLOCKED}
    write(folder, {"other.py": b""}, force=force)
    assert snapshot(outside) == {"a.py": b"a"}


def test_the_output_folder_itself_may_be_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    write(tmp_path / "link", OLD)
    assert files_of(tmp_path / "real") == OLD
    assert sorted(os.listdir(tmp_path)) == ["link", "real"]


def test_an_output_that_is_a_file_is_refused(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_bytes(b"mine")
    assert refusal(folder, NEW) == "output-not-a-folder"
    assert folder.read_bytes() == b"mine"


def test_an_output_below_a_file_is_refused(folder: Path) -> None:
    folder.parent.write_bytes(b"mine")
    assert refusal(folder, NEW) == "output-not-writable"


def test_an_output_that_no_file_system_can_name_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 300)
    assert refusal(folder, NEW) == "output-not-writable"
    with pytest.raises(InputError, match="output-not-writable"):
        recover(folder)
    with pytest.raises(InputError, match="output-not-readable"):
        compare(folder, NEW)
    assert current(folder, NEW_INPUTS, root=tmp_path) is None


def test_an_output_that_somebody_makes_meanwhile_is_left_alone(folder: Path) -> None:
    class Slow(Disk):
        def rename(self, old: Path, new: Path) -> None:
            new.mkdir()
            (new / "mine.txt").write_bytes(b"mine\n")
            super().rename(old, new)

    with pytest.raises(InputError) as failure:
        write(folder, NEW, disk=Slow())
    assert failure.value.diagnostics[0].code == "output-not-writable"
    assert snapshot(folder.parent) == {"out": None, "out/mine.txt": b"mine\n"}


def test_an_output_that_is_a_loop_of_links_is_refused(folder: Path) -> None:
    folder.parent.mkdir()
    folder.symlink_to(folder)
    assert refusal(folder, NEW) == "output-not-a-folder"


def test_an_output_with_other_peoples_files_is_refused_unless_forced(
    folder: Path,
) -> None:
    folder.mkdir(parents=True)
    (folder / "thesis.tex").write_bytes(b"mine")
    assert refusal(folder, NEW) == "output-not-ours"
    assert snapshot(folder.parent) == {"out": None, "out/thesis.tex": b"mine"}
    write(folder, NEW, force=True)
    assert files_of(folder) == {**NEW, "thesis.tex": b"mine"}


def test_an_empty_output_and_one_with_an_ignore_file_are_fine(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".chatwright-ignore").write_text("README.md\n")
    write(folder, NEW)
    assert not (folder / "README.md").exists()


@pytest.mark.skipif(AS_ROOT, reason="nothing is read-only to this user")
def test_an_output_that_cannot_be_written_is_refused(folder: Path) -> None:
    write(folder, OLD)
    before = snapshot(folder)
    folder.joinpath("api").chmod(0o555)
    assert refusal(folder, NEW) == "output-not-writable"
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<<<<<<< HEAD\n",
        b"[]",
        b'{"format": 2}',
        b"[" * 100_000,
        b"\xff",
        b'{"format": 1, "operations": {"written": 0, "left_out": 0}, "warnings": 0,'
        b' "inputs": {}, "outputs": {"../mine": "' + b"0" * 64 + b'"}}',
        b'{"format": 1, "operations": {"written": 0, "left_out": 0}, "warnings": 0,'
        b' "inputs": {}, "outputs": {"mine": "no digest"}}',
    ],
    ids=["empty", "merge", "list", "format", "deep", "bytes", "escape", "digest"],
)
def test_a_broken_manifest_is_refused_unless_forced(
    folder: Path, content: bytes
) -> None:
    write(folder, OLD)
    (folder / MANIFEST).write_bytes(content)
    before = snapshot(folder)
    assert refusal(folder, NEW) == "manifest-unreadable"
    assert current(folder, NEW_INPUTS, root=folder) is None
    assert snapshot(folder) == before
    changed = {"README.md": b"new\n", "api/chat.py": b"new\n"}
    assert write(folder, changed, force=True).kept == ()
    assert files_of(folder) == {**OLD, **changed}


@pytest.mark.parametrize(
    "content",
    [
        b"no journal",
        b'{"format": 2}',
        b'{"format": 1, "steps": [["../mine", null, null]]}',
        b'{"format": 1, "steps": [[1, 2, 3]]}',
    ],
)
def test_a_journal_that_is_not_ours_is_refused_and_kept(
    folder: Path, content: bytes
) -> None:
    write(folder, OLD)
    staging = folder.parent / ".chatwright-staging-out"
    staging.mkdir()
    (staging / "journal.json").write_bytes(content)
    assert refusal(folder, NEW) == "journal-unreadable"
    with pytest.raises(InputError, match="journal-unreadable"):
        compare(folder, NEW)
    assert files_of(folder) == OLD
    assert (staging / "journal.json").read_bytes() == content


def test_a_staging_folder_that_is_a_link_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    write(folder, OLD)
    (tmp_path / "precious" / "new").mkdir(parents=True)
    (tmp_path / "precious" / "new" / "0").write_bytes(b"mine")
    (folder.parent / ".chatwright-staging-out").symlink_to(tmp_path / "precious")
    assert refusal(folder, NEW) == "journal-unreadable"
    assert snapshot(tmp_path / "precious") == {"new": None, "new/0": b"mine"}


def test_ignored_paths_are_neither_written_nor_removed(folder: Path) -> None:
    write(folder, OLD)
    (folder / ".chatwright-ignore").write_text("# ours\n/README.md\ndocs/\n*.toml\n")
    (folder / "README.md").write_bytes(b"mine\n")
    written = write(folder, {**NEW, "pyproject.toml": b"", "docs/New.md": b""})
    assert written.kept == ()
    found = files_of(folder)
    assert found["README.md"] == b"mine\n"
    assert found["docs/Gone.md"] == OLD["docs/Gone.md"]
    assert found.keys().isdisjoint({"pyproject.toml", "docs/New.md"})
    outputs = json.loads((folder / MANIFEST).read_bytes())["outputs"]
    assert outputs.keys().isdisjoint({"README.md", "docs/Gone.md", "docs/New.md"})


def test_force_does_not_reach_ignored_paths(folder: Path) -> None:
    write(folder, OLD)
    (folder / ".chatwright-ignore").write_text("*.md\n!README.md\n")
    (folder / "README.md").write_bytes(b"mine\n")
    write(folder, NEW, force=True)
    assert (folder / "README.md").read_bytes() == NEW["README.md"]
    assert (folder / "docs" / "Gone.md").exists()


def test_an_ignore_file_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    write(folder, OLD)
    (tmp_path / "rules").write_text("README.md\n")
    (folder / ".chatwright-ignore").symlink_to(tmp_path / "rules")
    write(folder, NEW)
    assert (folder / "README.md").read_bytes() == OLD["README.md"]


@pytest.mark.parametrize("force", [False, True])
def test_a_manifest_that_is_no_file_is_refused(folder: Path, force: bool) -> None:
    write(folder, OLD)
    (folder / MANIFEST).rename(folder / "elsewhere.json")
    (folder / MANIFEST).symlink_to("elsewhere.json")
    assert refusal(folder, NEW, force=force) == "manifest-unreadable"


def test_a_broken_ignore_file_is_refused(folder: Path) -> None:
    write(folder, OLD)
    (folder / ".chatwright-ignore").write_bytes(b"\xff\n")
    assert refusal(folder, NEW) == "ignore-unreadable"
    (folder / ".chatwright-ignore").write_bytes(b"!\n")
    assert refusal(folder, NEW) == "ignore-unreadable"
    assert files_of(folder).items() >= OLD.items()


class TestCurrent:
    """A folder is current when its manifest holds in every digest."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "referenced.yaml").write_bytes(b"")
        folder = tmp_path / "home" / "out"
        write(folder, OLD, {**NEW_INPUTS, "referenced.yaml": EMPTY})
        return folder

    def test_after_writing_it_is(self, folder: Path, tmp_path: Path) -> None:
        manifest = current(folder, NEW_INPUTS, root=tmp_path)
        assert manifest and manifest.counts == COUNTS

    def test_another_digest_of_an_input(self, folder: Path, tmp_path: Path) -> None:
        assert current(folder, {"document": "c" * 64}, root=tmp_path) is None

    def test_another_input(self, folder: Path, tmp_path: Path) -> None:
        inputs = {**NEW_INPUTS, "overlay": "c" * 64}
        assert current(folder, inputs, root=tmp_path) is None

    def test_a_referenced_file_changed(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "referenced.yaml").write_bytes(b"changed")
        assert current(folder, NEW_INPUTS, root=tmp_path) is None
        (tmp_path / "referenced.yaml").unlink()
        assert current(folder, NEW_INPUTS, root=tmp_path) is None

    @pytest.mark.parametrize("content", [b"edited", None])
    def test_an_output_changed(
        self, folder: Path, tmp_path: Path, content: bytes | None
    ) -> None:
        (folder / "README.md").unlink()
        if content is not None:
            (folder / "README.md").write_bytes(content)
        assert current(folder, NEW_INPUTS, root=tmp_path) is None

    def test_a_referenced_file_behind_a_link(
        self, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "referenced.yaml").rename(tmp_path / "elsewhere.yaml")
        (tmp_path / "referenced.yaml").symlink_to("elsewhere.yaml")
        assert current(folder, NEW_INPUTS, root=tmp_path)

    def test_an_ignore_file_came_changed_or_went(
        self, folder: Path, tmp_path: Path
    ) -> None:
        inputs = {**NEW_INPUTS, "referenced.yaml": EMPTY}
        rules = folder / ".chatwright-ignore"
        for content in (b"*.txt\n", b"*.rst\n"):
            rules.write_bytes(content)
            assert current(folder, NEW_INPUTS, root=tmp_path) is None
            write(folder, OLD, inputs)
            assert current(folder, NEW_INPUTS, root=tmp_path)
        rules.unlink()
        assert current(folder, NEW_INPUTS, root=tmp_path) is None

    def test_an_interrupted_generation(self, folder: Path, tmp_path: Path) -> None:
        (folder.parent / ".chatwright-staging-out").mkdir()
        assert current(folder, NEW_INPUTS, root=tmp_path) is None

    def test_a_kept_file(self, folder: Path, tmp_path: Path) -> None:
        (folder / "new.py").write_bytes(b"mine")
        write(folder, {**OLD, "new.py": b"new"}, NEW_INPUTS)
        assert current(folder, NEW_INPUTS, root=tmp_path) is None

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert current(tmp_path / "none", NEW_INPUTS, root=tmp_path) is None


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
