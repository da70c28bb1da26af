"""Public annotations of a package that are `Any`, or hold it, where the document says more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatwright.document import load
from chatwright.ir.api import Operation
from chatwright.ir.schema import ObjectSchema, Schema, UnionSchema
from chatwright.ir.walk import table
from chatwright.parser import parse
from chatwright.targets import answers
from chatwright.targets.python import names
from chatwright.targets.python.types import Types
from tests.corpus.package import PACKAGE
from tests.loopback import operations
from tests.loopback.document import Document
from tests.loopback.nodes import Json, Object, mapping, sequence
from tests.loopback.schemas import Direction, Schemas
from tests.loopback.values import Values

_UNIONS = ("allOf", "anyOf", "oneOf")


def imprecise(path: Path) -> list[str]:
    """Where such annotations stand: fields of models, members of unions, arguments and answers.

    What the document says is read without the parser, which may have understood less of it.
    """
    document = Document.read(path)
    api = parse(load(path)).api
    decided = names.decide(api, PACKAGE, names.pin(api, PACKAGE, ())[0])
    types = Types(table(api), decided)
    said = {(x.method, x.template): x for x in operations.operations(document)}
    places = [
        *(
            place
            for name in decided.models
            for place in _of_model(name, types, document)
        ),
        *(
            place
            for each in api.operations
            for place in _of_operation(each, said[each.method.lower(), each.path])
        ),
    ]
    return [
        place
        for place, schema, node in places
        if "Any" in types.of(schema).names and not is_silent(node, document)
    ]


def is_silent(node: Json, document: Document, followed: tuple[str, ...] = ()) -> bool:
    """Whether a schema, or one that has no model of its own inside of it, takes any value."""
    if not isinstance(node, dict):
        return True
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = document.find(reference)
        return reference not in followed and is_silent(
            target, document, (*followed, reference)
        )
    if node.get("properties") or "const" in node or "enum" in node:
        return False
    for keyword in _UNIONS:
        if members := sequence(node.get(keyword)):
            silent = [is_silent(each, document, followed) for each in members]
            return all(silent) if keyword == "allOf" else any(silent)
    declared = node.get("type")
    kinds = declared if isinstance(declared, list) else [declared]
    if "items" in node or "array" in kinds:
        return is_silent(node.get("items"), document, followed)
    if "additionalProperties" in node or "object" in kinds:
        return is_silent(node.get("additionalProperties"), document, followed)
    return declared is None


def _of_model(
    name: str, types: Types, document: Document
) -> Iterator[tuple[str, Schema, Json]]:
    named = types.schemas[name]
    node = document.find(f"#{named.pointer}")
    values = Values(document, Schemas(document, Direction.RESPONSE))
    flat = values.flat(node)
    match named.schema:
        case ObjectSchema(properties=properties):
            found = mapping(flat.get("properties"))
            for member in properties:
                if member.name in found:
                    yield f"{name}.{member.name}", member.schema, found[member.name]
        case UnionSchema():
            yield name, named.schema, flat
        case _:
            return


def _of_operation(
    operation: Operation, said: operations.Operation
) -> Iterator[tuple[str, Schema, Json]]:
    place = f"{operation.method} {operation.path}"
    nodes = {(x.get("in"), x.get("name")): x for x in said.parameters}
    for parameter in operation.parameters:
        node = nodes[parameter.location, parameter.name]
        described = node if "schema" in node else _first(node)
        yield f"{place} {parameter.name}", parameter.schema, described.get("schema")
    if operation.request_body is not None:
        content = mapping(said.request_body.get("content"))
        for media_type in operation.request_body.content:
            if media_type.schema is not None:
                node = mapping(content[media_type.name])
                yield f"{place} body", media_type.schema, node.get("schema")
    for response in operation.responses:
        schema = answers.body(response)
        responses = mapping(said.value.get("responses"))
        node = _first(said.document.resolve(responses.get(response.status)))
        if schema is not None:
            yield f"{place} {response.status}", schema, node.get("schema")


def _first(node: Object) -> Object:
    """The first Media Type Object of a `content`."""
    return mapping(next(iter(mapping(node.get("content")).values()), None))
