"""Where a document's operations are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

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
    "query",
)
"""The methods of a path item, in the order in which OpenAPI Generator visits them."""

ADDITIONAL = "additionalOperations"
_METHOD = re.compile(r"[A-Z][A-Z0-9-]*")
"""The methods beyond these that are taken: HTTP's are case-sensitive (RFC 9110, section 9.1)."""


class PathOperation(Struct, frozen=True, kw_only=True):
    """One method of one path item, and where its parts are (OpenAPI, Path Item Object).

    `shared` are the path item's parameters, `own` the operation's, not yet followed. Which come
    first is `own_first`: OpenAPI Generator's order of arguments, which is another since 3.1.
    """

    path: str
    method: Method
    node: Mapping[str, Node]
    pointer: Pointer
    item: Mapping[str, Node]
    item_pointer: Pointer
    shared: tuple[Pointer, ...]
    own: tuple[Pointer, ...]
    own_first: bool

    @property
    def parameters(self) -> tuple[Pointer, ...]:
        """The places of all parameters, in the order of the arguments."""
        first, last = (
            (self.own, self.shared) if self.own_first else (self.shared, self.own)
        )
        return (*first, *last)

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


def path_items(
    document: Document,
) -> Iterator[tuple[str, Mapping[str, Node], Pointer]]:
    """The path items of a document; one that cannot be followed is left out."""
    at = document.pointer / "paths"
    for path, node in reading.mapping(document.root, "paths").items():
        if path.startswith("x-"):
            continue
        for item, pointer in followed(document, node, at / path):
            yield path, item, pointer


def broken_items(document: Document) -> Iterator[InputError]:
    """Why each path item that cannot be followed cannot be."""
    at = document.pointer / "paths"
    for path, node in reading.mapping(document.root, "paths").items():
        try:
            document.follow(node, at / path)
        except InputError as error:
            yield error


def path_operations(document: Document) -> Iterator[PathOperation]:
    """The operations of a document, in its order."""
    for path, item, pointer in path_items(document):
        yield from item_operations(document, path, item, pointer)


def unsupported_operations(document: Document) -> Iterator[Pointer]:
    """The additional operations whose method is not in upper case, or has its own field."""
    for _, item, pointer in path_items(document):
        for method in reading.mapping(item, ADDITIONAL):
            if not is_additional(method):
                yield pointer / ADDITIONAL / method


def is_additional(method: str) -> bool:
    """Whether an additional operation may have a method (OpenAPI 3.2.0, section 4.9.1)."""
    return bool(_METHOD.fullmatch(method)) and method.lower() not in METHODS


def visited_operations(document: Document) -> Iterator[PathOperation]:
    """All operations that have schemas, in OpenAPI Generator's order.

    A path's operations come by method, then their callbacks'; webhooks come last.
    """
    for path, item, pointer in path_items(document):
        operations = sorted(
            item_operations(document, path, item, pointer),
            key=lambda operation: (*METHODS, operation.method).index(operation.method),
        )
        yield from operations
        for operation in operations:
            yield from callback_operations(document, operation)
    yield from webhook_operations(document)


WEBHOOKS = ("webhooks", "x-webhooks")
"""Where webhooks stand: OpenAPI 3.0 has no field for them, and vendors have one of their own."""


def webhook_operations(document: Document) -> Iterator[PathOperation]:
    """The operations that a vendor calls: no client has them, but their schemas have names."""
    for field in WEBHOOKS:
        at = document.pointer / field
        for name, node in reading.mapping(document.root, field).items():
            for item, pointer in followed(document, node, at / name):
                yield from item_operations(document, name, item, pointer)


def callback_operations(
    document: Document, operation: PathOperation
) -> Iterator[PathOperation]:
    """The operations that a vendor calls while it serves one, named after its path."""
    for _, called in named_callbacks(document, operation):
        yield called


def named_callbacks(
    document: Document, operation: PathOperation
) -> Iterator[tuple[str, PathOperation]]:
    """The operations that a vendor calls while it serves one, each with its callback's name."""
    at = operation.pointer / "callbacks"
    for name, node in reading.mapping(operation.node, "callbacks").items():
        for callback, place in followed(document, node, at / name):
            for expression, inner in callback.items():
                if expression.startswith("x-"):
                    continue
                for item, pointer in followed(document, inner, place / expression):
                    for called in item_operations(
                        document, operation.path, item, pointer
                    ):
                        yield name, called


def followed(
    document: Document, node: Node, pointer: Pointer
) -> Iterator[tuple[Mapping[str, Node], Pointer]]:
    """The object at the end of references, nothing where there is none."""
    try:
        found, at = document.follow(node, pointer)
    except InputError:
        return
    if isinstance(found, dict):
        yield found, at


def media_types(
    document: Document, node: Mapping[str, Node], pointer: Pointer
) -> Iterator[tuple[str, Mapping[str, Node], Pointer]]:
    """The media types of an object's `content`, by their names; since OpenAPI 3.2 they may be
    references (section 4.14)."""
    at = pointer / "content"
    for name, content in reading.mapping(node, "content").items():
        for found, place in followed(document, content, at / name):
            yield name, found, place


def item_operations(
    document: Document, path: str, item: Mapping[str, Node], pointer: Pointer
) -> Iterator[PathOperation]:
    """The operations of one path item."""
    shared = places(item, pointer)
    named = [(key, node, pointer / key) for key, node in item.items() if key in METHODS]
    for key, node in reading.mapping(item, ADDITIONAL).items():
        if is_additional(key):
            named.append((key.lower(), node, pointer / ADDITIONAL / key))
    for method, node, at in named:
        if isinstance(node, dict):
            yield PathOperation(
                path=path,
                method=method,
                node=node,
                pointer=at,
                item=item,
                item_pointer=pointer,
                shared=shared,
                own=places(node, at),
                own_first=not document.version.startswith(("2.", "3.0")),
            )


def places(node: Mapping[str, Node], pointer: Pointer) -> tuple[Pointer, ...]:
    """Where the parameters of a path item or an operation are."""
    count = len(reading.sequence(node, "parameters"))
    return tuple(pointer / "parameters" / index for index in range(count))
