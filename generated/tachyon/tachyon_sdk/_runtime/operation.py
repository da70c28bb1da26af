"""What a generated module says about one operation: plain values, no behaviour.

Constructing these imports nothing and resolves nothing: types are expressions such as
`"list[Choice]"`, which `Types` resolves on first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

from .server import Server

Location: TypeAlias = Literal["path", "query", "querystring", "header", "cookie"]
Style: TypeAlias = Literal[
    "matrix", "label", "simple", "form", "spaceDelimited", "pipeDelimited", "deepObject"
]

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")


class Parameter(NamedTuple):
    """A parameter in the path, the query, a header or a cookie (OpenAPI, Parameter Object), or
    the whole query.

    `argument` is the Python argument, `name` the name on the wire. `style` and `explode` left
    None are the specification's defaults for the location. `media_type` is set where `content`
    describes the parameter: its value is then one text in that media type.
    """

    argument: str
    name: str
    location: Location
    type: str
    required: bool = True
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    media_type: str | None = None


class FormField(NamedTuple):
    """One property of a form or multipart body, passed as its own argument.

    A `file` takes a path, bytes, a binary file object, `(file name, bytes or file object)`, or
    a list of these, and is not validated against `type`. `content_type`, `style`, `explode` and
    `allow_reserved` come from the Encoding Object; all left out, the specification's defaults
    hold.
    """

    argument: str
    name: str
    type: str
    required: bool = True
    file: bool = False
    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False


class Body(NamedTuple):
    """The whole request body, passed as one argument."""

    argument: str
    type: str
    required: bool = True


Argument: TypeAlias = Parameter | FormField | Body

Path: TypeAlias = tuple[str, ...]
"""Names on the wire from an object down; `*` stands for the items of a list."""


class ChatChunks(NamedTuple):
    """Items of the answer's shape, each with a delta of it.

    `text` is where an item has its text. `message` is what the answer calls the delta that holds
    the text, None where it is of the items' type; `unindexed` names the lists whose items have
    an `index` in deltas only.
    """

    text: Path
    message: str | None = None
    unindexed: tuple[str, ...] = ()


class Addition(NamedTuple):
    """What the events called `event` add: the value at `source`, at `target` of the answer.

    The `*` of a target is the item that the event's `index` numbers. `set` has the last value
    count, `join` joins texts and lists, `append` adds an item to a list, `parse` joins the JSON
    text of a value.
    """

    event: str
    source: Path
    target: Path
    how: Literal["set", "join", "append", "parse"] = "set"


class ChatEvents(NamedTuple):
    """Events told apart by the constant called `tag`, which say what the answer is.

    `text` pairs events with where they have a piece of the answer's text. `answers` pairs those
    that hold the whole answer, as it is by then, with where; or else `additions` make it.
    """

    tag: str
    text: tuple[tuple[str, Path], ...]
    additions: tuple[Addition, ...] = ()
    answers: tuple[tuple[str, Path], ...] = ()


class EventStream(NamedTuple):
    """A response that is a sequence of items of the type `item`.

    `selector` is the request property (a property of the body, or a form field) that turns the
    stream on, None where the operation always streams; `attribute` is its Python name, where
    that differs. `sentinel` is the data of the event that ends the stream, None where it just
    ends. `media_type` is the one that the document declares for it. `events` has the types of
    items that are told apart by the names of their events. `envelope` says that the document
    describes events and not items, so that the data of one may hold a whole other. `chat` says
    how the items add up to the operation's answer, None where they do not.
    """

    item: str
    selector: str | None = None
    sentinel: str | None = None
    attribute: str | None = None
    media_type: str = "text/event-stream"
    events: tuple[tuple[str, str], ...] = ()
    envelope: bool = False
    chat: ChatChunks | ChatEvents | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation(Generic[DataT, ItemT]):
    """One method on one path, answered with `DataT`, or streaming items of `ItemT`.

    `arguments` are in the order of the generated method's signature. `responses` maps a status
    (`200`), a range (`4XX`) or `default` to a type expression, None where there is no body.
    `security` lists alternatives, each of them schemes that are needed together; an empty
    alternative says that anonymous calls are allowed. `content_types` are those of a body, which is
    JSON where they are left out. `accept` is what the header of that name says unless a stream is
    asked for, None where it is not sent. `servers` is empty where the API's own hold.
    `idempotency_header` carries a key that each call has of its own, the same for all its attempts.
    Two operations are equal only when they are the same object.
    """

    id: str
    method: str
    path: str
    arguments: tuple[Argument, ...] = ()
    content_types: tuple[str, ...] = ()
    accept: str | None = "application/json"
    responses: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    security: tuple[tuple[str, ...], ...] = ()
    servers: tuple[Server, ...] = ()
    idempotency_header: str | None = None
    stream: EventStream | None = None
