"""Whether what differs is as little as is promised, and nothing but listed improvements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.parity.comparison import Comparison, Difference, improvements, unneeded
from tests.parity.table import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The list of improvements of a language, and per cent that must be the same: of names, and
    of documents with improvements."""

    improvements: Path
    names: float
    documents: float


def is_kept(promise: Promise, compared: Mapping[str, Comparison | None]) -> bool:
    """Whether a promise is kept by packages, by document, None where there is none to compare
    with. Prints what differs, and the sums."""
    found = [each for each in compared.values() if each is not None]
    names = [each for comparison in found for each in comparison.other_names]
    pages = [each for comparison in found for each in comparison.other_documents]
    listed = improvements(promise.improvements)

    def new(differences: list[Difference]) -> list[Difference]:
        return [
            each
            for each in differences
            if not any(improvement.covers(each) for improvement in listed)
        ]

    for difference in new([*names, *pages]):
        print(f"differs: {difference}")
    stale = unneeded(listed, [*names, *pages], compared)
    for improvement in stale:
        print(f"not needed any more: {improvement.pattern}")
    all_names = sum(each.names for each in found)
    all_pages = sum(each.documents for each in found)
    print(
        f"{share(all_names - len(names), all_names)} % of {all_names} names are the same,"
        f" {share(all_names - len(new(names)), all_names)} % are or are improved"
    )
    print(
        f"{share(all_pages - len(pages), all_pages)} % of {all_pages} API documents are the same,"
        f" {share(all_pages - len(new(pages)), all_pages)} % are or are improved"
    )
    enough = (
        100 * (all_names - len(names)) >= promise.names * all_names
        and 100 * (all_pages - len(new(pages))) >= promise.documents * all_pages
    )
    return enough and not stale and not new([*names, *pages])
