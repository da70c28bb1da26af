"""Distributions: what is in them, and that they work where nothing else is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatwright import __version__
from chatwright.cli import main
from tests.committed import CLIENTS, GENERATED, ROOT, Committed, each_client, run
from tests.environments import Built, Environment, built

SMALL = """\
openapi: 3.1.0
info: {title: Small, version: '1'}
servers: [{url: https://small.example}]
paths:
  /hello:
    get:
      operationId: hello
      tags: [Greeting]
      responses:
        '200':
          description: A greeting
          content: {application/json: {schema: {$ref: '#/components/schemas/Word'}}}
components:
  schemas:
    Word: {type: object, required: [text], properties: {text: {type: string}}}
"""
TYPED = """\
from typing import assert_type

from acme.one import GreetingApi, Word
from acme.two import Word as Other
from gabber.generated.gabber import InferenceApi as InferenceApi
from together.generated import ChatApi as ChatApi

def say(api: GreetingApi) -> Other:
    assert_type(api.hello(), Word)
    return api.hello()
"""
IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
"""
WITHOUT_EXTRA = """
import importlib, sys
try:
    importlib.import_module(sys.argv[1])
except ImportError as refusal:
    print(refusal)
"""


def files(folder: Path) -> set[str]:
    """The files below a folder, those that Python compiled left out."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of the files below a folder."""
    return {name: (folder / name).read_bytes() for name in files(folder)}


def below(prefix: str, names: set[str]) -> set[str]:
    """Names put into a folder."""
    return {f"{prefix}/{name}" for name in names}


def metadata(wheel: Path) -> Message:
    """The core metadata of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def packed(wheel: Path) -> set[str]:
    """The files that a wheel installs, its own metadata left out."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    return {name for name in names if ".dist-info/" not in name}


def unpacked(sdist: Path) -> set[str]:
    """The files of an sdist, without the folder that all are in."""
    with tarfile.open(sdist) as archive:
        names = [member.name for member in archive.getmembers() if member.isfile()]
    # What the repository around the project ignores is not the project's.
    return {name.partition("/")[2] for name in names} - {".gitignore"}


def refused(*checker: str, cwd: Path) -> str:
    """What a type checker says that finds errors."""
    done = subprocess.run(
        (sys.executable, "-m", *checker),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment.create(tmp_path / "environment")


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    return folder


class TestChatwright:
    @pytest.fixture
    def chatwright(self, dist: Path) -> Built:
        return built(ROOT, dist)

    def test_contents(self, chatwright: Built) -> None:
        program = files(ROOT / "generator/chatwright")
        templates = files(ROOT / "templates")
        wheel = below("chatwright", program | below("_templates", templates))
        assert packed(chatwright.wheel) == wheel
        assert unpacked(chatwright.sdist) == {
            *below("generator/chatwright", program),
            *below("templates", templates),
            *("README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "PKG-INFO"),
        }
        told = metadata(chatwright.wheel)
        assert (told["Name"], told["Version"]) == ("chatwright", __version__)
        assert (told["License-Expression"], told["License-File"]) == (
            "Apache-2.0",
            "LICENSE",
        )

    def test_it_works_without_the_repository(
        self, chatwright: Built, environment: Environment, tmp_path: Path
    ) -> None:
        environment.install(chatwright.wheel)
        command = str(environment.scripts / "chatwright")
        assert __version__ in run(command, "--version", cwd=tmp_path)

        project = tmp_path / "somewhere/else"
        shutil.copytree(ROOT / "specs", project / "specs")
        shutil.copy(ROOT / "chatwright.yaml", project)
        run(command, "generate", cwd=project)
        assert contents(project / "generated") == contents(GENERATED)
        assert run(command, "check", cwd=project) == ""

        arguments = ("--package", "acme.llm", "--flavour", "async", "--spec")
        document = str(project / "specs/tachyon.yaml")
        theirs, ours = tmp_path / "theirs", tmp_path / "ours"
        run(
            *(command, "generate", *arguments, "../specs/tachyon.yaml"),
            *("--out", str(theirs)),
            cwd=project / "generated",
        )
        done = CliRunner().invoke(
            main, ["generate", *arguments, document, "--out", str(ours)]
        )
        assert done.exit_code == 0, done.output
        assert contents(theirs) == contents(ours)


class TestGenerated:
    @each_client
    def test_it_is_built_installed_and_imported(
        self, client: Committed, dist: Path, environment: Environment
    ) -> None:
        made = built(client.root, dist)
        top = client.package.partition(".")[0]
        package = below(top, files(client.root / top))
        assert f"{client.package.replace('.', '/')}/py.typed" in package
        assert packed(made.wheel) == package
        assert unpacked(made.sdist) == {
            *package,
            *below("docs", files(client.root / "docs")),
            *("README.md", "pyproject.toml", "PKG-INFO"),
        }

        target, other = client.target, client.other
        told = metadata(made.wheel)
        assert (told["Name"], told["Version"]) == (target.distribution, target.version)
        assert told["Requires-Python"] == ">=3.11"
        assert sorted(told.get_all("Provides-Extra") or ()) == sorted(
            [other.name, "opentelemetry"]
        )
        assert str(told.get_payload()) == (client.root / "README.md").read_text("utf-8")

        environment.install(made.wheel)
        flavoured = f"{client.package}.{other.name}"
        inner = (flavoured, f"{client.package}._runtime")
        needed = [name for name in client.modules if not name.startswith(inner)]
        command = (environment.python, "-I", "-W", "error", "-c")
        run(*command, IMPORT_ALL, *needed, cwd=dist)
        said = run(*command, WITHOUT_EXTRA, flavoured, cwd=dist)
        assert f"pip install '{target.distribution}[{other.name}]'" in said

        environment.install_extra(other.name)
        run(*command, IMPORT_ALL, *client.modules, cwd=dist)

    def test_namespaces_are_shared_and_types_are_seen(
        self, dist: Path, environment: Environment, tmp_path: Path
    ) -> None:
        document = tmp_path / "small.yaml"
        document.write_text(SMALL, encoding="utf-8")
        roots = [client.root for client in CLIENTS]
        for package in ("acme.one", "acme.two"):
            root = tmp_path / package
            arguments = ("--spec", str(document), "--package", package, "--out")
            done = CliRunner().invoke(main, ["generate", *arguments, str(root)])
            assert done.exit_code == 0, done.output
            roots.append(root)
        wheels: list[Path] = []
        for root in roots:
            folder = dist / root.name
            folder.mkdir()
            wheels.append(built(root, folder).wheel)
        environment.install(*wheels)

        names = ["acme.one", "acme.two", *(client.package for client in CLIENTS)]
        program = f"{IMPORT_ALL}import acme; assert acme.__file__ is None\n"
        run(environment.python, "-I", "-W", "error", "-c", program, *names, cwd=dist)

        typed = tmp_path / "typed"
        typed.mkdir()
        (typed / "program.py").write_text(TYPED, encoding="utf-8")
        (typed / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
        mypy = ("mypy", "--strict", "--no-incremental", ".", "--python-executable")
        for checker in (mypy, ("pyright", "--pythonpath")):
            said = refused(*checker, environment.python, cwd=typed)
            assert "program.py:10:" in said
            assert "1 error" in said
