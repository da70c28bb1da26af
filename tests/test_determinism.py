"""One input has one output: in every process, from every folder, in every spelling."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from chatwright import pipeline
from tests import building
from tests.committed import ROOT, Committed, each_client, run
from tests.loopback.nodes import Json

VERSIONS = Path(__file__).parent / "versions"
"""One API in several versions of OpenAPI."""

DIGESTS = """
import hashlib, json, sys
from pathlib import Path
from chatwright import pipeline
from chatwright.job import jobs
from chatwright.project_file import read

found = {}
for job in jobs(read(Path(sys.argv[1])).clients):
    build = pipeline.build(job.client, job.target)
    files = [(path, hashlib.sha256(data).hexdigest()) for path, data in build.files.items()]
    found[job.label] = [files, dict(build.inputs), list(map(str, build.diagnostics))]
print(json.dumps(found))
"""


def test_processes_folders_and_locales(tmp_path: Path) -> None:
    """Not only the same files: in the same order, from the same digests of inputs."""
    copied = tmp_path / "another/project"
    shutil.copytree(ROOT / "specs", copied / "specs")
    shutil.copy(ROOT / "chatwright.yaml", copied)
    ways: list[tuple[Path, str, dict[str, str]]] = [
        (ROOT, "chatwright.yaml", {"PYTHONHASHSEED": "0"}),
        (tmp_path, "another/project/chatwright.yaml", {"PYTHONHASHSEED": "1"}),
        (
            copied / "specs",
            str(copied / "chatwright.yaml"),
            {
                "PYTHONHASHSEED": "2",
                "LC_ALL": "C",
                "PYTHONUTF8": "0",
                "TZ": "Asia/Tokyo",
            },
        ),
    ]
    said = [
        run(sys.executable, "-c", DIGESTS, project, cwd=cwd, env={**os.environ, **env})
        for cwd, project, env in ways
    ]
    assert json.loads(said[0])
    assert said[1:] == [said[0]] * 2


def build(
    document: Path, *, overlays: tuple[Path, ...] = (), package: str = "kitchen"
) -> Mapping[str, bytes]:
    """The package of a document; nothing is wrong with it."""
    client = replace(building.client(document), name="c", overlays=overlays)
    target = building.package(package)
    built = pipeline.build(client, target)
    assert built.diagnostics == ()
    return built.files


def assert_equal(found: Mapping[str, bytes], expected: Mapping[str, bytes]) -> None:
    """Two packages are equal; says which files are not."""
    assert list(found) == list(expected)
    for path, data in found.items():
        assert data.decode() == expected[path].decode(), path


class TestSpellings:
    """A document of a vendor, written again by another hand."""

    @each_client
    @pytest.mark.parametrize("spelling", ["json", "compact json", "flow", "blocks"])
    def test_syntax(self, client: Committed, spelling: str, tmp_path: Path) -> None:
        tree = source(client)
        match spelling:
            case "json":
                name, text = "a.json", json.dumps(tree, indent=2)
            case "compact json":
                name, text = "a.json", json.dumps(tree, ensure_ascii=False)
            case "flow":
                name = "a.yml"
                text = yaml.safe_dump(tree, default_flow_style=True, sort_keys=False)
            case _:
                name = "a.yaml"
                text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
        document = tmp_path / name
        document.write_text(text, encoding="utf-8")
        overlays = client.job.client.overlays
        assert_equal(build(document, overlays=overlays), original(client))

    @each_client
    def test_line_ends_and_byte_order_mark(
        self, client: Committed, tmp_path: Path
    ) -> None:
        path = client.job.client.document
        assert isinstance(path, Path)
        document = tmp_path / "a.yaml"
        text = path.read_text(encoding="utf-8")
        document.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        overlays = client.job.client.overlays
        assert_equal(build(document, overlays=overlays), original(client))

    @each_client
    @pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1.2"])
    def test_version(self, client: Committed, version: str, tmp_path: Path) -> None:
        """Nullability is read by its spelling; the spelling is the version's here."""
        tree = source(client)
        tree["openapi"] = version
        document = tmp_path / "a.json"
        respelt = nullable if version < "3.1" else null_type
        document.write_text(json.dumps(mapped(tree, respelt)), encoding="utf-8")
        overlays = client.job.client.overlays
        assert_equal(build(document, overlays=overlays), original(client))


def source(client: Committed) -> dict[str, Json]:
    """A client's document as data."""
    path = client.job.client.document
    assert isinstance(path, Path)
    tree: dict[str, Json] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tree


def original(client: Committed) -> Mapping[str, bytes]:
    """What becomes of a client's document as it is."""
    path = client.job.client.document
    assert isinstance(path, Path)
    return build(path, overlays=client.job.client.overlays)


def nullable(members: dict[str, Json]) -> dict[str, Json]:
    """Null beside one type or one reference as `nullable`, as in OpenAPI 3.0."""
    match members:
        case {"type": [str(kind), "null"]}:
            return {**members, "type": kind, "nullable": True}
        case {"oneOf": [{"type": "null"}, {"$ref": _} as reference]}:
            rest = {key: value for key, value in members.items() if key != "oneOf"}
            return {**rest, "allOf": [reference], "nullable": True}
        case _:
            return members


def null_type(members: dict[str, Json]) -> dict[str, Json]:
    """`nullable` beside a type as a list of types, as in OpenAPI 3.1."""
    match members:
        case {"type": str(kind), "nullable": True}:
            rest = {key: value for key, value in members.items() if key != "nullable"}
            if isinstance(values := rest.get("enum"), list):
                rest["enum"] = [*values, None]
            return {**rest, "type": [kind, "null"]}
        case _:
            return members


def mapped(node: Json, change: Callable[[dict[str, Json]], dict[str, Json]]) -> Json:
    """A tree with each of its objects changed, the innermost first."""
    if isinstance(node, dict):
        return change({key: mapped(value, change) for key, value in node.items()})
    if isinstance(node, list):
        return [mapped(value, change) for value in node]
    return node


@pytest.mark.parametrize(
    "document", sorted(VERSIONS.glob("*.yaml"))[1:], ids=lambda path: path.stem
)
def test_versions(document: Path) -> None:
    assert_equal(build(document), build(min(VERSIONS.glob("*.yaml"))))
