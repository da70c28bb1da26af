"""Names that the user pins: of things that are there, and of nothing else.

Which words are names, and how they are spelt, each target says for itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Generic, TypeAlias, TypeVar, assert_never, cast

from msgspec import Struct

from chatwright.diagnostics import Diagnostic
from chatwright.ir.api import Api
from chatwright.pins import Pin, PinKind
from chatwright.targets.parameters import Key

BODY = "requestBody"

MemberKey = tuple[str, str]
KeyT = TypeVar("KeyT", bound=Hashable)
ThingT = TypeVar("ThingT")
Problem: TypeAlias = Callable[[Pin], str | None]
"""Why a target cannot call a thing as its pin says; None where it can."""


class Named(Struct, Generic[ThingT], frozen=True, kw_only=True):
    """Something for each thing that can be pinned, keyed as the names of its kind are."""

    models: Mapping[str, ThingT]
    methods: Mapping[str, ThingT]
    tags: Mapping[str, ThingT]
    fields: Mapping[tuple[str, str], ThingT]
    parameters: Mapping[Key, ThingT]
    members: Mapping[MemberKey, ThingT]


Pinned: TypeAlias = Named[Pin]
"""The pins of each kind."""

Called: TypeAlias = Named[str]
"""What a target calls things; tags without the ending of groups."""

NOTHING_PINNED = Pinned(
    models={}, methods={}, tags={}, fields={}, parameters={}, members={}
)


class Pinnable(Struct, frozen=True, kw_only=True):
    """What can be pinned: for each key of a pin, whatever it stands for."""

    models: Mapping[str, Sequence[str]]
    methods: Mapping[str, Sequence[str]]
    tags: Mapping[str, Sequence[str]]
    fields: Mapping[str, Sequence[tuple[str, str]]]
    parameters: Mapping[str, Sequence[Key]]
    members: Mapping[str, Sequence[MemberKey]]

    def keys(self, kind: PinKind) -> Sequence[str]:
        """The keys of one kind, in the document's order."""
        match kind:
            case "schemas":
                return tuple(self.models)
            case "operations":
                return tuple(self.methods)
            case "tags":
                return tuple(self.tags)
            case "properties":
                return tuple(self.fields)
            case "parameters":
                return tuple(self.parameters)
            case "enums":
                return tuple(self.members)
            case _:
                assert_never(kind)


def pinnable(api: Api, called: Called) -> Pinnable:
    """What can be pinned of an Api whose things are called so."""
    words = {
        each.id: tuple(dict.fromkeys((each.repeats or each.id, each.id)))
        for each in api.operations
    }
    return Pinnable(
        models=_grouped((name, name) for name in called.models),
        methods=_grouped(
            (word, each.id) for each in api.operations for word in words[each.id]
        ),
        tags=_grouped(
            (tag, tag) for tag in dict.fromkeys(o.tag for o in api.operations)
        ),
        fields=_grouped((".".join(pair), pair) for pair in called.fields),
        parameters=_grouped(
            (f"{word}.{BODY if key[1] == 'body' else key[2]}", key)
            for key in called.parameters
            for word in words[key[0]]
        ),
        members=_grouped(
            (f"{schema}.{value_of(text)}", (schema, text))
            for schema, text in called.members
        ),
    )


def resolve(
    pins: Sequence[Pin], known: Pinnable, problem: Problem
) -> tuple[Pinned, tuple[Diagnostic, ...]]:
    """The pins by what they stand for, and why others stand for nothing or cannot be spelt."""
    sound = [
        pin for pin in pins if problem(pin) is None and pin.key in known.keys(pin.kind)
    ]

    def of(kind: PinKind, table: Mapping[str, Sequence[KeyT]]) -> Mapping[KeyT, Pin]:
        # An id stands for itself before it stands for its repetitions.
        chosen = sorted(
            (pin for pin in sound if pin.kind == kind),
            key=lambda pin: -len(table[pin.key]),
        )
        return {key: pin for pin in chosen for key in table[pin.key]}

    pinned = Pinned(
        models=of("schemas", known.models),
        methods=of("operations", known.methods),
        tags=of("tags", known.tags),
        fields=of("properties", known.fields),
        parameters=of("parameters", known.parameters),
        members=of("enums", known.members),
    )
    return pinned, tuple(_refused(pins, known, problem))


