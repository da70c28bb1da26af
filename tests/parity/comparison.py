"""What differs between a package of OpenAPI Generator's and ours, in any language, and which of
it is an improvement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is compared of a package: what is said of each public name, and the documents of its
    operations by path."""

    names: Mapping[str, str]
    documents: Mapping[str, bytes]


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


def improvements(path: Path) -> tuple[Improvement, ...]:
    """A committed list."""
    return tuple(
        Improvement(pattern=pattern, reason=entry["reason"])
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
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


def compare(document: str, expected: Package, found: Package) -> Comparison:
    """The peer's package beside ours; what only ours has is no difference."""
    return Comparison(
        names=len(expected.names),
        other_names=tuple(
            Difference(
                document=document, key=key, expected=said, found=found.names.get(key)
            )
            for key, said in expected.names.items()
            if found.names.get(key) != said
        ),
        documents=len(expected.documents),
        other_documents=tuple(
            Difference(document=document, key=path, expected="", found=None)
            for path, content in expected.documents.items()
            if content != found.documents.get(path)
        ),
    )
