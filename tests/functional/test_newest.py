"""What OpenAPI 3.2 has that 3.1 has not, on the wire: the package of `tests/cases/openapi_3_2`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from tests.functional.packages import called, write
from tests.runtime.server import Received, Server, answering, response

PACKAGE = "newest"


@pytest.fixture(scope="module", autouse=True)
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package."""
    folder = tmp_path_factory.mktemp(PACKAGE)
    write("openapi_3_2", folder, PACKAGE)
    sys.path.insert(0, str(folder))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(folder))


each_flavour = pytest.mark.parametrize("flavour", ["sync", "async"])


def sent(
    flavour: str, method: str, *arguments: Any, answer: object = None, **named: Any
) -> tuple[Received, Any]:
    """The request that a method sends, and what it makes of the answer."""
    body = b"" if answer is None else json.dumps(answer).encode()
    with Server(answering(response(body))) as server:
        given = called(
            PACKAGE,
            flavour,
            server.url,
            "ThingsApi",
            lambda api: getattr(api, method)(*arguments, **named),
        )
    (request,) = server.requests
    return request, given


@each_flavour
def test_a_query_has_a_body(flavour: str, package: Any) -> None:
    request, found = sent(
        flavour, "search", package.Filter(name="x"), answer={"inline": {"a": "b"}}
    )
    assert (request.method, request.target) == ("QUERY", "/things")
    assert json.loads(request.body) == {"name": "x"}
    assert request.headers["content-type"] == "application/json"
    assert found.inline.a == "b"


@each_flavour
def test_a_parameter_that_is_the_whole_query(flavour: str, package: Any) -> None:
    wanted = package.Filter(name="a&b", tags=["x", "y z"])
    request, found = sent(flavour, "find", q=wanted, c="v", answer=[{"name": "thing"}])
    assert request.target == "/things?name=a%26b&tags=x&tags=y%20z"
    assert request.headers["cookie"] == "c=v"
    assert found == [package.Thing(name="thing")]


@each_flavour
def test_a_whole_query_that_is_json(flavour: str, package: Any) -> None:
    request, _ = sent(flavour, "select", package.Filter(name="a&b", tags=["é"]))
    path, _, query = request.target.partition("?")
    assert (path, "=" in query or "&" in query) == ("/selected", False)
    assert json.loads(unquote(query)) == {"name": "a&b", "tags": ["é"]}


@each_flavour
def test_a_whole_query_that_is_a_text(flavour: str) -> None:
    request, _ = sent(flavour, "reach", path="$.a.b[1:1]")
    assert request.target == "/selected?%24.a.b%5B1%3A1%5D"
    request, _ = sent(flavour, "reach")
    assert request.target == "/selected"


@each_flavour
def test_a_method_of_its_own(flavour: str) -> None:
    request, _ = sent(flavour, "copy")
    assert (request.method, request.target) == ("COPY", "/things")


class TestDefaultMapping:
    def test_any_other_value_is_of_the_default(self, package: Any) -> None:
        for kind in ({"kind": "fish"}, {"kind": None}, {}):
            pet = package.Pet.from_dict({**kind, "about": "wet"})
            assert type(pet) is package.Other
            assert pet.about == "wet"

    def test_a_value_that_is_mapped_is_of_its_own(self, package: Any) -> None:
        assert type(package.Pet.from_dict({"kind": "cat", "lives": 9})) is package.Cat
        assert type(package.Pet.from_json('{"kind": "Other"}')) is package.Other
        with pytest.raises(ValueError, match="lives"):
            package.Pet.from_dict({"kind": "cat", "lives": "many"})

    def test_a_parent_has_one_too(self, package: Any) -> None:
        assert type(package.Animal.from_dict({"kind": "bird"})) is package.Bird
        assert type(package.Animal.from_dict({"kind": "Beast"})) is package.Beast
        beast = package.Animal.from_dict({"kind": "fish", "legs": 0})
        assert type(beast) is package.Beast
        assert beast.to_dict() == {"kind": "fish", "legs": 0}

    @pytest.mark.parametrize("kind", [["bird"], {}, 1, None])
    def test_a_kind_that_is_no_text(self, kind: object, package: Any) -> None:
        with pytest.raises(ValueError, match="kind"):
            package.Animal.from_dict({"kind": kind})

    @each_flavour
    def test_items_of_a_stream(self, flavour: str, package: Any) -> None:
        lines = b'{"kind":"dog","bark":"wow"}\n{"kind":"fish","about":"wet"}\n{}\n'
        with Server(
            answering(response(lines, content_type="application/jsonl"))
        ) as server:

            def sync(api: Any) -> list[Any]:
                with api.upload_stream(b"--x") as stream:
                    return list(stream)

            async def async_(api: Any) -> list[Any]:
                async with api.upload_stream(b"--x") as stream:
                    return [item async for item in stream]

            read = sync if flavour == "sync" else async_
            found = called(PACKAGE, flavour, server.url, "ThingsApi", read)
        assert [type(each).__name__ for each in found] == ["Dog", "Other", "Other"]
        (request,) = server.requests
        assert request.body == b"--x"
        assert request.headers["content-type"] == "multipart/mixed"