def _as_it_is(name: str) -> str:
    return name


def taken(
    pins: Mapping[KeyT, Pin],
    natural: Mapping[KeyT, str],
    decided: Mapping[KeyT, str],
    scope: Callable[[KeyT], Hashable],
    reserved: Mapping[str, str] = MappingProxyType({}),
    spell: Callable[[str], str] = _as_it_is,
) -> Iterator[Diagnostic]:
    """An error for each pin whose name is another's in its scope: with pins or without them.

    `spell` says how the target spells the name of a pin.
    """
    owners = {
        (scope(key), name): key for key, name in natural.items() if key not in pins
    }
    for key, pin in pins.items():
        if key not in decided:
            continue
        name = spell(pin.name)
        owner = owners.get((scope(key), name))
        if name in reserved:
            reason = f"it is {reserved[name]}"
        elif owner is not None:
            reason = f"{_shown(owner)} is called so; pin that one, too"
        elif decided[key] != name:
            reason = "another pin gives it, or it means something else there"
        else:
            continue
        yield pin.refusal("name-taken", f"`{pin.name}` cannot be the name: {reason}")


def listed(api: Api, called: Called) -> str:
    """What can be pinned, and what it is called, as the `names` of a project file: YAML whose
    keys are JSON strings."""
    known = pinnable(api, called)

    def spelt(
        table: Mapping[str, Sequence[KeyT]], names: Mapping[KeyT, str]
    ) -> Mapping[str, str]:
        return {key: names[it] for key, (it, *_) in table.items()}

    kinds: Mapping[PinKind, Mapping[str, str]] = {
        "schemas": spelt(known.models, called.models),
        "operations": spelt(known.methods, called.methods),
        "tags": spelt(known.tags, called.tags),
        "properties": spelt(known.fields, called.fields),
        "parameters": spelt(known.parameters, called.parameters),
        "enums": spelt(known.members, called.members),
    }
    lines = ["names:"]
    for kind, names in kinds.items():
        lines += [f"  {kind}:"] if names else []
        lines += [
            f"    {json.dumps(key, ensure_ascii=False)}: {name}"
            for key, name in names.items()
        ]
    return "\n".join(lines)


def _refused(
    pins: Sequence[Pin], known: Pinnable, problem: Problem
) -> Iterator[Diagnostic]:
    for pin in pins:
        keys = known.keys(pin.kind)
        if pin.key not in keys:
            near = get_close_matches(pin.key, keys, n=1, cutoff=0.4)
            hint = f"did you mean `{near[0]}`?" if near else "there is none to pin"
            if keys and not near:
                hint = "`chatwright inspect --names` lists what can be pinned"
            yield pin.refusal(
                "unknown-name",
                f"`{pin.key}` is none of the document's {pin.kind}; {hint}",
            )
        elif reason := problem(pin):
            yield pin.refusal(
                "invalid-name", f"`{pin.name}` cannot be the name: {reason}"
            )


def _grouped(pairs: Iterable[tuple[str, KeyT]]) -> Mapping[str, Sequence[KeyT]]:
    grouped: dict[str, list[KeyT]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped


def value_of(text: str) -> str:
    """The value of an enum as a key has it: a string as it is, another value as JSON."""
    value = json.loads(text)
    return value if isinstance(value, str) else text


def _shown(key: object) -> str:
    words = cast("tuple[object, ...]", key) if isinstance(key, tuple) else (key,)
    return f"`{'.'.join(map(str, words))}`"


__all__ = [
    "BODY",
    "NOTHING_PINNED",
    "Called",
    "Pinnable",
    "Pinned",
    "listed",
    "pinnable",
    "resolve",
    "taken",
    "value_of",
]
