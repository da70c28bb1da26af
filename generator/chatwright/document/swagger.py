"""Swagger 2.0 in the shape of OpenAPI 3: the same operations, said in its words.

A schema means the same in both, so that those of other files stay there. Path items, parameters and
responses of other files do not: they are read where they are used, as if they stood there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from .marks import Marks
from .pointer import Node, unescape
from .walk import objects

Mapped: TypeAlias = dict[str, Node]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")

_SCHEMA = (
    "type",
    "format",
    "items",
    "default",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
)
"""The fields of a parameter, a header or their items that OpenAPI 3 has in a schema."""

_MOVED = (
    "basePath",
    "consumes",
    "definitions",
    "host",
    "parameters",
    "produces",
    "responses",
    "schemes",
    "securityDefinitions",
    "swagger",
)
"""The fields of a description that OpenAPI 3 has elsewhere."""

_STYLES: Mapping[str, Mapping[str, Node]] = {
    "csv": {"explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "multi": {"style": "form", "explode": True},
}
"""How OpenAPI 3 says a `collectionFormat`; it has no tab-separated values."""

_FLOWS = {
    "accessCode": "authorizationCode",
    "application": "clientCredentials",
    "implicit": "implicit",
    "password": "password",
}
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


Fetch: TypeAlias = Callable[[str], Node]
"""What a reference to another file names; None where that is nothing."""

MAX_CHAIN = 20
"""How many references in a row are followed to a part of another file."""


def from_swagger(root: Mapped, marks: Marks, fetch: Fetch) -> Mapped:
    """A description of Swagger 2.0 in the shape of OpenAPI 3; `root` stays as it is."""
    return _Conversion(root, marks, fetch).converted()


def respelled(node: Node, marks: Marks) -> Node:
    """Schemas of another file, with the spellings of OpenAPI 3; `node` stays as it is."""
    clone = marks.clone(node)
    for each, _ in objects(clone):
        _respell(each)
    return clone


class _Conversion:
    """One description on its way."""

    def __init__(self, root: Mapped, marks: Marks, fetch: Fetch) -> None:
        self._marks = marks
        self._fetch = fetch
        clone = marks.clone(root)
        self._root = clone if isinstance(clone, dict) else {}
        self._consumes = _texts(self._root.get("consumes"))
        self._produces = _texts(self._root.get("produces"))

    def converted(self) -> Mapped:
        """The description, every part in its new place."""
        root = self._root
        self._rename(root)
        for group in ("parameters", "responses", "paths"):
            self._place(_mapping(root.get(group)))
        shared = _mapping(root.get("parameters"))
        bodies = {
            name: self._body(parameter, self._consumes)
            for name, parameter in _objects(shared)
            if parameter.get("in") == "body"
        }
        parameters = {
            name: self._parameter(parameter)
            for name, parameter in _objects(shared)
            if parameter.get("in") not in ("body", "formData")
        }
        responses = {
            name: self._response(response, self._produces)
            for name, response in _objects(root.get("responses"))
        }
        schemes = {
            name: self._scheme(scheme)
            for name, scheme in _objects(root.get("securityDefinitions"))
        }
        for path, item in _objects(root.get("paths")):
            if not path.startswith("x-"):
                self._item(item)
        components: Mapped = {
            "schemas": root.get("definitions", {}),
            "parameters": self._like(shared, dict(parameters)),
            "requestBodies": self._like(shared, dict(bodies)),
            "responses": self._like(root.get("responses"), dict(responses)),
            "securitySchemes": self._like(
                root.get("securityDefinitions"), dict(schemes)
            ),
        }
        kept = {key: value for key, value in root.items() if key not in _MOVED}
        servers = self._servers()
        return self._like(
            root,
            {
                "openapi": "3.0.3",
                **kept,
                **({"servers": servers} if servers else {}),
                "components": {
                    key: value for key, value in components.items() if value
                },
            },
        )

    def _rename(self, root: Mapped) -> None:
        """Spells references and schemas as OpenAPI 3 does, in place."""
        bodies = {
            name
            for name, parameter in _objects(root.get("parameters"))
            if parameter.get("in") == "body"
        }
        for node, _ in objects(root):
            reference = node.get("$ref")
            if isinstance(reference, str):
                node["$ref"] = _reference(reference, bodies)
            _respell(node)

    def _place(self, named: Mapped) -> None:
        """Puts what members refer to in other files in their place, with what stands beside."""
        for name, member in _objects(named):
            whole = self._elsewhere(member)
            if whole is not None:
                rest = {key: value for key, value in member.items() if key != "$ref"}
                named[name] = self._like(whole, {**whole, **rest})

    def _elsewhere(self, node: Mapped) -> Mapped | None:
        """A copy of what an object refers to in another file, None where it refers to none."""
        file = ""
        for _ in range(MAX_CHAIN):
            reference = node.get("$ref")
            if not isinstance(reference, str) or reference.startswith("#"):
                break
            found = self._fetch(reference)
            if not isinstance(found, dict):
                return None
            file, _, _ = reference.partition("#")
            copy = self._marks.clone(found)
            assert isinstance(copy, dict)
            node = copy
            for each, _ in objects(node):
                inner = each.get("$ref")
                if isinstance(inner, str):
                    each["$ref"] = _rebased(inner, file)
                _respell(each)
        return node if file else None

    def _servers(self) -> list[Node]:
        host, base = self._root.get("host"), self._root.get("basePath")
        path = base.rstrip("/") if isinstance(base, str) else ""
        if not isinstance(host, str):
            return [{"url": path}] if path else []
        schemes = _texts(self._root.get("schemes")) or ["https"]
        return [{"url": f"{scheme}://{host}{path}"} for scheme in schemes]

    def _item(self, item: Mapped) -> None:
        """A path item, in place: a body that all operations share becomes each one's own."""
        self._place_listed(item)
        shared = _list(item.get("parameters"))
        inherited = [
            each for each in shared if self._kind(each) in ("body", "formData")
        ]
        if shared:
            item["parameters"] = [
                self._reached(each) for each in shared if each not in inherited
            ]
        for method in METHODS:
            operation = item.get(method)
            if isinstance(operation, dict):
                self._operation(operation, inherited)

    def _operation(self, operation: Mapped, inherited: list[Node]) -> None:
        consumes = _texts(operation.pop("consumes", None)) or self._consumes
        produces = _texts(operation.pop("produces", None)) or self._produces
        operation.pop("schemes", None)
        self._place_listed(operation)
        self._place(_mapping(operation.get("responses")))
        own = _list(operation.get("parameters"))
        given = [*own, *inherited]
        if "parameters" in operation:
            operation["parameters"] = [
                self._reached(each)
                for each in own
                if self._kind(each) not in ("body", "formData")
            ]
        for parameter in given:
            if self._kind(parameter) == "body" and isinstance(parameter, dict):
                found = self._shared(parameter)
                operation["requestBody"] = self._body(found, consumes)
                name = found.get("name")
                if isinstance(name, str):
                    operation.setdefault("x-codegen-request-body-name", name)
                break
        fields = [
            self._shared(each)
            for each in given
            if isinstance(each, dict) and self._kind(each) == "formData"
        ]
        if fields:
            operation["requestBody"] = self._form(fields, consumes)
        responses = _mapping(operation.get("responses"))
        for status, response in _objects(responses):
            responses[status] = self._response(response, produces)

    def _place_listed(self, node: Mapped) -> None:
        """Puts the parameters of other files in their places."""
        parameters = _list(node.get("parameters"))
        for index, each in enumerate(parameters):
            if isinstance(each, dict):
                parameters[index] = self._elsewhere(each) or each

    def _kind(self, parameter: Node) -> Node:
        """Where a parameter is sent."""
        return (
            self._shared(parameter).get("in") if isinstance(parameter, dict) else None
        )

    def _shared(self, parameter: Mapped) -> Mapped:
        """The parameter that a reference in this file names, or the parameter itself."""
        reference = parameter.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/components/"):
            shared = _mapping(self._root.get("parameters"))
            found = shared.get(unescape(reference.rpartition("/")[2]))
            return found if isinstance(found, dict) else parameter
        return parameter

    def _reached(self, parameter: Node) -> Node:
        if isinstance(parameter, dict) and "$ref" not in parameter:
            return self._parameter(parameter)
        return parameter

    def _parameter(self, parameter: Mapped) -> Node:
        """A parameter outside of the body."""
        kept = {
            key: value
            for key, value in parameter.items()
            if key not in (*_SCHEMA, "collectionFormat")
        }
        style: Mapping[str, Node] = {}
        if parameter.get("type") == "array":
            style = _STYLES.get(str(parameter.get("collectionFormat", "csv")), {})
        return self._like(
            parameter, {**kept, **style, "schema": self._schema(parameter)}
        )

    def _schema(self, parameter: Mapped) -> Mapped:
        """The schema of a parameter or a header."""
        return self._like(
            parameter, {key: parameter[key] for key in _SCHEMA if key in parameter}
        )

    def _body(self, parameter: Mapped, consumes: list[str]) -> Node:
        content: Mapped = {
            media_type: self._like(
                parameter,
                {"schema": parameter["schema"]} if "schema" in parameter else {},
            )
            for media_type in consumes or ["application/json"]
        }
        kept = {
            key: value
            for key, value in parameter.items()
            if key in ("description", "required") or key.startswith("x-")
        }
        return self._like(parameter, {**kept, "content": content})

    def _form(self, fields: list[Mapped], consumes: list[str]) -> Node:
        properties: Mapped = {}
        for field in fields:
            member = self._schema(field)
            if "description" in field:
                member["description"] = field["description"]
            properties[str(field.get("name"))] = member
        required: list[Node] = [
            str(field.get("name")) for field in fields if field.get("required") is True
        ]
        schema: Mapped = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        files = any(field.get("format") == "binary" for field in fields)
        usual = [_MULTIPART if files else _FORM]
        media_types = [
            each for each in consumes if each in (_FORM, _MULTIPART)
        ] or usual
        content: Mapped = {}
        for media_type in media_types:
            content[media_type] = {"schema": schema}
        return {"content": content, **({"required": True} if required else {})}

    def _response(self, response: Mapped, produces: list[str]) -> Node:
        if "$ref" in response:
            return response
        kept = {
            key: value
            for key, value in response.items()
            if key not in ("schema", "examples", "headers")
        }
        content: Mapped = {}
        examples = _mapping(response.get("examples"))
        if "schema" in response:
            for media_type in produces or ["application/json"]:
                example = (
                    {"example": examples[media_type]} if media_type in examples else {}
                )
                content[media_type] = self._like(
                    response, {"schema": response["schema"], **example}
                )
        headers = {
            name: self._like(
                header,
                {
                    "schema": self._schema(header),
                    **{key: header[key] for key in ("description",) if key in header},
                },
            )
            for name, header in _objects(response.get("headers"))
        }
        return self._like(
            response,
            {
                **kept,
                **({"headers": dict(headers)} if headers else {}),
                **({"content": content} if content else {}),
            },
        )

    def _scheme(self, scheme: Mapped) -> Node:
        match scheme.get("type"):
            case "basic":
                return self._like(scheme, {**scheme, "type": "http", "scheme": "basic"})
            case "oauth2":
                flow = _FLOWS.get(str(scheme.get("flow")))
                told: Mapped = {
                    key: scheme[key]
                    for key in ("authorizationUrl", "tokenUrl", "scopes")
                    if key in scheme
                }
                kept = {
                    key: value
                    for key, value in scheme.items()
                    if key in ("type", "description") or key.startswith("x-")
                }
                flows: Mapped = {} if flow is None else {flow: told}
                return self._like(scheme, {**kept, "flows": flows})
            case _:
                return scheme

    def _like(self, old: Node, new: Mapped) -> Mapped:
        """The new object, with the positions of the old one's keys."""
        if isinstance(old, dict):
            self._marks.keys(new).update(self._marks.keys(old))
        return new


