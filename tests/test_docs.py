"""The project's own documents are true: examples run and type-check, links lead somewhere, and what
they list is what the program has.

- A `python` block is a program: it runs against the loopback server of the vendor whose package it
  imports. One that begins with the path of a generated file is an excerpt of it, in which `# ...`
  stands for what is left out.
- A `yaml` block that begins with a file name is that file of the document's example project.
- The `chatwright` commands of a `console` block run in that project and print what is shown; `...`
  stands for anything. The `make` commands have a target.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chatwright.cli import main
from chatwright.diagnostics import InputError
from chatwright.project_file import read
from tests.checkers import check
from tests.loopback import LoopbackServer

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "generator/chatwright"
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs/architecture.md"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^(\w+):.*##", MAKEFILE, re.MULTILINE))
DOCUMENTS = tuple(
    path
    for pattern in ("*.md", "docs/*.md", "benchmarks/*.md")
    for path in sorted(ROOT.glob(pattern))
)
PACKAGES = {
    "gabber": "gabber",
    "openapiopenai": "openai",
    "tachyon_sdk": "tachyon",
    "together": "together",
}
"""The vendor of each generated package's top-level module."""

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
EXCERPT = re.compile(r"# (generated/\S+\.py)\n")
FILE_NAME = re.compile(r"# (\S+\.yaml)\n")
PROGRAM = "hello.py"
"""The name that the README's first program is saved under."""

Loopback = Callable[[str], LoopbackServer]
Enter = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of a document, and the line that it begins in."""

    document: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def blocks(document: Path) -> tuple[Block, ...]:
    """The fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    return tuple(
        Block(
            document=document,
            line=text.count("\n", 0, found.start()) + 1,
            language=found[2],
            text=found[3],
        )
        for found in FENCE.finditer(text)
    )


BLOCKS = tuple(block for document in DOCUMENTS for block in blocks(document))
PYTHON = tuple(block for block in BLOCKS if block.language == "python")
EXCERPTS = tuple(block for block in PYTHON if EXCERPT.match(block.text))
PROGRAMS = tuple(block for block in PYTHON if not EXCERPT.match(block.text))
CONSOLES = tuple(block for block in BLOCKS if block.language == "console")
YAML = tuple(block for block in BLOCKS if block.language == "yaml")

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output shown below it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def shows(expected: str, found: str) -> bool:
    """Whether an output is the expected one, in which `...` stands for anything."""
    pattern = ".*?".join(map(re.escape, expected.strip().split("...")))
    return re.fullmatch(pattern, found.strip(), re.DOTALL) is not None


