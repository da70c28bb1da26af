"""The vendors' documents under specs/ say what the vendors' own say, and nothing else.

The vendors' own are read from the folder that `CHATWRIGHT_CORPUS` names, the seeds from the one
that `CHATWRIGHT_SEEDS` names; without the folder, the tests that need it are skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeGuard, cast

import jsonpath
import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

Json: TypeAlias = Any
Node: TypeAlias = dict[str, Json]

ROOT = Path(__file__).parent.parent
SPECS = ROOT / "specs"
CORPUS = ROOT / os.environ.get("CHATWRIGHT_CORPUS", "../shared/specs") / "vendors"
SEEDS = ROOT / os.environ.get("CHATWRIGHT_SEEDS", "../shared/seeds")
DIGESTS: dict[str, Node] = json.loads(
    (ROOT / "tests/seed_digests.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One document of ours, the vendor's own, and what is known to be odd about them."""

    name: str
    original: str
    #: Beginnings of openapi-spec-validator's findings, which the vendor's own has too.
    findings: tuple[str, ...] = ()
    #: Titles that keep the name an inline schema has in the vendor's whole document.
    titles: tuple[str, ...] = ()


VENDORS = (
    Vendor(name="gabber", original="gabber.yaml"),
    Vendor(
        name="tachyon",
        original="tachyon-2026-08.json",
        # A default that is Rust's debugging output and no MemorySettingsRequest.
        findings=(
            "'MemorySettingsRequest { max_memories: 5, min_relevance_score: 0.7",
        ),
    ),
    Vendor(
        name="openai",
        original="openai-2024-12.yaml",
        titles=("AssistantsNamedToolChoiceFunction",),
    ),
    Vendor(name="together", original="together-2024-11.yaml"),
)
vendors = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)


@cache
def read(path: Path) -> Node:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return cast(Node, json.loads(text))
    return cast(Node, yaml.load(text, Loader=yaml.CSafeLoader))


def ours(vendor: Vendor) -> Node:
    return read(SPECS / f"{vendor.name}.yaml")


def theirs(vendor: Vendor) -> Node:
    path = CORPUS / vendor.original
    if not path.is_file():
        pytest.skip(f"the vendor's own document is not here: {path}")
    return read(path)


def actions(vendor: Vendor) -> list[Node]:
    path = SPECS / f"{vendor.name}.overlay.yaml"
    return cast(list[Node], read(path)["actions"]) if path.exists() else []


def target(document: Node, action: Node) -> Json:
    """The one node that an overlay's action is about."""
    (found,) = cast(list[Json], jsonpath.findall(action["target"], document))
    return found


def resolve(document: Node, reference: str) -> Json:
    node: Json = document
    for token in reference.removeprefix("#/").split("/"):
        node = node[token.replace("~1", "/").replace("~0", "~")]
    return node


def is_object(node: Json) -> TypeGuard[Node]:
    return isinstance(node, dict)


def is_array(node: Json) -> TypeGuard[list[Json]]:
    return isinstance(node, list)


def references(node: Json) -> Iterator[str]:
    if is_object(node):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference
        for member in node.values():
            yield from references(member)
    elif is_array(node):
        for item in node:
            yield from references(item)


def reachable(document: Node, *roots: Json) -> set[str]:
    """Every reference that the roots lead to, directly or through others."""
    found: set[str] = set()
    waiting = [reference for root in roots for reference in references(root)]
    while waiting:
        reference = waiting.pop()
        if reference not in found:
            found.add(reference)
            waiting.extend(references(resolve(document, reference)))
    return found


def without_extensions(node: Json) -> Json:
    """An operation, parameter or security scheme without its `x-` members."""
    if is_object(node):
        return {
            key: without_extensions(value)
            for key, value in node.items()
            if not key.startswith("x-")
        }
    if is_array(node):
        return [without_extensions(item) for item in node]
    return node


def structure(schema: Json, vendor: Vendor) -> Json:
    """A schema without its prose. Properties become pairs, so that their order counts."""
    if not is_object(schema):
        return schema
    out: Node = {}
    for keyword, value in schema.items():
        if keyword in ("description", "externalDocs") or keyword.startswith("x-"):
            continue
        if keyword == "title" and value in vendor.titles:
            continue
        if keyword == "properties":
            value = [
                (name, structure(member, vendor))
                for name, member in cast(Node, value).items()
            ]
        elif keyword in ("oneOf", "anyOf", "allOf"):
            value = [structure(member, vendor) for member in value]
        elif keyword in ("items", "additionalProperties"):
            value = structure(value, vendor)
        elif keyword == "required":
            value = sorted(value)
        out[keyword] = value
    return out


