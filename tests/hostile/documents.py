"""Documents that carry hostile text wherever a document carries text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chatwright.pipeline import Build, build
from tests.building import client, package
from tests.hostile.canary import IMPORTING, silence

PACKAGE = "hostile_client"
Object = dict[str, Any]
_LONGEST_NAME = 100_000


def built(folder: Path, document: Object) -> Build:
    """The package of a document; fails where building it does anything else."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(document))
    target = package(PACKAGE)
    with silence(allowed=IMPORTING):
        return build(client(path, target), target)


def hostile_document(texts: Sequence[str], host: str) -> Object:
    """Each text wherever text stands, of a server and elsewhere; what tells names apart begins
    them."""
    numbered = list(enumerate(texts))
    return _document(
        texts,
        host,
        schemas={
            name: schema
            for number, text in numbered
            for name, schema in _schemas(number, text).items()
        },
        paths={
            f"/things/{number}/{text}/{{id}}": {
                "description": text,
                "servers": [{"url": f"{host}/{text}"}],
                "post": _operation(number, text),
            }
            for number, text in numbered
        },
        webhooks={
            f"hook{number} {text}": {
                "post": {
                    "operationId": f"hook{number} {text}",
                    "summary": text,
                    "requestBody": {
                        "content": {"application/json": _thing(number, text)}
                    },
                    "responses": {"200": {"description": text}},
                }
            }
            for number, text in numbered
        },
        security={
            name: scheme
            for number, text in numbered
            for name, scheme in _security(f"{number} {text}", text).items()
        },
    )


def bare_document(texts: Sequence[str], host: str) -> Object:
    """Each text as the whole of each name, most of which are no identifiers, files or words."""
    operations: Object = {}
    for number, text in enumerate(texts):
        operation = _operation(number, text)
        operation["operationId"] = text
        for parameter in operation["parameters"][1:]:
            parameter["name"] = text
        operation["security"] = [{text: []}]
        operation["responses"]["200"]["content"] = {
            "application/json": {"schema": {"$ref": _pointer(text)}}
        }
        operation["requestBody"]["content"] = {
            text: {"schema": {"$ref": _pointer(text)}}
        }
        operations[f"/{number}/{{id}}{text}"] = {"post": operation}
    return _document(
        texts,
        host,
        schemas={
            **{
                name: schema
                for number, text in enumerate(texts)
                for name, schema in _schemas(number, text).items()
            },
            **{
                text: {
                    "type": "object",
                    "title": text,
                    "required": [text],
                    "properties": {text: {"enum": [text, text.swapcase(), 1, None]}},
                }
                for text in texts
            },
        },
        paths=operations,
        webhooks={text: {"post": {"operationId": text}} for text in texts},
        security={
            text: {"type": "apiKey", "in": "header", "name": text} for text in texts
        },
    )


def long_document(texts: Sequence[str], host: str) -> Object:
    """One text as prose and values, and the beginning of it as names."""
    (prose,) = texts
    name = prose[:_LONGEST_NAME]
    thing = {"schema": {"$ref": _pointer(name)}}
    parameter = {
        "name": name,
        "in": "query",
        "description": prose,
        "schema": {"type": "string", "default": prose},
    }
    operation = {
        "tags": [name],
        "operationId": name,
        "summary": prose,
        "description": prose,
        "parameters": [parameter],
        "requestBody": {"content": {"application/json": thing}},
        "responses": {
            "200": {"description": prose, "content": {"application/json": thing}}
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": prose, "version": prose, "description": prose},
        "servers": [{"url": f"{host}/{name}", "description": prose}],
        "tags": [{"name": name, "description": prose}],
        "paths": {f"/{name}": {"post": operation}},
        "components": {
            "schemas": {
                name: {
                    "type": "object",
                    "description": prose,
                    "properties": {
                        name: {
                            "type": "string",
                            "default": prose,
                            "description": prose,
                            "examples": [prose],
                            "pattern": prose,
                        }
                    },
                }
            }
        },
    }


def _document(
    texts: Sequence[str],
    host: str,
    *,
    schemas: Object,
    paths: Object,
    webhooks: Object,
    security: Object,
) -> Object:
    first = texts[0]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": first,
            "version": first,
            "summary": first,
            "description": "\n\n".join(texts),
            "termsOfService": first,
            "contact": {"name": first, "url": first, "email": first},
            "license": {"name": first, "identifier": first},
            "x-text": list(texts),
        },
        "externalDocs": {"url": first, "description": first},
        "servers": [
            {
                "url": f"{host}/{{place}}/{text}",
                "description": text,
                "variables": {
                    "place": {"default": text, "enum": [text], "description": text}
                },
            }
            for text in texts
        ],
        "tags": [
            {
                "name": text,
                "description": text,
                "externalDocs": {"url": text, "description": text},
            }
            for text in texts
        ],
        "paths": paths,
        "webhooks": webhooks,
        "components": {"schemas": schemas, "securitySchemes": security},
        **{f"x-{text}": text for text in texts},
    }


def _schemas(number: int, text: str) -> Object:
    kind = f"kind {text}"
    parent = f"Pet{number}x {text}"
    children = {
        f"{child}{number}x {text}": f"{child} {text}" for child in ("Cat", "Dog")
    }
    return {
        f"Thing{number}x {text}": _object(text),
        f"Word{number}x {text}": {
            "enum": [text, f"{text}b"],
            "description": text,
            "x-enum-varnames": [text, f"{text}b"],
            "x-enum-descriptions": [text, text],
            "x-enumNames": [text, text],
        },
        parent: {
            "type": "object",
            "description": text,
            "required": [kind],
            "properties": {kind: {"type": "string", "description": text}},
            "discriminator": {
                "propertyName": kind,
                "mapping": {value: _pointer(name) for name, value in children.items()},
            },
        },
        **{
            name: {
                "allOf": [
                    {"$ref": _pointer(parent)},
                    {"type": "object", "properties": {"a": {"const": value}}},
                ]
            }
            for name, value in children.items()
        },
        f"Either{number}x {text}": {
            "title": text,
            "description": text,
            "oneOf": [
                {"$ref": _pointer(f"Thing{number}x {text}")},
                {
                    "type": "object",
                    "title": text,
                    "properties": {text: {"type": "integer"}},
                },
                {"type": "string", "pattern": text, "title": text},
                {"const": text},
            ],
        },
    }


