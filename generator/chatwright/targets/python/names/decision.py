"""All names of a package: decided together, and read by everything that renders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from chatwright.diagnostics import Diagnostic
from chatwright.ir.api import Api, Operation
from chatwright.ir.schema import SchemaTable
from chatwright.ir.walk import table
from chatwright.pins import Pin
from chatwright.targets import pinned
from chatwright.targets.arguments import Argument
from chatwright.targets.parameters import Key, parameters
from chatwright.targets.pinned import (
    NOTHING_PINNED,
    Called,
    Pinned,
    pinnable,
    resolve,
    taken,
)
from chatwright.targets.python import spelling
from chatwright.targets.python.names.apis import ApiName, apis_of
from chatwright.targets.python.names.fields import MODEL_ATTRIBUTES, fields_of
from chatwright.targets.python.names.finding import Finding
from chatwright.targets.python.names.identifiers import problem
from chatwright.targets.python.names.members import members_of
from chatwright.targets.python.names.methods import (
    API_ATTRIBUTES,
    further_of,
    methods_of,
)
from chatwright.targets.python.names.models import (
    RUNTIME_NAMES,
    TYPE_NAMES,
    ModelName,
    hidden_of,
    models_of,
)


class Names(Struct, frozen=True, kw_only=True):
    """Every name of the package called `package`.

    `models` and `hidden` are keyed by NamedSchema.name: `hidden` holds those whose class is not
    exported at the top of the package, because another name stands there. `fields` is keyed by
    schema and property, `members` by enum schema and the JSON text of the value. `apis` is keyed
    by tag; tags that give the same class share it. `methods`, `streams` (the method of an event
    stream) and `downloads` (the method that writes the answer to a file) are keyed by
    Operation.id, `parameters` by Operation.id, location and name: the body's name is "".
    `refused` says why pins cannot hold.
    """

    package: str
    models: Mapping[str, ModelName]
    hidden: frozenset[str]
    fields: Mapping[tuple[str, str], str]
    members: Mapping[tuple[str, str], str]
    apis: Mapping[str, ApiName]
    methods: Mapping[str, str]
    streams: Mapping[str, str]
    downloads: Mapping[str, str]
    parameters: Mapping[tuple[str, str, str], str]
    diagnostics: tuple[Finding, ...]
    refused: tuple[Diagnostic, ...] = ()

    def argument(self, operation: Operation, argument: Argument) -> str:
        """What the argument of an operation's method is called."""
        return self.parameters[operation.id, argument.location, argument.name]


def decide(api: Api, package: str, pinned: Pinned = NOTHING_PINNED) -> Names:
    """The names of `api` as the Python package `package`."""
    schemas = table(api)
    found: list[Finding] = []
    apis = apis_of(api, pinned.tags, found)
    models = models_of(api, apis, pinned.models, found)
    methods = methods_of(api, apis, pinned.methods, found)
    streams, downloads = further_of(api, schemas, apis, methods)
    names = Names(
        package=package,
        models=models,
        hidden=hidden_of(models, apis, schemas, found),
        fields=fields_of(schemas, pinned.fields, found),
        members=members_of(schemas, pinned.members, found),
        apis=apis,
        methods=methods,
        streams=streams,
        downloads=downloads,
        parameters=_parameters(api, schemas, models, pinned.parameters),
        diagnostics=tuple(found),
    )
    return replace(names, refused=tuple(_refused(api, names, pinned)))


def pin(
    api: Api, package: str, pins: Sequence[Pin]
) -> tuple[Pinned, tuple[Diagnostic, ...]]:
    """The pins by what they stand for in a whole Api, and why others stand for nothing."""
    if not pins:
        return NOTHING_PINNED, ()
    return resolve(pins, pinnable(api, _called(decide(api, package))), problem)


def listed(api: Api, names: Names) -> str:
    """What can be pinned, and what it is called, as the `names` of a project file."""
    return pinned.listed(api, _called(names))


def _parameters(
    api: Api,
    schemas: SchemaTable,
    models: Mapping[str, ModelName],
    pins: Mapping[Key, Pin],
) -> Mapping[Key, str]:
    return parameters(
        api,
        schemas,
        {name: each.class_name for name, each in models.items()},
        spelling.argument,
        {key: each.name for key, each in pins.items()},
    )


def _called(names: Names) -> Called:
    return Called(
        models={key: each.class_name for key, each in names.models.items()},
        methods=names.methods,
        tags={
            key: each.class_name.removesuffix("Api") for key, each in names.apis.items()
        },
        fields=names.fields,
        parameters=names.parameters,
        members=names.members,
    )


def _refused(api: Api, names: Names, pinned: Pinned) -> Iterator[Diagnostic]:
    """Why pins cannot hold: their names are those of others, with pins or without them."""
    schemas = table(api)
    unpinned: list[Finding] = []
    if pinned.models:
        natural = models_of(api, names.apis, {}, unpinned)
        reserved = dict.fromkeys(RUNTIME_NAMES, "a name that every package has")
        reserved |= dict.fromkeys(TYPE_NAMES, "a name that annotations use")
        reserved |= {each.class_name: "an API class" for each in names.apis.values()}
        yield from taken(
            pinned.models,
            {name: each.class_name for name, each in natural.items()},
            {name: each.class_name for name, each in names.models.items()},
            lambda name: None,
            reserved,
        )
    if pinned.methods:
        tags = {each.id: each.tag for each in api.operations}
        yield from taken(
            pinned.methods,
            methods_of(api, names.apis, {}, unpinned),
            names.methods,
            lambda operation: names.apis[tags[operation]].class_name,
            dict.fromkeys(API_ATTRIBUTES, "a name that every API class has"),
        )
    if pinned.fields:
        yield from taken(
            pinned.fields,
            fields_of(schemas, {}, unpinned),
            names.fields,
            lambda key: key[0],
            dict.fromkeys(MODEL_ATTRIBUTES, "a name that every model has"),
        )
    if pinned.members:
        yield from taken(
            pinned.members,
            members_of(schemas, {}, unpinned),
            names.members,
            lambda key: key[0],
        )
    if pinned.parameters:
        yield from taken(
            pinned.parameters,
            _parameters(api, schemas, names.models, {}),
            names.parameters,
            lambda key: key[0],
            {"self": "the method's own"},
        )
