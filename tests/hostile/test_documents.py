"""A hostile document becomes a package that runs none of it and means what the document says."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import ModuleType
from typing import Any

import pytest

from chatwright.diagnostics import InputError
from chatwright.pipeline import Build
from chatwright.published import FILE_NAME
from tests.hostile.canary import IMPORTING, silence
from tests.hostile.documents import (
    PACKAGE,
    bare_document,
    built,
    hostile_document,
    long_document,
)
from tests.hostile.recorder import Recorder, recording
from tests.hostile.texts import CASES, texts
from tests.targets.layout.docs import blackened
from tests.targets.text.commonmark import dangers, parse

SURROGATE = re.compile("[\ud800-\udfff]")
KINDS = sorted(path.stem for path in CASES.glob("*.json"))
GUIDES = {"docs/Configuration.md", "docs/Errors.md"}
HOST = "https://example.com"
SHAPES = {
    "told apart": hostile_document,
    "bare": bare_document,
    "long": long_document,
}


def readable(kind: str) -> list[str]:
    """The texts of a kind that a document can hold: JSON has no lone surrogates (RFC 8259)."""
    return [text for text in texts(kind).values() if not SURROGATE.search(text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the document of one kind of text, and where it was written."""

    shape: str
    texts: list[str]
    build: Build
    folder: Path

    def files(self, suffix: str) -> dict[str, str]:
        return {
            path: content.decode()
            for path, content in self.build.files.items()
            if path.endswith(suffix)
        }


@pytest.fixture(scope="module")
def server() -> Iterator[Recorder]:
    with recording() as recorder:
        yield recorder


def write(folder: Path, shape: str, texts: list[str], host: str) -> Written:
    """Generates the package of texts in a document of a shape, which does nothing else."""
    build = built(folder, SHAPES[shape](texts, host))
    for path, content in build.files.items():
        target = folder / "client" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return Written(shape=shape, texts=texts, build=build, folder=folder / "client")


@pytest.fixture(
    scope="module",
    params=[(kind, shape) for kind in KINDS for shape in ("told apart", "bare")],
    ids=lambda param: "-".join(param).replace(" ", "-"),
)
def written(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    server: Recorder,
) -> Written:
    kind, shape = request.param
    return write(tmp_path_factory.mktemp(kind), shape, readable(kind), server.url)


@pytest.fixture
def package(written: Written) -> Iterator[ModuleType]:
    with imported(written) as package:
        yield package


@contextmanager
def imported(written: Written) -> Generator[ModuleType]:
    """The package, imported for a while."""
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
        if "/_runtime/" not in path and "/aio/" not in path
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
    assert found["project"].keys() == {
        *("name", "version", "description", "readme", "requires-python"),
        *("dependencies", "optional-dependencies"),
    }
    assert found["project"]["name"] == "hostile-client"
    assert found["build-system"]["build-backend"] == "hatchling.build"


def test_tables_have_the_rows_of_plain_text(
    written: Written, server: Recorder, tmp_path: Path
) -> None:
    if written.shape == "bare":
        pytest.skip("what these names have in common becomes one")
    words = ["ordinary", "common", "third"]
    two = _rows(write(tmp_path, written.shape, words[:2], server.url))
    three = _rows(write(tmp_path, written.shape, words, server.url))
    found = _rows(written)
    assert len(two) >= 3
    for header, rows in two.items():
        more = three[header] - rows
        assert found[header] == rows + more * (len(written.texts) - 2), header


def _rows(written: Written) -> Counter[tuple[str, ...]]:
    """How many rows the tables of each header have, in all documents of APIs and models."""
    rows: Counter[tuple[str, ...]] = Counter()
    documents = written.files(".md")
    for path in documents.keys() - {"README.md", *GUIDES}:
        header: tuple[str, ...] = ()
        for token, cell in pairwise(parse(documents[path])):
            match token.type:
                case "table_open":
                    header = ()
                case "th_open":
                    header += (cell.content,)
                case "tr_open" if header:
                    rows[header] += 1
                case _:
                    pass
    return rows


def test_importing_and_reading_runs_nothing(
    written: Written, package: ModuleType
) -> None:
    with silence(allowed=IMPORTING):
        read_everything(package)


def read_everything(package: ModuleType) -> None:
    """Imports all modules, and reads what they say."""
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
    if written.shape == "bare":
        pytest.skip("these names do not tell models apart")
    models = {model: getattr(package.models, model) for model in dir(package.models)}
    things = {
        _number(name): model
        for name, model in models.items()
        if name.startswith("Thing") and "constant" in model.model_fields
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


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_calls_run_nothing_and_send_one_request(
    written: Written, package: ModuleType, server: Recorder, flavour: str
) -> None:
    used = package if flavour == "sync" else importlib.import_module(f"{PACKAGE}.aio")
    configuration = package.Configuration(host=server.url)
    asked = 0

    async def call() -> None:
        nonlocal asked
        async with AsyncExitStack() as stack:
            client = used.ApiClient(configuration)
            if flavour == "sync":
                stack.enter_context(client)
            else:
                await stack.enter_async_context(client)
            for api, name in _methods(used):
                asked += await _called(getattr(api(client), name), server)

    server.requests.clear()
    asyncio.run(call())
    # RFC 3986, section 5.2.4: such paths are others.
    moved = [text for text in written.texts if {".", ".."} & {*text.split("/")}]
    assert asked >= len(written.texts) - len(moved)
    for target, names in server.requests:
        assert target.startswith("/") and target.isascii() and target.isprintable()
        assert not set(target) & set(' "<>\\^`{|}')
        assert not {name.lower() for name in names} & {"injected", "canary"}


async def _called(method: Any, server: Recorder) -> bool:
    """Whether a call sent a request: one, and nothing else."""
    parameters = inspect.signature(method).parameters
    headers = {each for each in parameters if each.startswith("header")}
    for given in ({"id", *headers}, {"id"}):
        arguments = dict.fromkeys(given & parameters.keys(), "1")
        before = len(server.requests)
        with silence(allowed=IMPORTING | {"socket.connect"}):
            try:
                answer = method(**arguments)
                if inspect.isawaitable(answer):
                    await answer
            except ValueError:
                assert len(server.requests) == before
                continue
        assert len(server.requests) == before + 1
        return True
    return False


def _methods(package: ModuleType) -> Iterator[tuple[Any, str]]:
    derived = ("_with_http_info", "_without_preload_content", "_stream")
    for name in dir(package):
        if name.endswith("Api"):
            api = getattr(package, name)
            for method in api.__dict__:
                if not method.startswith("_") and not method.endswith(derived):
                    yield api, method


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
                built(tmp_path, hostile_document([text], HOST))


def test_long_texts(tmp_path: Path, server: Recorder) -> None:
    """A megabyte of prose and names of 100,000 characters, in time and space linear in them."""
    prose = ("canary()\n\"'\\`| " * 80_000)[:1_000_000]
    written = write(tmp_path, "long", [prose], server.url)
    assert len(written.build.files) < 150
    with imported(written) as package, silence(allowed=IMPORTING):
        read_everything(package)
        (model,) = (getattr(package.models, name) for name in package.models.__all__)
        (field,) = model.model_fields
        assert getattr(model(), field) == prose
