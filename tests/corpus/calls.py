"""`python -m tests.corpus.calls DOCUMENT`: calls each operation of the package `peer` once.

The package is on the path. A loopback server that reads the document by itself judges each request
and answers with made-up values of the answer's schema, which must come back as they were sent.
Both flavours are called, and an operation that streams both ways. Prints what became of the
operations as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from tests.corpus.arguments import arguments
from tests.corpus.difference import difference
from tests.corpus.documents import ROOT
from tests.corpus.probe import PACKAGE, sentence
from tests.loopback import Answer, LoopbackServer
from tests.loopback.candidates import NoValue
from tests.loopback.document import Document
from tests.loopback.nodes import Json
from tests.loopback.operations import Operation, is_json, operations
from tests.loopback.schemas import Direction, Schemas
from tests.loopback.values import Values

FLAVOURS = ("", "aio")
"""The sub-packages whose operations are called: the default flavour's, and the other's."""

UNDECLARED: list[Json] = [{"first": 1}, {"second": [2]}]
"""What is streamed by an operation whose document does not say what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many operations were called and answered in both flavours; what was wrong with the
    others, and why some could not be called, by their names."""

    called: int = 0
    wrong: dict[str, str] = field(default_factory=dict[str, str])
    impossible: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operation of the package: the modules of its API classes in both flavours, its
    descriptor, and what the document says."""

    module: str
    described: Any
    said: Operation


def called(path: Path, folder: Path) -> Outcome:
    """What becomes of each operation of the package in the folder, in a process of its own.

    Raises AssertionError where that says anything but the outcome.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__, path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        capture_output=True,
        text=True,
    )
    assert not done.stderr, done.stderr
    return Outcome(**json.loads(done.stdout))


def main(path: Path) -> None:
    """Prints the outcome."""
    warnings.simplefilter("ignore")
    print(json.dumps(asdict(outcome(path))))


def outcome(path: Path) -> Outcome:
    """What becomes of each operation."""
    document = Document.read(path)
    values = Values(document, Schemas(document, Direction.REQUEST))
    called = 0
    wrong: dict[str, str] = {}
    impossible: dict[str, str] = {}
    with LoopbackServer(path) as server:
        for call in calls(document):
            name = f"{call.module}.{call.described.id}"
            try:
                given = list(arguments(call.described, call.said, values))
                found = list(problems(call, given, server))
            except NoValue as problem:
                impossible[name] = str(problem)
                continue
            if found:
                wrong[name] = "; ".join(found)
            else:
                called += 1
    return Outcome(called=called, wrong=wrong, impossible=impossible)


def calls(document: Document) -> Iterator[Call]:
    """Every operation of the package, once."""
    said: dict[tuple[str, str], Operation] = {}
    for each in operations(document):
        said.setdefault((each.method, each.template), each)
    tables = importlib.import_module(f"{PACKAGE}._operations")
    for found in pkgutil.iter_modules(tables.__path__):
        table = importlib.import_module(f"{tables.__name__}.{found.name}")
        for described in vars(table).values():
            if type(described).__name__ == "Operation":
                key = described.method.lower(), described.path
                yield Call(module=found.name, described=described, said=said[key])


def problems(call: Call, given: list[Any], server: LoopbackServer) -> Iterator[str]:
    """What is wrong with the requests that a call makes, and with what comes back.

    Raises NoValue where the server has no answer.
    """
    stream = call.described.stream
    for flavour in FLAVOURS:
        for streaming in (False, True):
            if streaming and stream is None:
                continue
            if not streaming and stream is not None and stream.selector is None:
                continue
            server.requests.clear()
            server.violations.clear()
            problem = asyncio.run(
                made(call, given, server, flavour=flavour, streaming=streaming)
            )
            for violation in server.violations:
                if violation.where == "answer":
                    raise NoValue(violation.message)
                yield f"{flavour} {violation}"
            if problem is not None and not server.violations:
                yield f"{flavour} {problem}"


async def made(
    call: Call,
    given: list[Any],
    server: LoopbackServer,
    *,
    flavour: str,
    streaming: bool,
) -> str | None:
    """Makes the call, awaiting what is to be awaited; what is wrong with what comes back."""
    package = ".".join(filter(None, (PACKAGE, flavour)))
    module = importlib.import_module(f"{package}.api.{call.module}")
    (api,) = (
        each
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__
    )
    configuration = importlib.import_module(PACKAGE).Configuration(
        host=server.origin + call.said.base,
        ignore_operation_servers=True,
        api_key=dict.fromkeys(call.said.security_schemes, "key"),
        username="user",
        password="secret",
        access_token="token",
        retries=0,
        timeout=10,
    )
    client = importlib.import_module(package).ApiClient(configuration)
    try:
        if streaming:
            return await streamed(call, api(client), given, server)
        return await answered(call, api(client), given, server)
    except Exception as error:
        return sentence(error)
    finally:
        closing = client.close()
        if inspect.isawaitable(closing):
            await closing


async def answered(
    call: Call, api: Any, given: list[Any], server: LoopbackServer
) -> str | None:
    """Calls an operation for its answer; what is wrong with that."""
    selector = call.described.stream and call.described.stream.selector
    plain = [_turned_off(each, selector) for each in given]
    called = getattr(api, f"{call.described.id}_with_http_info")(*plain)
    answer = await called if inspect.isawaitable(called) else called
    if not is_json(answer.headers.get("content-type", "")):
        return None
    return difference(sent_back(api.api_client, answer.data), server.last.answer)


async def streamed(
    call: Call, api: Any, given: list[Any], server: LoopbackServer
) -> str | None:
    """Calls an operation for its stream; what is wrong with the items."""
    if call.said.stream is None:
        server.script(Answer.events(UNDECLARED))
    opened = getattr(api, f"{call.described.id}_stream")(*given)
    if hasattr(opened, "__aenter__"):
        async with opened as stream:
            items = [sent_back(api.api_client, item) async for item in stream]
    else:
        with opened as stream:
            items = [sent_back(api.api_client, item) for item in stream]
    return difference(items, server.last.answer if call.said.stream else UNDECLARED)


def _turned_off(argument: Any, selector: str | None) -> Any:
    """A body that does not ask for a stream."""
    if isinstance(argument, dict) and selector in argument:
        return cast("dict[str, Any]", argument) | {selector: False}
    return cast("Any", argument)


def sent_back(client: Any, value: Any) -> Json:
    """What was read, as it would be sent."""
    result: Json = json.loads(json.dumps(client.sanitize_for_serialization(value)))
    return result


if __name__ == "__main__":
    main(Path(sys.argv[1]))
