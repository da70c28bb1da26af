"""The crate of Tachyon builds without a warning, and its calls arrive as its document says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import Answer, LoopbackServer
from tests.rust.cargo import ROOT, TARGET, cargo, fetched

CRATE = ROOT / "generated" / "tachyon-rust"
SENT = {
    "messages": [{"content": "Say hello.", "role": "user"}],
    "model": "tachyon:fast",
    "temperature": None,
}


@pytest.fixture(scope="module")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the crate, as cargo writes a lock file into it."""
    folder = tmp_path_factory.mktemp("rust") / "generated" / "tachyon-rust"
    shutil.copytree(CRATE, folder)
    fetched(folder)
    return folder


# One test: a second process would wait for the first one's lock. Dependencies are built first.
@pytest.mark.timeout(1200)
def test_the_crate(crate: Path) -> None:
    strict = ("--", "-D", "warnings")
    examples = crate / "examples"
    examples.mkdir()
    for number, shown in enumerate(programs()):
        (examples / f"program{number}.rs").write_text(shown, encoding="utf-8")
    cargo(crate, "fmt", "--check")
    cargo(crate, "clippy", "--all-targets", *strict)
    cargo(crate, "doc", "--no-deps", RUSTDOCFLAGS="-D warnings")
    cargo(crate, "test")

    program = crate.parents[1] / "tests" / "rust" / "tachyon"
    shutil.copytree(ROOT / "tests" / "rust" / "tachyon", program)
    cargo(program, "clippy", *strict)
    cargo(program, "build")
    with LoopbackServer(ROOT / "specs" / "tachyon.yaml") as server:
        server.script(Answer(status=429, headers={"Retry-After": "0"}))
        answer, *chunks, refused = called(server)
        assert not server.violations
        busy, whole, streamed = server.requests
        server.script(Answer.json({"message": "no more"}, status=403))
        (failed,) = called(server, "once")
    assert answer == whole.answer
    assert chunks == streamed.answer
    assert len(chunks) > 1
    assert "chat_completion_stream" in refused
    assert "403" in failed
    assert json.loads(busy.body) == json.loads(whole.body) == SENT
    assert json.loads(streamed.body) == {**SENT, "stream": True}
    assert whole.header("x-operator-id") == "operator"
    assert whole.header("authorization") == "Bearer key"
    assert streamed.header("accept") == "text/event-stream"


def programs() -> list[str]:
    """The programs of the crate's documents: they compile, and are as rustfmt writes them."""
    found = [
        program
        for name in ("README.md", "docs/guide-calls.md")
        for program in re.findall(
            r"```rust\n(.*?)```", (CRATE / name).read_text(encoding="utf-8"), re.DOTALL
        )
    ]
    assert len(found) == 4
    return found


def called(server: LoopbackServer, *arguments: str) -> list[Any]:
    """The lines that the program prints, as JSON values."""
    done = subprocess.run(
        [TARGET / "debug" / "tachyon-user", server.url, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
