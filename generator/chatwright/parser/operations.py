"""Operations: what is sent, and what comes back (OpenAPI 3.2.0, sections 4.10 to 4.20)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from chatwright.diagnostics import InputError
from chatwright.document import Document, Node, Pointer
from chatwright.ir.api import (
    Encoding,
    Header,
    MediaType,
    Operation,
    Parameter,
    ParameterLocation,
    RequestBody,
    Response,
    SecurityRequirement,
    SecurityScheme,
    Style,
    Webhook,
)
from chatwright.ir.schema import (
    AnySchema,
    Instance,
    MapSchema,
    ObjectSchema,
    Schema,
    StringSchema,
)
from chatwright.parser import reading
from chatwright.parser.findings import Findings
from chatwright.parser.idempotency import idempotency_header
from chatwright.parser.paths import (
    PathOperation,
    broken_items,
    named_callbacks,
    path_operations,
    unsupported_operations,
    webhook_operations,
)
from chatwright.parser.schemas import Schemas
from chatwright.parser.security import requirements
from chatwright.parser.servers import servers
from chatwright.parser.streams import Declared, event_stream, is_stream
from chatwright.parser.vendor import Vendor
from chatwright.parser.webhooks import is_json, payload

LOCATIONS: Mapping[ParameterLocation, tuple[Style, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
"""The styles of each location, the default first (OpenAPI 3.2.0, section 4.12.2)."""

QUERY_STRING = "querystring"
FORM = "application/x-www-form-urlencoded"
COOKIE_STYLE = "cookie"
"""The style of cookies since OpenAPI 3.2, whose values are not percent-encoded: none is that needs
no encoding, and a cookie can hold no other."""

DEFAULT_TAG = "default"


class Operations(Struct, frozen=True, kw_only=True):
    """What was read, and how many operations had to be left out.

    `whole` counts those that were read and that no reference of their own is missing from.
    """

    operations: tuple[Operation, ...]
    webhooks: tuple[Webhook, ...]
    left_out: int
    whole: int


def operations(
    document: Document,
    schemas: Schemas,
    schemes: tuple[SecurityScheme, ...],
    findings: Findings,
    vendor: Vendor,
) -> Operations:
    """The operations of a document, in its order. One that cannot be read costs itself only."""
    reader = OperationReader(document, schemas, schemes, findings, vendor)
    found: list[Operation] = []
    left_out = whole = 0
    for error in broken_items(document):
        findings.include(error, "this path is left out")
        left_out += 1
    for pointer in unsupported_operations(document):
        findings.warn(
            "unsupported-method",
            f"an additional operation of the method {pointer.name} is left out; a word in upper"
            " case is expected, and none of the methods that have a field of their own",
            pointer,
        )
        left_out += 1
    for operation in path_operations(document):
        if vendor.ignores(operation.node):
            findings.note(
                "ignored-operation",
                "the vendor's own clients leave this operation out, and so does this one",
                operation.pointer,
            )
            continue
        try:
            found.append(reader.operation(operation))
            whole += not reader.damaged
        except InputError as error:
            findings.include(error, "this operation is left out")
            left_out += 1
    return Operations(
        operations=distinct(found),
        webhooks=tuple(reader.webhooks()),
        left_out=left_out,
        whole=whole,
    )


def distinct(found: Iterable[Operation]) -> tuple[Operation, ...]:
    """The operations with ids that differ, each once for every tag that it has."""
    taken: set[str] = set()
    counts: Counter[str] = Counter()
    result: list[Operation] = []
    for operation in found:
        for tag in dict.fromkeys(operation.tags) or (operation.tag,):
            name = operation.id
            id_ = name
            while id_ in taken:
                id_ = f"{name}_{counts[name]}"
                counts[name] += 1
            taken.add(id_)
            repeats = None if id_ == name else name
            result.append(replace(operation, id=id_, repeats=repeats, tag=tag))
    return tuple(result)


def made_up_id(path: str, method: str) -> str:
    """The operationId that OpenAPI Generator gives an operation without one."""
    words = [part for part in re.sub(r"[{}]", "", path).split("/") if part]
    first, *rest = (*(words or ["root"]), method)
    name = first[0].lower() + first[1:] + "".join(map(camelized, rest))
    return re.sub(r"[^A-Za-z0-9_]", "", re.sub(r"[-\[(.|: /\\]", "_", name))


def camelized(word: str) -> str:
    """A word in CamelCase: what follows a hyphen, an underscore or a dot is a capital letter."""
    parts = [part for part in re.split(r"[-_.]+", word) if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


class OperationReader:
    """Reads operations of one document."""

    def __init__(
        self,
        document: Document,
        schemas: Schemas,
        schemes: tuple[SecurityScheme, ...],
        findings: Findings,
        vendor: Vendor,
    ) -> None:
        self._vendor = vendor
        self._document = document
        self._schemas = schemas
        self._schemes = {scheme.name: scheme for scheme in schemes}
        self._findings = findings
        self.damaged = False
        """Whether something that the operation read last refers to is missing."""
        self._security = self._requirements(document.root, document.pointer) or ()

    def operation(self, operation: PathOperation) -> Operation:
        """One operation. Raises InputError where its body or its path item is missing."""
        self.damaged = False
        node = operation.node
        group = self._vendor.group(node)
        tags = reading.texts(node, "tags") if group is None else (group,)
        body = self._body(operation)
        documentation = reading.mapping(node, "externalDocs")
        parameters = tuple(self._parameters(operation))
        responses = tuple(
            self._response(status, pointer) for status, pointer in operation.responses
        )
        return Operation(
            id=operation.id or made_up_id(operation.path, operation.method),
            method=operation.method,
            path=operation.path,
            tag=tags[0] if tags else DEFAULT_TAG,
            tags=tags,
            alias=self._vendor.method(node),
            summary=reading.text(node, "summary"),
            description=reading.text(node, "description"),
            deprecated=reading.flag(node, "deprecated"),
            parameters=parameters,
            request_body=body,
            responses=responses,
            security=self._needed(operation),
            servers=servers(node) or servers(operation.item),
            event_stream=event_stream(
                operation, body, self._streams(operation), self._schemas
            ),
            callbacks=tuple(self._callbacks(operation)),
            idempotency_header=idempotency_header(
                operation,
                parameters,
                (self._document.root, self._document.pointer),
                self._findings,
            ),
            external_docs=reading.text(documentation, "url"),
            pointer=str(operation.pointer),
        )

    def webhooks(self) -> Iterator[Webhook]:
        """The document's webhooks; one that cannot be read costs itself only."""
        for operation in webhook_operations(self._document):
            yield from self._webhook(operation.path, operation)

    def _callbacks(self, operation: PathOperation) -> Iterator[Webhook]:
        damaged = self.damaged
        for name, called in named_callbacks(self._document, operation):
            yield from self._webhook(name, called)
        self.damaged = damaged

    def _webhook(self, name: str, operation: PathOperation) -> Iterator[Webhook]:
        try:
            body = self._body(operation)
        except InputError as error:
            self._findings.include(error, "this webhook is left out")
            return
        yield Webhook(
            name=name,
            payload=payload(body, operation, self._findings),
            summary=reading.text(operation.node, "summary"),
            description=reading.text(operation.node, "description"),
            deprecated=reading.flag(operation.node, "deprecated"),
            pointer=str(operation.pointer),
        )

    def _needed(self, operation: PathOperation) -> tuple[SecurityRequirement, ...]:
        """The operation's own requirements, or the document's.

        Where it lists alternatives and none of them names a scheme that is known, the document's
        are sent as far as they are configured, as OpenAPI Generator's clients do.
        """
        own = self._requirements(operation.node, operation.pointer)
        if own is None:
            return self._security
        listed = reading.sequence(operation.node, "security")
        if listed and not any(each.schemes for each in own):
            return (*self._security, *own)
        return own

    def _requirements(
        self, node: Mapping[str, Node], pointer: Pointer
    ) -> tuple[SecurityRequirement, ...] | None:
        return requirements(node, pointer, self._schemes, self._findings)

    def _followed(self, pointer: Pointer) -> tuple[Mapping[str, Node], Pointer]:
        """The object at the end of references. Raises InputError where there is none."""
        node, at = self._document.follow(self._document.get(pointer), pointer)
        if isinstance(node, dict):
            return node, at
        self._findings.warn(
            "invalid-object", f"an object is expected, not {reading.describe(node)}", at
        )
        return reading.NOTHING, at

    def _reached(
        self, pointer: Pointer, cost: str
    ) -> tuple[Mapping[str, Node], Pointer] | None:
        """The object at the end of references, None where there is none, which is said."""
        try:
            return self._followed(pointer)
        except InputError as error:
            self._findings.include(error, cost)
            self.damaged = True
            return None

    def _parameters(self, operation: PathOperation) -> Iterator[Parameter]:
        """The path item's parameters and the operation's, which override them."""
        own = self._described(operation.own)
        shared = {
            key: place
            for key, place in self._described(operation.shared).items()
            if key not in own
        }
        first, last = (own, shared) if operation.own_first else (shared, own)
        for node, pointer in (*first.values(), *last.values()):
            parameter = self._parameter(node, pointer)
            if parameter is not None:
                yield parameter

    def _described(
        self, places: Iterable[Pointer]
    ) -> dict[tuple[str, str], tuple[Mapping[str, Node], Pointer]]:
        """The parameters at some places by name and location, which tell them apart."""
        found: dict[tuple[str, str], tuple[Mapping[str, Node], Pointer]] = {}
        for place in places:
            reached = self._reached(place, "this parameter is left out")
            if reached is None:
                continue
            node, pointer = reached
            name, location = reading.text(node, "name"), reading.text(node, "in")
            if name and location:
                found[(name, location)] = (node, pointer)
            else:
                self._findings.warn(
                    "invalid-parameter",
                    "a parameter needs a `name` and an `in`; left out",
                    pointer,
                )
        return found

    def _parameter(
        self, node: Mapping[str, Node], pointer: Pointer
    ) -> Parameter | None:
        if node["in"] == QUERY_STRING:
            return self._query_string(node, pointer)
        location = reading.choice(node["in"], LOCATIONS)
        if location is None:
            self._findings.warn(
                "unsupported-parameter",
                f"a parameter in {reading.describe(node['in'])} is left out; path, query, header"
                " and cookie are supported",
                pointer / "in",
            )
            return None
        style = self._style(node, pointer, location)
        explode = node.get("explode")
        media_type, schema, example = None, None, _example(node)
        for name, content, at in self._media_types(node, pointer):
            media_type, example = name, example or _example(content)
            schema = self._schema(content, at)
            break
        return Parameter(
            name=str(node["name"]),
            location=location,
            schema=schema or self._schema(node, pointer) or AnySchema(),
            style=style,
            explode=explode if isinstance(explode, bool) else style == "form",
            required=location == "path" or reading.flag(node, "required"),
            allow_reserved=reading.flag(node, "allowReserved"),
            media_type=media_type,
            example=example,
            description=reading.text(node, "description"),
            deprecated=reading.flag(node, "deprecated"),
            alias=self._vendor.parameter(node),
        )

    def _query_string(
        self, node: Mapping[str, Node], pointer: Pointer
    ) -> Parameter | None:
        """A parameter that is the whole query (OpenAPI 3.2.0, section 4.12.1): JSON, a text, or an
        object in the media type of forms, which says what an exploded query parameter does.
        """
        for name, content, at in self._media_types(node, pointer):
            schema = self._schema(content, at) or AnySchema()
            resolved = self._schemas.resolved(schema)
            is_form = name == FORM and isinstance(resolved, ObjectSchema | MapSchema)
            is_text = name != FORM and isinstance(resolved, StringSchema)
            if not (is_form or is_text or is_json(name)):
                break
            return Parameter(
                name=str(node["name"]),
                location="query" if is_form else "querystring",
                schema=schema,
                style="form",
                explode=True,
                media_type=name if is_json(name) else None,
                required=reading.flag(node, "required"),
                example=_example(node) or _example(content),
                description=reading.text(node, "description"),
                deprecated=reading.flag(node, "deprecated"),
                alias=self._vendor.parameter(node),
            )
        self._findings.warn(
            "unsupported-parameter",
            f"a parameter in {QUERY_STRING} is left out whose content is neither JSON, nor a text,"
            f" nor an object as {FORM}",
            pointer / "in",
        )
        return None

    def _style(
        self, node: Mapping[str, Node], pointer: Pointer, location: ParameterLocation
    ) -> Style:
        default, *others = styles = LOCATIONS[location]
        if location == "cookie" and node.get("style") == COOKIE_STYLE:
            return default
        style = reading.choice(node.get("style", default), styles)
        if style is not None:
            return style
        self._findings.warn(
            "invalid-style",
            f"a {location} parameter has no style {reading.describe(node['style'])}; expected"
            f" {' or '.join((default, *others))}; read as {default}",
            pointer / "style",
        )
        return default

    def _schema(self, node: Mapping[str, Node], pointer: Pointer) -> Schema | None:
        if "schema" not in node:
            return None
        schema = self._schemas.at(pointer / "schema")
        self.damaged = self.damaged or self._schemas.dangles(pointer / "schema")
        return schema

    def _body(self, operation: PathOperation) -> RequestBody | None:
        if operation.body is None:
            return None
        node, pointer = self._followed(operation.body)
        self._unread(node, pointer)
        return RequestBody(
            content=tuple(self._content(node, pointer)),
            required=reading.flag(node, "required"),
            description=reading.text(node, "description"),
            name=reading.text(operation.node, BODY_NAME)
            or reading.text(node, BODY_NAME),
        )

    def _unread(self, node: Mapping[str, Node], pointer: Pointer) -> None:
        """Says what a body has that is sent item by item: the caller gives its bytes."""
        for _, content, at in self._media_types(node, pointer):
            for keyword in ITEMS:
                if keyword in content:
                    self._findings.note(
                        "unsupported-keyword",
                        f"`{keyword}` of a request body is not read; its bytes are sent as they"
                        " are given",
                        at / keyword,
                    )

    def _media_types(
        self, node: Mapping[str, Node], pointer: Pointer
    ) -> Iterator[tuple[str, Mapping[str, Node], Pointer]]:
        """As `paths.media_types`; what leads nowhere is said."""
        for name, content in reading.mapping(node, "content").items():
            at = pointer / "content" / name
            if isinstance(content, dict):
                reached = self._reached(at, "this media type is left out")
                if reached is not None:
                    yield name, *reached

    def _content(
        self, node: Mapping[str, Node], pointer: Pointer
    ) -> Iterator[MediaType]:
        for name, content, at in self._media_types(node, pointer):
            yield MediaType(
                name=name,
                schema=self._schema(content, at),
                encoding=tuple(_encodings(content)),
                example=_example(content),
            )

    def _response(self, status: str, place: Pointer) -> Response:
        node, pointer = self._reached(place, RESPONSE) or (reading.NOTHING, place)
        return Response(
            status=status,
            description=reading.text(node, "description")
            or reading.text(node, "summary")
            or "",
            content=tuple(self._content(node, pointer)),
            headers=tuple(self._headers(node, pointer)),
        )

    def _headers(self, node: Mapping[str, Node], pointer: Pointer) -> Iterator[Header]:
        for name, written in reading.mapping(node, "headers").items():
            reached = self._reached(
                pointer / "headers" / name, "this header is left out"
            )
            if reached is None:
                continue
            header, at = reached
            said = (
                reading.text(written, "description")
                if isinstance(written, dict)
                else None
            )
            schema = self._schema(header, at)
            for _, content, place in self._media_types(header, at):
                schema = schema or self._schema(content, place)
            yield Header(
                name=name,
                schema=schema or AnySchema(),
                description=said or reading.text(header, "description"),
                required=reading.flag(header, "required"),
                shared=at != pointer / "headers" / name and said is None,
            )

    def _streams(self, operation: PathOperation) -> Iterator[Declared]:
        """The streams that successful responses declare."""
        for status, place in operation.responses:
            if not status.startswith("2"):
                continue
            node, pointer = self._reached(place, RESPONSE) or (reading.NOTHING, place)
            for name, content, at in self._media_types(node, pointer):
                if "itemSchema" in content:
                    yield Declared(
                        media_type=name, schema=self._schemas.at(at / "itemSchema")
                    )
                elif is_stream(name):
                    schema = self._schema(content, at) or AnySchema()
                    yield Declared(media_type=name, schema=schema)


ITEMS = ("itemSchema", "itemEncoding", "prefixEncoding")
"""The keywords of media types with many items (OpenAPI 3.2.0, sections 4.14.1 and 4.14.3)."""

RESPONSE = "this response is read as one without a body"
BODY_NAME = "x-codegen-request-body-name"


def _example(node: Mapping[str, Node]) -> Instance | None:
    """The example of a parameter or a media type: `example`, or the first of `examples`."""
    if "example" in node:
        return reading.instance(node["example"])
    for example in reading.mapping(node, "examples").values():
        if isinstance(example, dict) and "value" in example:
            return reading.instance(example["value"])
    return None


def _encodings(node: Mapping[str, Node]) -> Iterator[Encoding]:
    for name, encoding in reading.mapping(node, "encoding").items():
        if not isinstance(encoding, dict):
            continue
        explode = encoding.get("explode")
        style = reading.choice(encoding.get("style"), LOCATIONS["query"])
        yield Encoding(
            property_name=name,
            content_type=reading.text(encoding, "contentType"),
            style=style,
            explode=explode if isinstance(explode, bool) else None,
            allow_reserved=reading.flag(encoding, "allowReserved"),
        )
