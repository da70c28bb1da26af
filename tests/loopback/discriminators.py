"""Which value of a discriminator stands for which schema (OpenAPI 3.2, 4.25)."""

from __future__ import annotations

from tests.loopback.document import Document
from tests.loopback.nodes import Json, Object, mapping, sequence

_PREFIX = "#/components/schemas/"


def subtypes(document: Document, schema: Object, reference: str) -> list[Json]:
    """What a base that `reference` points at may be, by its discriminator: itself joined with
    what each of those adds that have it in their `allOf`."""
    discriminator = mapping(schema.get("discriminator"))
    if not discriminator or schema.get("oneOf") or schema.get("anyOf"):
        return []
    base: Object = {k: x for k, x in schema.items() if k != "discriminator"}
    found: list[Json] = []
    for target, value in _tags(document, discriminator, reference):
        subtype = document.resolve({"$ref": target})
        members = sequence(subtype.get("allOf"))
        others = [x for x in members if mapping(x).get("$ref") != reference]
        if len(others) < len(members):
            rest: Object = {k: x for k, x in subtype.items() if k != "allOf"}
            tag: Object = {str(discriminator.get("propertyName")): {"const": value}}
            tagged: Object = {"type": "object", "properties": tag}
            found.append({"allOf": [base, *others, rest, tagged]})
    return found


def tagged(schema: Object, variant: Json, value: Json) -> Json:
    """A variant's value with the discriminator's value that stands for the variant."""
    discriminator = mapping(schema.get("discriminator"))
    reference = mapping(variant).get("$ref")
    if not (discriminator and isinstance(reference, str) and isinstance(value, dict)):
        return value
    name = str(discriminator.get("propertyName"))
    mapped = mapping(discriminator.get("mapping"))
    last = reference.rpartition("/")[2]
    tags = [k for k, x in mapped.items() if x in (reference, last)] or [last]
    return value if value.get(name) in tags else {**value, name: tags[0]}


def _tags(
    document: Document, discriminator: Object, base: str
) -> list[tuple[str, str]]:
    """The references of a discriminator, each with the value that stands for it."""
    said = [
        (x if x.startswith(("#", "http")) or "/" in x else _PREFIX + x, key)
        for key, x in mapping(discriminator.get("mapping")).items()
        if isinstance(x, str)
    ]
    if said:
        return [each for each in said if each[0].startswith(_PREFIX)]
    schemas = mapping(document.find(_PREFIX.rstrip("/")))
    return [
        (_PREFIX + name, name)
        for name, schema in schemas.items()
        if {"$ref": base} in sequence(mapping(schema).get("allOf"))
    ]
