"""Rust types of schemas."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    IntegerSchema,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.targets.rust.names import Names, has_model

VALUE = "serde_json::Value"
_INTEGERS = {"int64": "i64", "uint32": "u32", "uint64": "u64"}
_TEXTS = {
    "date-time": "chrono::DateTime<chrono::FixedOffset>",
    "date": "chrono::NaiveDate",
    "uuid": "uuid::Uuid",
}


class Types:
    """The types of one document's schemas."""

    def __init__(self, schemas: SchemaTable, names: Names) -> None:
        self.schemas = schemas
        self.names = names
        self._cycles = _cycles(_held(schemas))
        self._endless = _cycles(_needed(schemas, self._cycles))

    def of(self, schema: Schema, own: str | None = None) -> str:
        """The type of a schema in place; `own` is the enum that a property has for itself."""
        return self._of(schema, own, frozenset())

    def held(self, schema: Schema, holder: str, own: str | None = None) -> str:
        """The type of what a model holds by value: in a Box where it holds the model in turn."""
        match schema:
            case NullableSchema():
                return f"Option<{self.held(schema.schema, holder, own)}>"
            case RefSchema(name=name):
                cycle = self._cycles.get(self.resolved(name) or "")
                circular = cycle is not None and cycle == self._cycles.get(holder)
                return f"Box<{self.of(schema)}>" if circular else self.of(schema)
            case _:
                return self.of(schema, own)

    def is_required(self, member: Property, holder: str) -> bool:
        """Whether a member must be there, and can: one that needs its holder in turn cannot."""
        if not member.required:
            return False
        cycle = self._endless.get(_needs(member, self.schemas) or "")
        return cycle is None or cycle != self._endless.get(holder)

    def resolved(self, name: str) -> str | None:
        """The model that a name leads to, through the names of what is none; None where to none."""
        return _resolved(name, self.schemas)

    def _of(self, schema: Schema, own: str | None, inside: frozenset[str]) -> str:
        match schema:
            case AnySchema() | ObjectSchema() | UnionSchema():
                return VALUE
            case BooleanSchema():
                return "bool"
            case IntegerSchema():
                return _INTEGERS.get(schema.format or "", "i32")
            case NumberSchema():
                return "f32" if schema.format == "float" else "f64"
            case StringSchema():
                return _TEXTS.get(schema.format or "", "String")
            case ConstSchema() | EnumSchema():
                return own or _scalar(schema)
            case ArraySchema():
                return f"Vec<{self._of(schema.items, own, inside)}>"
            case MapSchema(values=AnySchema(), described=False):
                return VALUE
            case MapSchema():
                inner = self._of(schema.values, None, inside)
                return f"std::collections::HashMap<String, {inner}>"
            case NullableSchema():
                return f"Option<{self._of(schema.schema, own, inside)}>"
            case RefSchema(name=name):
                if name in self.names.models:
                    return f"models::{self.names.models[name].type}"
                if name in inside:
                    return VALUE
                return self._of(self.schemas[name].schema, None, inside | {name})
            case _:
                assert_never(schema)


def _scalar(schema: ConstSchema | EnumSchema) -> str:
    """The type of values that have no enum: what they all are, or any value."""
    values = (schema.value,) if isinstance(schema, ConstSchema) else schema.values
    kinds = {type(each.value) for each in values}
    narrow = all(isinstance(x.value, int) and abs(x.value) < 2**31 for x in values)
    names: Mapping[frozenset[type], str] = {
        frozenset({str}): "String",
        frozenset({bool}): "bool",
        frozenset({int}): "i32" if narrow else "i64",
        frozenset({float}): "f64",
        frozenset({int, float}): "f64",
    }
    return names.get(frozenset(kinds), VALUE)


def _resolved(name: str, schemas: SchemaTable) -> str | None:
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        schema = schemas[name].schema
        if has_model(schema):
            return name
        while isinstance(schema, NullableSchema):
            schema = schema.schema
        if not isinstance(schema, RefSchema):
            return None
        name = schema.name
    return None


def _held(schemas: SchemaTable) -> dict[str, list[str]]:
    """The models that each model holds by value."""
    edges: dict[str, list[str]] = {}
    for name, named in schemas.items():
        match named.schema:
            case ObjectSchema(properties=properties):
                held = [each.schema for each in properties]
            case UnionSchema(variants=variants):
                held = list(variants)
            case _:
                continue
        targets: list[str] = []
        for schema in held:
            while isinstance(schema, NullableSchema):
                schema = schema.schema
            if isinstance(schema, RefSchema):
                target = _resolved(schema.name, schemas)
                if target is not None:
                    targets.append(target)
        edges[name] = targets
    return edges


def _needed(schemas: SchemaTable, among: Collection[str]) -> dict[str, list[str]]:
    """The structs of `among` without which each of them cannot be."""
    return {
        name: [
            target
            for each in schema.properties
            if (target := _needs(each, schemas)) is not None
        ]
        for name in among
        if isinstance(schema := schemas[name].schema, ObjectSchema)
    }


def _needs(member: Property, schemas: SchemaTable) -> str | None:
    """The struct that a member must be, None where it may be something else, or absent."""
    schema: Schema = member.schema
    seen: set[str] = set()
    while member.required and isinstance(schema, RefSchema) and schema.name not in seen:
        name = schema.name
        schema = schemas[name].schema
        if isinstance(schema, ObjectSchema):
            return name
        seen.add(name)
    return None


def _cycles(edges: Mapping[str, list[str]]) -> dict[str, int]:
    """The number of the cycle that each node of a graph is in, where it is in one."""
    components = _components(edges)
    return {
        name: number
        for number, component in enumerate(components)
        for name in component
        if len(component) > 1 or name in edges.get(name, ())
    }


def _components(edges: Mapping[str, list[str]]) -> list[list[str]]:
    """The strongly connected components of a graph (Tarjan's algorithm, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in edges:
        if root in order:
            continue
        work = [(root, iter(edges[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in edges:
                    continue
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], order[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    component: list[str] = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    found.append(component)
    return found
