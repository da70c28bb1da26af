"""A Swagger 2.0 document in the words of OpenAPI 3."""

from __future__ import annotations

from tests.loopback.nodes import METHODS, Json, Object, mapping, pointed, sequence, text

_SCHEMES: dict[str, Object] = {
    "basic": {"type": "http", "scheme": "basic"},
    "oauth2": {"type": "oauth2"},
}
_STYLES: dict[str, Object] = {
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "multi": {"style": "form", "explode": True},
}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def upgraded(root: Object) -> Object:
    """The document with OpenAPI 3's servers, parameters, bodies, answers and security schemes."""
    schemes = mapping(root.get("securityDefinitions"))
    return {
        **root,
        "servers": [{"url": f"//{root.get('host', '')}{root.get('basePath', '')}"}],
        "components": {
            "securitySchemes": {
                name: {
                    **mapping(scheme),
                    **_SCHEMES.get(text(mapping(scheme)["type"]), {}),
                }
                for name, scheme in schemes.items()
            }
        },
        "paths": {
            path: {
                key: _operation(root, mapping(item), mapping(value))
                for key, value in mapping(item).items()
                if key in METHODS
            }
            for path, item in mapping(root.get("paths")).items()
        },
    }


def _operation(root: Object, item: Object, operation: Object) -> Object:
    """The operation with the parameters of its path item, and its body out of them."""
    consumes = _media_types(operation, root, "consumes")
    produces = _media_types(operation, root, "produces")
    said = [
        _resolved(root, each)
        for owner in (item, operation)
        for each in sequence(owner.get("parameters"))
    ]
    body = next((each for each in said if each.get("in") == "body"), None)
    fields = [each for each in said if each.get("in") == "formData"]
    result: Object = {
        **operation,
        "parameters": [
            _parameter(each)
            for each in said
            if each.get("in") not in ("body", "formData")
        ],
        "responses": {
            status: _response(_resolved(root, response), produces)
            for status, response in mapping(operation.get("responses")).items()
        },
    }
    if body is not None:
        content: Object = {
            name: {"schema": body.get("schema", True)} for name in consumes
        }
        result["requestBody"] = {
            "required": body.get("required", False),
            "content": content,
        }
    elif fields:
        names = [name for name in consumes if name in _FORMS] or [_FORMS[0]]
        content = {name: {"schema": _form(fields)} for name in names}
        required = any(each.get("required") is True for each in fields)
        result["requestBody"] = {"required": required, "content": content}
    return result


def _media_types(operation: Object, root: Object, key: str) -> list[str]:
    said = sequence(operation.get(key, root.get(key)))
    return [text(name) for name in said] or ["application/json"]


def _resolved(root: Object, node: Json) -> Object:
    found = mapping(node)
    reference = found.get("$ref")
    return mapping(pointed(root, reference)) if isinstance(reference, str) else found


def _parameter(parameter: Object) -> Object:
    style = _STYLES.get(text(parameter.get("collectionFormat")), {"explode": False})
    kept: Object = {
        key: parameter[key] for key in ("name", "in", "required") if key in parameter
    }
    return {**kept, **style, "schema": _schema(parameter)}


def _schema(parameter: Object) -> Object:
    """The schema of a parameter, whose keywords are the parameter's own (2.0, Parameter Object)."""
    file: Object = {"type": "string", "format": "binary"}
    return file if parameter.get("type") == "file" else parameter


def _form(fields: list[Object]) -> Object:
    return {
        "type": "object",
        "properties": {text(each["name"]): _schema(each) for each in fields},
        "required": [each["name"] for each in fields if each.get("required") is True],
    }


def _response(response: Object, produces: list[str]) -> Object:
    if "schema" not in response:
        return response
    return {
        **response,
        "content": {name: {"schema": response["schema"]} for name in produces},
    }
