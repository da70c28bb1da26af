"""The members of a composition as they are written, before they are shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from chatwright.diagnostics import InputError
from chatwright.document import Document, Node, Pointer
from chatwright.parser import reading

Member: TypeAlias = tuple[Node, Pointer]
"""A member of allOf, oneOf or anyOf, and its place."""


class MergedEnum(Struct, frozen=True, kw_only=True):
    """All values, null apart, of enums of one type."""

    kind: str
    values: tuple[Node, ...]
    nullable: bool


def listed(
    node: Mapping[str, Node], pointer: Pointer, keyword: str
) -> Iterator[Member]:
    """The members of a composition with their places, a repeated `$ref` once."""
    if keyword not in node:
        return
    seen: set[Node] = set()
    at = pointer / keyword
    for index, member in enumerate(reading.sequence(node, keyword)):
        if isinstance(member, dict) and isinstance(member.get("$ref"), str):
            reference = member["$ref"]
            if len(member) == 1 and reference in seen:
                continue
            seen.add(reference)
        yield member, at / index


class Members:
    """What the members of a union have in common, looked up where they are references."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def is_null(self, member: Member) -> bool:
        """Whether a member allows nothing but null."""
        found = self._followed(member)
        if found.get("type") in ("null", ["null"]):
            return True
        if found.get("enum") == [None] or ("const" in found and found["const"] is None):
            return True
        return reading.flag(found, "nullable") and all(
            reading.is_annotation(key) or (key, value) == ("type", "object")
            for key, value in found.items()
        )

    def merged_enum(self, members: Sequence[Member]) -> MergedEnum | None:
        """The one enum that a union of enums of the same type is, None where it is none."""
        kinds: set[str] = set()
        values: dict[str, Node] = {}
        for member in members:
            found = self._followed(member)
            enum = reading.sequence(found, "enum")
            if not enum:
                return None
            kinds.update(
                [str(found["type"])]
                if "type" in found
                else [reading.kind_of(value) for value in enum if value is not None]
            )
            values.update((json.dumps(value, default=str), value) for value in enum)
        if len(members) < 2 or len(kinds) != 1:
            return None
        known = tuple(value for value in values.values() if value is not None)
        return MergedEnum(
            kind=kinds.pop(), values=known, nullable=len(known) < len(values)
        )

    def kinds(self, members: Sequence[Member]) -> set[str]:
        """The types that the members allow; `any` where one does not say."""
        kinds: set[str] = set()
        for member in members:
            found = self._followed(member)
            if "const" in found or "enum" in found:
                values = reading.sequence(found, "enum") or (found.get("const"),)
                kinds.update(reading.kind_of(value) for value in values)
            else:
                raw = found.get("type")
                named = raw if isinstance(raw, list) else [raw]
                kinds.update(str(name or "any") for name in named)
        return kinds

    def agree(self, kind: str, members: Sequence[Member]) -> bool:
        """Whether no member allows another type than the one beside the union."""
        allowed = {kind, "integer"} if kind == "number" else {kind}
        return self.kinds(members) <= allowed

    def constants(self, members: Sequence[Member]) -> tuple[Node, ...]:
        """The values of a union of constants; none where a member is not one."""
        values: list[Node] = []
        for member in members:
            found = self._followed(member)
            if "const" in found:
                values.append(found["const"])
            elif enum := reading.sequence(found, "enum"):
                values.extend(enum)
            else:
                return ()
        return tuple(values)

    def _followed(self, member: Member) -> Mapping[str, Node]:
        """The schema object at the end of a reference; nothing where there is none."""
        try:
            found, _ = self._document.follow(*member)
        except InputError:
            return reading.NOTHING
        return found if isinstance(found, dict) else reading.NOTHING
