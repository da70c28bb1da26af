"""Methods that write answers to files, and arguments that are files, of a generated package."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.building import built, package, write
from tests.runtime.server import Received, Server, response

CASE = Path(__file__).parents[1] / "cases" / "files"
PACKAGE = "files_client"
PROGRAM = """
from pathlib import Path

from files_client import ApiClient, FilesApi
from files_client.aio import ApiClient as AsyncApiClient, FilesApi as AsyncFilesApi
from files_client.api_response import ApiResponse


def show(received: int, total: int | None) -> None:
    print(received, total)


def save(client: ApiClient) -> ApiResponse[Path]:
    api = FilesApi(client)
    api.read_to_file_0(Path("file"), path="a")
    api.speak_to_file("file", {"text": "Hello"}, _progress=show)
    api.read_to_file_0("file")  # mistake
    api.speak_to_file("file", txt="Hello")  # mistake
    api.speak_to_file("file", text="Hello", _progress=print_nothing)  # mistake
    return api.speak_to_file("file", text="Hello", _progress=show)


def print_nothing() -> None: ...


async def save_async(client: AsyncApiClient) -> Path:
    api = AsyncFilesApi(client)
    await api.read_to_file_0(b"file", "a")  # mistake
    return (await api.read_to_file_0("file", "a", _progress=show)).data
"""

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the case's package is."""
    folder = tmp_path_factory.mktemp("files")
    write(built(CASE / "document.yaml", package(PACKAGE)), folder)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


def answer(received: Received) -> Iterable[bytes]:
    match received.method, received.target:
        case "GET", "/files/a%2Fb":
            yield response(b"\0\1\2", content_type="application/octet-stream")
        case "POST", "/speech":
            yield response(received.body, content_type="audio/mpeg")
        case "POST", "/files":
            yield response(b'{"id": "1"}')
        case _:
            yield response(b'{"message": "no such file"}', status="404 No")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(answer) as opened:
        yield opened


@pytest.fixture(params=["sync", "async"])
def call(
    request: pytest.FixtureRequest, folder: Path, server: Server
) -> Iterator[Call]:
    """Calls a method of the API by its name."""
    configuration = importlib.import_module(PACKAGE).Configuration(host=server.url)
    name = PACKAGE if request.param == "sync" else f"{PACKAGE}.aio"
    module = importlib.import_module(name)
    with ExitStack() as stack:
        if request.param == "sync":
            client = stack.enter_context(module.ApiClient(configuration))

            def called(method: str, *arguments: Any, **named: Any) -> Any:
                return getattr(module.FilesApi(client), method)(*arguments, **named)

        else:
            runner = stack.enter_context(asyncio.Runner())
            client = module.ApiClient(configuration)
            stack.callback(lambda: runner.run(client.close()))

            def called(method: str, *arguments: Any, **named: Any) -> Any:
                async def awaited() -> Any:
                    api = module.FilesApi(client)
                    return await getattr(api, method)(*arguments, **named)

                return runner.run(awaited())

        yield called


def test_an_answer_as_a_file(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "file"
    answered = call("read_to_file_0", path, path="a/b")
    assert path.read_bytes() == b"\0\1\2"
    assert answered.data == path
    assert call("read", "a/b") == b"\0\1\2"


def test_a_body_as_keywords(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "file"
    steps: list[tuple[int, int | None]] = []

    def progress(received: int, total: int | None) -> None:
        steps.append((received, total))

    call("speak_to_file", path, text="Hi", path={"steps": ["a"]}, _progress=progress)
    said = {"text": "Hi", "path": {"steps": ["a"]}}
    assert json.loads(path.read_bytes()) == said
    assert steps == [(path.stat().st_size,) * 2]
    call("speak_to_file", path, {"text": "Ho"})
    assert json.loads(path.read_bytes()) == {"text": "Ho"}


def test_a_keyword_that_there_is_not(
    call: Call, server: Server, tmp_path: Path
) -> None:
    with pytest.raises(TypeError, match=r"'txet'.*text"):
        call("speak_to_file", tmp_path / "file", txet="Hi")
    assert not server.requests
    assert not list(tmp_path.iterdir())


def test_an_error(call: Call, tmp_path: Path) -> None:
    exceptions = importlib.import_module(f"{PACKAGE}.exceptions")
    with pytest.raises(exceptions.NotFoundException) as caught:
        call("read_to_file_0", tmp_path / "file", "c")
    assert caught.value.message == "no such file"
    assert caught.value.operation == "read"
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_sent(call: Call, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "hello.txt"
    path.write_bytes(b"Hello")
    assert call("upload", path, purpose="test").id == "1"
    (received,) = server.requests
    assert b'name="file"; filename="hello.txt"\r\n' in received.body
    assert b"Content-Type: text/plain\r\n\r\nHello\r\n" in received.body
    assert b'name="purpose"\r\n\r\ntest\r\n' in received.body


def test_only_answers_that_are_files_can_be_written(folder: Path) -> None:
    api = importlib.import_module(PACKAGE).FilesApi
    assert {name for name in dir(api) if "_to_file" in name and name[0] != "_"} == {
        "read_to_file",
        "read_to_file_with_http_info",
        "read_to_file_without_preload_content",
        "read_to_file_0",
        "speak_to_file",
    }


def test_examples_of_the_guide(
    folder: Path, server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "docs" / "Files.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        led = example.replace("path_example", "a/b").replace(
            "Configuration()", f'Configuration(host="{server.url}")'
        )
        program = f"import sys; sys.path.insert(0, {str(folder)!r})\n{led}"
        command = [sys.executable, "-W", "error", "-c", program]
        subprocess.run(command, cwd=tmp_path, check=True)
    assert (tmp_path / "answer.bin").read_bytes() == b"\0\1\2"
    printed = capfd.readouterr().out
    assert "3 of 3 bytes\n" in printed
    assert "id='1'" in printed
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "[Files](docs/Files.md)" in readme


@pytest.mark.parametrize(
    "checker",
    [("mypy", "--strict", "--no-incremental", "program.py"), ("pyright", "program.py")],
    ids=lambda checker: checker[0],
)
def test_checkers_find_the_mistakes(checker: tuple[str, ...], folder: Path) -> None:
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", *checker],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = {int(n) for n in re.findall(r"program\.py:(\d+):.*error", done.stdout)}
    mistakes = {
        number
        for number, line in enumerate(PROGRAM.splitlines(), 1)
        if line.endswith("# mistake")
    }
    assert found == mistakes, done.stdout
