"""Schemas as JSON Schema lets people write them: the packages of two of `tests/cases`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import building
from tests.checkers import check
from tests.committed import modules
from tests.functional.packages import CASES, write

PACKAGES = {"json_schema": "schemas_of_any_kind", "awkward_names": "names_of_any_kind"}


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the packages, which can be imported."""
    found = tmp_path_factory.mktemp("keywords")
    for case, package in PACKAGES.items():
        write(case, found, package)
    sys.path.insert(0, str(found))
    yield found
    sys.path.remove(str(found))


def models(case: str) -> Any:
    return importlib.import_module(f"{PACKAGES[case]}.models")


@pytest.mark.parametrize("case", PACKAGES)
def test_every_module_is_imported_and_every_model_built(
    case: str, folder: Path
) -> None:
    for name in modules(folder / PACKAGES[case], PACKAGES[case]):
        importlib.import_module(name)
    for name in models(case).__all__:
        model = getattr(models(case), name)
        if hasattr(model, "model_rebuild"):
            model.model_rebuild()
        elif hasattr(model, "model_validate"):
            # A union with a member that may be anything takes this too.
            assert isinstance(object(), model) == (name == "NamedMixed")


def test_checkers_find_nothing(folder: Path) -> None:
    settings = {"include": list(PACKAGES.values()), "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    check(folder, "pyright", "--pythonpath", sys.executable)


def wires() -> list[str]:
    """What the members of `Words` are called on the wire."""
    from chatwright.document import load
    from chatwright.ir.schema import ObjectSchema
    from chatwright.parser import parse

    api = parse(load(CASES / "awkward_names" / "document.yaml")).api
    (words,) = (each.schema for each in api.schemas if each.name == "Words")
    assert isinstance(words, ObjectSchema)
    return [member.name for member in words.properties]


@given(names=st.sets(st.sampled_from(wires())))
def test_each_member_has_a_field_of_its_own(names: set[str]) -> None:
    """None is read by the attribute of another."""
    data = dict.fromkeys(names)
    words = models("awkward_names").Words.from_dict(data)
    assert words.to_dict().keys() <= names
    typed = {"int", "bool", "float", "date", "datetime", "UUID", "list", "object"}
    sent = {name: f"value of {name}" for name in names - typed}
    assert models("awkward_names").Words.from_dict(sent).to_dict() == sent


class TestKeywords:
    def accepts(self, **members: object) -> Any:
        made = models("json_schema").Constrained.from_dict({"name": "n", **members})
        assert json.loads(made.to_json()) == {"name": "n", **members}
        return made

    def refuses(self, **members: object) -> None:
        with pytest.raises(ValueError):
            models("json_schema").Constrained.from_dict({"name": "n", **members})

    def test_what_a_type_cannot_say_is_accepted(self) -> None:
        self.accepts(card="c")
        self.accepts(pair=["a", 1], just_prefix=[1], contains=[2])
        self.accepts(named={"A!": 1}, unevaluated_items=[1, 2], nothing=1)

    def test_members_whose_names_have_a_pattern(self) -> None:
        self.accepts(patterned={"x-a": "b"}, patterned_two={"x-a": "b", "y-a": 1})
        self.refuses(patterned={"x-a": 1})

    def test_what_is_not_evaluated(self) -> None:
        made = self.accepts(typed_rest={"a": "b", "c": 1}, sealed={"a": "b"})
        assert made.typed_rest.additional_properties == {"c": 1}
        self.refuses(typed_rest={"c": "d"})

    def test_enums_of_any_value(self) -> None:
        for value in ("a", 1, True, 1.5, None, {"a": 1}, [1]):
            self.accepts(enum_mixed=value)
        self.accepts(enum_null=None, enum_empty="", enum_empty_more="", const_null=None)
        self.refuses(enum_empty="x")
        self.refuses(enum_null="b")

    def test_bounds_that_are_merged(self) -> None:
        self.accepts(bounded=2, bounded_text="abc", narrowed="a")
        for wrong in ({"bounded": 3}, {"bounded": 12}, {"bounded_text": "abcd"}):
            self.refuses(**wrong)
        self.refuses(bounded_text="b")

    def test_recursion(self) -> None:
        self.accepts(tree=json.loads("[[], [[]]]"), forest={"a": {"b": {}}})
        nested = json.loads('["a", ["b", []]]')
        assert models("json_schema").SelfUnion.from_dict(nested) == nested
        assert models("json_schema").SelfUnion.from_dict("a") == "a"
        deep = {"a": [1.5, None, {"b": ["c", True]}]}
        assert models("json_schema").ModelJson.from_dict(deep) == deep

    def test_unions_that_are_merged(self) -> None:
        union = models("json_schema").UnionsAll
        found = union.from_dict({"k": "b", "d": "x"})
        assert (found.k, found.d) == ("b", "x")
        with pytest.raises(ValueError):
            union.from_dict({"k": "z"})


def test_an_enum_of_ten_thousand_members(tmp_path: Path) -> None:
    values = [f"value {number}" for number in range(10_000)]
    many = {"type": "string", "enum": values}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Many", "version": "1"},
        "paths": {
            "/x": {
                "get": {
                    "operationId": "x",
                    "parameters": [{"name": "inline", "in": "query", "schema": many}],
                    "responses": {
                        "200": {
                            "description": "ok",
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": "#/components/schemas/Many"}
                                }
                            },
                        }
                    },
                }
            }
        },
        "components": {"schemas": {"Many": many}},
    }
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    made = building.built(path, building.package("many_values"))
    names: dict[str, Any] = {"OpenEnum": __import__("enum").Enum}
    source = made.files["many_values/models/many.py"].decode()
    exec(source.replace("from .._runtime.model import OpenEnum", ""), names)
    assert [member.value for member in names["Many"]] == values
    assert made.diagnostics == ()
