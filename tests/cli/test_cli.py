"""What the commands print, write, and exit with."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatwright import __version__, workers
from chatwright.cli import Session, main
from chatwright.diagnostics import Diagnostic, Severity
from tests.cli.compiler import FakeCompiler, interrupt, warning

PROJECT = """\
clients:
  acme:
    document: acme.yaml
    targets:
      python:
        package: acme
  other:
    document: other.yaml
    targets:
      python:
        package: other.client
        flavour: async
"""

SPEC = ("--spec", "acme.yaml", "--package", "a", "--out", "x")


def both_targets(home: Path) -> None:
    """Give the project's first client a second target."""
    python = "        package: acme\n"
    rust = "      rust:\n        crate: acme\n"
    (home / "chatwright.yaml").write_text(PROJECT.replace(python, python + rust))


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a compiler was asked for is known only in the process that it ran in."""
    monkeypatch.setattr(workers, "processors", lambda: 1)


@pytest.fixture
def compiler() -> FakeCompiler:
    return FakeCompiler()


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    """The current folder: a project of two clients."""
    before = Path.cwd()
    os.chdir(tmp_path)
    Path("chatwright.yaml").write_text(PROJECT)
    Path("acme.yaml").write_text("one\ntwo\n")
    Path("other.yaml").write_text("three\n")
    yield tmp_path
    os.chdir(before)


@pytest.fixture
def run(compiler: FakeCompiler) -> Run:
    return Run(compiler)


class Run:
    """Runs a command line in this process."""

    def __init__(self, compiler: FakeCompiler) -> None:
        self._compiler = compiler

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(
            main,
            arguments,
            obj=Session(compiler=self._compiler),
            prog_name="chatwright",
        )


def without_seconds(text: str) -> str:
    """The text with `0.01 s` as `N s`."""
    return re.sub(r"\d+\.\d\d s", "N s", text)


class TestGenerate:
    def test_all_clients(self, run: Run, home: Path) -> None:
        result = run("generate")
        assert result.exit_code == 0
        assert result.stderr == ""
        assert without_seconds(result.stdout) == (
            "acme: 2 files written, 0 unchanged, 0 removed;"
            " 2 operations written, 1 left out; 0 warnings; N s\n"
            "other: 1 file written, 0 unchanged, 0 removed;"
            " 1 operation written, 1 left out; 0 warnings; N s\n"
        )
        assert (home / "generated/acme/acme/one.py").read_text() == "# one\n"
        assert (home / "generated/other/other.client/three.py").exists()

    def test_some_clients(self, run: Run, home: Path) -> None:
        assert run("generate", "other").exit_code == 0
        assert sorted(os.listdir("generated")) == ["other"]

    @pytest.mark.parametrize(
        ("arguments", "written"),
        [
            ((), {"acme", "acme-rust", "other"}),
            (("acme",), {"acme", "acme-rust"}),
            (("--target", "rust"), {"acme-rust"}),
            (("--target", "python"), {"acme", "other"}),
            (("acme", "--target", "rust"), {"acme-rust"}),
            (("-t", "rust", "-t", "python"), {"acme", "acme-rust", "other"}),
        ],
    )
    def test_some_targets(
        self, run: Run, home: Path, arguments: tuple[str, ...], written: set[str]
    ) -> None:
        both_targets(home)
        assert run("generate", *arguments).exit_code == 0
        assert set(os.listdir("generated")) == written

    def test_a_target_that_a_client_has_not(self, run: Run, home: Path) -> None:
        alone = run("generate", "--target", "rust")
        assert (alone.exit_code, alone.stdout) == (2, "")
        assert "no client of chatwright.yaml has a target rust" in alone.stderr
        both_targets(home)
        named = run("generate", "acme", "other", "--target", "rust")
        assert (named.exit_code, named.stdout) == (2, "")
        assert "other has no target rust; it has: python" in named.stderr
        assert not Path("generated").exists()

    def test_what_is_up_to_date_is_not_compiled(
        self, run: Run, compiler: FakeCompiler
    ) -> None:
        compiler.found = (warning(),)
        run("generate")
        result = run("generate")
        assert compiler.builds == 2
        assert without_seconds(result.stdout).startswith(
            "acme: 0 files written, 2 unchanged, 0 removed;"
            " 2 operations written, 1 left out; 1 warning; N s\n"
        )

    def test_a_changed_document_changes_its_client_alone(
        self, run: Run, compiler: FakeCompiler
    ) -> None:
        run("generate")
        Path("acme.yaml").write_text("two\nthree\n")
        result = run("generate", "--verbose")
        assert compiler.builds == 3
        assert result.stdout.startswith("acme: 1 file written, 1 unchanged, 1 removed;")
        assert result.stderr == (
            "wrote generated/acme/acme/three.py\nremoved generated/acme/acme/one.py\n"
        )

    def test_a_file_edited_by_hand_is_kept_and_named(self, run: Run) -> None:
        run("generate")
        edited = Path("generated/acme/acme/one.py")
        edited.write_text("# mine\n")
        result = run("generate")
        assert result.exit_code == 1
        assert edited.read_text() == "# mine\n"
        assert result.stderr.startswith(
            f"error edited-by-hand: {edited} was edited by hand; it is kept."
        )
        assert ".chatwright-ignore" in result.stderr
        assert run("generate", "--force").exit_code == 0
        assert edited.read_text() == "# one\n"

    def test_a_client_that_fails_leaves_its_output_and_the_others_go_on(
        self, run: Run
    ) -> None:
        run("generate")
        Path("acme.yaml").unlink()
        Path("other.yaml").write_text("four\n")
        result = run("generate")
        assert result.exit_code == 1
        assert result.stderr == "error no-document: there is no acme.yaml\n"
        assert result.stdout.startswith("other: 1 file written")
        assert Path("generated/acme/acme/one.py").exists()

    def test_warnings_are_printed_with_their_place(
        self, run: Run, compiler: FakeCompiler
    ) -> None:
        compiler.found = (warning(),)
        result = run("generate", "acme")
        assert result.exit_code == 0
        assert result.stderr == "acme.yaml:3:7 warning odd-thing: odd\n  3 | odd\n"

    def test_quiet_prints_errors_alone(self, run: Run, compiler: FakeCompiler) -> None:
        compiler.found = (warning(),)
        Path("other.yaml").unlink()
        result = run("generate", "--quiet")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "error no-document: there is no other.yaml\n"

    def test_notes_are_for_the_verbose(self, run: Run, compiler: FakeCompiler) -> None:
        compiler.found = (
            Diagnostic(severity=Severity.NOTE, code="by-the-way", message="hm"),
        )
        assert "by-the-way" not in run("generate", "acme").stderr
        Path("acme.yaml").write_text("other\n")
        assert "note by-the-way: hm\n" in run("generate", "acme", "-v").stderr

    def test_another_project_file(self, run: Run, home: Path) -> None:
        (home / "deep").mkdir()
        for name in ("chatwright.yaml", "acme.yaml", "other.yaml"):
            (home / name).rename(home / "deep" / name)
        assert run("generate", "-c", "deep/chatwright.yaml").exit_code == 0
        assert (home / "deep/generated/acme/acme/one.py").exists()
        result = run("generate")
        assert result.exit_code == 1
        assert result.stderr.startswith(
            "error no-project: there is no chatwright.yaml;"
        )

    def test_without_a_project(self, run: Run, home: Path) -> None:
        Path("chatwright.yaml").unlink()
        command = (
            "generate",
            "--spec",
            "acme.yaml",
            "--package",
            "a.b",
            "--out",
            "x/y",
        )
        result = run(*command)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith("a.b: 2 files written, ")
        assert (home / "x/y/a.b/one.py").exists()

    def test_the_current_folder_leaves_no_trace(self, run: Run, home: Path) -> None:
        (home / "deep").mkdir()
        manifests: list[bytes] = []
        for folder, up in ((home, "."), (home / "deep", "..")):
            os.chdir(folder)
            command = ("generate", "--spec", f"{up}/acme.yaml", "--package", "a")
            assert run(*command, "--out", f"{up}/x").exit_code == 0
            manifests.append((home / "x/.chatwright-manifest.json").read_bytes())
        assert manifests[0] == manifests[1]

    def test_a_crate(self, run: Run, home: Path) -> None:
        base = ("generate", "--spec", "acme.yaml", "--out", "x", "--target", "rust")
        assert run(*base, "--package", "acme-client").exit_code == 0
        assert (home / "x/acme-client/one.rs").exists()
        refused = run(*base, "--package", "self")
        assert refused.exit_code == 1
        assert refused.stderr.startswith("error crate-name: 'self' is no name")

    def test_from_a_url(self, run: Run, home: Path) -> None:
        url = "HTTPS://acme.example/api.json"
        result = run("generate", "--spec", url, "--package", "a", "--out", "x")
        assert result.exit_code == 0
        assert (home / "x/a/api.json.py").exists()

    @pytest.mark.parametrize(
        "operations",
        [
            ("--operations", "one", "two", "three"),
            ("--operations", "one", "--operations", "two", "three"),
            ("--operations", "one", "--operations", "two", "--operations", "three"),
        ],
    )
    def test_operations_may_follow_one_another(
        self, run: Run, operations: tuple[str, ...]
    ) -> None:
        base = ("generate", "--spec", "acme.yaml", "--package", "a", "--out", "x")
        assert run(*base, *operations).exit_code == 0
        manifest = Path("x/.chatwright-manifest.json").read_text()
        Path("x/.chatwright-manifest.json").unlink()
        reference = ("--operations", "one", "two", "three")
        assert run(*base, *reference, "--force").exit_code == 0
        assert Path("x/.chatwright-manifest.json").read_text() == manifest
        assert run(*base, "--operations", "one").exit_code == 0
        assert Path("x/.chatwright-manifest.json").read_text() != manifest

    @pytest.mark.parametrize(
        "arguments",
        [
            ("acme", "--spec", "a.yaml", "--package", "a", "--out", "x"),
            ("--spec", "a.yaml", "--package", "a"),
            ("--spec", "a.yaml", "--out", "x"),
            ("--package", "a"),
            ("--out", "x"),
            ("--flavour", "sync"),
            ("--operations", "one"),
            ("--spec", "a.yaml", "--package", "a", "--out", "x", "--flavour", "both"),
            ("--target", "cobol"),
            (*SPEC, "--target", "rust", "--flavour", "async"),
            (*SPEC, "--target", "rust", "--target", "python"),
            ("nobody",),
            ("--no-such-option",),
        ],
    )
    def test_wrong_usage(self, run: Run, arguments: tuple[str, ...]) -> None:
        result = run("generate", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Usage: chatwright generate" in result.stderr
        assert not Path("generated").exists()

    def test_a_misspelt_name_is_corrected(self, run: Run) -> None:
        assert (
            "no client 'acne'; did you mean 'acme'?" in run("generate", "acne").stderr
        )

    @pytest.mark.parametrize(
        "package", ["class", "a-b", "a..b", "../escape", "json", ""]
    )
    def test_a_name_that_is_no_package(self, run: Run, package: str) -> None:
        result = run(
            "generate", "--spec", "acme.yaml", "--package", package, "--out", "x"
        )
        assert result.exit_code == 1
        assert result.stderr.startswith("error package-name: ")
        assert not Path("x").exists()

    def test_an_output_that_is_not_ours(self, run: Run) -> None:
        Path("x").mkdir()
        Path("x/thesis.tex").write_text("mine")
        base = ("generate", "--spec", "acme.yaml", "--package", "a", "--out")
        for out, code in (
            ("x", "output-not-ours"),
            ("acme.yaml", "output-not-a-folder"),
        ):
            result = run(*base, out)
            assert result.exit_code == 1
            assert result.stderr.startswith(f"error {code}: ")
        assert os.listdir("x") == ["thesis.tex"]

    def test_an_interrupt_leaves_the_tree_and_exits_with_130(
        self, run: Run, compiler: FakeCompiler
    ) -> None:
        run("generate")
        Path("acme.yaml").write_text("changed\n")
        compiler.before = interrupt
        result = run("generate")
        assert (result.exit_code, result.stderr) == (130, "interrupted\n")
        assert sorted(os.listdir("generated/acme/acme")) == ["one.py", "two.py"]


class TestCheck:
    def test_a_fresh_tree(self, run: Run) -> None:
        run("generate")
        result = run("check")
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == "acme: up to date\nother: up to date\n"
        assert run("check", "--quiet").output == ""

    def test_a_target(self, run: Run, home: Path) -> None:
        both_targets(home)
        assert run("generate", "--target", "rust").exit_code == 0
        assert run("check", "--target", "rust").exit_code == 0
        assert run("check", "acme").exit_code == 1
        assert run("check", "other", "--target", "rust").exit_code == 2

    def test_a_stale_tree(self, run: Run) -> None:
        run("generate")
        Path("acme.yaml").write_text("one\n")
        before = Path("generated/acme/.chatwright-manifest.json").read_bytes()
        result = run("check")
        assert result.exit_code == 1
        assert result.stdout.endswith(
            "diff --git a/generated/acme/acme/two.py b/generated/acme/acme/two.py\n"
            "deleted file mode 100644\n"
            "--- a/generated/acme/acme/two.py\n"
            "+++ /dev/null\n"
            "@@ -1 +0,0 @@\n"
            "-# two\n"
        )
        assert result.stderr == (
            "acme: stale; 2 files would change\nother: up to date\n"
        )
        assert Path("generated/acme/acme/two.py").exists()
        assert Path("generated/acme/.chatwright-manifest.json").read_bytes() == before

    def test_a_file_edited_by_hand(self, run: Run) -> None:
        run("generate")
        Path("generated/acme/acme/two.py").write_text("# mine\n")
        result = run("check", "acme")
        assert result.exit_code == 1
        assert "-# mine\n+# two\n" in result.stdout

    def test_a_tree_that_is_not_there(self, run: Run, home: Path) -> None:
        result = run("check")
        assert result.exit_code == 1
        assert "+# three\n" in result.stdout
        assert not (home / "generated").exists()

    def test_a_document_that_is_not_there(self, run: Run) -> None:
        run("generate")
        Path("acme.yaml").unlink()
        result = run("check")
        assert result.exit_code == 1
        assert result.stderr == (
            "error no-document: there is no acme.yaml\nother: up to date\n"
        )


class TestInspect:
    def test_a_client(self, run: Run) -> None:
        assert run("inspect", "acme").stdout == "summary of acme.yaml\n"

    def test_a_document_as_json(self, run: Run) -> None:
        result = run("inspect", "--spec", "x.yaml", "--json")
        assert result.stdout == '{"document": "x.yaml"}\n'

    @pytest.mark.parametrize("arguments", [(), ("acme", "--spec", "x"), ("acne",)])
    def test_wrong_usage(self, run: Run, arguments: tuple[str, ...]) -> None:
        assert run("inspect", *arguments).exit_code == 2


class TestLint:
    def test_warnings_are_fine(self, run: Run, compiler: FakeCompiler) -> None:
        compiler.found = (warning(),)
        result = run("lint", "acme")
        assert result.exit_code == 0
        assert result.stdout == "acme.yaml:3:7 warning odd-thing: odd\n  3 | odd\n"
        assert result.stderr == "acme: 0 errors, 1 warning\n"

    def test_errors_are_not(self, run: Run, compiler: FakeCompiler) -> None:
        compiler.found = (Diagnostic(severity=Severity.ERROR, code="bad", message="x"),)
        assert run("lint").exit_code == 1

    def test_a_file(self, run: Run, home: Path) -> None:
        Path("chatwright.yaml").unlink()
        assert run("lint", "acme.yaml").exit_code == 0
        result = run("lint", "nowhere.yaml")
        assert result.exit_code == 1
        assert result.stdout == "error no-document: there is no nowhere.yaml\n"

    def test_nobody(self, run: Run) -> None:
        assert run("lint", "nobody").exit_code == 2


def test_list(run: Run) -> None:
    assert run("list").stdout == (
        "NAME   TARGET  PACKAGE       FLAVOUR  OUTPUT           DOCUMENT\n"
        "acme   python  acme          sync     generated/acme   acme.yaml\n"
        "other  python  other.client  async    generated/other  other.yaml\n"
    )
    assert run("list", "--quiet").stdout == "acme\nother\n"


def test_a_wrong_project_file_is_explained(run: Run) -> None:
    Path("chatwright.yaml").write_text(PROJECT.replace("document", "documnt", 1))
    for command in ("generate", "check", "lint", "list"):
        result = run(command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(
            "chatwright.yaml:3:5 error unknown-key: `documnt` is no key of `acme`;"
            " did you mean `document`?\n"
        )


def test_a_bug_is_a_sentence_and_with_verbose_a_traceback(
    run: Run, compiler: FakeCompiler
) -> None:
    def fail() -> None:
        raise KeyError("\x1b[31mred")

    compiler.before = fail
    result = run("generate")
    assert result.exit_code == 70
    assert "this is a bug in chatwright, not in your input: KeyError" in result.stderr
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stderr
    assert "Traceback" in run("generate", "--verbose").stderr


def test_hostile_text_does_not_reach_the_terminal(
    run: Run, compiler: FakeCompiler
) -> None:
    compiler.found = (warning("\x1b]0;title\x07 \x9b31m \u202e \ud800 \r gone"),)
    printed = run("generate", "acme").stderr
    assert "\\x1b]0;title\\x07 \\x9b31m \\u202e \\ud800 \\r gone" in printed


@pytest.mark.parametrize("command", ["generate", "check", "inspect", "lint", "list"])
def test_every_command_has_examples(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"  chatwright {command}" in result.stdout.partition("Examples:")[2]


def test_the_help_tells_exit_codes_and_completion(run: Run) -> None:
    text = run("--help").stdout
    assert re.findall(r"^  +(\d+)  ", text, re.MULTILINE) == [
        "0",
        "1",
        "2",
        "70",
        "130",
    ]
    assert "_CHATWRIGHT_COMPLETE=bash_source chatwright" in text


def test_the_version(run: Run) -> None:
    assert run("--version").stdout == f"chatwright, version {__version__}\n"


def test_names_are_completed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CHATWRIGHT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "chatwright check o")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert run().stdout == "plain,other\n"
    Path("chatwright.yaml").unlink()
    assert run().stdout == "\n"
