"""The packages under generated/ as they are committed: fresh, formatted, importable, portable."""

from __future__ import annotations

import ast
import copy
import hashlib
import importlib
import json
import os
import pickle
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatwright import output
from chatwright.job import jobs
from chatwright.project_file import read
from tests.committed import (
    CLIENTS,
    GENERATED,
    ROOT,
    Committed,
    build,
    each_client,
    modules,
    python,
    run,
)
from tests.functional.clients import CALLERS, Caller
from tests.loopback import LoopbackServer

SEEDS = Path(os.environ.get("CHATWRIGHT_SEEDS", ROOT.parent / "shared" / "seeds"))
DIGESTS: dict[str, dict[str, Any]] = json.loads(
    (ROOT / "tests/seed_digests.json").read_text(encoding="utf-8")
)
each_seed = pytest.mark.parametrize(
    "seed", [name for name in DIGESTS if "-python-" in name]
)
SUPPRESSION = re.compile(
    r"#\s*(type:\s*ignore|noqa|nosec|pyright:|mypy:|ruff:|pylint:|fmt:)"
)
REQUIRED = {"aiohttp", "pydantic", "pydantic_core", "urllib3", "yarl"}
"""The modules outside the standard library that a package may import: its requirements, and what
these are used with (pydantic validates with pydantic_core, aiohttp takes yarl's URLs)."""

IMPORT_ALL = """
import importlib
for name in sys.argv[1:]:
    importlib.import_module(name)
"""
LOADED = """
import importlib
importlib.import_module(sys.argv[1])
print(*sorted(sys.modules))
"""
WITHOUT = """
class Without:
    def __init__(self, finder, module):
        self.finder, self.module = finder, module

    def find_spec(self, name, *rest):
        if name.partition(".")[0] == self.module:
            return None
        return self.finder.find_spec(name, *rest)

package, other, missing = sys.argv[1:]
sys.meta_path[:] = [Without(finder, missing) for finder in sys.meta_path]
import importlib
importlib.import_module(f"{package}.models")
importlib.import_module(f"{package}.configuration").Configuration()
try:
    importlib.import_module(f"{package}.{other}")
except ImportError as refusal:
    print(refusal.name, refusal, sep=": ")
"""
UNPICKLE = """
import pickle
print(pickle.loads(bytes.fromhex(sys.argv[1])).to_json())
"""

Loopback = Callable[[str], LoopbackServer]


