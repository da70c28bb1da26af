"""A hostile document becomes a package that runs none of it and means what the document says."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import ModuleType
from typing import Any

import pytest

from chatwright.diagnostics import InputError
from chatwright.pipeline import Build
from chatwright.published import FILE_NAME
from tests.hostile.canary import silence
from tests.hostile.documents import PACKAGE, hostile_build
from tests.hostile.texts import CASES, texts
from tests.targets.layout.docs import blackened
from tests.targets.text.commonmark import dangers, parse

# An import reads, compiles and loads; nothing else is its business.
IMPORTING = frozenset({"compile", "ctypes.dlopen", "import", "open", "os.listdir"})
SURROGATE = re.compile("[\ud800-\udfff]")
KINDS = sorted(path.stem for path in CASES.glob("*.json"))


def readable(kind: str) -> list[str]:
    """The texts of a kind that a document can hold: JSON has no lone surrogates (RFC 8259).

    Those of 300 letters are for the literals alone: no line holds a class of that name.
    """
    return [
        text
        for name, text in texts(kind).items()
        if not SURROGATE.search(text) and name not in ("long", "long and wide")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the document of one kind of text, and where it was written."""

    texts: list[str]
    build: Build
    folder: Path

    def files(self, suffix: str) -> dict[str, str]:
        return {
            path: content.decode()
            for path, content in self.build.files.items()
            if path.endswith(suffix)
        }


@pytest.fixture(scope="module", params=KINDS)
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Written:
    folder = tmp_path_factory.mktemp(request.param)
    found = readable(request.param)
    with silence(allowed=IMPORTING):
        build = hostile_build(folder, found)
    for path, content in build.files.items():
        target = folder / "client" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return Written(texts=found, build=build, folder=folder / "client")


@pytest.fixture
def package(written: Written) -> Iterator[ModuleType]:
    """The package, imported for one test."""
    sys.path.insert(0, str(written.folder))
    try:
        yield importlib.import_module(PACKAGE)
    finally:
        sys.path.remove(str(written.folder))
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]


def test_every_operation_is_written(written: Written) -> None:
    assert written.build.operations_written == len(written.texts)
    assert written.build.operations_left_out == 0


def test_files_stay_in_their_folder(written: Written) -> None:
    assert FILE_NAME in written.build.files
    for path in written.build.files.keys() - {FILE_NAME}:
        parts = PurePosixPath(path).parts
        assert PureWindowsPath(path).parts == parts
        for part in parts:
            assert part.isprintable() and not set(part) & set('<>:"|?*')
            assert not PureWindowsPath(part).is_reserved() and part.strip(". ") == part
            assert len(part.encode()) <= 255
    folded = {path.casefold() for path in written.build.files}
    assert len(folded) == len(written.build.files)


def test_modules_are_black(written: Written) -> None:
    sources = {
        path: text
        for path, text in written.files(".py").items()
        if "/_runtime/" not in path
    }
    assert [path for path, text in sources.items() if blackened(text) != text] == []


def test_documents_hold_no_html_and_no_unsafe_links(written: Written) -> None:
    found = {path: set(dangers(text)) for path, text in written.files(".md").items()}
    anchors = re.compile(r'<a id="[^"<>]*">|</a>')
    assert {
        path: unsafe
        for path, each in found.items()
        if (unsafe := {text for text in each if not anchors.fullmatch(text)})
    } == {}


def test_examples_compile(written: Written) -> None:
    examples = [
        (path, token.content)
        for path, text in written.files(".md").items()
        for token in parse(text)
        if token.type == "fence" and token.info == "python"
    ]
    assert examples
    for path, example in examples:
        compile(example, path, "exec")


def test_project_file_is_ours(written: Written) -> None:
    found = tomllib.loads(written.files("pyproject.toml")["pyproject.toml"])
    assert found["project"]["name"] == "hostile-client"
    assert found["build-system"]["build-backend"] == "hatchling.build"


def test_importing_and_reading_runs_nothing(
    written: Written, package: ModuleType
) -> None:
    with silence(allowed=IMPORTING):
        for found in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
            module = importlib.import_module(found.name)
            for name in dir(module):
                value = getattr(module, name)
                if inspect.isclass(value):
                    inspect.getdoc(value)
        configuration = package.Configuration()
        configuration.get_host_settings()


def test_models_say_what_the_document_says(
    written: Written, package: ModuleType
) -> None:
    models = {model: getattr(package.models, model) for model in dir(package.models)}
    things = {
        _number(name): model
        for name, model in models.items()
        if name.startswith("Thing")
    }
    words = {
        _number(name): model
        for name, model in models.items()
        if name.startswith("Word")
    }
    with silence(allowed=IMPORTING):
        for number, text in enumerate(written.texts):
            _check_thing(things[number], text)
            assert {member.value for member in words[number]} == {text, f"{text}b"}


def _number(name: str) -> int:
    found = re.match(r"[A-Z][a-z]+(\d+)x", name, re.IGNORECASE)
    assert found is not None
    return int(found[1])


def _check_thing(thing: Any, text: str) -> None:
    sent = {
        f"field {text}": "a",
        f"word {text}": text,
        "constant": text,
        "format": text,
    }
    value = thing.from_dict(sent)
    assert value.to_dict() == sent
    assert thing.from_dict({"constant": text}).plain == text


@pytest.mark.parametrize("kind", KINDS)
def test_lone_surrogates_are_refused(kind: str, tmp_path: Path) -> None:
    for text in texts(kind).values():
        if SURROGATE.search(text):
            with pytest.raises(InputError, match="lone-surrogate"):
                hostile_build(tmp_path, [text])
