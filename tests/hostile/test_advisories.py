"""What was published against other generators: a document with each attack is harmless here."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from chatwright.diagnostics import InputError
from tests.hostile.canary import IMPORTING, silence
from tests.hostile.documents import PACKAGE, Object, built

SONGS = (
    '"+canary()+"',
    "'+str(canary())+'",
    '"""\ncanary()\n"""',
    "a\\\ncanary()",
    "\rcanary()\r",
    "{canary()}",
    "${canary()} `canary()`",
    "*/ canary() /*",
)


def document(schema: Object | None = None, **operation: Any) -> Object:
    """A document of one schema and one operation that sends and gets it."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/things": {
                "post": {
                    "operationId": "sendThing",
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "a", "content": content}},
                    **operation,
                }
            }
        },
        "components": {"schemas": {"Thing": schema or {"type": "object"}}},
    }


def with_property(**schema: Any) -> Object:
    return document(
        {"type": "object", "required": ["a"], "properties": {"a": {**schema}}}
    )


@contextmanager
def harmless(folder: Path, attack: Object) -> Generator[Any]:
    """The package of a document, all that it says imported, where nothing else has happened."""
    build = built(folder, attack)
    for path, content in build.files.items():
        assert ".." not in PurePosixPath(path).parts and not path.startswith("/")
        target = folder / "client" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    sys.path.insert(0, str(folder / "client"))
    try:
        with silence(allowed=IMPORTING):
            package = importlib.import_module(PACKAGE)
            for found in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
                if "_runtime" not in found.name:
                    importlib.import_module(found.name)
            for name in package.models.__all__:
                getattr(package.models, name)
        yield package
    finally:
        sys.path.remove(str(folder / "client"))
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]


each_song = pytest.mark.parametrize("song", SONGS, ids=range(len(SONGS)))


@each_song
def test_openapi_python_client_code(song: str, tmp_path: Path) -> None:
    """GHSA-9x4c-63pf-525f (CVE-2020-15142): texts of a document became Python."""
    attack = with_property(type="string", default=song, description=song)
    attack["info"] = {"title": song, "description": song, "version": song}
    with harmless(tmp_path, attack) as package:
        assert package.Thing.from_dict({"a": song}).to_dict() == {"a": song}


def test_openapi_python_client_paths(tmp_path: Path) -> None:
    """GHSA-7wgr-7666-7pwj (CVE-2020-15141): names of files left the output folder."""
    name = "../../../canary"
    attack = document(operationId=name, tags=[name])
    attack["components"]["schemas"] = {"Thing": {"type": "object", "title": name}}
    attack["components"]["schemas"][name] = {"enum": ["a", "b"]}
    with harmless(tmp_path, attack):
        assert not [*tmp_path.parent.glob("canary*"), *tmp_path.glob("canary*")]


@each_song
def test_openapi_python_client_literals(song: str, tmp_path: Path) -> None:
    """GHSA-5293-mq8x-g3xj (CVE-2026-105801): strings, docstrings and f-strings were left."""
    parameters = [
        {"name": song, "in": "query", "schema": {"const": song}, "description": song},
        {"name": f"X-{song}", "in": "header", "schema": {"enum": [song, "b"]}},
    ]
    attack = document(
        {"type": "object", "description": song, "properties": {song: {"const": song}}},
        parameters=parameters,
        summary=song,
    )
    attack["paths"][f"/{song}/{{id}}"] = attack["paths"].pop("/things")
    with harmless(tmp_path, attack) as package:
        assert package.Thing.from_dict({song: song}).to_dict() == {song: song}


