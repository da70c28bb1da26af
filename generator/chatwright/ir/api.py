"""What a vendor's document means: its operations, servers, security and chat profile."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from chatwright.ir.schema import (
    NO_ANNOTATIONS,
    Annotations,
    Instance,
    NamedSchema,
    Schema,
)

Method: TypeAlias = str
"""An HTTP method in lower case; it is sent in upper case."""
ParameterLocation: TypeAlias = Literal[
    "path", "query", "querystring", "header", "cookie"
]
Style: TypeAlias = Literal[
    "matrix", "label", "simple", "form", "spaceDelimited", "pipeDelimited", "deepObject"
]


class ServerVariable(Struct, frozen=True, kw_only=True):
    """A variable of a server URL template (OpenAPI, Server Variable Object)."""

    name: str
    default: str
    enum: tuple[str, ...] = ()
    description: str | None = None


class Server(Struct, frozen=True, kw_only=True):
    """A base URL, possibly a template with `variables`."""

    url: str
    description: str | None = None
    variables: tuple[ServerVariable, ...] = ()


class ApiKeyScheme(Struct, frozen=True, kw_only=True):
    """A key in the header, query parameter or cookie called `parameter`."""

    name: str
    location: Literal["header", "query", "cookie"]
    parameter: str
    description: str | None = None
    deprecated: bool = False


class HttpScheme(Struct, frozen=True, kw_only=True):
    """HTTP authentication: `scheme` is `basic`, `bearer` or another registered word, lower case."""

    name: str
    scheme: str
    bearer_format: str | None = None
    description: str | None = None
    deprecated: bool = False


class OAuth2Flow(Struct, frozen=True, kw_only=True):
    """One OAuth 2.0 flow; `scopes` pairs each scope with its description."""

    kind: Literal[
        "implicit",
        "password",
        "clientCredentials",
        "authorizationCode",
        "deviceAuthorization",
    ]
    authorization_url: str | None = None
    device_authorization_url: str | None = None
    token_url: str | None = None
    refresh_url: str | None = None
    scopes: tuple[tuple[str, str], ...] = ()


class OAuth2Scheme(Struct, frozen=True, kw_only=True):
    """OAuth 2.0, by any of `flows`."""

    name: str
    flows: tuple[OAuth2Flow, ...]
    description: str | None = None
    deprecated: bool = False


class OpenIdScheme(Struct, frozen=True, kw_only=True):
    """OpenID Connect, discovered at `url`."""

    name: str
    url: str
    description: str | None = None
    deprecated: bool = False


SecurityScheme: TypeAlias = ApiKeyScheme | HttpScheme | OAuth2Scheme | OpenIdScheme


class SecurityRequirement(Struct, frozen=True, kw_only=True):
    """Schemes that are needed together, each with its scopes; none at all means anonymous."""

    schemes: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter outside the body. `media_type` is set where `content` describes it, `alias`
    where the document says what it is called in clients. One in `querystring` is the whole query
    (OpenAPI 3.2.0, section 4.12.1); its style says nothing."""

    name: str
    location: ParameterLocation
    schema: Schema
    style: Style
    explode: bool
    required: bool = False
    allow_reserved: bool = False
    media_type: str | None = None
    example: Instance | None = None
    description: str | None = None
    deprecated: bool = False
    alias: str | None = None


class Encoding(Struct, frozen=True, kw_only=True):
    """How one property of a form or multipart body is written."""

    property_name: str
    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False


class MediaType(Struct, frozen=True, kw_only=True):
    """One representation of a body; `schema` is None where the document has none."""

    name: str
    schema: Schema | None
    encoding: tuple[Encoding, ...] = ()
    example: Instance | None = None


class RequestBody(Struct, frozen=True, kw_only=True):
    """A body and its representations, in the document's order. `name` is an
    `x-codegen-request-body-name`, which OpenAPI Generator's users rely on."""

    content: tuple[MediaType, ...]
    required: bool = False
    description: str | None = None
    name: str | None = None


class Header(Struct, frozen=True, kw_only=True):
    """A header of a response; `shared` says that its description stands where a `$ref` leads."""

    name: str
    schema: Schema
    description: str | None = None
    required: bool = False
    shared: bool = False


class Response(Struct, frozen=True, kw_only=True):
    """What the vendor answers with `status`: a code, a range such as `4XX`, or `default`."""

    status: str
    description: str
    content: tuple[MediaType, ...] = ()
    headers: tuple[Header, ...] = ()


SchemaPath: TypeAlias = tuple[str, ...]
"""Property names from a schema down; `*` steps into an array's items."""


class ChatChunks(Struct, frozen=True, kw_only=True):
    """Items of the answer's shape, each with a delta of it.

    `text` is where an item has its text. `message` is what the answer calls the object that
    holds it, None where it is of the items' type. `unindexed` names the lists beside the text
    whose items have an `index` in the stream only.
    """

    text: SchemaPath
    message: str | None = None
    unindexed: tuple[str, ...] = ()


class Addition(Struct, frozen=True, kw_only=True):
    """What the events called `event` add: the value at `source`, at `target` of the answer.

    The `*` of a target is the item that the event's `index` numbers. `set` has the last value
    count, `join` joins texts and lists, `append` adds an item to a list, `parse` joins the JSON
    text of a value.
    """

    event: str
    source: SchemaPath
    target: SchemaPath
    how: Literal["set", "join", "append", "parse"] = "set"


