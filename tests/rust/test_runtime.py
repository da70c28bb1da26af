"""What crates have in common: the shared cases, and calls to a server of their own.

The crate is a generated one, whose operations and models are those of `sample`: written by hand,
they use all that the runtime can do.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.building import built, crate, write
from tests.rust.cargo import ROOT, cargo, fetched

SAMPLE = ROOT / "tests" / "rust" / "sample"
VECTORS = ROOT / "tests" / "vectors"
DOCUMENT = """\
openapi: 3.1.0
info: {title: A sample., version: 1.0.0}
paths:
  /chat: {get: {operationId: chat, tags: [Chat], responses: {}}}
  /things: {get: {operationId: things, tags: [Things], responses: {}}}
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The crate's folder."""
    document = tmp_path / "sample.yaml"
    document.write_text(DOCUMENT)
    folder = tmp_path / "sample"
    write(built(document, crate("sample")), folder)
    # They call the document's operations, and these are others.
    shutil.rmtree(folder / "tests")
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    shutil.copytree(VECTORS, folder / "vectors")
    with (folder / "src" / "lib.rs").open("a") as library:
        library.write("\n#[cfg(test)]\nmod objects;\n#[cfg(test)]\nmod vectors;\n")
    with (folder / "Cargo.toml").open("a") as manifest:
        manifest.write('serde = { version = "1", features = ["derive"] }\n')
    fetched(folder)
    return folder


@pytest.mark.timeout(1200)
def test_the_runtime(sample: Path) -> None:
    cargo(sample, "fmt", "--check")
    cargo(sample, "clippy", "--all-targets", "--", "-D", "warnings")
    cargo(sample, "test")