def _reference(reference: str, bodies: set[str]) -> str:
    """A reference within the description, to where OpenAPI 3 has it."""
    for old, new in (
        ("#/definitions/", "#/components/schemas/"),
        ("#/responses/", "#/components/responses/"),
    ):
        if reference.startswith(old):
            return new + reference.removeprefix(old)
    if reference.startswith("#/parameters/"):
        name = reference.removeprefix("#/parameters/")
        folder = "requestBodies" if unescape(name) in bodies else "parameters"
        return f"#/components/{folder}/{name}"
    return reference


def _rebased(reference: str, file: str) -> str:
    """A reference that stands in a file, as the description that refers to the file writes it."""
    path, hash_, fragment = reference.partition("#")
    if "://" in path or path.startswith("/"):
        return reference
    base = posixpath.join(posixpath.dirname(file), path) if path else file
    return f"{base}{hash_}{fragment}"


def _respell(node: Mapped) -> None:
    """Spells what a schema says as OpenAPI 3 does, in place."""
    discriminator = node.get("discriminator")
    if isinstance(discriminator, str):
        node["discriminator"] = {"propertyName": discriminator}
    if isinstance(node.get("x-nullable"), bool):
        node.setdefault("nullable", node["x-nullable"])
    if node.get("type") == "file":
        node.update(type="string", format="binary")


def _mapping(node: Node) -> Mapped:
    return node if isinstance(node, dict) else {}


def _objects(node: Node) -> Iterator[tuple[str, Mapped]]:
    """The members of a mapping that are objects; they may be replaced meanwhile."""
    for name, member in tuple(_mapping(node).items()):
        if isinstance(member, dict):
            yield name, member


def _list(node: Node) -> list[Node]:
    return node if isinstance(node, list) else []


def _texts(node: Node) -> list[str]:
    return [each for each in _list(node) if isinstance(each, str)]
