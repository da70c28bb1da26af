"""The operations of a document as an HTTP server sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from tests.loopback.document import (
    STREAM_KEY,
    Document,
    Json,
    Object,
    mapping,
    sequence,
    text,
)

JSON_TYPE = "application/json"
EVENT_STREAM_TYPE = "text/event-stream"


def is_json(media_type: str) -> bool:
    """Whether the media type is JSON or has the +json suffix (RFC 6839, 3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == JSON_TYPE or essence.endswith("+json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How an operation streams: an item's schema, what turns it on, and what ends it.

    `selector` is the request property that turns the stream on, or None where the operation always
    streams. `sentinel` is the data of the last event, or None.
    """

    item: Json
    selector: str | None
    sentinel: str | None


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
        parts = re.split(r"(\{[^{}]+\})", self.base + self.template)
        return re.compile(
            "".join(
                "([^/]+)" if part.startswith("{") else re.escape(part) for part in parts
            )
        )

    @cached_property
    def names(self) -> list[str]:
        """The path parameters' names, in the order of the groups."""
        return re.findall(r"\{([^{}]+)\}", self.template)

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
                parameter = self.document.resolve(node)
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
        if EVENT_STREAM_TYPE not in content:
            return None
        media_type = mapping(content[EVENT_STREAM_TYPE])
        item, sentinel = self._item(
            media_type.get("itemSchema", media_type.get("schema", True))
        )
        selector = "stream" if any(map(is_json, content)) else None
        return Stream(item=item, selector=selector, sentinel=sentinel or "[DONE]")

    def _item(self, schema: Json) -> tuple[Json, str | None]:
        """The schema of one event's data and the sentinel, out of the envelopes around them."""
        resolved = self.document.resolve(schema)
        sentinel: str | None = None
        item: Json = schema
        variants = sequence(resolved.get("oneOf") or resolved.get("anyOf"))
        for variant in variants or [schema]:
            properties = mapping(self.document.resolve(variant).get("properties"))
            if set(properties) - {"event", "id", "retry"} != {"data"}:
                continue
            data = self.document.resolve(properties["data"])
            constants = sequence(data.get("enum")) or [data.get("const")]
            if isinstance(constants[0], str):
                sentinel = constants[0]
            else:
                item = properties["data"]
        return item, sentinel


def operations(document: Document) -> list[Operation]:
    """Every operation of the document under every server's base path, concrete paths first."""
    found = [
        Operation(document, base, template, method, item, value)
        for template, method, item, value in document.operations()
        for base in base_paths(document, value, item)
    ]
    return sorted(found, key=lambda operation: len(operation.names))


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
