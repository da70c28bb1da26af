"""Names that the user pins, in Rust: spelt in its case, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from chatwright.diagnostics import Diagnostic
from chatwright.ir.api import Api
from chatwright.ir.schema import EnumSchema
from chatwright.ir.walk import table
from chatwright.pins import Pin, PinKind
from chatwright.targets import pinned
from chatwright.targets.pinned import NOTHING_PINNED, Called, Pinned
from chatwright.targets.rust import names, spelling
from chatwright.targets.rust.names import Names

_SPELLINGS: Mapping[PinKind, Callable[[str], str]] = {
    "schemas": spelling.struct,
    "operations": spelling.function,
    "tags": spelling.group,
    "properties": spelling.field,
    "parameters": spelling.argument,
    "enums": spelling.variant,
}


def pin(api: Api, pins: Sequence[Pin]) -> tuple[Pinned, tuple[Diagnostic, ...]]:
    """The pins by what they stand for in a whole Api, and why others stand for nothing."""
    if not pins:
        return NOTHING_PINNED, ()
    called = _called(api, names.decide(api))
    return pinned.resolve(pins, pinned.pinnable(api, called), _problem)


def listed(api: Api, decided: Names) -> str:
    """What can be pinned, and what it is called, as the `names` of a project file."""
    return pinned.listed(api, _called(api, decided))


def refused(api: Api, decided: Names, pins: Pinned) -> Iterator[Diagnostic]:
    """Why pins cannot hold: their names are those of others, with pins or without them."""
    if pins == NOTHING_PINNED:
        return
    schemas = table(api)
    natural = names.decide(api)
    modules = {each.id: decided.apis[each.tag].module for each in api.operations}
    yield from pinned.taken(
        pins.models,
        {name: each.type for name, each in natural.models.items()},
        {name: each.type for name, each in decided.models.items()},
        lambda name: None,
        spell=spelling.struct,
    )
    yield from pinned.taken(
        pins.methods,
        names.functions_of(api, decided.apis, {}),
        decided.functions,
        lambda operation: modules[operation],
        spell=spelling.function,
    )
    yield from pinned.taken(
        pins.fields,
        natural.fields,
        decided.fields,
        lambda key: key[0],
        spell=spelling.field,
    )
    yield from pinned.taken(
        pins.parameters,
        names.arguments_of(api, schemas, decided.models, {}),
        decided.arguments,
        lambda key: key[0],
        dict.fromkeys(names.LOCAL_NAMES, "the function's own"),
        spelling.argument,
    )
    yield from pinned.taken(
        pins.members,
        _by_value(api, natural),
        _by_value(api, decided),
        lambda key: key[0],
        {"Unknown": "the variant of values that the document does not know"},
        spelling.variant,
    )


def _problem(pin: Pin) -> str | None:
    """Why a pin's name is none in Rust: more of it than its case would be another."""
    if not (pin.name.isascii() and pin.name.isidentifier()):
        return "it is not an ASCII identifier"
    spelt = _SPELLINGS[pin.kind](pin.name)
    if _letters(spelling.plain(spelt)) != _letters(pin.name):
        return (
            f"Rust or the crate has another use for it, and `{spelt}` would be written"
        )
    return None


def _letters(name: str) -> str:
    return name.replace("_", "").lower()


def _called(api: Api, decided: Names) -> Called:
    plain = spelling.plain
    return Called(
        models={key: each.type for key, each in decided.models.items()},
        methods={key: plain(name) for key, name in decided.functions.items()},
        tags={
            key: each.title.removesuffix("Api") for key, each in decided.apis.items()
        },
        fields={key: plain(name) for key, name in decided.fields.items()},
        parameters={key: plain(name) for key, name in decided.arguments.items()},
        members=_by_value(api, decided),
    )


def _by_value(api: Api, decided: Names) -> Mapping[tuple[str, str], str]:
    return {
        (named.name, value.text): variant
        for named in api.schemas
        if isinstance(named.schema, EnumSchema)
        for value, variant in zip(
            named.schema.values, decided.variants[named.name], strict=True
        )
    }
