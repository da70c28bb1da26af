"""No document makes the parser raise, run out of stack, or take long."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatwright.document import load
from chatwright.parser import Parsed, parse
from tests.parser.invariants import violations

DEPTH = 900
"""Just less than how deep a file may be nested at all; each level of schema takes two."""


def parsed(schemas: dict[str, Any], folder: Path) -> Parsed:
    """What a document with some component schemas parses to."""
    path = folder / "document.json"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Hostile", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    text = json.dumps(document, separators=(",", ":"))
    path.write_text(text, "utf-8")
    result = parse(load(path))
    assert violations(result.api) == []
    return result


def nested(levels: int, inner: Any, *keys: str | int) -> Any:
    """A value that many levels of the same keys wrap."""
    text = json.dumps(inner)
    before = "".join("[" if isinstance(key, int) else f'{{"{key}":' for key in keys)
    after = "".join("]" if isinstance(key, int) else "}" for key in reversed(keys))
    return Raw(before * levels + text + after * levels)


class Raw(str):
    """JSON text, too deep for `json.dumps`."""


def parsed_raw(schema: str, folder: Path) -> Parsed:
    path = folder / "document.json"
    path.write_text(
        '{"openapi":"3.1.0","info":{"title":"Hostile","version":"1"},"paths":{},'
        f'"components":{{"schemas":{{"Deep":{schema},"Fine":{{"type":"string"}}}}}}}}',
        "utf-8",
    )
    result = parse(load(path))
    assert violations(result.api) == []
    assert "Fine" in {named.name for named in result.api.schemas}
    return result


@pytest.mark.parametrize(
    "keys",
    [
        ("properties", "p"),
        ("items",),
        ("additionalProperties",),
        ("oneOf", 0),
        ("anyOf", 0),
        ("allOf", 0),
        ("not",),
        ("patternProperties", "x"),
    ],
    ids=lambda keys: "-".join(map(str, keys)),
)
def test_deep_schemas(keys: tuple[str | int, ...], tmp_path: Path) -> None:
    schema = nested(DEPTH // len(keys), {"type": "string"}, *keys)

    result = parsed_raw(schema, tmp_path)

    codes = {diagnostic.code for diagnostic in result.diagnostics}
    assert codes <= {"deep-schema", "unsupported-keyword"}
    assert codes
    assert all(found.location is not None for found in result.diagnostics)


@pytest.mark.parametrize("key", ["default", "example", "x-extension"])
def test_deep_annotations(key: str, tmp_path: Path) -> None:
    deep = nested(DEPTH, 1, "a")

    result = parsed_raw(
        f'{{"title":"T","type":"object","properties":{{"p":{{"title":"U","{key}":{deep},'
        f'"type":"object","properties":{{"q":{{}}}}}}}},"{key}":{deep}}}',
        tmp_path,
    )

    assert result.diagnostics == ()


def test_deep_enum(tmp_path: Path) -> None:
    result = parsed_raw(f'{{"enum":[{nested(DEPTH, 1, "a")},"x"]}}', tmp_path)

    assert [diagnostic.code for diagnostic in result.diagnostics] == [
        "unsupported-value"
    ]


def chain(length: int, *, last: Any, **keywords: Any) -> dict[str, Any]:
    """Schemas that lead to each other: `keywords` hold `next` where the reference goes."""
    text = json.dumps(keywords)
    schemas = {
        f"S{number}": json.loads(
            text.replace('"next"', f'{{"$ref": "#/components/schemas/S{number + 1}"}}')
        )
        for number in range(length)
    }
    return {**schemas, f"S{length}": last}


@pytest.mark.parametrize(
    "keywords",
    [
        {"allOf": ["next"]},
        {
            "allOf": [
                "next",
                {"type": "object", "properties": {"p": {"type": "string"}}},
            ]
        },
        {"oneOf": ["next", {"type": "string"}]},
        {"oneOf": ["next"]},
        {"anyOf": ["next", {"type": "null"}]},
        {"type": "array", "items": "next"},
        {"type": "object", "properties": {"n": "next"}},
        {"type": "object", "additionalProperties": "next"},
    ],
    ids=lambda keywords: "-".join(keywords),
)
@pytest.mark.parametrize("circular", [False, True])
def test_long_chains(keywords: Any, circular: bool, tmp_path: Path) -> None:
    end = {"$ref": "#/components/schemas/S0"} if circular else {"type": "string"}

    result = parsed(chain(2000, last=end, **keywords), tmp_path)

    assert len(result.api.schemas) >= 2000


def test_long_alias_chain(tmp_path: Path) -> None:
    schemas: dict[str, Any] = {
        f"S{number}": {"$ref": f"#/components/schemas/S{number + 1}"}
        for number in range(2000)
    }

    result = parsed({**schemas, "S2000": {"type": ["string", "null"]}}, tmp_path)

    assert len(result.api.schemas) == 2001


def test_many_equal_schemas_take_linear_time(tmp_path: Path) -> None:
    inline = {"type": "object", "properties": {"v": {"type": "string"}}}
    schemas = {
        f"S{number}": {
            "type": "object",
            "properties": {f"p{i}": inline for i in range(5)},
        }
        for number in range(2000)
    }

    result = parsed(schemas, tmp_path)

    assert len(result.api.schemas) == 2001


def test_many_namesakes(tmp_path: Path) -> None:
    properties = {
        f"p{number}": {
            "type": "object",
            "title": "Same",
            "properties": {f"q{number}": {"type": "string"}},
        }
        for number in range(500)
    }

    result = parsed({"Holder": {"type": "object", "properties": properties}}, tmp_path)

    assert len(result.api.schemas) == 501
