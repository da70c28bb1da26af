"""Whatever a schema says, parsing ends, keeps its promises, and does the same again."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chatwright.document import load
from chatwright.ir.walk import to_json
from chatwright.parser import Parsed, parse, select
from tests.parser.invariants import violations

NAMES = ("A", "B", "C")
words = st.sampled_from(["a", "b", "type", "data", "stream"])
types = st.sampled_from(
    ["string", "integer", "number", "boolean", "array", "object", "null", "text", 5]
)
values = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from(["a", "b", "[DONE]"])
)
references = st.sampled_from(
    [f"#/components/schemas/{name}" for name in NAMES]
    + ["#/components/schemas/A/properties/a", "#/components/schemas/Missing"]
)


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schema objects, legal and not, around others."""
    return st.fixed_dictionaries(
        {},
        optional={
            "type": types | st.lists(types, max_size=3),
            "title": st.sampled_from(["A", "Some title", ""]),
            "description": st.just("d"),
            "nullable": st.booleans(),
            "enum": st.lists(values, max_size=3),
            "const": values,
            "default": values,
            "minLength": st.integers(0, 3),
            "minimum": st.integers(0, 3),
            "required": st.lists(words, max_size=2) | st.booleans(),
            "properties": st.dictionaries(words, inner, max_size=3),
            "additionalProperties": inner | st.booleans(),
            "items": inner,
            "oneOf": st.lists(inner, max_size=3),
            "anyOf": st.lists(inner, max_size=3),
            "allOf": st.lists(inner, max_size=3),
            "discriminator": st.fixed_dictionaries(
                {"propertyName": words},
                optional={"mapping": st.dictionaries(words, references, max_size=2)},
            ),
        },
    )


leaves = (
    st.fixed_dictionaries({"$ref": references}, optional={"nullable": st.booleans()})
    | st.fixed_dictionaries({"type": types})
    | st.booleans()
    | values
)
anything = st.recursive(leaves, schemas, max_leaves=12)
documents = st.fixed_dictionaries(dict.fromkeys(NAMES, anything))


def parsed(components: dict[str, Any], version: str = "3.1.0") -> Parsed:
    """What a document with these components, each sent and answered, parses to."""
    document = {
        "openapi": version,
        "info": {"title": "Any", "version": "1"},
        "paths": {
            "/a": {
                "post": {
                    "requestBody": {
                        "content": {"application/json": {"schema": components["A"]}}
                    },
                    "responses": {
                        "200": {
                            "description": "ok",
                            "content": {
                                "application/json": {"schema": components["B"]},
                                "text/event-stream": {"schema": components["C"]},
                            },
                        }
                    },
                }
            }
        },
        "components": {"schemas": components},
    }
    with TemporaryDirectory() as folder:
        path = Path(folder, "document.json")
        path.write_text(json.dumps(document), "utf-8")
        return parse(load(path))


@settings(max_examples=200, deadline=None)
@given(documents)
def test_promises_are_kept(components: dict[str, Any]) -> None:
    result = parsed(components)

    assert violations(result.api) == []
    assert {*NAMES} <= {named.name for named in result.api.schemas}
    assert all(found.location is not None for found in result.diagnostics)
    part = select(result.api, [operation.id for operation in result.api.operations])
    assert violations(part) == []


@settings(max_examples=30, deadline=None)
@given(documents)
def test_the_version_makes_no_difference(components: dict[str, Any]) -> None:
    first, second = (
        to_json(parsed(components, version).api) for version in ("3.0.3", "3.1.0")
    )

    assert {**first, "source": None} == {**second, "source": None}
