"""All names of a package: decided together, and read by everything that renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chatwright.ir.api import Api, Operation
from chatwright.ir.walk import table
from chatwright.targets.python.arguments import Argument
from chatwright.targets.python.names.apis import ApiName, apis_of
from chatwright.targets.python.names.fields import fields_of
from chatwright.targets.python.names.finding import Finding
from chatwright.targets.python.names.members import members_of
from chatwright.targets.python.names.methods import further_of, methods_of
from chatwright.targets.python.names.models import ModelName, hidden_of, models_of
from chatwright.targets.python.names.parameters import parameters_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Every name of the package called `package`.

    `models` and `hidden` are keyed by NamedSchema.name: `hidden` holds those whose class is not
    exported at the top of the package, because another name stands there. `fields` is keyed by
    schema and property, `members` by enum schema and the JSON text of the value. `apis` is keyed
    by tag; tags that give the same class share it. `methods`, `streams` (the method of an event
    stream) and `downloads` (the method that writes the answer to a file) are keyed by
    Operation.id, `parameters` by Operation.id, location and name: the body's name is "".
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

    def argument(self, operation: Operation, argument: Argument) -> str:
        """What the argument of an operation's method is called."""
        return self.parameters[operation.id, argument.location, argument.name]


def decide(api: Api, package: str) -> Names:
    """The names of `api` as the Python package `package`."""
    schemas = table(api)
    found: list[Finding] = []
    apis = apis_of(api, found)
    models = models_of(api, apis, found)
    methods = methods_of(api, apis, found)
    streams, downloads = further_of(api, schemas, apis, methods)
    return Names(
        package=package,
        models=models,
        hidden=hidden_of(models, apis, schemas, found),
        fields=fields_of(schemas, found),
        members=members_of(schemas, found),
        apis=apis,
        methods=methods,
        streams=streams,
        downloads=downloads,
        parameters=parameters_of(api, schemas, models),
        diagnostics=tuple(found),
    )
