"""An edit of a document changes what it touches, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

from benchmarks import synthetic
from chatwright import output, pipeline, published
from chatwright.job import Job, run
from chatwright.output import manifest
from tests import building

LONG_AGO = 1_000_000_000
SCHEMAS = 60


def generate(folder: Path) -> output.Written:
    """Generates the package of the folder's document beside it."""
    target = building.package("edited", folder / "out")
    client = building.client(folder / "document.json", target)
    job = Job(label="edited", client=client, target=target)
    return run(job, pipeline, force=False, on_wait=lambda job: None).written


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """When each file of a folder was last written, and what it holds."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mtime_ns,
            path.read_bytes(),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_one_property_rewrites_only_what_it_touches(tmp_path: Path) -> None:
    document = synthetic.write(tmp_path / "document.json", SCHEMAS)
    written = generate(tmp_path)
    assert len(written.written) > SCHEMAS
    out = tmp_path / "out"
    for path in out.rglob("*"):
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
    before = state(out)

    synthetic.with_property(document, 11)
    again = generate(tmp_path)
    after = state(out)

    assert before.keys() == after.keys()
    touched = {path for path in after if after[path] != before[path]}
    assert touched == {*again.written, manifest.FILE_NAME}
    assert touched == {
        "docs/Thing11.md",
        "edited/models/thing11.py",
        "edited/params.py",
        manifest.FILE_NAME,
        published.FILE_NAME,
    }
    for name in touched:
        assert after[name][1] != before[name][1], name
    assert again.unchanged == len(after) - len(touched)
    assert "added" in json.dumps(json.loads(after[published.FILE_NAME][1]))


def test_an_edit_of_words_rewrites_the_words(tmp_path: Path) -> None:
    document = synthetic.write(tmp_path / "document.json", SCHEMAS)
    generate(tmp_path)
    text = document.read_text(encoding="utf-8")
    document.write_text(
        text.replace("Sends the thing 20.", "Sends that thing."), encoding="utf-8"
    )
    assert set(generate(tmp_path).written) == {
        "README.md",
        "docs/Group0Api.md",
        "edited/aio/api/group0_api.py",
        "edited/api/group0_api.py",
    }
