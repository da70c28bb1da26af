"""Every document of the corpus becomes a package in which all is there and can be used.

`make test` reads a sample, `make corpus` all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatwright.diagnostics import Severity
from tests.corpus.documents import CORPUS, chosen
from tests.corpus.package import built, write

PROBE = Path(__file__).with_name("probe.py")

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"no folder {CORPUS}; set CHATWRIGHT_CORPUS"
)


@pytest.mark.parametrize("name", chosen())
def test_document(name: str, tmp_path: Path) -> None:
    build = built(CORPUS / name)
    write(build, tmp_path)
    probed = subprocess.run(
        [sys.executable, PROBE],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert all(
        each.location is not None
        for each in build.diagnostics
        if each.severity is not Severity.NOTE
    )
    assert build.operations_left_out == 0
    assert probed.stderr == ""
    assert probed.stdout == ""
