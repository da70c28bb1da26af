"""Names of the members of enums."""

from __future__ import annotations

from collections.abc import Mapping

from chatwright.ir.schema import EnumSchema, Instance, SchemaTable
from chatwright.pins import Pin
from chatwright.targets.distinct import distinct
from chatwright.targets.python import spelling
from chatwright.targets.python.names.finding import Finding, note
from chatwright.targets.python.names.models import has_model


def _natural(instance: Instance, alias: str | None) -> str:
    """What the document calls a value, as far as Python can say it, or the value's spelling."""
    if alias is None:
        return spelling.enum_member(instance.value)
    return alias if spelling.is_member(alias) else spelling.enum_member(alias)


def members_of(
    schemas: SchemaTable, pins: Mapping[tuple[str, str], Pin], found: list[Finding]
) -> Mapping[tuple[str, str], str]:
    """The member of each value of each enum, by schema and the JSON text of the value."""
    members: dict[tuple[str, str], str] = {}
    for name, named in schemas.items():
        if not isinstance(named.schema, EnumSchema) or not has_model(named.schema):
            continue
        values = tuple(dict.fromkeys(named.schema.values))
        aliases = dict(named.schema.aliases)
        wanted = [
            (
                pins[name, instance.text].name
                if (name, instance.text) in pins
                else _natural(instance, aliases.get(instance))
            )
            for instance in values
        ]
        decided = distinct(wanted)
        for instance, natural, member in zip(values, wanted, decided, strict=True):
            members[name, instance.text] = member
            if member != natural:
                found.append(
                    note(
                        "enum-member-renamed",
                        f"the value {instance.text} of {name!r} at {named.pointer} becomes "
                        f"{member}: another one is {natural}",
                        named.pointer,
                    )
                )
    return members