@vendors
def test_the_head_is_the_vendors(vendor: Vendor) -> None:
    mine, original = ours(vendor), theirs(vendor)
    for key in ("openapi", "servers", "security"):
        assert mine.get(key) == original.get(key)
    mine_info, original_info = dict(mine["info"]), dict(original["info"])
    del mine_info["description"], original_info["description"]
    assert mine_info == original_info
    for kind in ("securitySchemes", "parameters"):
        assert without_extensions(mine["components"].get(kind)) == without_extensions(
            original["components"].get(kind)
        )
    known = {tag["name"] for tag in original.get("tags", [])}
    assert {tag["name"] for tag in mine.get("tags", [])} <= known


@vendors
def test_operations_are_the_vendors(vendor: Vendor) -> None:
    """Their texts too, for the API documents show them."""
    original = theirs(vendor)["paths"]
    for path, item in ours(vendor)["paths"].items():
        assert item == without_extensions(original[path])


@vendors
def test_every_schema_that_the_operations_reach_is_here(vendor: Vendor) -> None:
    mine, original = ours(vendor), theirs(vendor)
    roots = [original["paths"][path] for path in mine["paths"]]
    needed = reachable(original, *roots, actions(vendor))
    mine_schemas: Node = mine["components"]["schemas"]
    assert list(mine_schemas) == [
        name
        for name in original["components"]["schemas"]
        if f"#/components/schemas/{name}" in needed
    ]


@vendors
def test_schemas_are_the_vendors(vendor: Vendor) -> None:
    original: Node = theirs(vendor)["components"]["schemas"]
    for name, schema in ours(vendor)["components"]["schemas"].items():
        assert structure(schema, vendor) == structure(original[name], vendor), name


@vendors
def test_nothing_is_unreferenced(vendor: Vendor) -> None:
    document = ours(vendor)
    found = reachable(document, document["paths"], actions(vendor))
    for kind in ("schemas", "parameters"):
        for name in document["components"].get(kind, {}):
            assert f"#/components/{kind}/{name}" in found


@vendors
def test_the_documents_are_valid(vendor: Vendor) -> None:
    document = ours(vendor)
    is_30 = document["openapi"].startswith("3.0.")
    validator = OpenAPIV30SpecValidator if is_30 else OpenAPIV31SpecValidator
    findings = [error.message for error in validator(document).iter_errors()]
    assert len(findings) == len(vendor.findings)
    for finding, known in zip(findings, vendor.findings, strict=True):
        assert finding.startswith(known)


@vendors
def test_the_header_names_the_public_place(vendor: Vendor) -> None:
    lines = (SPECS / f"{vendor.name}.yaml").read_text(encoding="utf-8").splitlines()
    header = lines[: lines.index("")]
    assert all(line.startswith("#") for line in header)
    assert any("https://github.com/" in line for line in header)


@vendors
def test_streams_are_said_in_overlays_only(vendor: Vendor) -> None:
    text = (SPECS / f"{vendor.name}.yaml").read_text(encoding="utf-8")
    assert "x-event-stream" not in text


@vendors
def test_every_operation_streams(vendor: Vendor) -> None:
    """Each declares `text/event-stream`, or an overlay says what it streams."""
    document = ours(vendor)
    told = [
        id(target(document, action))
        for action in actions(vendor)
        if "x-event-stream" in action.get("update", {})
    ]
    for item in document["paths"].values():
        declared = "text/event-stream" in item["post"]["responses"]["200"]["content"]
        assert declared or id(item["post"]) in told


@vendors
def test_overlays_fit_their_documents(vendor: Vendor) -> None:
    document = ours(vendor)
    for action in actions(vendor):
        found = target(document, action)
        if action.get("remove", False):
            continue
        stream = action["update"]["x-event-stream"]
        assert resolve(document, stream["item"]["$ref"])["type"] == "object"
        body = found["requestBody"]["content"]["application/json"]["schema"]
        selector = resolve(document, body["$ref"])["properties"][stream["selector"]]
        assert "boolean" in selector["type"]
        assert stream["sentinel"] == "[DONE]"


@pytest.mark.parametrize("seed", DIGESTS)
def test_digests_are_the_seeds(seed: str) -> None:
    """`stripped`: without the blanks that end each line, and those that end the text."""
    path = SEEDS / seed
    if not path.is_file():
        pytest.skip(f"the seed is not here: {path}")
    text = path.read_bytes().decode()
    if DIGESTS[seed].get("stripped", False):
        text = "\n".join(line.rstrip() for line in text.split("\n")).rstrip()
    assert hashlib.sha256(text.encode()).hexdigest() == DIGESTS[seed]["sha256"]
