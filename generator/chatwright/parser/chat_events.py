"""Streams of events of several kinds, which say piece by piece what the answer is.

The document is taken at its word, and vendors are not told apart:

- An event is told by a constant: the union's discriminator, or a property that has another
  constant in each variant.
- An event may hold the answer itself, in a property of the answer's schema. Where several kinds
  do, it is the answer as it is by then, and the last one counts.
- Else it holds parts of the answer, under the answer's names: beside its constant, or in a
  `delta`. A part that has the schema of a list's items is the item which `index` numbers.
- A `delta` beside an `index` is one of that item. Three names may differ: a text of JSON
  stands for the only free object, an item for the only list of its schema.

What has no place in the answer is left out. Where a property that the answer requires, or its
text, has no source, the events do not add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from chatwright.ir.api import Addition, ChatEvents, SchemaPath
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    ConstSchema,
    EnumSchema,
    Instance,
    IntegerSchema,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.parser.chat import ITEM, TEXT, found_at

_How: TypeAlias = Literal["set", "join", "append", "parse"]

_DELTA = "delta"
_INDEX = "index"
_ROLE = "role"
_OUTPUT: SchemaPath = ("output", ITEM, "content", ITEM, "text")
_TEXTS = (*TEXT, _OUTPUT)
_DEEPEST = 8


class _Event(Struct, frozen=True, kw_only=True):
    """One kind of event: its constant, and what it is."""

    name: str
    schema: ObjectSchema

    @property
    def is_numbered(self) -> bool:
        """Whether it says which item of a list it is about."""
        return any(
            each.name == _INDEX
            and isinstance(each.schema, IntegerSchema | NumberSchema)
            for each in self.schema.properties
        )


class _Events(Struct, frozen=True, kw_only=True):
    """The kinds of a stream's events, told apart by the property `tag`."""

    tag: str
    events: tuple[_Event, ...]


def chat_events(item: Schema, whole: Schema, schemas: SchemaTable) -> ChatEvents | None:
    """How the events of a stream add up to `whole`, None where the document does not say."""
    told = _told(item, schemas)
    text = next((path for path in _TEXTS if _is_text(whole, path, schemas)), None)
    if told is None or text is None:
        return None
    answers = tuple(
        (event.name, (member.name,))
        for event in told.events
        for member in event.schema.properties
        if _is_same(member.schema, whole, schemas)
    )
    if len(answers) < 2:
        additions = tuple(dict.fromkeys(_additions(told, whole, schemas)))
        pieces = tuple(_pieces(additions, text))
        if pieces and _covers(additions, whole, schemas):
            return ChatEvents(tag=told.tag, text=pieces, additions=additions)
    deltas = tuple(_deltas(told, whole, text, schemas))
    if answers and deltas:
        return ChatEvents(tag=told.tag, text=deltas, answers=answers)
    return None


def _told(item: Schema, schemas: SchemaTable) -> _Events | None:
    """The kinds of events, None where nothing tells them apart."""
    current = _resolved(item, schemas)
    if not isinstance(current, UnionSchema | ObjectSchema):
        return None
    if current.discriminator is not None:
        mapping = current.discriminator.mapping
        named = [
            (value, _resolved(schemas[name].schema, schemas)) for value, name in mapping
        ]
        events = [
            _Event(name=value, schema=schema)
            for value, schema in named
            if isinstance(schema, ObjectSchema)
        ]
        return _Events(tag=current.discriminator.property_name, events=tuple(events))
    if not isinstance(current, UnionSchema):
        return None
    variants = [_resolved(variant, schemas) for variant in current.variants]
    objects = [each for each in variants if isinstance(each, ObjectSchema)]
    if len(objects) < len(variants):
        return None
    for member in objects[0].properties:
        names = [_constants(each, member.name, schemas) for each in objects]
        if all(len(each) == 1 for each in names) and len(set(names)) == len(names):
            return _Events(
                tag=member.name,
                events=tuple(
                    _Event(name=name, schema=each)
                    for (name,), each in zip(names, objects, strict=True)
                ),
            )
    return None