def sources(client: Committed) -> Iterator[tuple[Path, str]]:
    """The Python files of a client, with their text."""
    for path in sorted(client.root.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")


class TestFresh:
    @each_client
    def test_it_is_what_would_be_generated(self, client: Committed) -> None:
        built = build(client)
        comparison = output.compare(
            client.root,
            built.files,
            inputs=built.inputs,
            counts=output.Counts(
                operations_written=built.operations_written,
                operations_left_out=built.operations_left_out,
                warnings=len(built.diagnostics),
            ),
        )
        assert comparison.diff == ""
        assert not comparison.paths
        assert not comparison.kept

    @each_client
    def test_nothing_else_is_there(self, client: Committed) -> None:
        found = {
            path.relative_to(client.root).as_posix()
            for path in client.root.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert found == {*build(client).files, ".chatwright-manifest.json"}

    def test_every_folder_is_a_clients(self) -> None:
        folders = {path for path in GENERATED.iterdir() if path.is_dir()}
        assert folders == {
            job.target.output for job in jobs(read(ROOT / "chatwright.yaml").clients)
        }

    @each_client
    def test_no_operation_is_left_out_and_nothing_is_wrong(
        self, client: Committed
    ) -> None:
        assert build(client).operations_left_out == 0
        assert build(client).diagnostics == ()

    def test_black_would_change_nothing(self) -> None:
        run(
            sys.executable,
            "-m",
            "black",
            "--check",
            "--workers=1",
            "generated",
            cwd=ROOT,
        )


class TestSeeds:
    @each_seed
    def test_digests(self, seed: str) -> None:
        text = comparable(committed(seed), seed)
        assert hashlib.sha256(text.encode()).hexdigest() == DIGESTS[seed]["sha256"]

    @each_seed
    def test_texts(self, seed: str) -> None:
        if not (SEEDS / seed).exists():
            pytest.skip(f"{SEEDS} has no {seed}; only its digest is compared")
        theirs = (SEEDS / seed).read_bytes().decode()
        assert comparable(committed(seed), seed) == comparable(theirs, seed)


def committed(seed: str) -> str:
    """The committed document that reproduces a seed."""
    path: str = DIGESTS[seed]["generated"]
    return (ROOT / path).read_bytes().decode()


def comparable(text: str, seed: str) -> str:
    """The text, without its trailing white space where the seed has lost it."""
    if not DIGESTS[seed].get("stripped"):
        return text
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


class TestImports:
    @each_client
    def test_every_module(self, client: Committed) -> None:
        python(IMPORT_ALL, *client.modules, paths=(client.root,))

    @each_client
    @pytest.mark.parametrize("flavour", ["default", "other"])
    def test_a_package_loads_nothing_heavy(
        self, client: Committed, flavour: str
    ) -> None:
        name = client.package
        if flavour == "other":
            name += f".{client.other.name}"
        loaded = python(LOADED, name, paths=(client.root,)).split()
        assert name in loaded
        assert REQUIRED.isdisjoint(loaded)
        assert not [
            each for each in loaded if each.startswith(f"{client.package}.models")
        ]
        assert not {"asyncio", "http.client", "inspect", "ssl"}.intersection(loaded)

    @each_client
    def test_the_other_flavour_says_what_to_install(self, client: Committed) -> None:
        other = client.other
        arguments = (client.package, other.name, other.library)
        said = python(WITHOUT, *arguments, paths=(client.root,))
        distribution = client.target.distribution
        assert said.startswith(f"{other.library}: {other.library} is not installed")
        assert f"pip install '{distribution}[{other.name}]'" in said

    @each_client
    def test_every_exported_name_resolves(self, client: Committed) -> None:
        for name in client.modules:
            module = importlib.import_module(name)
            exported = getattr(module, "__all__", ())
            assert len(exported) == len(set(exported)), name
            for each in exported:
                assert getattr(module, each) is not None, f"{name}.{each}"
            assert set(exported) <= set(dir(module))

    @each_client
    def test_a_star_imports_what_is_exported(self, client: Committed) -> None:
        for module in (client.package, f"{client.package}.models"):
            namespace: dict[str, Any] = {}
            exec(f"from {module} import *", namespace)
            exported = importlib.import_module(module).__all__
            assert namespace.keys() - {"__builtins__"} == set(exported)

    @each_client
    def test_a_name_that_is_not_there(self, client: Committed) -> None:
        module = importlib.import_module(client.package)
        with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
            _ = module.Nothing
        with pytest.raises(ImportError):
            exec(f"from {client.package} import Nothing", {})

    @each_client
    def test_the_other_flavour_shares_all_but_the_calls(
        self, client: Committed
    ) -> None:
        top = importlib.import_module(client.package)
        other = importlib.import_module(f"{client.package}.{client.other.name}")
        assert other.ApiClient is not top.ApiClient
        assert set(other.__all__) <= set(top.__all__)
        inner = {
            name.removeprefix(f"{other.__name__}.").partition(".")[0]
            for name in client.modules
            if name.startswith(f"{other.__name__}.")
        }
        assert inner == {"api", "api_client", "rest"}

    @each_client
    def test_the_version(self, client: Committed) -> None:
        module = importlib.import_module(client.package)
        assert module.__version__ == client.target.version


class TestSource:
    @each_client
    def test_nothing_is_suppressed(self, client: Committed) -> None:
        for path, text in sources(client):
            assert not SUPPRESSION.search(text), path

    @each_client
    def test_it_compiles_without_a_warning(self, client: Committed) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for path, text in sources(client):
                compile(text, path, "exec")

    @each_client
    def test_imports_are_relative_and_stay_inside(self, client: Committed) -> None:
        allowed = REQUIRED | sys.stdlib_module_names
        for path, text in sources(client):
            depth = len(path.relative_to(client.folder).parts)
            for node in ast.walk(ast.parse(text)):
                match node:
                    case ast.Import(names=names):
                        tops = {alias.name.partition(".")[0] for alias in names}
                        assert tops <= allowed, path
                    case ast.ImportFrom(module=str(module), level=0):
                        assert module.partition(".")[0] in allowed, path
                    case ast.ImportFrom(level=level):
                        assert level <= depth, path
                    case _:
                        pass

    @each_client
    def test_parents_of_a_dotted_package_are_namespaces(
        self, client: Committed
    ) -> None:
        folder = client.folder
        assert (folder / "__init__.py").exists()
        assert (folder / "py.typed").exists()
        while (folder := folder.parent) != client.root:
            assert [
                path.name for path in folder.iterdir() if path.name != "__pycache__"
            ] == [client.package.split(".")[len(folder.relative_to(client.root).parts)]]


class TestVendored:
    @each_client
    def test_a_copy_works_inside_another_package(
        self, client: Committed, tmp_path: Path
    ) -> None:
        copied = tmp_path / "acme/vendor/llm"
        shutil.copytree(
            client.folder, copied, ignore=shutil.ignore_patterns("__pycache__")
        )
        for folder in (copied.parent, copied.parent.parent):
            (folder / "__init__.py").touch()
        program = f"{IMPORT_ALL}\nprint(*sys.modules)"
        loaded = python(
            program, *modules(copied, "acme.vendor.llm"), paths=(tmp_path,)
        ).split()
        assert "acme.vendor.llm.models" in loaded
        assert client.package.partition(".")[0] not in loaded

    @each_client
    def test_a_copy_and_its_original_are_strangers(
        self, client: Committed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = f"copy_of_{client.name}"
        shutil.copytree(client.folder, tmp_path / name)
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        copied: Any = importlib.import_module(name)
        theirs = client.vendor.request(copied)
        ours = client.vendor.request(client.vendor.top)
        assert type(theirs) is not type(ours)
        assert theirs.to_json() == ours.to_json()
        assert type(theirs).__module__.startswith(f"{name}.models.")


@pytest.mark.parametrize(
    "caller", CALLERS, ids=lambda caller: f"{caller.vendor.name}-{caller.flavour}"
)
class TestCopies:
    def test_models(self, caller: Caller, loopback: Loopback) -> None:
        request = caller.request()
        response = caller.call(loopback(caller.vendor.name).url, request)
        for model in (request, response):
            for other in (
                pickle.loads(pickle.dumps(model)),
                copy.copy(model),
                copy.deepcopy(model),
            ):
                assert other == model
                assert type(other) is type(model)
                assert other.to_json() == model.to_json()

    def test_a_fresh_process_unpickles_a_response(
        self, caller: Caller, loopback: Loopback
    ) -> None:
        response = caller.call(loopback(caller.vendor.name).url, caller.request())
        (client,) = (each for each in CLIENTS if each.name == caller.vendor.name)
        pickled = pickle.dumps(response).hex()
        told = python(UNPICKLE, pickled, paths=(client.root,))
        assert told.rstrip("\n") == response.to_json()

    def test_a_deep_copy_is_independent(self, caller: Caller) -> None:
        request = caller.request()
        before = request.to_json()
        other = copy.deepcopy(request)
        other.messages.append(other.messages[0])
        other.additional_properties["more"] = 1
        assert request.to_json() == before

    def test_responses_cross_processes(
        self, caller: Caller, loopback: Loopback
    ) -> None:
        response = caller.call(
            loopback(caller.vendor.name).url, caller.request(), "_with_http_info"
        )
        other = pickle.loads(pickle.dumps(response))
        assert type(other) is type(response)
        assert (other.status_code, other.data, other.raw_data) == (
            response.status_code,
            response.data,
            response.raw_data,
        )
        assert dict(other.headers) == dict(response.headers)

    def test_configurations(self, caller: Caller) -> None:
        configuration = caller.configuration("https://acme.example", retries=3)
        for other in (copy.copy(configuration), copy.deepcopy(configuration)):
            assert type(other) is type(configuration)
            assert (other.host, other.retries) == ("https://acme.example", 3)
            other.host = "https://other.example"
        assert configuration.host == "https://acme.example"

    def test_exceptions_cross_processes(
        self, caller: Caller, loopback: Loopback
    ) -> None:
        server = loopback(caller.vendor.name)
        with pytest.raises(caller.package.ApiException) as caught:
            caller.call(f"{server.origin}/nowhere", caller.request())
        server.violations.clear()
        other = pickle.loads(pickle.dumps(caught.value))
        assert type(other) is type(caught.value)
        assert (other.status, other.reason, other.body) == (
            caught.value.status,
            caught.value.reason,
            caught.value.body,
        )
        assert str(other) == str(caught.value)


class TestLinks:
    @each_client
    def test_they_lead_somewhere(self, client: Committed) -> None:
        for document in sorted(client.root.rglob("*.md")):
            text = prose(document)
            for link in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", text):
                # A path from the root is one of the vendor's own site, in the vendor's words.
                if re.match(r"[a-z]+:|/", link):
                    continue
                path, _, anchor = link.partition("#")
                target = document.parent / path if path else document
                assert target.exists(), f"{document}: {link}"
                assert not anchor or anchor in anchors(target), f"{document}: {link}"


def prose(document: Path) -> str:
    """A document without its fenced blocks."""
    text = document.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> set[str]:
    """The anchors of a document: those that it declares and those of its headings."""
    text = prose(document)
    found = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found
