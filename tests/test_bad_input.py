"""Bad input, through the program itself, where a client is already generated.

Each ends in exit code 1 and a sentence that says where, in no traceback, and in the client as it
was.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatwright.cli import main
from tests.committed import run
from tests.output.trees import snapshot

GOOD = """\
openapi: 3.1.0
info: {title: Small, version: '1'}
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
OTHER = GOOD.replace("hello", "goodbye").replace("Word", "Phrase")
HEAD = "openapi: 3.1.0\ninfo: {title: a, version: b}\npaths: {}\n"
PROJECT = """\
clients:
  small:
    document: good.yaml
    targets:
      python: {package: small, output: out}
"""


def referring(reference: str) -> str:
    """A document with another reference."""
    return GOOD.replace("#/components/schemas/Word", reference)


def bomb() -> str:
    """A document whose aliases stand for 9 ** 11 nodes."""
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join([HEAD + "a0: &a0 [x]", *lines, ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A document that is no good: where the fault is, its code, and words of the sentence."""

    file: str = "bad.yaml"
    text: str | bytes | None
    line: int
    column: int
    code: str
    says: str


DOCUMENTS = {
    "not there": Bad(
        text=None, line=1, column=1, code="not-found", says="there is no such file"
    ),
    "empty": Bad(text="", line=1, column=1, code="empty", says="the file is empty"),
    "only a comment": Bad(
        text="# nothing\n", line=1, column=1, code="empty", says="is expected"
    ),
    "not YAML": Bad(
        text="openapi: [3.1.0\ninfo: }\n",
        line=2,
        column=5,
        code="not-yaml",
        says="YAML 1.2 or JSON is expected",
    ),
    "not JSON": Bad(
        file="bad.json",
        text='{"openapi": "3.1.0",\n "info": nope}',
        line=2,
        column=10,
        code="not-json",
        says="`nope`",
    ),
    "JSON cut off": Bad(
        file="bad.json",
        text='{"openapi": "3.1.0",\n "info": {"title": "a"',
        line=2,
        column=23,
        code="not-json",
        says="expected",
    ),
    "not text": Bad(
        text=b"openapi: \xff3.1.0\n", line=1, column=10, code="not-text", says="UTF-8"
    ),
    "not a mapping": Bad(
        text="- openapi: 3.1.0\n",
        line=1,
        column=1,
        code="not-a-mapping",
        says="is a mapping",
    ),
    "a web page": Bad(
        text="<!DOCTYPE html>\n<html></html>\n",
        line=1,
        column=1,
        code="not-a-mapping",
        says="is a mapping",
    ),
    "a duplicate key": Bad(
        text=HEAD.replace("paths", "info: {}\npaths"),
        line=3,
        column=1,
        code="duplicate-key",
        says="stands here and in line 2",
    ),
    "an alias bomb": Bad(
        text=bomb(), line=10, column=10, code="alias-bomb", says="nodes; at most"
    ),
    "a deep document": Bad(
        text=HEAD + "x-a: " + "[" * 100_000,
        line=4,
        column=1005,
        code="too-deep",
        says="at most",
    ),
    "a dangling reference": Bad(
        text=referring("#/components/schemas/Wrod"),
        line=11,
        column=49,
        code="dangling-reference",
        says="it has `Word`",
    ),
    "a reference to no file": Bad(
        text=referring("other.yaml#/a"),
        line=11,
        column=49,
        code="dangling-reference",
        says="there is no such file",
    ),
    "an escaping reference": Bad(
        text=referring("../../secret.yaml#/a"),
        line=11,
        column=49,
        code="escaping-reference",
        says="outside of the root document's folder",
    ),
    "an absolute reference": Bad(
        text=referring("/etc/passwd"),
        line=11,
        column=49,
        code="escaping-reference",
        says="outside of the root document's folder",
    ),
    "a reference over the network": Bad(
        text=referring("https://acme.example/a.yaml#/a"),
        line=11,
        column=49,
        code="remote-reference",
        says="not followed over the network",
    ),
    "no openapi key": Bad(
        text="info: {title: a, version: b}\npaths: {}\n",
        line=1,
        column=1,
        code="no-openapi-key",
        says="OpenAPI 3.0, 3.1 and 3.2 are accepted",
    ),
    "an unknown version": Bad(
        text=HEAD.replace("3.1.0", "9.0.0"),
        line=1,
        column=1,
        code="unknown-version",
        says="`openapi: 9.0.0`",
    ),
}
COLLIDING = f"""\
{GOOD.replace("{type: string}", "{$ref: '#/components/schemas/foo-bar'}")}
    foo-bar: {{type: object, properties: {{a: {{type: string}}}}}}
    foo_bar: {{type: object, properties: {{b: {{type: string}}}}}}
    FooBar: {{type: object, properties: {{c: {{type: string}}}}}}
"""
HOSTILE = (
    "open('canary', 'w')",
    '"""\nopen(\'canary\', \'w\')\n"""',
    "'); open('canary', 'w') #",
    "\\\nopen('canary', 'w')\n",
    "{open('canary', 'w')}",
    "```\n\n<script>open('canary', 'w')</script>\n",
    "../../canary",
    "/etc/../canary",
)


def hostile() -> object:
    """A document whose every text is hostile."""
    schemas: dict[str, object] = {}
    paths: dict[str, object] = {}
    for number, text in enumerate(HOSTILE):
        kind = {"type": "string", "enum": [text, "a"], "default": text}
        words = {"title": text, "description": text}
        schemas[f"S{number}"] = {
            "type": "object",
            "properties": {text: {**kind, **words}, "number": {"const": text}},
            **words,
        }
        body = {"schema": {"$ref": f"#/components/schemas/S{number}"}}
        answer = {"description": text, "content": {"application/json": body}}
        operation = {
            "operationId": text,
            "tags": [text],
            "summary": text,
            "description": text,
            "parameters": [
                {"name": text, "in": "query", "schema": kind, "description": text}
            ],
            "requestBody": {"content": {"application/json": body}},
            "responses": {"200": answer},
        }
        paths[f"/{number}/{text}"] = {"post": operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": HOSTILE[1], "version": HOSTILE[2], "description": HOSTILE[3]},
        "servers": [{"url": f"https://acme.example/{HOSTILE[4]}"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


USE_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import hostile
for module in pkgutil.walk_packages(hostile.__path__, "hostile."):
    importlib.import_module(module.name)
for name in hostile.models.__all__:
    model = getattr(hostile.models, name)
    if hasattr(model, "model_fields"):
        model().to_json()
"""
each_document = pytest.mark.parametrize("bad", DOCUMENTS.values(), ids=DOCUMENTS.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a run of the program ended, and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A folder with a project, and what it held before the program ran."""

    folder: Path
    before: dict[str, bytes | None]

    def chatwright(self, *arguments: str, program: str = "") -> Said:
        """Runs the program here, after other statements."""
        code = f"{program}\nfrom chatwright.__main__ import main\nmain()"
        command = [sys.executable, "-c", code] if program else [*MODULE]
        done = subprocess.run(
            [*command, *arguments],
            cwd=self.folder,
            env={key: os.environ[key] for key in os.environ.keys() - {"NO_COLOR"}},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Said(code=done.returncode, out=done.stdout, err=done.stderr)

    def generate(self, document: str, package: str = "small", out: str = "out") -> Said:
        """Runs `chatwright generate` on a document."""
        options = ("--package", package, "--out", out)
        return self.chatwright("generate", "--spec", document, *options)

    def write(self, name: str, text: str | bytes) -> None:
        """Adds a file, which is then part of what was here before."""
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / name).write_bytes(data)
        self.before[name] = data

    def assert_unchanged(self) -> None:
        """Nothing here is other than before."""
        found = snapshot(self.folder)
        assert found.keys() == self.before.keys()
        for name, data in found.items():
            assert data == self.before[name], name


MODULE = (sys.executable, "-m", "chatwright")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project and its client, as `chatwright generate` leaves them."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "good.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "chatwright.yaml").write_text(PROJECT, encoding="utf-8")
    home = Home(folder=folder, before={})
    assert home.chatwright("generate").code == 0
    return folder


@pytest.fixture
def home(generated: Path, tmp_path: Path) -> Home:
    """A copy of the project and its client."""
    folder = tmp_path / "home"
    shutil.copytree(generated, folder)
    return Home(folder=folder, before=snapshot(folder))


def assert_refused(said: Said, sentence: str = "") -> None:
    """The program said why not, in one error, and ended with 1."""
    assert said.code == 1, said
    assert said.out == ""
    assert "Traceback" not in said.err
    assert "bug" not in said.err
    assert len(re.findall(r"^(?:\S+ )?error ", said.err, re.MULTILINE)) == 1, said.err
    assert sentence in said.err


def assert_excerpt(said: Said, bad: Bad) -> None:
    """The sentence is followed by the line in question, with its fault pointed out."""
    assert isinstance(bad.text, str)
    lines = said.err.splitlines()[1:]
    number = f"{bad.line} |"
    shown = next(line for line in lines if line.lstrip().startswith(number))
    pointer = lines[lines.index(shown) + 1]
    begin = shown.index("|") + 2
    assert pointer[:begin].strip() == "|"
    assert pointer[begin:].lstrip(" ")[0] == "^"
    line = (bad.text.splitlines() or [""])[bad.line - 1]
    assert shown[begin:].strip("…") in line


@each_document
def test_documents(bad: Bad, home: Home) -> None:
    if bad.text is not None:
        home.write(bad.file, bad.text)
    said = home.generate(bad.file)
    assert_refused(said, bad.says)
    place = f"{bad.file}:{bad.line}:"
    assert said.err.startswith(place), said.err
    column, rest = said.err.removeprefix(place).split(" ", 1)
    assert rest.startswith(f"error {bad.code}: ")
    assert int(column) == bad.column
    if isinstance(bad.text, str):
        assert_excerpt(said, bad)
    home.assert_unchanged()


@each_document
@pytest.mark.parametrize("command", ["check", "generate", "lint", "inspect"])
def test_other_commands(
    bad: Bad, command: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command refuses the same; `inspect` shows what it can of what it can read."""
    if bad.text is not None:
        home.write(bad.file, bad.text)
    home.write("chatwright.yaml", PROJECT.replace("good.yaml", bad.file))
    monkeypatch.chdir(home.folder)
    done = CliRunner().invoke(
        main, [command, *(["small"] if command == "inspect" else [])]
    )
    if command != "inspect" or not bad.code.endswith("-reference"):
        assert done.exit_code == 1
        assert f"{bad.file}:{bad.line}:{bad.column} error {bad.code}: " in done.output
    home.assert_unchanged()


@pytest.mark.parametrize(
    ("package", "says"),
    [
        ("1a", "identifier"),
        ("a-b", "identifier"),
        ("a..b", "identifier"),
        ("a.b.", "identifier"),
        ("../a", "identifier"),
        ("a b", "identifier"),
        ("naïve", "identifier"),
        ("class", "'class' is a keyword"),
        ("acme.async", "'async' is a keyword"),
        ("None", "'None' is a keyword"),
        ("match", "'match' is a keyword"),
        ("os", "standard library"),
        ("pydantic", "import"),
    ],
)
def test_packages(package: str, says: str, home: Home) -> None:
    said = home.generate("good.yaml", package=package)
    assert_refused(said, says)
    assert said.err.startswith(f"error package-name: {package!r} is no package name: ")
    home.assert_unchanged()

    name = f"'{package}'"
    home.write("chatwright.yaml", PROJECT.replace("package: small", f"package: {name}"))
    said = home.chatwright("generate")
    assert_refused(said, says)
    column = PROJECT.splitlines()[4].index("package") + 1
    assert said.err.startswith(f"chatwright.yaml:5:{column} error package-name: ")
    assert name in said.err.splitlines()[-2]
    home.assert_unchanged()


def test_no_package(home: Home) -> None:
    assert_refused(home.generate("good.yaml", package=""), "'' is no package name: ")
    home.write("chatwright.yaml", PROJECT.replace("package: small", "package: ''"))
    said = home.chatwright("generate")
    assert_refused(
        said, "chatwright.yaml:5:16 error not-a-string: `package` takes a string"
    )
    home.assert_unchanged()


class TestOutputs:
    def test_a_file(self, home: Home) -> None:
        home.write("file", "mine")
        assert_refused(home.generate("good.yaml", out="file"), "file is not a folder")
        home.assert_unchanged()

    def test_a_folder_that_is_not_ours(self, home: Home) -> None:
        (home.folder / "mine").mkdir()
        home.before["mine"] = None
        home.write("mine/notes.txt", "mine")
        said = home.generate("good.yaml", out="mine")
        assert_refused(said, "mine was not written by chatwright: it holds 'notes.txt'")
        home.assert_unchanged()

    def test_a_way_through_a_file(self, home: Home) -> None:
        home.write("file", "mine")
        said = home.generate("good.yaml", out="file/out")
        assert_refused(said, "cannot write the output folder file/out")
        home.assert_unchanged()

    @pytest.mark.skipif(
        sys.platform == "win32" or os.geteuid() == 0,
        reason="nothing is read-only to this user",
    )
    def test_a_folder_that_cannot_be_written(self, home: Home) -> None:
        (home.folder / "good.yaml").write_text(OTHER, encoding="utf-8")
        home.before["good.yaml"] = OTHER.encode()
        folders = [
            home.folder,
            *(path for path in home.folder.rglob("*") if path.is_dir()),
        ]
        for folder in folders:
            folder.chmod(0o555)
        try:
            assert_refused(
                home.generate("good.yaml"), "cannot write the output folder out"
            )
        finally:
            for folder in folders:
                folder.chmod(0o755)
        home.assert_unchanged()

    def test_a_file_edited_by_hand(self, home: Home) -> None:
        edited = "out/small/models/word.py"
        home.write(edited, "# mine\n")
        (home.folder / "good.yaml").write_text(OTHER, encoding="utf-8")
        said = home.chatwright("generate")
        assert said.code == 1
        assert f"{edited} is no longer generated, and was edited by hand" in said.err
        assert (home.folder / edited).read_text("utf-8") == "# mine\n"
        assert (home.folder / "out/small/models/phrase.py").exists()


def test_one_bad_client_costs_no_other(home: Home) -> None:
    home.write("bad.yaml", DOCUMENTS["a dangling reference"].text or "")
    other = PROJECT.replace("small", "other").replace("output: out", "output: more")
    bad = PROJECT.replace("small", "bad").replace("good.yaml", "bad.yaml")
    entries = (bad.replace("output: out", "output: worse"), other)
    parts = [PROJECT, *(entry.partition("\n")[2] for entry in entries)]
    (home.folder / "chatwright.yaml").write_text("".join(parts), encoding="utf-8")
    said = home.chatwright("generate")
    assert said.code == 1
    assert said.err.startswith("bad.yaml:11:49 error dangling-reference: ")
    assert re.findall(r"^\w+", said.out, re.MULTILINE) == ["small", "other"]
    assert (home.folder / "more/other/models/word.py").exists()
    assert not (home.folder / "worse").exists()


def test_names_that_collide_are_told_apart_and_said(home: Home) -> None:
    home.write("collide.yaml", COLLIDING)
    said = home.generate("collide.yaml", out="collided")
    assert said.code == 0, said
    told = re.findall(
        r"^collide\.yaml:(\d+):5 warning [\w-]+: (.*)$", said.err, re.MULTILINE
    )
    assert {int(line) for line, _ in told} <= {16, 17, 18}, said.err
    assert len(told) == 2, said.err
    models = home.folder / "collided/small/models"
    for module, field in (("foo_bar", "c"), ("foo_bar2", "a"), ("foo_bar3", "b")):
        text = (models / f"{module}.py").read_text(encoding="utf-8")
        assert f"    {field}: " in text


def test_hostile_text_runs_nowhere_and_writes_nothing(home: Home) -> None:
    home.write("hostile.json", json.dumps(hostile()))
    said = home.generate("hostile.json", package="hostile", out="hostile")
    assert said.code == 0, said
    assert not re.search("Traceback|canary'", said.out)
    program = (sys.executable, "-I", "-B", "-W", "error", "-c", USE_ALL)
    run(*program, str(home.folder / "hostile"), cwd=home.folder)
    shutil.rmtree(home.folder / "hostile")
    home.assert_unchanged()


DYING = """
import os, signal
from chatwright.output.disk import Disk

left = {left}

def dying(change):
    def step(*arguments):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.{name})
        return change(*arguments)
    return step

for name in ("make_folder", "write", "rename", "remove_file", "remove_folder"):
    setattr(Disk, name, dying(getattr(Disk, name)))
"""
"""A program in which a signal comes at one of its changes to the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A project whose document has changed: before and after a generation, which takes `steps`."""

    before: Path
    after: Path
    steps: int


@pytest.fixture(scope="module")
def change(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> Change:
    folder = tmp_path_factory.mktemp("change")
    before, after = folder / "before", folder / "after"
    shutil.copytree(generated, before)
    (before / "good.yaml").write_text(OTHER, encoding="utf-8")
    (before / "bad.yaml").touch()
    shutil.copytree(before, after)
    counting = DYING.format(left=0, name="SIGKILL")
    counting += "import atexit\natexit.register(lambda: print(-left))\n"
    said = Home(folder=after, before={}).chatwright("generate", program=counting)
    assert said.code == 0
    return Change(before=before, after=after, steps=int(said.out.split()[-1]))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
class TestDeath:
    @pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"])
    @pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 0.9])
    def test_the_next_command_finds_a_whole_tree(
        self, name: str, share: float, change: Change, tmp_path: Path
    ) -> None:
        folder = tmp_path / "home"
        shutil.copytree(change.before, folder)
        home = Home(folder=folder, before={})
        whole = (snapshot(change.before), snapshot(change.after))
        program = DYING.format(left=round(share * change.steps), name=name)
        said = home.chatwright("generate", program=program)
        if name == "SIGINT":
            assert (said.code, said.err) == (130, "interrupted\n")
            assert snapshot(folder) in whole
        else:
            assert said.code == -signal.SIGKILL
        assert_refused(home.generate("bad.yaml"), "the file is empty")
        assert snapshot(folder) in whole
        assert home.chatwright("generate").code == 0
        assert snapshot(folder) == whole[1]