@each_song
def test_swagger_codegen_parameters(song: str, tmp_path: Path) -> None:
    """CVE-2016-5641: paths, base paths and names of Swagger 2.0 documents became code."""
    attack: Object = {
        "swagger": "2.0",
        "info": {"title": song, "version": song, "description": song},
        "host": "example.com",
        "basePath": f"/{song}",
        "schemes": ["https"],
        "paths": {
            f"/a{song}": {
                "get": {
                    "summary": song,
                    "produces": [f"application/{song}"],
                    "responses": {"200": {"description": song}},
                }
            }
        },
        "definitions": {f"Thing{song}": {"type": "object", "description": song}},
    }
    with harmless(tmp_path, attack):
        pass


def test_swagger_codegen_yaml(tmp_path: Path) -> None:
    """CVE-2017-1000207 and CVE-2017-1000208: tags of YAML made objects of any class."""
    path = tmp_path / "openapi.json"
    for tag in ("!!python/object/apply:os.system ['canary']", "!!javax.a.B [[]]"):
        path.with_suffix(".yaml").write_text(f"openapi: 3.1.0\ninfo: {tag}\n")
        attack = document()
        attack["components"]["schemas"]["Thing"] = {"$ref": "openapi.yaml#/info"}
        with pytest.raises(InputError, match="tag"):
            built(tmp_path, attack)


@each_song
def test_orval_summary(song: str, tmp_path: Path) -> None:
    """GHSA-mwr6-3gp8-9jmj (CVE-2026-22785): an operation's summary left its string."""
    with harmless(tmp_path, document(summary=song, description=song)):
        pass


@each_song
def test_orval_enum_descriptions(song: str, tmp_path: Path) -> None:
    """GHSA-h526-wf6g-67jv (CVE-2026-23947) and GHSA-gch2-phqh-fg9q (CVE-2026-25141): the
    descriptions and names that extensions give an enum's values became code."""
    extensions = {
        key: [song, song]
        for key in ("x-enumDescriptions", "x-enum-descriptions", "x-enum-varnames")
    }
    attack = document({"enum": ["a", "b"], **extensions, "x-enumNames": [song, "b"]})
    attack["components"]["schemas"]["Thing"]["x-ms-enum"] = {
        "name": song,
        "values": [{"value": "a", "name": song, "description": song}],
    }
    with harmless(tmp_path, attack) as package:
        assert {member.value for member in package.Thing} == {"a", "b"}


@each_song
def test_orval_constants(song: str, tmp_path: Path) -> None:
    """GHSA-f456-rf33-4626 (CVE-2026-24132): `const` was written as it came."""
    with harmless(tmp_path, with_property(const=song)) as package:
        assert package.Thing().to_dict() == {"a": song}


@each_song
def test_orval_defaults(song: str, tmp_path: Path) -> None:
    """GHSA-3575-w9fc-c2j6 (CVE-2026-71868), CVE-2026-96755 and Kiota's GHSA-2hx3-vp6r-mg3f
    (CVE-2026-41134): defaults, of enums too, became expressions."""
    attack = with_property(enum=[song, "b"], default=song)
    attack["components"]["schemas"]["Thing"]["required"] = []
    with harmless(tmp_path, attack) as package:
        assert package.Thing().a == song


@each_song
def test_orval_names_and_paths(song: str, tmp_path: Path) -> None:
    """CVE-2026-71865 and CVE-2026-96754, and openapi-typescript-codegen's CVE-2026-108551: names
    of parameters, paths, servers and versions left their strings."""
    parameter = {"name": song, "in": "query", "schema": {"type": "string"}}
    attack = document(parameters=[parameter])
    attack["paths"][f"/it's{song}"] = attack["paths"].pop("/things")
    attack["servers"] = [{"url": f"https://example.com/{song}"}]
    attack["info"]["version"] = song
    with harmless(tmp_path, attack):
        pass


@each_song
def test_oapi_codegen_servers(song: str, tmp_path: Path) -> None:
    """GHSA-rjwr-m7qx-3fjr and GHSA-g2vv-83pm-v2hc (CVE-2026-119027), and swagger-typescript-api's
    CVE-2026-54661 and CVE-2026-54662: descriptions, names and URLs of servers became code.
    """
    variables = {"v": {"default": song, "enum": [song], "description": song}}
    attack = document()
    attack["servers"] = [
        {
            "url": f"https://{{v}}.example/{song}",
            "description": song,
            "x-go-name": song,
            "variables": variables,
        }
    ]
    with harmless(tmp_path, attack):
        pass


