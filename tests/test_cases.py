"""Golden cases: a small document in, files or diagnostics out.

A case is a directory of `tests/cases`: `document.yaml`, perhaps `overlay.yaml`, and `expected/`,
which holds the generated files that the case is about (of the package `client`), `diagnostics.txt`
where something is said, and in `rust/` files of the crate `client`. A `chatwright.yaml` beside the
document says the names that its user decides. There is no code per case; `--update-golden`
rewrites the files that are there.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from chatwright import pipeline, project_file
from tests import building

CASES = Path(__file__).parent / "cases"
DIAGNOSTICS = "diagnostics.txt"


def build(case: Path) -> dict[str, str]:
    """The files of a case's client, and its diagnostics, as text by path."""
    overlay = case / "overlay.yaml"
    client = building.client(case / "document.yaml")
    if overlay.exists():
        client = replace(client, overlays=(overlay,))
    project = case / "chatwright.yaml"
    if project.exists():
        (entry,) = project_file.read(project).clients
        client = replace(client, pins=entry.pins, vendor_names=entry.vendor_names)
    built = pipeline.build(client, building.package("client"))
    said = "".join(
        f"{each.location.line if each.location else 0}: {each.severity} {each.code}: "
        f"{each.message}\n"
        for each in built.diagnostics
    )
    crate = building.crate("client")
    return {
        **{path: data.decode() for path, data in built.files.items()},
        **{
            f"rust/{path}": data.decode()
            for path, data in pipeline.build(client, crate).files.items()
        },
        DIAGNOSTICS: said,
    }


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, update_golden: bool) -> None:
    files = build(case)
    expected = case / "expected"
    paths = sorted(
        p.relative_to(expected).as_posix() for p in expected.rglob("*") if p.is_file()
    )
    assert (
        paths
    ), f"{case.name} expects nothing: name the files that it is about in expected/"
    for path in paths:
        assert path in files, f"{path} was not generated"
        if update_golden:
            (expected / path).write_text(files[path], encoding="utf-8")
        else:
            assert (expected / path).read_text(encoding="utf-8") == files[path], path
    if files[DIAGNOSTICS]:
        assert DIAGNOSTICS in paths, f"the case says something:\n{files[DIAGNOSTICS]}"
