"""The public names of a package, by what they stand for in the document."""

from __future__ import annotations

from collections.abc import Mapping

from chatwright.ir.api import Api, Operation
from chatwright.ir.schema import EnumSchema, ObjectSchema, SchemaTable
from chatwright.ir.walk import table
from chatwright.published import Owner, Published
from chatwright.targets.arguments import arguments
from chatwright.targets.pinned import BODY, value_of
from chatwright.targets.python.names.decision import Names


def published(api: Api, names: Names) -> Published:
    """The models and methods of a package, with their fields, members and arguments.

    An address has the file's part left out: of two in different files the first counts.
    """
    schemas = table(api)
    owners: dict[str, Owner] = {}
    for named in api.schemas:
        if named.name in names.models:
            owners.setdefault(named.pointer, _model(named.name, schemas, names))
    for operation in api.operations:
        several = len(set(operation.tags)) > 1
        address = operation.pointer + (f" {operation.tag}" if several else "")
        owners.setdefault(address, _method(operation, schemas, names))
    return owners


def _model(name: str, schemas: SchemaTable, names: Names) -> Owner:
    schema = schemas[name].schema
    members: Mapping[str, str]
    if isinstance(schema, EnumSchema):
        members = {
            value_of(each.text): names.members[name, each.text]
            for each in schema.values
        }
    else:
        properties = schema.properties if isinstance(schema, ObjectSchema) else ()
        members = {each.name: names.fields[name, each.name] for each in properties}
    return Owner(
        name=names.models[name].class_name,
        members=members,
        kind="schemas",
        key=name,
        inner="enums" if isinstance(schema, EnumSchema) else "properties",
    )


def _method(operation: Operation, schemas: SchemaTable, names: Names) -> Owner:
    return Owner(
        name=f"{names.apis[operation.tag].class_name}.{names.methods[operation.id]}",
        members={
            BODY if each.location == "body" else each.name: names.argument(
                operation, each
            )
            for each in arguments(operation, schemas)
        },
        kind="operations",
        key=operation.id,
        inner="parameters",
    )
