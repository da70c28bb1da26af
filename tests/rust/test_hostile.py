"""Crates of hostile documents compile, and hold nothing but what every crate holds."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from chatwright.pipeline import Build, build
from chatwright.project import Client, RustTarget
from tests.hostile.canary import IMPORTING, silence
from tests.hostile.documents import bare_document, hostile_document
from tests.hostile.texts import CASES, texts
from tests.rust.cargo import cargo, fetched
from tests.targets.text.commonmark import dangers

SHAPES = {"told apart": hostile_document, "bare": bare_document}
SURROGATE = re.compile("[\ud800-\udfff]")
KINDS = sorted(path.stem for path in CASES.glob("*.json"))
# Rust reference, section 2.2: a source file's bidirectional and other unseen characters.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)


def built(folder: Path, shape: str, found: list[str]) -> Build:
    """The crate of a document of a shape; fails where building it does anything else."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(SHAPES[shape](found, "https://example.com")))
    target = RustTarget(
        crate="hostile-client", version="1.0.0", output=folder / "crate"
    )
    client = Client(name="hostile", folder=folder, document=path, targets=(target,))
    with silence(allowed=IMPORTING):
        return build(client, target)


def readable(kind: str) -> list[str]:
    return [text for text in texts(kind).values() if not SURROGATE.search(text)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_crates(kind: str, shape: str, tmp_path: Path) -> None:
    found = readable(kind)
    crate = built(tmp_path, shape, found)
    assert crate.operations_written == len(found)
    assert_named(crate)
    manifest = tomllib.loads(crate.files["Cargo.toml"].decode())
    plain = built(tmp_path, shape, ["plain", "other"])
    ordinary = tomllib.loads(plain.files["Cargo.toml"].decode())
    del manifest["package"]["description"], ordinary["package"]["description"]
    assert manifest == ordinary
    for path, content in crate.files.items():
        if path.endswith((".rs", ".md", ".toml")):
            assert UNSEEN.search(content.decode()) is None, path
        if path.endswith(".md"):
            # What is between these is our own types.
            shown = re.sub(r"\b(?:HashMap|Option|Vec)<", "(", content.decode())
            assert dangers(shown) == [], path


def assert_named(crate: Build) -> None:
    """Every system takes the names of the files, and tells them apart."""
    written = [path for path in crate.files if not path.startswith(".")]
    for path in written:
        parts = PurePosixPath(path).parts
        assert PureWindowsPath(path).parts == parts
        for part in parts:
            assert part.isprintable() and len(part.encode()) <= 255
            assert not PureWindowsPath(part).is_reserved() and part.strip(". ") == part
    assert len({path.casefold() for path in written}) == len(written)


# One test: a second process would wait for the first one's lock. Dependencies are built first.
@pytest.mark.timeout(1200)
def test_a_crate_compiles(tmp_path: Path) -> None:
    found = readable("rust") + readable("wire")
    for number, shape in enumerate(SHAPES):
        folder = tmp_path / f"shape{number}"
        folder.mkdir()
        for path, content in built(folder, shape, found).files.items():
            target = folder / "crate" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        fetched(folder / "crate")
        cargo(folder / "crate", "check", "--all-targets")
        cargo(folder / "crate", "doc", "--no-deps")
