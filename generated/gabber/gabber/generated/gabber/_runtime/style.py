"""How a parameter's value is written (OpenAPI, Style Values; RFC 6570).

Values are JSON data: a scalar, a list or a dict. What is nested deeper has no style, except in
`deepObject`, and is written as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TypeAlias, cast
from urllib.parse import quote

from .operation import Style

Data: TypeAlias = "bool | int | float | str | list[Data] | dict[str, Data] | None"
Pairs: TypeAlias = list[tuple[str, str]]

# RFC 3986's reserved characters, without those that would end the query or part it.
RESERVED = "!$'()*+,/:;=?@%"

_NO_URL = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+")
_DELIMITERS: Mapping[Style, str] = {
    "form": ",",
    "spaceDelimited": "%20",
    "pipeDelimited": "%7C",
}


def data(value: object) -> Data:
    """`value`, which is JSON data, as such."""
    return cast("Data", value)


def text(value: Data) -> str:
    """A scalar as it stands in a URL, a header or a form; anything else as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def literal(text: str) -> str:
    """What a document says of a URL, as part of one: only the characters that no URL holds are
    percent-encoded (RFC 3986, section 2)."""
    return _NO_URL.sub(lambda found: quote(found[0], safe=""), text)


def path(name: str, value: Data, style: Style, explode: bool, safe: str = "") -> str:
    """A path parameter in the style `simple`, `label` or `matrix`, percent-encoded except for
    the characters of `safe`."""
    value = _defined(value)
    key = quote(name, safe="")
    match style:
        case "label":
            prefix, joint = ".", "." if explode else ","
        case "matrix":
            prefix, joint = ";", ";" if explode else ","
        case _:
            prefix, joint = "", ","
    if isinstance(value, list):
        if style == "matrix" and explode:
            items = [_named(key, quote(text(item), safe=safe)) for item in value]
        else:
            items = [quote(text(item), safe=safe) for item in value]
    elif isinstance(value, dict):
        equals = "=" if explode else ","
        items = [
            f"{quote(member, safe=safe)}{equals}{quote(text(held), safe=safe)}"
            for member, held in value.items()
        ]
    else:
        items = [quote(text(value), safe=safe)]
        explode = False
    joined = joint.join(items)
    if style == "matrix" and not explode:
        joined = _named(key, joined)
    return prefix + joined


def query(
    name: str, value: Data, style: Style, explode: bool, allow_reserved: bool = False
) -> str:
    """A query parameter, or a form's field, as `name=value` parts joined by `&`.

    Empty for an empty list or dict: RFC 6570 leaves these out.
    """
    value = _defined(value)
    safe = RESERVED if allow_reserved else ""
    key = quote(name, safe="")
    if isinstance(value, list):
        texts = [quote(text(item), safe=safe) for item in value]
        if explode:
            return "&".join(f"{key}={item}" for item in texts)
        return f"{key}={_DELIMITERS.get(style, ',').join(texts)}" if texts else ""
    if isinstance(value, dict):
        if style == "deepObject":
            pairs = _deep(name, value)
        elif explode:
            pairs = [
                (member, text(item))
                for member, held in value.items()
                for item in (held if isinstance(held, list) else [held])
            ]
        else:
            texts = [
                quote(part, safe=safe)
                for member, held in value.items()
                for part in (member, text(held))
            ]
            return f"{key}={_DELIMITERS.get(style, ',').join(texts)}" if texts else ""
        return "&".join(
            f"{quote(member, safe='')}={quote(held, safe=safe)}"
            for member, held in pairs
        )
    return f"{key}={quote(text(value), safe=safe)}"


def header(value: Data, explode: bool) -> str:
    """A header parameter in the style `simple`. Headers are not percent-encoded."""
    value = _defined(value)
    if isinstance(value, list):
        return ",".join(text(item) for item in value)
    if isinstance(value, dict):
        equals = "=" if explode else ","
        return ",".join(
            f"{member}{equals}{text(held)}" for member, held in value.items()
        )
    return text(value)


def cookies(name: str, value: Data, explode: bool) -> Pairs:
    """A cookie parameter in the style `form`, as cookie names and values."""
    value = _defined(value)
    if isinstance(value, list):
        texts = [text(item) for item in value]
        if explode:
            return [(name, item) for item in texts]
        return [(name, ",".join(texts))] if texts else []
    if isinstance(value, dict):
        if explode:
            return [(member, text(held)) for member, held in value.items()]
        parts = [
            part for member, held in value.items() for part in (member, text(held))
        ]
        return [(name, ",".join(parts))] if parts else []
    return [(name, text(value))]


def _named(key: str, value: str) -> str:
    return f"{key}={value}" if value else key


def _deep(name: str, value: Data) -> Pairs:
    value = _defined(value)
    if isinstance(value, dict):
        return [
            pair
            for member, held in value.items()
            for pair in _deep(f"{name}[{member}]", held)
        ]
    if isinstance(value, list):
        return [(name, text(item)) for item in value]
    return [(name, text(value))]


def _defined(value: Data) -> Data:
    """A value without members that are null, which RFC 6570 leaves out."""
    if isinstance(value, list):
        return [item for item in value if item is not None]
    if isinstance(value, dict):
        return {name: held for name, held in value.items() if held is not None}
    return value