def prose(document: Path) -> str:
    """A document without its fenced blocks."""
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def rows(document: Path, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, its head left out."""
    text = document.read_text(encoding="utf-8")
    section = re.split(rf"^#+ {re.escape(heading)}$", text, flags=re.MULTILINE)[1]
    lines = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)[0].splitlines()
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines[2:]
    ]


class TestPrograms:
    @pytest.mark.parametrize("block", PROGRAMS, ids=str)
    def test_they_run(
        self,
        block: Block,
        loopback: Loopback,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        (vendor,) = {PACKAGES[name] for name in imported(block.text) & PACKAGES.keys()}
        server = loopback(vendor)
        for variable in re.findall(r"os\.environ\[['\"](\w+)", block.text):
            monkeypatch.setenv(variable, "secret")
        program = redirected(block.text, server.url)
        exec(compile(program, str(block), "exec"), {"__name__": "__main__"})
        printed = capsys.readouterr().out
        assert server.requests
        assert printed.strip()
        following = BLOCKS[BLOCKS.index(block) + 1]
        for command, expected in commands(following):
            if command.endswith(PROGRAM):
                assert printed == expected

    def test_they_pass_mypy_strict(self, programs: Path) -> None:
        (programs / "mypy.ini").write_text(
            "[mypy]\nstrict = true\nfollow_imports = silent\n"
            f"explicit_package_bases = true\nmypy_path = {':'.join(package_roots())}\n",
            encoding="utf-8",
        )
        check(programs, "mypy", ".")

    def test_they_pass_pyright_strict(self, programs: Path) -> None:
        settings = {"typeCheckingMode": "strict", "extraPaths": package_roots()}
        (programs / "pyrightconfig.json").write_text(
            json.dumps(settings), encoding="utf-8"
        )
        check(programs, "pyright", "--pythonpath", sys.executable)

    @pytest.mark.parametrize("block", EXCERPTS, ids=str)
    def test_excerpts_are_what_is_generated(self, block: Block) -> None:
        head = EXCERPT.match(block.text)
        assert head is not None
        rest = (ROOT / head[1]).read_text(encoding="utf-8")
        shown = block.text[head.end() :]
        for piece in re.split(r"^ *# \.\.\.\n", shown, flags=re.MULTILINE):
            _, found, rest = rest.partition(piece)
            assert found, f"{head[1]} has not, or not there:\n{piece}"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with every program in a module of its own."""
    for number, block in enumerate(PROGRAMS):
        text = f"# {block}\n{block.text}"
        (tmp_path / f"program{number}.py").write_text(text, encoding="utf-8")
    return tmp_path


def package_roots() -> list[str]:
    """The folders that hold the generated packages."""
    return [str(ROOT / "generated" / vendor) for vendor in PACKAGES.values()]


def imported(program: str) -> set[str]:
    """The top-level modules that a program imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def redirected(program: str, url: str) -> str:
    """A program that calls `url`, by its configuration."""
    host = f'host="{url}"'
    other, found = re.subn(r'\bhost="[^"]*"', host, program)
    return (
        other if found else program.replace("Configuration(", f"Configuration({host}, ")
    )


class TestConsole:
    @pytest.mark.parametrize("block", CONSOLES, ids=str)
    def test_commands_print_what_is_shown(self, block: Block, project: Enter) -> None:
        project(block.document)
        for command, expected in commands(block):
            match shlex.split(command):
                case ["chatwright", *arguments]:
                    run(arguments, expected)
                case ["make", target] if expected:
                    run(recipe(target), expected)
                case ["make", target]:
                    assert target in TARGETS
                case [_, "-m", "tests.loopback", document, "--port", port]:
                    server = LoopbackServer(ROOT / document, port=int(port))
                    assert server.url == expected.strip()
                case words:
                    assert words[:2] == ["pip", "install"] or words[-1] == PROGRAM

    @pytest.mark.parametrize("document", sorted({block.document for block in YAML}))
    def test_every_example_file_is_used(self, document: Path) -> None:
        files = [
            (FILE_NAME.match(block.text), block)
            for block in YAML
            if block.document == document
        ]
        used = " ".join(
            block.text
            for block in blocks(document)
            if block.language == "console" or "# chatwright.yaml" in block.text
        )
        for name, block in files:
            assert name is not None, f"{block} begins with no file name"
            assert name[1] in used


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Enters a document's example project: its `yaml` files, or this repository for the README,
    beside whose specs is an `openapi.yaml` of the reader's."""

    def enter(document: Path) -> None:
        if document == README:
            for folder in ("specs", "generated"):
                shutil.copytree(ROOT / folder, tmp_path / folder)
            shutil.copy(ROOT / "chatwright.yaml", tmp_path)
            shutil.copy(ROOT / "specs/openai.yaml", tmp_path / "openapi.yaml")
        for block in blocks(document):
            if name := FILE_NAME.match(block.text):
                file = tmp_path / name[1]
                file.parent.mkdir(exist_ok=True)
                file.write_text(block.text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)

    return enter


def run(arguments: Sequence[str], expected: str) -> None:
    """Run chatwright, which prints what is expected and fails only where that has an error."""
    done = CliRunner().invoke(main, arguments, prog_name="chatwright")
    assert shows(expected, done.output), done.output
    assert done.exit_code == (1 if " error " in expected else 0)


def recipe(target: str) -> Sequence[str]:
    """The chatwright command that a target of the Makefile runs."""
    found = re.search(
        rf"^{target}:.*\n\t\$\(BIN\)/chatwright (.*)$", MAKEFILE, re.MULTILINE
    )
    assert found is not None
    return shlex.split(found[1])


class TestLinks:
    @each_document
    def test_they_lead_somewhere(self, document: Path) -> None:
        for link in re.findall(r"\[[^]]*\]\(([^)\s]+)\)", prose(document)):
            if re.match(r"https://", link):
                continue
            path, _, anchor = link.partition("#")
            target = (document.parent / path) if path else document
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link

    @each_document
    def test_paths_of_the_repository_exist(self, document: Path) -> None:
        for path in re.findall(
            r"`((?:benchmarks|docs|generated|generator|specs|templates|tests)/[\w./-]*)`",
            document.read_text(encoding="utf-8"),
        ):
            assert "NAME" in path or (ROOT / path).exists(), path

    @each_document
    def test_targets_of_make_exist(self, document: Path) -> None:
        assert set(re.findall(r"`make (\w+)`", prose(document))) <= TARGETS

    @each_document
    def test_nothing_of_one_machine_is_told(self, document: Path) -> None:
        text = document.read_text(encoding="utf-8")
        assert not re.search(r"/(home|mnt|root|tmp|Users|var|work)\b", text)


def anchors(document: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(slug)
    return found


class TestFacts:
    def test_a_package_can_be_copied_into_other_code(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loopback: Loopback
    ) -> None:
        package = ROOT / "generated/openai/openapiopenai"
        shutil.copytree(package, tmp_path / "copied/inside/client")
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        client: Any = importlib.import_module("copied.inside.client")
        configuration = client.Configuration(
            host=loopback("openai").url, access_token="secret"
        )
        message = client.ChatCompletionRequestUserMessage(content="Hello!")
        request = client.CreateChatCompletionRequest(model="m", messages=[message])
        with client.ApiClient(configuration) as connected:
            answer = client.ChatApi(connected).create_chat_completion(request)
        assert isinstance(answer, client.CreateChatCompletionResponse)

    def test_exit_codes(self) -> None:
        shown = CliRunner().invoke(main, ["--help"]).output
        codes = re.search(r"Exit codes:\n((?:    .*\n)+)", shown)
        assert codes is not None
        told = [line.split(maxsplit=1) for line in codes[1].splitlines()]
        assert rows(README, "Exit codes") == told

    def test_commands(self) -> None:
        told = rows(ROOT / "docs/cli.md", "The command line")
        assert {name.strip("`") for name, _ in told} == main.commands.keys()

    @pytest.mark.parametrize(
        ("heading", "known"),
        [
            ("A client", "clients: {a: {x: 1}}"),
            (
                "A Python target",
                "clients: {a: {document: d, targets: {python: {x: 1}}}}",
            ),
        ],
    )
    def test_keys_of_the_project_file(
        self, heading: str, known: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "chatwright.yaml"
        file.write_text(known, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read(file)
        hint = re.search(r"its keys are (.*)", str(caught.value))
        assert hint is not None
        table = rows(ROOT / "docs/configuration.md", heading)
        assert ", ".join(row[0].strip("`") for row in table) == hint[1]

    def test_modules_import_what_the_architecture_says(self) -> None:
        told = {
            name.strip("`"): set(re.findall(r"`(\w+)`", imports))
            for name, _, imports in rows(ARCHITECTURE, "Modules")
        }
        entry = {"__init__", "__main__", "__pycache__", "_templates", "py"}
        there = {path.name.partition(".")[0] for path in SOURCES.iterdir()} - entry
        assert told == {module: imports_of(module) for module in there}

    def test_decisions_live_where_the_architecture_says(self) -> None:
        for _, places in rows(ARCHITECTURE, "Where decisions live"):
            paths = re.findall(r"`([\w/]+\.py)`", places)
            assert paths
            for path in paths:
                assert (SOURCES / path).is_file(), path

    def test_the_core_of_the_runtime_is_there(self) -> None:
        for modules, *_ in rows(ARCHITECTURE, "Inside a generated package"):
            for module in re.findall(r"`(\w+)`", modules):
                assert (ROOT / f"templates/python/_runtime/{module}.py").is_file()


def imports_of(module: str) -> set[str]:
    """The other modules at the top of the program that one of them imports, wherever."""
    root = SOURCES / module
    files = sorted(root.rglob("*.py")) if root.is_dir() else [SOURCES / f"{module}.py"]
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.ImportFrom(module="chatwright", names=names):
                    found.update(alias.name for alias in names)
                case ast.ImportFrom(module=str(name), level=0):
                    if name.startswith("chatwright."):
                        found.add(name.split(".")[1])
                case _:
                    pass
    return {name for name in found if not name.startswith("__")} - {module}