class ChatEvents(Struct, frozen=True, kw_only=True):
    """Events of several kinds, each of which says one thing about the answer.

    An event is told by the constant of its property `tag`. `text` pairs events with where they
    have a piece of the answer's text. `answers` pairs those that hold the whole answer, as it is
    by then, with where; or else `additions` make it.
    """

    tag: str
    text: tuple[tuple[str, SchemaPath], ...]
    additions: tuple[Addition, ...] = ()
    answers: tuple[tuple[str, SchemaPath], ...] = ()


class EventStream(Struct, frozen=True, kw_only=True):
    """A sequence of items in one response.

    `item_schema` is what the caller gets: where the document describes an envelope
    (`{data: Chunk}`), it is what `data` holds. Where it describes several, `item_schema` is the
    union of them, and `events` pairs the names of the events with what their `data` holds, which
    is what the caller gets. `selector` names the request property that turns
    the stream on, None where the operation always streams. `sentinel` is the data of the event
    that ends it, None where the stream just ends. `envelope` says that the document describes
    events, so that the data of one may hold a whole other. `chat` says how the items add up to
    what the operation answers with, None where they do not, or the document does not say.
    """

    media_type: str
    item_schema: Schema
    selector: str | None = None
    sentinel: str | None = None
    events: tuple[tuple[str, Schema], ...] = ()
    envelope: bool = False
    chat: ChatChunks | ChatEvents | None = None


class Webhook(Struct, frozen=True, kw_only=True):
    """A call that the vendor makes: one of the document's `webhooks`, or of an operation's
    `callbacks` (OpenAPI 3.2.0, sections 4.1 and 4.18).

    `name` is its key there; `payload` is the JSON that it sends, None where it sends none.
    """

    name: str
    payload: Schema | None = None
    summary: str | None = None
    description: str | None = None
    deprecated: bool = False
    pointer: str = ""


class Operation(Struct, frozen=True, kw_only=True):
    """One method on one path.

    `id` is the document's operationId, or the neutral name that the parser made up, and no other
    operation's; `repeats` is that name where another operation has it as its `id`. `tag` is the
    one it is filed under: an operation of several tags is there once for each. `security` lists
    alternatives; an empty one means none is needed. `servers` is empty where the Api's own hold.
    `idempotency_header` is the header in which each call carries a key of its own, the same for all
    attempts; None where there is none. `alias` is what the document calls it in clients.
    """

    id: str
    method: Method
    path: str
    tag: str
    repeats: str | None = None
    alias: str | None = None
    tags: tuple[str, ...] = ()
    summary: str | None = None
    description: str | None = None
    deprecated: bool = False
    parameters: tuple[Parameter, ...] = ()
    request_body: RequestBody | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[SecurityRequirement, ...] = ()
    servers: tuple[Server, ...] = ()
    event_stream: EventStream | None = None
    callbacks: tuple[Webhook, ...] = ()
    idempotency_header: str | None = None
    external_docs: str | None = None
    pointer: str = ""


class ChatProfile(Struct, frozen=True, kw_only=True):
    """Where a vendor's chat completion is: what "normalised" means.

    `operation` is an Operation.id; `request`, `response` and `chunk` name NamedSchemas; the
    paths start at those schemas: `messages`, `model` and `tools` at the request, `text` at the
    response, `text_delta` and `tool_calls_delta` at the chunk. None where the vendor has none.
    """

    operation: str
    request: str
    messages: SchemaPath
    model: SchemaPath | None = None
    tools: SchemaPath | None = None
    response: str | None = None
    text: SchemaPath | None = None
    chunk: str | None = None
    text_delta: SchemaPath | None = None
    tool_calls_delta: SchemaPath | None = None


class Tag(Struct, frozen=True, kw_only=True):
    """A group of operations."""

    name: str
    description: str | None = None


class Source(Struct, frozen=True, kw_only=True):
    """Which document this was read from: its path as the user gave it, and its OpenAPI version."""

    file: str
    openapi: str


class Api(Struct, frozen=True, kw_only=True):
    """A whole document. `schemas` are sorted by name, `operations` are in document order.

    `event` is what any of the `webhooks` sends, None where they send no JSON.
    """

    title: str
    version: str
    source: Source
    description: str | None = None
    terms_of_service: str | None = None
    contact: str | None = None
    servers: tuple[Server, ...] = ()
    security_schemes: tuple[SecurityScheme, ...] = ()
    tags: tuple[Tag, ...] = ()
    schemas: tuple[NamedSchema, ...] = ()
    operations: tuple[Operation, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    event: Schema | None = None
    chat: ChatProfile | None = None


__all__ = [
    "NO_ANNOTATIONS",
    "Addition",
    "Annotations",
    "Api",
    "ApiKeyScheme",
    "ChatChunks",
    "ChatEvents",
    "ChatProfile",
    "Encoding",
    "EventStream",
    "Header",
    "HttpScheme",
    "MediaType",
    "Method",
    "OAuth2Flow",
    "OAuth2Scheme",
    "OpenIdScheme",
    "Operation",
    "Parameter",
    "ParameterLocation",
    "RequestBody",
    "Response",
    "SchemaPath",
    "SecurityRequirement",
    "SecurityScheme",
    "Server",
    "ServerVariable",
    "Source",
    "Style",
    "Tag",
    "Webhook",
]
