"""What has no end in the schemas of a document: unions that hold themselves, bases in a ring.

Both are legal, and say something: a value of `A: anyOf [string, A]` is a string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec.structs import replace

from chatwright.document import Pointer
from chatwright.ir.schema import (
    AnySchema,
    NamedSchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    UnionSchema,
)
from chatwright.parser.compose import MAX_VARIANTS, annotated, leaves, resolved
from chatwright.parser.findings import Findings

Graph: TypeAlias = Mapping[str, Sequence[str]]


def ended(
    schemas: Sequence[NamedSchema],
    findings: Findings,
    place: Callable[[NamedSchema], Pointer],
) -> tuple[NamedSchema, ...]:
    """The schemas with what values can have of such unions, and bases that classes can have;
    `place` is where a schema stands in the document."""
    table = {named.name: named.schema for named in schemas}
    unions = rings({name: tuple(_variants(each)) for name, each in table.items()})
    bases = _linear(table)
    found: list[NamedSchema] = []
    for named in schemas:
        match named.schema:
            case UnionSchema() | RefSchema() | NullableSchema() if named.name in unions:
                schema = _flat(named.schema, table.__getitem__)
                if isinstance(schema, AnySchema):
                    findings.warn(
                        "endless-union",
                        f"`{named.name}` holds itself and no other variant, or more than"
                        f" {MAX_VARIANTS}; read as any value",
                        place(named),
                    )
                named = replace(named, schema=schema)
            case ObjectSchema(bases=(_, *_)) as heir if bases[named.name] != heir.bases:
                lost = [name for name in heir.bases if name not in bases[named.name]]
                findings.warn(
                    "unordered-bases",
                    f"`{named.name}` has the properties of {' and '.join(lost)} and does not"
                    " inherit from it: no order of all that it extends agrees with theirs",
                    place(named),
                )
                named = replace(named, schema=replace(heir, bases=bases[named.name]))
            case _:
                pass
        found.append(named)
    return tuple(found)


def rings(graph: Graph) -> set[str]:
    """The names that lie on a ring of a graph, or between two."""
    forward = _reaching(graph)
    backward: dict[str, list[str]] = {name: [] for name in forward}
    for name in forward:
        for target in graph[name]:
            if target in forward:
                backward[target].append(name)
    return _reaching(backward)


def _reaching(graph: Graph) -> set[str]:
    """The names from which there is an endless way."""
    callers: dict[str, list[str]] = {name: [] for name in graph}
    open_: dict[str, int] = {}
    for name, targets in graph.items():
        known = [target for target in targets if target in graph]
        open_[name] = len(known)
        for target in known:
            callers[target].append(name)
    ends = [name for name, count in open_.items() if not count]
    while ends:
        for caller in callers[ends.pop()]:
            open_[caller] -= 1
            if not open_[caller]:
                ends.append(caller)
    return {name for name, count in open_.items() if count}


def _variants(schema: Schema) -> Iterator[str]:
    """The names that stand for a value of the schema itself, not for a part of one."""
    match schema:
        case RefSchema():
            yield schema.name
        case NullableSchema():
            yield from _variants(schema.schema)
        case UnionSchema():
            for variant in schema.variants:
                yield from _variants(variant)
        case _:
            return


def _flat(schema: Schema, lookup: Callable[[str], Schema]) -> Schema:
    """The union of the variants that are no unions; what only refers to a union as it is."""
    if not isinstance(schema, UnionSchema):
        found = resolved(schema, lookup)
        return found if isinstance(found, AnySchema) else schema
    variants = tuple(islice(leaves(schema, lookup), MAX_VARIANTS + 1))
    match variants:
        case ():
            return AnySchema(annotations=schema.annotations)
        case (only,):
            return annotated(only, schema.annotations)
        case _ if len(variants) > MAX_VARIANTS:
            return AnySchema(annotations=schema.annotations)
        case _:
            return replace(schema, variants=variants, discriminator=None)


def _linear(table: Mapping[str, Schema]) -> Mapping[str, tuple[str, ...]]:
    """The bases of each schema, less those with which Python could not order its classes."""
    bases = {
        name: tuple(base for base in each.bases if base in table)
        for name, each in table.items()
        if isinstance(each, ObjectSchema)
    }
    ring = rings(bases)
    bases = {
        name: tuple(base for base in each if name not in ring or base not in ring)
        for name, each in bases.items()
    }
    if all(len(each) < 2 for each in bases.values()):
        return bases
    orders: dict[str, tuple[str, ...]] = {}
    for name in _ordered(bases):
        order = _merged([orders[base] for base in bases[name]], bases[name])
        if order is None:
            bases[name] = bases[name][:1]
            order = orders[bases[name][0]]
        orders[name] = (name, *order)
    return bases


def _ordered(bases: Graph) -> Iterable[str]:
    """The names, each after its bases."""
    done: dict[str, None] = {}
    waiting = list(bases)
    while waiting:
        missing = [base for base in bases[waiting[-1]] if base not in done]
        if missing:
            waiting.extend(missing)
        else:
            done.setdefault(waiting.pop())
    return done


def _merged(
    orders: Sequence[Sequence[str]], bases: Sequence[str]
) -> tuple[str, ...] | None:
    """The C3 linearization of some orders, None where they contradict each other."""
    waiting = [list(reversed(each)) for each in (*orders, bases) if each]
    found: list[str] = []
    while waiting:
        tails = {name for each in waiting for name in each[:-1]}
        head = next((each[-1] for each in waiting if each[-1] not in tails), None)
        if head is None:
            return None
        found.append(head)
        for each in waiting:
            if each[-1] == head:
                each.pop()
        waiting = [each for each in waiting if each]
    return tuple(found)
