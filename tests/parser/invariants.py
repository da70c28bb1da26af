"""What holds for every Api, whatever document it came from."""

from __future__ import annotations

from collections.abc import Iterator

from chatwright.ir import walk
from chatwright.ir.api import Api
from chatwright.ir.schema import (
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    UnionSchema,
)


def violations(api: Api) -> list[str]:
    """Each broken promise of the intermediate schema, in a sentence; none in a good Api."""
    return [*_names(api), *_schemas(api), *_chat(api)]


def _names(api: Api) -> Iterator[str]:
    names = [named.name for named in api.schemas]
    if names != sorted(set(names)):
        yield "schemas are not sorted by distinct names"


def _schemas(api: Api) -> Iterator[str]:
    table = walk.table(api)
    for named in api.schemas:
        if isinstance(named.schema, NullableSchema):
            yield f"{named.name} is nullable itself, not its places"
        for schema in walk.children(named.schema):
            yield from _placed(schema, table, named.name)
        if isinstance(named.schema, UnionSchema):
            yield from _union(named.schema, named.name)
        for name in walk.references(named.schema):
            if name not in table:
                yield f"{named.name} refers to {name}, which is missing"
    for operation in api.operations:
        for schemas in (walk.request_schemas, walk.response_schemas):
            for schema in schemas(operation):
                yield from _placed(schema, table, operation.id)


def _placed(schema: Schema, table: SchemaTable, owner: str) -> Iterator[str]:
    """A schema in place is a reference, or small enough to be written out."""
    stack = [schema]
    while stack:
        current = stack.pop()
        match current:
            case ObjectSchema() | UnionSchema():
                yield f"{owner} holds an object or a union without a name"
            case RefSchema() if current.name not in table:
                yield f"{owner} refers to {current.name}, which is missing"
            case NullableSchema(schema=NullableSchema()):
                yield f"{owner} holds a doubly nullable schema"
            case _:
                pass
        stack.extend(walk.children(current))


def _union(union: UnionSchema, owner: str) -> Iterator[str]:
    if len(set(union.variants)) < 2:
        yield f"{owner} is a union of {len(union.variants)}"
    if any(isinstance(variant, NullableSchema) for variant in union.variants):
        yield f"{owner} has a nullable variant"
    if union.discriminator is not None:
        names = {each.name for each in union.variants if isinstance(each, RefSchema)}
        told = {name for _, name in union.discriminator.mapping}
        if names != told or len(union.variants) != len(names):
            yield f"{owner} has a discriminator that does not tell its variants"


def _chat(api: Api) -> Iterator[str]:
    profile = api.chat
    if profile is None:
        return
    if profile.operation not in {operation.id for operation in api.operations}:
        yield "the chat profile names an operation that is not there"
    table = walk.table(api)
    for name in (profile.request, profile.response, profile.chunk):
        if name is not None and name not in table:
            yield f"the chat profile names {name}, which is missing"
