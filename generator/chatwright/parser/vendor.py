"""Names that documents carry for other generators, where OpenAPI has no word for them.

Fern, Speakeasy, Stainless, NSwag and AutoRest read extensions of their own. They say what a
vendor's own clients call a thing, which may differ from what OpenAPI Generator calls it: so they
count only where a user asks for them. `x-enum-varnames` always counts: OpenAPI Generator reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from chatwright.document import Node
from chatwright.parser import reading

SCHEMA = ("x-fern-type-name", "x-speakeasy-name-override", "x-ms-client-name")
PROPERTY = ("x-fern-property-name", "x-speakeasy-name-override", "x-ms-client-name")
PARAMETER = ("x-fern-parameter-name", "x-speakeasy-name-override", "x-ms-client-name")
METHOD = ("x-fern-sdk-method-name", "x-speakeasy-name-override")
GROUP = ("x-fern-sdk-group-name", "x-speakeasy-group")
IGNORED = ("x-fern-ignore", "x-speakeasy-ignore", "x-stainless-skip")


class Vendor(Struct, frozen=True, kw_only=True):
    """What a vendor's extensions call things; nothing of that unless `heard`."""

    heard: bool = False

    def schema(self, node: Mapping[str, Node]) -> str | None:
        """The name of a schema."""
        return self._word(node, SCHEMA) or (
            reading.text(reading.mapping(node, "x-ms-enum"), "name")
            if self.heard
            else None
        )

    def property(self, node: Mapping[str, Node]) -> str | None:
        """The name of a property, which its schema object says."""
        return self._word(node, PROPERTY)

    def parameter(self, node: Mapping[str, Node]) -> str | None:
        """The name of a parameter."""
        return self._word(node, PARAMETER)

    def method(self, node: Mapping[str, Node]) -> str | None:
        """The name of an operation."""
        return self._word(node, METHOD)

    def group(self, node: Mapping[str, Node]) -> str | None:
        """The name of the group that an operation is in, instead of its tags."""
        for key in GROUP if self.heard else ():
            words = reading.texts(node, key)
            if found := " ".join(words) or reading.text(node, key):
                return found
        return None

    def ignores(self, node: Mapping[str, Node]) -> bool:
        """Whether an operation is left out of the vendor's own clients."""
        return self.heard and any(reading.flag(node, key) for key in IGNORED)

    def members(self, node: Mapping[str, Node]) -> tuple[tuple[Node, str], ...]:
        """The names of an enum's values, as far as they have some."""
        values = reading.sequence(node, "enum")
        named = list(
            zip(values, reading.sequence(node, "x-enum-varnames"), strict=False)
        )
        if not named and self.heard:
            named = list(self._members(node, values))
        return tuple(
            (value, name) for value, name in named if isinstance(name, str) and name
        )

    def _members(
        self, node: Mapping[str, Node], values: tuple[Node, ...]
    ) -> Iterator[tuple[Node, Node]]:
        for key in ("x-enumNames", "x-speakeasy-enums"):
            yield from zip(values, reading.sequence(node, key), strict=False)
        for each in reading.sequence(reading.mapping(node, "x-ms-enum"), "values"):
            if isinstance(each, dict):
                yield each.get("value"), each.get("name")
        by_value = reading.mapping(node, "x-speakeasy-enums")
        fern = reading.mapping(node, "x-fern-enum")
        for value in values:
            if isinstance(value, str):
                yield value, by_value.get(value)
                yield value, reading.text(reading.mapping(fern, value), "name")

    def _word(self, node: Mapping[str, Node], keys: tuple[str, ...]) -> str | None:
        if not self.heard:
            return None
        return next((word for key in keys if (word := reading.text(node, key))), None)
