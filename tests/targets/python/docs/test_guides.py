"""The guides say what the packages do."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.committed import Committed, each_client
from tests.runtime.package import load

from .test_documents import HERE, written


@each_client
def test_the_guide_names_the_variables_that_the_package_reads(
    client: Committed,
) -> None:
    configuration = importlib.import_module(client.package).Configuration
    names = load("_runtime.environment").names(
        client.package,
        [
            getattr(load("_runtime.security"), type(scheme).__name__)(*scheme)
            for scheme in configuration._security_schemes
        ],
    )
    text = (client.root / "docs" / "Configuration.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^`([A-Z_0-9]+)` \|", text, re.MULTILINE))
    assert said == {name for each in names.values() for name in each}


@each_client
def test_the_guide_names_every_exception(client: Committed) -> None:
    exceptions = importlib.import_module(f"{client.package}.exceptions")
    text = (client.root / "docs" / "Errors.md").read_text(encoding="utf-8")
    drawn = exceptions.__doc__ or ""
    for name in exceptions.__all__:
        if isinstance(getattr(exceptions, name), type):
            assert name in text
            assert name in drawn


@each_client
def test_the_guide_names_every_setting_of_its_own(client: Committed) -> None:
    text = (client.root / "docs" / "Configuration.md").read_text(encoding="utf-8")
    for name in ("retries", "timeout", "hooks", "access_token", "debug", "proxy"):
        assert f"`{name}" in text


@pytest.mark.parametrize("case", ["authorization"])
def test_variables_of_every_scheme(case: str) -> None:
    document: Path = HERE / "peer" / case / "document.yaml"
    text = written(document)["docs/Configuration.md"]
    assert "_API_KEY" in text
    assert "_ACCESS_TOKEN" in text