def _object(text: str) -> Object:
    described = {"type": "string", "title": text, "description": text}
    return {
        **{
            "type": "object",
            "title": text,
            "description": text,
            "examples": [{"a": text, text: [text]}],
            "externalDocs": {"url": text, "description": text},
            "xml": {"name": text, "namespace": text, "prefix": text},
            f"x-{text}": {text: text},
        },
        "required": ["constant"],
        "properties": {
            f"field {text}": {**described, "default": text, "examples": [text]},
            f"word {text}": {**described, "enum": [text, "b"], "default": text},
            "constant": {"const": text, "description": text},
            "plain": {**described, "default": text},
            "format": {**described, "format": text},
            "pattern": {**described, "pattern": text, "example": text},
            "list": {
                "type": "array",
                "description": text,
                "items": {"type": "string", "enum": [text, f"{text}c"]},
                "default": [text],
            },
            "map": {
                "type": "object",
                "description": text,
                "additionalProperties": {"type": "string", "description": text},
                "default": {text: text},
            },
            "patterned": {"patternProperties": {text: {"type": "integer"}}},
            "inline": {
                "type": "object",
                "title": text,
                "properties": {text: {"const": text, "deprecated": True}},
                "default": {text: text},
            },
            "anything": {"default": {text: [text, {text: text}]}, "description": text},
        },
    }


def _operation(number: int, text: str) -> Object:
    content = {"application/json": _thing(number, text)}
    string = {"type": "string"}

    def parameter(name: str, place: str, **fields: object) -> Object:
        return {
            "name": name,
            "in": place,
            "description": text,
            "example": text,
            **fields,
        }

    return {
        "tags": [text],
        "operationId": f"send{number} {text}",
        "summary": text,
        "description": text,
        "externalDocs": {"url": text, "description": text},
        "security": [{f"key{number} {text}": []}, {f"oauth{number} {text}": [text]}],
        f"x-{text}": text,
        "x-codegen-request-body-name": text,
        "parameters": [
            parameter("id", "path", required=True, schema=string),
            parameter(
                f"query {text}",
                "query",
                schema={**string, "default": text, "enum": [text, "b"]},
            ),
            parameter(
                f"list {text}",
                "query",
                schema={"type": "array", "items": string, "default": [text]},
            ),
            parameter(
                f"deep {text}",
                "query",
                style="deepObject",
                schema={"type": "object", "properties": {text: string}},
            ),
            parameter(
                f"content {text}", "query", content={f"text/{text}": {"schema": string}}
            ),
            parameter(f"Header-{text}", "header", schema=string),
            parameter(f"pattern {text}", "query", schema={**string, "pattern": text}),
            parameter(f"cookie {text}", "cookie", schema={**string, "default": text}),
        ],
        "requestBody": {
            "description": text,
            "content": {
                **content,
                f"multipart/{text}": {
                    **_thing(number, text),
                    "encoding": {f"field {text}": {"contentType": text}},
                },
            },
        },
        "responses": {
            "200": {
                "description": text,
                "headers": {f"X-{text}": {"description": text, "schema": string}},
                "content": content,
                "links": {
                    text: {
                        "operationId": text,
                        "parameters": {text: text},
                        "description": text,
                        "server": {"url": text},
                    }
                },
            },
            "4XX": {"description": text, "content": content},
            text: {"description": text},
            "default": {
                "description": text,
                "content": {f"text/{text}": {"schema": string, "example": text}},
            },
        },
        "callbacks": {
            text: {
                f"{{$request.body#/{text}}}": {
                    "post": {"operationId": f"back{number} {text}", "summary": text}
                }
            }
        },
    }


def _security(name: str, text: str) -> Object:
    flow = {
        "authorizationUrl": text,
        "tokenUrl": text,
        "refreshUrl": text,
        "scopes": {text: text},
    }
    flows = ("implicit", "password", "clientCredentials", "authorizationCode")
    return {
        **{
            f"{kind}{name}": {
                "type": "apiKey",
                "in": place,
                "name": text,
                "description": text,
            }
            for kind, place in (
                ("key", "header"),
                ("query", "query"),
                ("cookie", "cookie"),
            )
        },
        f"bearer{name}": {
            **{"type": "http", "scheme": "bearer", "bearerFormat": text},
            "description": text,
        },
        f"http{name}": {"type": "http", "scheme": text, "description": text},
        f"oauth{name}": {
            "type": "oauth2",
            "description": text,
            "flows": dict.fromkeys(flows, flow),
        },
        f"open{name}": {"type": "openIdConnect", "openIdConnectUrl": text},
    }


def _thing(number: int, text: str) -> Object:
    """A media type of the object of a text."""
    return {
        "schema": {"$ref": _pointer(f"Thing{number}x {text}")},
        "examples": {
            text: {"summary": text, "description": text, "value": {text: text}}
        },
    }


def _pointer(name: str) -> str:
    name = name.replace("~", "~0").replace("/", "~1")
    return f"#{quote(f'/components/schemas/{name}', errors='surrogatepass')}"
