"""What differs between OpenAPI Generator's package and ours, and which of it is an improvement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from tests.corpus.package import PACKAGE
from tests.corpus.surface import Surface, surface
from tests.parity.peer import Peer

IMPROVEMENTS = Path(__file__).with_name("improvements.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One name that is another with us, or one document; `found` is None where we have none."""

    document: str
    key: str
    expected: str
    found: str | None

    def __str__(self) -> str:
        found = "nothing" if self.found is None else repr(self.found)
        return f"{self.document}: {self.key}: {self.expected!r}, ours has {found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The names and API documents of one package, and those that differ."""

    names: int
    other_names: tuple[Difference, ...]
    documents: int
    other_documents: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """Differences that are meant; `pattern` is one of `document: name`, with wildcards."""

    pattern: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        """Whether a difference is this one."""
        return fnmatchcase(f"{difference.document}: {difference.key}", self.pattern)


def improvements() -> tuple[Improvement, ...]:
    """The committed list."""
    return tuple(
        Improvement(pattern=pattern, reason=entry["reason"])
        for entry in yaml.safe_load(IMPROVEMENTS.read_text(encoding="utf-8"))
        for pattern in entry["differences"]
    )


def unneeded(
    listed: Iterable[Improvement],
    differences: Sequence[Difference],
    compared: Iterable[str],
) -> tuple[Improvement, ...]:
    """The improvements, of documents that were compared, that no difference calls for any more."""
    documents = tuple(compared)
    return tuple(
        each
        for each in listed
        if any(fnmatchcase(name, each.pattern.partition(": ")[0]) for name in documents)
        and not any(each.covers(difference) for difference in differences)
    )


def compare(document: str, peer: Peer, files: dict[str, bytes]) -> Comparison:
    """The peer's package beside the files of ours."""
    expected = surface(peer.sources, PACKAGE)
    sources = {
        path: text.decode() for path, text in files.items() if path.endswith(".py")
    }
    documents = api_documents(expected)
    return Comparison(
        names=len(expected),
        other_names=tuple(_other_names(document, expected, surface(sources, PACKAGE))),
        documents=len(documents),
        other_documents=tuple(
            Difference(document=document, key=path, expected="", found=None)
            for path in documents
            if peer.document(path) != files.get(path)
        ),
    )


def api_documents(found: Surface) -> tuple[str, ...]:
    """The documents of the API classes of a package."""
    return tuple(
        f"docs/{key.removeprefix('export api.')}.md"
        for key in found
        if key.startswith("export api.")
    )


def _other_names(
    document: str, expected: Surface, found: Surface
) -> Iterable[Difference]:
    for key, said in expected.items():
        if found.get(key) != said:
            yield Difference(
                document=document, key=key, expected=said, found=found.get(key)
            )