@each_song
def test_kiota_comments(song: str, tmp_path: Path) -> None:
    """GHSA-3hrf-2gc2-mx32 (CVE-2026-59860): line ends left the lines of comments."""
    links = {"description": f"a\u2028{song}", "url": f"https://a\u2029\u0085{song}"}
    attack = document(externalDocs=links, description=f"a\u2028{song}\u0085{song}")
    attack["externalDocs"] = links
    with harmless(tmp_path, attack):
        pass


@each_song
def test_datamodel_code_generator_extensions(song: str, tmp_path: Path) -> None:
    """GHSA-386q-5hp3-95m9 (CVE-2026-54653), GHSA-m34r-v34r-rf9q (CVE-2026-54655) and
    GHSA-5578-w22f-pfx9 (CVE-2026-55415): keys that stand in no specification were run.
    """
    keys = ("default_factory", "x-python-type", "customTypePath", "customBasePath")
    imported = {"module": f"os\n{song}", "name": song}
    attack = with_property(
        type="string", **dict.fromkeys(keys, song), **{"x-python-import": imported}
    )
    with harmless(tmp_path, attack) as package:
        assert package.Thing(a="b").to_dict() == {"a": "b"}


@each_song
def test_datamodel_code_generator_comments(song: str, tmp_path: Path) -> None:
    """GHSA-j884-q54q-mmx3 (CVE-2026-54621) and GHSA-wjv6-jcfj-mf9r (CVE-2026-54654): a carriage
    return ended the comment that a union's description is."""
    union = {
        "description": f"a\r{song}\r\n{song}",
        "oneOf": [{"type": "string"}, {"type": "integer"}],
        "x-comment": f"\r{song}",
    }
    with harmless(tmp_path, document(union)):
        pass


@pytest.mark.parametrize(
    "reference",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "http://127.0.0.1:9/latest/meta-data",
        "//127.0.0.1/share/a.json",
        "ftp://127.0.0.1/a.json",
    ],
)
def test_references_to_files_and_servers(reference: str, tmp_path: Path) -> None:
    """GHSA-v6ph-xcq9-qxxj (CVE-2026-39885) of mcp-from-openapi, PYSEC-2026-3558 and PYSEC-2026-3560
    of datamodel-code-generator: `$ref` read any file, and asked any server."""
    attack = document({"$ref": f"{reference}#/a"})
    codes = "escaping-reference|remote-reference|invalid-reference|dangling-reference"
    with pytest.raises(InputError, match=codes):
        built(tmp_path, attack)


def test_mintlify_extensions(tmp_path: Path) -> None:
    """modernweb-dev/web#3116, of `@mintlify/scraping`: `x-mint.href` named files elsewhere."""
    href = {"href": "../../canary", "content": "a"}
    attack = document()
    attack["paths"]["/things"]["post"] |= {"x-mint": href, "x-file": "../../canary"}
    with harmless(tmp_path, attack):
        assert not [*tmp_path.parent.glob("canary*"), *tmp_path.glob("canary*")]


def test_output_folder_of_a_document(tmp_path: Path) -> None:
    """GHSA-g3hr-p86p-593h (CVE-2024-35219), of OpenAPI Generator's server: what is read said which
    folder is written and removed."""
    attack = document()
    attack |= {"outputFolder": "/etc", "x-outputFolder": "../..", "output": "../.."}
    folder = tmp_path / "inner"
    folder.mkdir()
    with harmless(folder, attack):
        assert [path.name for path in tmp_path.iterdir()] == ["inner"]
    assert json.loads((folder / "openapi.json").read_text())["outputFolder"] == "/etc"