def _additions(
    told: _Events, whole: Schema, schemas: SchemaTable
) -> Iterator[Addition]:
    """What each kind of event says of the answer."""
    lists = tuple(_lists(whole, schemas))
    items: tuple[SchemaPath, Schema] | None = None
    for event in told.events:
        for member in event.schema.properties:
            source = (member.name,)
            if member.name in (told.tag, _INDEX, _DELTA):
                continue
            if _is_same(member.schema, whole, schemas):
                yield Addition(event=event.name, source=source, target=())
                continue
            begun = next(
                (each for each in lists if _is_same(member.schema, each[1], schemas)),
                None,
            )
            if event.is_numbered and begun is not None:
                items = items or begun
                yield Addition(event=event.name, source=source, target=begun[0])
            elif not event.is_numbered and found_at(whole, source, schemas):
                yield Addition(event=event.name, source=source, target=source)
    for event in told.events:
        for delta in found_at(event.schema, (_DELTA,), schemas):
            target: SchemaPath = ()
            within = whole
            if event.is_numbered and items is not None:
                target, within = items
            yield from _Overlay(schemas=schemas, event=event).over(
                delta, (_DELTA,), within, target
            )


class _Overlay(Struct, frozen=True, kw_only=True):
    """Lays the deltas of one kind of event over the answer."""

    schemas: SchemaTable
    event: _Event

    def over(
        self, part: Schema, source: SchemaPath, whole: Schema, target: SchemaPath
    ) -> Iterator[Addition]:
        """What a delta at `source` says of the object at `target` of the answer."""
        if not isinstance(part, ObjectSchema) or len(target) > _DEEPEST:
            return
        for member in part.properties:
            at, to = (*source, member.name), (*target, member.name)
            places = found_at(whole, (member.name,), self.schemas)
            if not places:
                yield from self._renamed(member.schema, at, whole, target)
                continue
            values = found_at(member.schema, (), self.schemas)
            objects = [each for each in values if isinstance(each, ObjectSchema)]
            array = next((p for p in places if isinstance(p, ArraySchema)), None)
            inner = next((p for p in places if isinstance(p, ObjectSchema)), None)
            if objects and array is not None and self.event.is_numbered:
                yield from self._inside(
                    member.schema, objects, at, array.items, (*to, ITEM)
                )
            elif objects and inner is not None:
                yield from self._inside(member.schema, objects, at, inner, to)
            elif self._fits(values, places):
                joins = all(isinstance(v, StringSchema | ArraySchema) for v in values)
                yield self._addition(at, to, "join" if joins else "set")

    def _inside(
        self,
        schema: Schema,
        objects: list[ObjectSchema],
        source: SchemaPath,
        whole: Schema,
        target: SchemaPath,
    ) -> Iterator[Addition]:
        if _is_same(schema, whole, self.schemas):
            yield self._addition(source, target, "set")
            return
        for each in objects:
            yield from self.over(each, source, whole, target)

    def _renamed(
        self, schema: Schema, source: SchemaPath, whole: Schema, target: SchemaPath
    ) -> Iterator[Addition]:
        """A member that the answer calls by another name."""
        values = found_at(schema, (), self.schemas)
        members = {
            member.name: found
            for each in found_at(whole, (), self.schemas)
            if isinstance(each, ObjectSchema)
            for member in each.properties
            for found in found_at(member.schema, (), self.schemas)
        }
        if "json" in source[-1] and all(isinstance(v, StringSchema) for v in values):
            names = [name for name, each in members.items() if _is_free(each)]
            if len(names) == 1:
                yield self._addition(source, (*target, names[0]), "parse")
            return
        names = [
            name
            for name, each in members.items()
            if isinstance(each, ArraySchema)
            and _is_same(schema, each.items, self.schemas)
        ]
        if len(names) == 1:
            yield self._addition(source, (*target, names[0]), "append")

    def _addition(self, source: SchemaPath, target: SchemaPath, how: _How) -> Addition:
        return Addition(event=self.event.name, source=source, target=target, how=how)

    def _fits(self, values: tuple[Schema, ...], places: tuple[Schema, ...]) -> bool:
        """Whether a constant is one of the answer's; anything else is taken to fit."""
        given = {name for each in values for name in _values(each)}
        known = [_values(each) for each in places]
        return not given or not all(known) or any(given & set(each) for each in known)


