"""Names of methods: those of operations, and of their streams."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from chatwright.ir.api import Api, Operation
from chatwright.ir.schema import SchemaTable
from chatwright.pins import Pin
from chatwright.targets.answers import is_file
from chatwright.targets.python import spelling
from chatwright.targets.python.names.apis import ApiName
from chatwright.targets.python.names.finding import Finding, warning

METHOD_SUFFIXES = ("", "_with_http_info", "_without_preload_content")
API_ATTRIBUTES = frozenset(
    {"api_client", "with_http_info", "with_options", "without_preload_content"}
)


def methods_of(
    api: Api,
    apis: Mapping[str, ApiName],
    pins: Mapping[str, Pin],
    found: list[Finding],
) -> Mapping[str, str]:
    """The method of each operation, by its id."""
    methods: dict[str, str] = {}
    taken: dict[str, set[str]] = {}
    for operation in api.operations:
        used = taken.setdefault(apis[operation.tag].class_name, set())
        if operation.id in pins:
            natural = pins[operation.id].name
        else:
            natural = spelling.method(
                operation.alias or operation.repeats or operation.id
            )
        if natural in API_ATTRIBUTES:
            natural = f"call_{natural}"
        name = natural
        for count in itertools.count():
            if not any(f"{name}{suffix}" in used for suffix in METHOD_SUFFIXES):
                break
            name = f"{natural}_{count}"
        used.update(f"{name}{suffix}" for suffix in METHOD_SUFFIXES)
        methods[operation.id] = name
        if name != natural:
            found.append(
                warning(
                    "operation-name-collision",
                    f"the operation {operation.id!r} at {operation.pointer} becomes {name}: "
                    f"another one is {natural}",
                    operation.pointer,
                )
            )
    return methods


def further_of(
    api: Api,
    schemas: SchemaTable,
    apis: Mapping[str, ApiName],
    methods: Mapping[str, str],
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The methods of event streams, and those that write the answer to a file, by operation id.

    They give way to the methods that every operation has.
    """
    taken: dict[str, set[str]] = {}
    for operation in api.operations:
        used = taken.setdefault(apis[operation.tag].class_name, set())
        used.update(f"{methods[operation.id]}{suffix}" for suffix in METHOD_SUFFIXES)

    def further(operation: Operation, suffix: str) -> str:
        used = taken[apis[operation.tag].class_name]
        natural = f"{methods[operation.id]}{suffix}"
        name = natural
        for count in itertools.count():
            if name not in used:
                break
            name = f"{natural}_{count}"
        used.add(name)
        return name

    streams = {
        each.id: further(each, "_stream")
        for each in api.operations
        if each.event_stream is not None
    }
    downloads = {
        each.id: further(each, "_to_file")
        for each in api.operations
        if is_file(each, schemas)
    }
    return streams, downloads
