"""The operations of a document as an HTTP server sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.loopback.document import STREAM_KEY, Document
from tests.loopback.nodes import Json, Object, mapping, sequence, text

JSON_TYPE = "application/json"
EVENT_STREAM_TYPE = "text/event-stream"
STREAM_TYPES = (
    EVENT_STREAM_TYPE,
    "application/x-ndjson",
    "application/jsonl",
    "application/stream+json",
    "application/json-seq",
)


def is_json(media_type: str) -> bool:
    """Whether the media type is JSON or has the +json suffix (RFC 6839, 3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence in (JSON_TYPE, "text/json") or essence.endswith("+json")


def concrete(media_type: str) -> str:
    """A media type of a range (RFC 9110, 12.5.1); the media type itself where it is none."""
    kind, _, subtype = media_type.partition("/")
    if not subtype.startswith("*"):
        return media_type
    return {"text": "text/plain", "image": "image/png"}.get(kind, JSON_TYPE)


def preferred(accept: str | None, content: Object) -> str | None:
    """The media type to answer with: the first that is accepted, else JSON, else any."""
    for part in (accept or "").split(","):
        wanted = part.partition(";")[0].strip().lower()
        for name in content:
            if name.partition(";")[0].strip().lower() == wanted:
                return name
    return next(filter(is_json, content), next(iter(content), None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How an operation streams: an item's schema, what turns it on, and what ends it.

    `selector` is the request property that turns the stream on, or None where the operation always
    streams. `sentinel` is the data of the last event, or None. `media_type` is one of STREAM_TYPES.
    `events` are the names of the events and the schemas of their data, where there are several.
    """

    item: Json
    selector: str | None
    sentinel: str | None
    media_type: str = EVENT_STREAM_TYPE
    events: tuple[tuple[str, Json], ...] = ()


def _query(parameter: Object) -> Object:
    """A parameter that is the whole query as one that is spread over it (OpenAPI 3.2, 4.12.2)."""
    content = mapping(parameter.get("content")).get("application/x-www-form-urlencoded")
    if parameter.get("in") != "querystring" or content is None:
        return parameter
    schema = mapping(content).get("schema", True)
    return {"name": parameter["name"], "in": "query", "explode": True, "schema": schema}


@dataclass(frozen=True)
class Operation:
    """One operation at its place: `base` is the servers' path before the template."""

    document: Document
    base: str
    template: str
    method: str
    path_item: Object
    value: Object

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the request paths of the operation, one group for each path parameter."""
        path = self.template.partition("#")[0].partition("?")[0]
        parts = re.split(r"(\{[^{}]+\})", self.base + path)
        return re.compile(
            "".join(
                self._placed(part[1:-1]) if part.startswith("{") else _literal(part)
                for part in parts
            )
        )

    def _placed(self, name: str) -> str:
        """The group that a path parameter is, in its style (OpenAPI 3.1, 4.8.12.3)."""
        placed = [
            x for x in self.parameters if (x.get("in"), x.get("name")) == ("path", name)
        ]
        found = mapping(next(iter(placed), None))
        match found.get("style"), found.get("explode") is True:
            case "label", exploded:
                return r"((?:\.[^/.;]*)+)" if exploded else r"(\.[^/.;]*)"
            case "matrix", exploded:
                return "((?:;[^/;]*)+)" if exploded else "(;[^/;]*)"
            case _:
                return "([^/]+)"

    @cached_property
    def names(self) -> list[str]:
        """The path parameters' names, in the order of the groups."""
        return re.findall(r"\{([^{}]+)\}", self.template.partition("#")[0])

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The names and values of the query that stands in the path template."""
        fixed = self.template.partition("#")[0].partition("?")[2]
        return parse_qsl(fixed, keep_blank_values=True)

    def path_values(self, path: str) -> dict[str, str] | None:
        """The path parameters' raw values, or None where the path is not this operation's."""
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        return dict(zip(self.names, map(unquote, found.groups()), strict=True))

    @cached_property
    def parameters(self) -> list[Object]:
        """The Parameter Objects; the operation's replace the path item's of the same name."""
        found: dict[tuple[str, str], Object] = {}
        for owner in (self.path_item, self.value):
            for node in sequence(owner.get("parameters")):
                parameter = _query(self.document.resolve(node))
                found[text(parameter.get("in")), text(parameter.get("name"))] = (
                    parameter
                )
        return list(found.values())

    @cached_property
    def security(self) -> list[Object]:
        """The alternative Security Requirement Objects; an empty list asks for nothing."""
        own = self.value.get("security", self.document.root.get("security"))
        return [mapping(requirement) for requirement in sequence(own)]

    @cached_property
    def security_schemes(self) -> Object:
        """The document's Security Schemes by name; requirements also name others."""
        components = mapping(self.document.root.get("components"))
        return mapping(components.get("securitySchemes"))

    @cached_property
    def request_body(self) -> Object:
        """The Request Body Object, empty where there is none."""
        return self.document.resolve(self.value.get("requestBody"))

    def response(self, status: int) -> Object:
        """The Response Object for the status: the exact code, its range, or the default."""
        responses = mapping(self.value.get("responses"))
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if key in responses:
                return self.document.resolve(responses[key])
        return {}

    @cached_property
    def success(self) -> tuple[int, Object]:
        """The first success status and its Response Object; 200 stands for a range or default."""
        for key in mapping(self.value.get("responses")):
            if key.isdigit() and key.startswith("2"):
                return int(key), self.response(int(key))
        return 200, self.response(200)

    @cached_property
    def stream(self) -> Stream | None:
        """The declared stream, or the one that an overlay's `x-event-stream` says, or None."""
        if said := mapping(self.value.get(STREAM_KEY)):
            return Stream(
                item=said["item"],
                selector=text(said.get("selector")) or None,
                sentinel=text(said.get("sentinel")) or None,
            )
        content = mapping(self.success[1].get("content"))
        name = next((each for each in STREAM_TYPES if each in content), None)
        if name is None:
            return None
        media_type = mapping(content[name])
        schema = media_type.get("itemSchema", media_type.get("schema", True))
        events, sentinel = self._events(schema)
        if name == EVENT_STREAM_TYPE:
            sentinel = sentinel or "[DONE]"
        others = any(is_json(each) for each in content if each not in STREAM_TYPES)
        return Stream(
            item=events[0][1] if events else schema,
            events=tuple(events) if len(events) > 1 else (),
            selector="stream" if others or self._has_selector else None,
            sentinel=sentinel,
            media_type=name,
        )

    @cached_property
    def _has_selector(self) -> bool:
        """Whether the body has a `stream` of its own."""
        content = mapping(self.request_body.get("content"))
        schemas = [mapping(media_type).get("schema") for media_type in content.values()]
        return any(
            "stream" in mapping(self.document.resolve(each).get("properties"))
            for each in schemas
        )

    def _events(self, schema: Json) -> tuple[list[tuple[str, Json]], str | None]:
        """The events that a schema describes as envelopes, and the sentinel among them."""
        resolved = self.document.resolve(schema)
        variants = sequence(resolved.get("oneOf") or resolved.get("anyOf"))
        found: list[tuple[str, Json]] = []
        sentinel: str | None = None
        for variant in variants or [schema]:
            properties = mapping(self.document.resolve(variant).get("properties"))
            if set(properties) - {"event", "id", "retry"} != {"data"}:
                continue
            constant = self._constant(properties["data"])
            if constant is not None:
                sentinel = constant
            else:
                event = self._constant(properties.get("event"))
                found.append((event or "message", properties["data"]))
        return found, sentinel

    def _constant(self, schema: Json | None) -> str | None:
        """The text that a schema's values always are, or the first that they may be."""
        resolved = self.document.resolve(schema)
        constants = sequence(resolved.get("enum")) or [resolved.get("const")]
        return constants[0] if isinstance(constants[0], str) else None


def _literal(text: str) -> str:
    """The pattern of a part of a template, as URLs have it (RFC 3986, section 2)."""
    return re.escape(quote(text, safe="/:@!$&'()*+,;=%~[]"))


def operations(document: Document) -> list[Operation]:
    """Every operation of the document under every server's base path, concrete paths first."""
    found = [
        Operation(document, base, template, method, item, value)
        for template, method, item, value in document.operations()
        for base in base_paths(document, value, item)
    ]
    return sorted(found, key=lambda x: (len(x.names), -len(x.query)))


def base_paths(document: Document, *owners: Object) -> list[str]:
    """The servers' paths, variables at their defaults (OpenAPI 3.1, 4.8.5); "" for none."""
    nearest = next(
        (x["servers"] for x in (*owners, document.root) if x.get("servers")), None
    )
    paths: dict[str, None] = {}
    for node in sequence(nearest):
        server = mapping(node)
        url = text(server.get("url"))
        for name, variable in mapping(server.get("variables")).items():
            url = url.replace(f"{{{name}}}", str(mapping(variable).get("default", "")))
        paths[urlsplit(url).path.rstrip("/")] = None
    return list(paths) or [""]
