"""Documents of crates.

`peer` holds what OpenAPI Generator 7.26.0's `rust` generator wrote for the documents that Python's
are tested with, and is never rewritten. `IMPROVED` are the operations of which ours says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.building import built, crate

HERE = Path(__file__).parent
CASES = HERE.parents[1] / "python" / "docs" / "peer"
IMPROVED: Mapping[str, str] = {
    "bodies inl_one_p": "a body is an Option where it may be null, and else not",
    "bodies ref_en": "an enum is no plain string",
    "bodies ref_nullfoo": "an answer that may be null is an Option",
    "parameters call": "a parameter of several types is no plain string; bytes are no file",
    "responses resp7": "the answer is the JSON beside the event stream",
    "responses resp8": "the answer is the JSON beside the event stream",
    "texts ": "markup is shown, not obeyed",
    "texts described": "markup is shown, not obeyed",
}


def written(case: str) -> Mapping[str, bytes]:
    """The files of the crate of a case's document."""
    document = CASES / case / "document.yaml"
    return built(document, crate("pkg")).files


def sections(document: str) -> Mapping[str, str]:
    """What a document says of each function, and before them all ("")."""
    head, *parts = document.split("\n## ")
    return {"": head} | {part.partition("\n")[0]: part for part in parts}


@pytest.mark.parametrize("case", sorted(path.name for path in HERE.glob("peer/*")))
def test_documents_of_apis_are_openapi_generators(case: str) -> None:
    files = written(case)
    for expected in sorted((HERE / "peer" / case).glob("*.md")):
        theirs = sections(expected.read_text(encoding="utf-8"))
        ours = sections(files[f"docs/{expected.name}"].decode())
        assert list(ours) == list(theirs)
        other = {f"{case} {name}" for name in theirs if ours[name] != theirs[name]}
        assert other == {name for name in IMPROVED if name.startswith(f"{case} ")}
