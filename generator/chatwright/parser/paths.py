"""Where a document's operations are, in the order in which OpenAPI Generator visits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from chatwright.diagnostics import InputError
from chatwright.document import Document, Node, Pointer
from chatwright.ir.api import Method
from chatwright.parser import reading

METHODS: tuple[Method, ...] = (
    "get",
    "put",
    "head",
    "post",
    "delete",
    "patch",
    "options",
    "trace",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathOperation:
    """One method of one path item, and where its parts are (OpenAPI, Path Item Object).

    `parameters` are the path item's and the operation's own, in that order, not yet followed.
    """

    path: str
    method: Method
    node: Mapping[str, Node]
    pointer: Pointer
    item: Mapping[str, Node]
    item_pointer: Pointer
    parameters: tuple[Pointer, ...]

    @property
    def id(self) -> str | None:
        """The operationId, None where there is none."""
        return reading.text(self.node, "operationId") or None

    @property
    def name(self) -> str:
        """What the schemas that stand in it are named after."""
        return self.id or f"{self.path}_{self.method}"

    @property
    def body(self) -> Pointer | None:
        """Where the request body is."""
        return self.pointer / "requestBody" if "requestBody" in self.node else None

    @property
    def responses(self) -> tuple[tuple[str, Pointer], ...]:
        """Each status with the place of its response."""
        at = self.pointer / "responses"
        return tuple(
            (status, at / status)
            for status in reading.mapping(self.node, "responses")
            if not status.startswith("x-")
        )


def path_operations(document: Document) -> Iterator[PathOperation]:
    """The operations of every path; a path item that cannot be followed has none."""
    at = document.pointer / "paths"
    for path, node in reading.mapping(document.root, "paths").items():
        if path.startswith("x-"):
            continue
        try:
            item, pointer = document.follow(node, at / path)
        except InputError:
            continue
        if isinstance(item, dict):
            yield from item_operations(path, item, pointer)


def visited_operations(document: Document) -> Iterator[PathOperation]:
    """All operations that have schemas, in order: a path's, its callbacks', then webhooks'."""
    for _, group in groupby(
        path_operations(document), key=lambda each: each.item_pointer
    ):
        operations = tuple(group)
        yield from operations
        for operation in operations:
            yield from callback_operations(operation)
    yield from webhook_operations(document)


def webhook_operations(document: Document) -> Iterator[PathOperation]:
    """The operations that a vendor calls: no client has them, but their schemas have names."""
    at = document.pointer / "webhooks"
    for name, node in reading.mapping(document.root, "webhooks").items():
        if isinstance(node, dict):
            yield from item_operations(name, node, at / name)


def callback_operations(operation: PathOperation) -> Iterator[PathOperation]:
    """The operations that a vendor calls while it serves one, named after its path."""
    at = operation.pointer / "callbacks"
    for name, callback in reading.mapping(operation.node, "callbacks").items():
        if not isinstance(callback, dict):
            continue
        for expression, node in callback.items():
            if isinstance(node, dict):
                yield from item_operations(operation.path, node, at / name / expression)


def item_operations(
    path: str, item: Mapping[str, Node], pointer: Pointer
) -> Iterator[PathOperation]:
    """The operations of one path item."""
    shared = places(item, pointer)
    for method in METHODS:
        node = item.get(method)
        if isinstance(node, dict):
            yield PathOperation(
                path=path,
                method=method,
                node=node,
                pointer=pointer / method,
                item=item,
                item_pointer=pointer,
                parameters=(*shared, *places(node, pointer / method)),
            )


def places(node: Mapping[str, Node], pointer: Pointer) -> tuple[Pointer, ...]:
    """Where the parameters of a path item or an operation are."""
    count = len(reading.sequence(node, "parameters"))
    return tuple(pointer / "parameters" / index for index in range(count))
