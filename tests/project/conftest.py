"""Folders of projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from .acme import DOCUMENT


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is one with the document of `acme`."""
    (tmp_path / "acme.yaml").write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
