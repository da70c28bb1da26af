"""Swagger 2.0 says the same as OpenAPI 3.0, in other words: the packages are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwright.document import load, schema_check
from chatwright.project import Flavour
from tests.corpus.package import built

VERSIONS = Path(__file__).parent / "versions"


@pytest.mark.parametrize("flavour", Flavour)
def test_the_package_is_that_of_openapi_3(flavour: Flavour) -> None:
    swagger = built(VERSIONS / "2.0.yaml", flavour)
    openapi = built(VERSIONS / "3.0.yaml", flavour)

    assert swagger.diagnostics == openapi.diagnostics == ()
    assert {
        path for path in swagger.files if swagger.files[path] != openapi.files.get(path)
    } == set()
    assert swagger.files.keys() == openapi.files.keys()


@pytest.mark.parametrize("flavour", Flavour)
def test_parts_in_other_files_are_read_where_they_are_used(flavour: Flavour) -> None:
    parts = built(VERSIONS / "2.0-parts.yaml", flavour)
    whole = built(VERSIONS / "2.0.yaml", flavour)

    assert parts.diagnostics == ()
    assert {
        path for path in whole.files if whole.files[path] != parts.files.get(path)
    } == set()
    assert parts.files.keys() == whole.files.keys()
    assert len(parts.inputs) > len(whole.inputs)


def test_what_is_wrong_is_said_of_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    text = (VERSIONS / "2.0.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("in: path", "in: somewhere"), encoding="utf-8")
    finding, *_ = schema_check(load(path))
    assert finding.location is not None
    line = text.splitlines()[finding.location.line - 1]
    assert "name: id" in line