def _pieces(
    additions: tuple[Addition, ...], text: SchemaPath
) -> Iterator[tuple[str, SchemaPath]]:
    """Where events have the answer's text; nowhere unless some have pieces of it."""
    if not any(each.target == text and each.how == "join" for each in additions):
        return
    for each in additions:
        rest = text[len(each.target) :]
        if each.target == text[: len(each.target)] and ITEM not in rest:
            yield each.event, (*each.source, *rest)


def _covers(
    additions: tuple[Addition, ...], whole: Schema, schemas: SchemaTable
) -> bool:
    """Whether all that the answer requires is said by some event."""
    said = {each.target[:1] for each in additions}
    return () in said or any(
        all((member.name,) in said for member in each.properties if member.required)
        for each in found_at(whole, (), schemas)
        if isinstance(each, ObjectSchema)
    )


def _deltas(
    told: _Events, whole: Schema, text: SchemaPath, schemas: SchemaTable
) -> Iterator[tuple[str, SchemaPath]]:
    """The events with pieces of the text: named after the part of the answer that holds it."""
    owners = found_at(whole, text[:-1], schemas)
    if text == _OUTPUT:
        owners = tuple(
            part
            for output in found_at(whole, text[:2], schemas)
            if found_at(output, (_ROLE,), schemas)
            for part in found_at(output, text[2:-1], schemas)
        )
    words = {
        name
        for owner in owners
        if found_at(owner, text[-1:], schemas) and isinstance(owner, ObjectSchema)
        for member in owner.properties
        for name in _constants(owner, member.name, schemas)
    }
    for event in told.events:
        values = found_at(event.schema, (_DELTA,), schemas)
        is_text = values and all(isinstance(v, StringSchema) for v in values)
        if is_text and not words.isdisjoint(event.name.split(".")):
            yield event.name, (_DELTA,)


def _is_text(schema: Schema, path: SchemaPath, schemas: SchemaTable) -> bool:
    return any(isinstance(e, StringSchema) for e in found_at(schema, path, schemas))


def _lists(whole: Schema, schemas: SchemaTable) -> Iterator[tuple[SchemaPath, Schema]]:
    """The lists of the answer, and what their items are."""
    for each in found_at(whole, (), schemas):
        for member in each.properties if isinstance(each, ObjectSchema) else ():
            for found in found_at(member.schema, (), schemas):
                if isinstance(found, ArraySchema):
                    yield (member.name, ITEM), found.items


def _is_same(schema: Schema, other: Schema, schemas: SchemaTable) -> bool:
    """Whether all that one schema allows are objects that the other allows, by their names."""
    names = _names(schema, schemas)
    return bool(names) and names <= _names(other, schemas)


def _names(schema: Schema, schemas: SchemaTable) -> frozenset[str]:
    """The names of the objects that a schema allows; none where it allows anything else."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [schema]
    while waiting:
        match waiting.pop():
            case RefSchema(name=name):
                if isinstance(schemas[name].schema, ObjectSchema):
                    found.add(name)
                elif name not in seen:
                    seen.add(name)
                    waiting.append(schemas[name].schema)
            case NullableSchema(schema=inner):
                waiting.append(inner)
            case UnionSchema(variants=variants):
                waiting.extend(variants)
            case _:
                return frozenset()
    return frozenset(found)


def _resolved(schema: Schema, schemas: SchemaTable) -> Schema:
    """A schema without references and null around it."""
    for _ in range(_DEEPEST):
        match schema:
            case RefSchema(name=name):
                schema = schemas[name].schema
            case NullableSchema(schema=inner):
                schema = inner
            case _:
                break
    return schema


def _constants(
    schema: ObjectSchema, name: str, schemas: SchemaTable
) -> tuple[str, ...]:
    """The texts that a property may be, where it is a constant; none where it may be others."""
    found = found_at(schema, (name,), schemas)
    return _values(found[0]) if len(found) == 1 else ()


def _values(schema: Schema) -> tuple[str, ...]:
    match schema:
        case ConstSchema(value=value):
            instances: tuple[Instance, ...] = (value,)
        case EnumSchema(values=several):
            instances = several
        case _:
            return ()
    values = [instance.value for instance in instances]
    return tuple(value for value in values if isinstance(value, str))


def _is_free(schema: Schema) -> bool:
    """Whether any members may be in an object."""
    return isinstance(schema, AnySchema | MapSchema) or (
        isinstance(schema, ObjectSchema) and not schema.properties
    )
