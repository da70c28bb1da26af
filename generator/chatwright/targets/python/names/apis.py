"""Names of API classes: one for each tag."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from chatwright.ir.api import Api
from chatwright.pins import Pin
from chatwright.targets.python import spelling
from chatwright.targets.python.names.files import stem
from chatwright.targets.python.names.finding import Finding, note
from chatwright.targets.words import sanitized


class ApiName(Struct, frozen=True, kw_only=True):
    """An API class, its module in `api`, and the name of its document in `docs`."""

    class_name: str
    module: str
    document: str


def apis_of(
    api: Api, pins: Mapping[str, Pin], found: list[Finding]
) -> Mapping[str, ApiName]:
    """The API class of each tag; tags that give the same class share it."""
    named: dict[str, ApiName] = {}
    owners: dict[str, tuple[str, ApiName]] = {}
    tags = {operation.tag for operation in api.operations}
    for tag in sorted(tags, key=lambda tag: (sanitized(tag), tag)):
        class_name = spelling.api_class(pins[tag].name if tag in pins else tag)
        document = stem(class_name, "Api")
        name = ApiName(
            class_name=class_name,
            module=stem(spelling.module_name(class_name), "api_"),
            document=document,
        )
        owner, name = owners.setdefault(class_name.casefold(), (tag, name))
        named[tag] = name
        if owner != tag:
            found.append(
                note(
                    "tag-collision",
                    f"tags {owner!r} and {tag!r} share {name.class_name}",
                )
            )
    return named
