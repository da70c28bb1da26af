"""`python -m tests.corpus.calls DOCUMENT`: calls each operation of the package `peer` once.

The package is on the path. A loopback server that reads the document by itself judges each request
and answers with made-up values of the answer's schema, which must come back as they were sent.
Prints a line for everything that is wrong, and last how many operations were called.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus.probe import PACKAGE, sentence
from tests.loopback import LoopbackServer, Mode
from tests.loopback.document import Document, Json, mapping, text
from tests.loopback.operations import Operation, is_json, operations
from tests.loopback.schemas import Direction, Schemas
from tests.loopback.values import NoValue, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operation of the package: its API class, its descriptor, and what the document says."""

    api: Any
    described: Any
    said: Operation

    def __str__(self) -> str:
        return f"{self.api.__name__}.{self.described.id}"


def main(path: Path) -> None:
    """Prints what is wrong and how many operations were called."""
    warnings.simplefilter("ignore")
    document = Document.read(path)
    values = Values(document, Schemas(document, Direction.REQUEST))
    called = impossible = 0
    with LoopbackServer(path) as server:
        for call in calls(document):
            try:
                arguments = list(given(call, values))
            except NoValue:
                impossible += 1
                continue
            called += 1
            server.requests.clear()
            server.violations.clear()
            problem = made(call, arguments, server)
            wrong = [str(each) for each in server.violations]
            if wrong and all(": answer: " in each for each in wrong):
                # The document asks for an answer that no value is.
                impossible += 1
                called -= 1
            elif wrong or problem:
                print(f"{call}: {'; '.join((*wrong, *filter(None, (problem,))))[:600]}")
    print(f"called {called}, of {impossible} nothing could be made up")


def calls(document: Document) -> Iterator[Call]:
    """Every operation of the package, once."""
    said = {(each.method, each.template): each for each in operations(document)}
    api = importlib.import_module(f"{PACKAGE}.api")
    for module in pkgutil.iter_modules(api.__path__):
        group = importlib.import_module(f"{PACKAGE}._operations.{module.name}")
        (shown,) = (
            each
            for each in vars(
                importlib.import_module(f"{PACKAGE}.api.{module.name}")
            ).values()
            if isinstance(each, type)
            and each.__module__ == f"{PACKAGE}.api.{module.name}"
        )
        for described in vars(group).values():
            if type(described).__name__ == "Operation":
                key = described.method.lower(), described.path
                yield Call(api=shown, described=described, said=said[key])


def given(call: Call, values: Values) -> Iterator[Any]:
    """A value for each argument that the document asks for, None for the others."""
    content = mapping(call.said.request_body.get("content"))
    chosen = next(
        (name for name in call.described.content_types if is_json(name)),
        next(iter(call.described.content_types), None),
    )
    schema = mapping(content.get(chosen or "")).get("schema", True)
    for argument in call.described.arguments:
        match type(argument).__name__:
            case "Body":
                if chosen is not None and not is_json(chosen):
                    yield body(values.make(schema, Mode.FULL))
                else:
                    yield values.make(schema, Mode.FULL)
            case "FormField":
                form = mapping(values.make(schema, Mode.FULL))
                value = form.get(argument.name)
                yield b"file" if argument.file else value
            case _:
                yield parameter(call.said, argument, values)


def body(value: Json) -> Any:
    """A body that is no JSON: text and bytes are as good as any."""
    return value if isinstance(value, str | dict) else str(value)


def parameter(operation: Operation, argument: Any, values: Values) -> Json:
    """The value of one parameter, as its schema or its content has it."""
    (found,) = (
        each
        for each in operation.parameters
        if (each.get("in"), each.get("name")) == (argument.location, argument.name)
    )
    content = mapping(next(iter(mapping(found.get("content")).values()), None))
    return values.make(found.get("schema", content.get("schema", True)), Mode.FULL)


def made(call: Call, arguments: list[Any], server: LoopbackServer) -> str | None:
    """Makes the call; what is wrong with what comes back, if anything."""
    package: Any = importlib.import_module(PACKAGE)
    keys = {"username": "user", "password": "secret", "access_token": "token"}
    configuration = package.Configuration(
        host=server.url,
        ignore_operation_servers=True,
        api_key={
            text(name): "key"
            for name in mapping(
                mapping(call.said.document.root.get("components")).get(
                    "securitySchemes"
                )
            )
        },
        retries=0,
        **keys,
    )
    with package.ApiClient(configuration) as client:
        api = call.api(client)
        try:
            if call.described.stream is not None:
                with getattr(api, f"{call.described.id}_stream")(*arguments) as stream:
                    items = [plain(client, item) for item in stream]
                sent = server.last.answer
                return compared(items, sent if call.said.stream else [sent])
            answer = getattr(api, f"{call.described.id}_with_http_info")(*arguments)
        except Exception as error:
            return sentence(error)
        if not is_json(answer.headers.get("content-type", "")):
            return None
        return compared(plain(client, answer.data), server.last.answer)


def plain(client: Any, value: Any) -> Json:
    """What was read, as it would be sent back."""
    result: Json = json.loads(json.dumps(client.sanitize_for_serialization(value)))
    return result


def compared(found: Json, sent: Json) -> str | None:
    """Where what came back differs from what was sent."""
    if found == sent:
        return None
    return f"sent {json.dumps(sent)[:200]}, came back as {json.dumps(found)[:200]}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
