"""The public names of a generated tree, as it records them, and which of them an edit has changed.

`.chatwright-names.json` stands in the output folder and is committed with it. The next generation
compares: whoever uses the package reads there what to rename.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from msgspec import Struct

from chatwright.pins import PinKind

FILE_NAME = ".chatwright-names.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A model or a method, and its fields, members or arguments by their names in the document.

    `kind` and `key` are those of its pin, `inner` is the kind of theirs.
    """

    name: str
    members: Mapping[str, str]
    kind: PinKind = field(default="schemas", compare=False)
    key: str = field(default="", compare=False)
    inner: PinKind = field(default="properties", compare=False)


Published = Mapping[str, Owner]
"""Owners by their address in the document."""


class Change(Struct, frozen=True, kw_only=True):
    """A name that was there before; `now` is what its thing is called now, None for nothing.

    `kind` and `key` are those of the pin that keeps it, where it can be kept.
    """

    address: str
    before: str
    now: str | None
    kind: PinKind
    key: str


def dump(published: Published) -> bytes:
    """The names as they stand in the output folder: an owner in each line."""
    lines = (
        f"  {json.dumps(address)}: {json.dumps([owner.name, dict(owner.members)])}"
        for address, owner in sorted(published.items())
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def load(content: bytes) -> Published:
    """The names of some bytes; nothing where they are none (a merge conflict, say)."""
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    found: dict[str, Owner] = {}
    for address, entry in _mapping(value).items():
        match entry:
            case [str() as name, object() as members]:
                known = {
                    key: text
                    for key, text in _mapping(members).items()
                    if isinstance(text, str)
                }
                found[address] = Owner(name=name, members=known)
            case _:
                continue
    return found


def changes(before: Published, now: Published) -> Iterator[Change]:
    """The names that are no longer what they were, in the order of the addresses."""
    for address, old in sorted(before.items()):
        new = now.get(address)
        if new is None:
            yield Change(
                address=address, before=old.name, now=None, kind=old.kind, key=old.key
            )
            continue
        if new.name != old.name:
            yield Change(
                address=address,
                before=old.name,
                now=new.name,
                kind=new.kind,
                key=new.key,
            )
        for member, name in old.members.items():
            if new.members.get(member) != name:
                held = new.members.get(member)
                yield Change(
                    address=address,
                    before=f"{old.name}.{name}",
                    now=None if held is None else f"{new.name}.{held}",
                    kind=new.inner,
                    key=f"{new.key}.{member}",
                )


def _mapping(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
