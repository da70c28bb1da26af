"""Whatever stands in a folder and whatever is wanted, writing keeps its promises."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from chatwright.output import recover
from tests.output.trees import Died, DyingDisk, compare, snapshot, write

PATHS = st.sampled_from(["a", "b", "d/a", "d/b", "d/e/a", "f/a"])
TREES = st.dictionaries(PATHS, st.sampled_from([b"", b"1\n", b"2\n"]))
MANIFEST = ".chatwright-manifest.json"


@settings(max_examples=60, deadline=None)
@given(generated=TREES, edits=TREES, wanted=TREES, force=st.booleans())
def test_users_files_survive_and_everything_else_is_what_was_wanted(
    generated: dict[str, bytes],
    edits: dict[str, bytes],
    wanted: dict[str, bytes],
    force: bool,
) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "out")
        write(folder, generated)
        for path, content in edits.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        by_hand = {
            path: text for path, text in edits.items() if text != generated.get(path)
        }

        written = write(folder, wanted, force=force)

        expected = dict(wanted)
        kept: set[str] = set()
        for path, content in by_hand.items():
            if force and (path in wanted or path in generated):
                continue
            if path not in wanted and path not in generated:
                expected[path] = content
            elif content != wanted.get(path):
                expected[path] = content
                kept.add(path)
        found = {
            path: content
            for path, content in snapshot(folder).items()
            if content is not None and path != MANIFEST
        }
        assert found == expected
        assert {file.path for file in written.kept} == kept
        assert bool(compare(folder, wanted).diff) == bool(kept)


@settings(max_examples=60, deadline=None)
@given(old=TREES, new=TREES, steps=st.integers(0, 60))
def test_killed_anywhere_any_change_is_whole(
    old: dict[str, bytes], new: dict[str, bytes], steps: int
) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "home", "out")
        write(folder, old)
        before = snapshot(folder.parent)
        try:
            write(folder, new, disk=DyingDisk(steps))
        except Died:
            recover(folder)
        after = snapshot(folder.parent)
        if after != before:
            write(folder, new)
            assert snapshot(folder.parent) == after
