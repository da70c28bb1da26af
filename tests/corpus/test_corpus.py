"""Every document of the corpus becomes a package in which all is there and can be used.

`make test` reads a sample, `make corpus` all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatwright.document import load
from chatwright.parser import parse
from tests.building import write
from tests.corpus.documents import CORPUS, chosen
from tests.corpus.package import PACKAGE, built
from tests.corpus.surface import methods, surface

PROBE = Path(__file__).with_name("probe.py")

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"no folder {CORPUS}; set CHATWRIGHT_CORPUS"
)


@pytest.mark.parametrize("name", chosen())
def test_document(name: str, tmp_path: Path) -> None:
    build = built(CORPUS / name)
    texts = {path: text.decode() for path, text in build.files.items()}
    write(build, tmp_path)
    probed = subprocess.run(
        [sys.executable, PROBE],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    sources = {path: text for path, text in texts.items() if path.endswith(".py")}
    called = [
        method
        for method in methods(surface(sources, PACKAGE))
        if not method.endswith(("_with_http_info", "_without_preload_content"))
    ]
    documents = {path: text for path, text in texts.items() if path.endswith("Api.md")}

    assert probed.stderr == ""
    assert probed.stdout == ""
    assert build.operations_left_out == 0
    assert build.operations_written == len(parse(load(CORPUS / name)).api.operations)
    assert len(called) >= build.operations_written
    for method in called:
        api, _, short = method.partition(".")
        operation = short.removesuffix("_stream").removesuffix("_to_file")
        said = documents[f"docs/{api}.md"]
        assert f"# **{short}**" in said or f"# **{operation}**" in said
