"""Directories of documents, each with what Chatwright makes of it.

`cases/load/*` are loaded and every reference in them is followed; `cases/overlay/*` are loaded with
their overlays; `cases/check/*` are checked in full. `expected.txt` holds the diagnostics, and
`expected.json`, where there is one, the tree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatwright.diagnostics import InputError
from chatwright.document import Document, Pointer, full_check, load
from chatwright.document.walk import objects

CASES = Path(__file__).parent / "cases"


def _cases(kind: str) -> list[Path]:
    return sorted(path for path in (CASES / kind).iterdir() if path.is_dir())


def _document(case: Path) -> str:
    return next(path.name for path in case.iterdir() if path.stem == "openapi")


def _compare(path: Path, found: str, update: bool) -> None:
    if update:
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def _refusals(document: Document) -> Iterator[str]:
    """What there is to say about the references of a document, in every file that they reach."""
    files = [document.file]
    for file in files:
        for node, path in objects(document.get(Pointer(file))):
            try:
                _, pointer = document.follow(node, Pointer(file, path))
            except InputError as refusal:
                yield str(refusal)
            else:
                if pointer.file not in files:
                    files.append(pointer.file)


@pytest.mark.parametrize("case", _cases("load"), ids=lambda case: case.name)
def test_load(case: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool) -> None:
    monkeypatch.chdir(case)
    try:
        document = load(_document(case))
    except InputError as refusal:
        found = [str(refusal)]
    else:
        found = list(_refusals(document))
        _compare(case / "expected.json", _dumped(document), update_golden)
    _compare(
        case / "expected.txt", "".join(f"{text}\n" for text in found), update_golden
    )


@pytest.mark.parametrize("case", _cases("overlay"), ids=lambda case: case.name)
def test_overlay(
    case: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    monkeypatch.chdir(case)
    overlays = sorted(
        path.name for path in case.iterdir() if path.name.startswith("overlay")
    )
    try:
        document = load(_document(case), overlays=overlays)
    except InputError as refusal:
        found = [str(refusal)]
    else:
        found = [str(diagnostic) for diagnostic in document.diagnostics]
        _compare(case / "expected.json", _dumped(document), update_golden)
    _compare(
        case / "expected.txt", "".join(f"{text}\n" for text in found), update_golden
    )


@pytest.mark.parametrize("case", _cases("check"), ids=lambda case: case.name)
def test_check(
    case: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    monkeypatch.chdir(case)
    found = full_check(load(_document(case)))
    _compare(
        case / "expected.txt",
        "".join(f"{finding}\n" for finding in found),
        update_golden,
    )


def _dumped(document: Document) -> str:
    return json.dumps(document.root, indent=2, ensure_ascii=False) + "\n"
