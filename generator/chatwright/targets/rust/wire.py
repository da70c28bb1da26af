"""A crate's own tests: some of its operations, called against a server on the same machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import quote

from msgspec import Struct

from chatwright.ir.api import Api, Operation
from chatwright.targets import answers
from chatwright.targets.arguments import Argument, media_type, ordered_arguments
from chatwright.targets.rust import layout, spelling
from chatwright.targets.rust.answers import Answer, answer
from chatwright.targets.rust.apis import taken
from chatwright.targets.rust.names import Names
from chatwright.targets.rust.settings import CrateSettings
from chatwright.targets.rust.types import Types
from chatwright.targets.samples import NoSample, sample
from chatwright.targets.templates import render, verbatim
from chatwright.targets.text import rust_raw_string, rust_string

_MOST = 3
"""How many operations are called: each takes its time to compile."""
_PLAIN = {
    "&str": ('"text"', "text"),
    "bool": ("true", "true"),
    **dict.fromkeys(("i32", "i64", "u32", "u64"), ("1", "1")),
}
"""Arguments and their texts, by their types."""
_PATH = re.compile(r"/(?:[A-Za-z0-9_~@:/-]|\.(?![./])|\{[^{}]*\})*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.~-]*")
_SHARED = frozenset(
    {
        "accept",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "transfer-encoding",
        "user-agent",
    }
)
"""Headers that are not, or not only, what the argument says."""


class CallView(Struct, frozen=True, kw_only=True):
    """One test: its name and its parts, which are complete lines.

    `request` and `constants` are without their margin, `answer` is what the server says.
    """

    test: str
    request: str
    constants: list[str]
    answer: str
    call: str
    answered: list[str]
    received: list[str]


class _Request(Struct, frozen=True, kw_only=True):
    """What calls an operation: arguments of the function, and what must arrive for them."""

    arguments: list[str]
    line: str
    headers: list[tuple[str, str]]
    body: Any
    has_body: bool


def files(
    api: Api, names: Names, types: Types, settings: CrateSettings, notice: str
) -> dict[str, str]:
    """The text of each test, by its path below the output folder; none where none can be made."""
    calls = list(_calls(api, names, types))
    if not calls:
        return {}
    helpers = verbatim("rust/tests")
    return {
        **{f"tests/{path}": text for path, text in helpers.items()},
        "tests/wire.rs": render(
            "rust/tests/wire.rs.j2",
            notice=notice,
            library=settings.library,
            sends=any(call.request for call in calls),
            calls=calls,
        ),
    }


def _calls(api: Api, names: Names, types: Types) -> Iterator[CallView]:
    chat = api.chat
    listed = sorted(
        api.operations,
        key=lambda each: (
            chat is None or each.id != chat.operation,
            each.event_stream is None,
            each.deprecated,
        ),
    )
    found = 0
    streams = False
    for operation in listed:
        request = _request(operation, types)
        view = None if request is None else _whole(operation, request, names, types)
        if request is None or view is None:
            continue
        yield view
        streamed = None if streams else _streamed(operation, request, names, types)
        if streamed is not None:
            streams = True
            yield streamed
        found += 1
        if found == _MOST:
            return


def _request(operation: Operation, types: Types) -> _Request | None:
    """What calls an operation; None where it takes more than texts, numbers and JSON, or its path
    has signs that are percent-encoded."""
    if _PATH.fullmatch(operation.path) is None:
        return None
    path = operation.path
    arguments: list[str] = []
    query: list[str] = []
    headers: list[tuple[str, str]] = []
    body: Any = None
    has_body = False
    for argument in ordered_arguments(operation, types.schemas):
        if argument.location == "body":
            try:
                body = _body(operation, argument, types)
            except NoSample:
                return None
            has_body = True
            request = "from_str(REQUEST).unwrap()"
            arguments.append(request if argument.required else f"Some({request})")
            continue
        if not argument.required:
            if argument.location == "form":
                return None
            arguments.append("None")
            continue
        plain = _PLAIN.get(taken(argument, types))
        parameter = argument.parameter
        if plain is None or parameter is None or parameter.media_type is not None:
            return None
        if _NAME.fullmatch(argument.name) is None or parameter.style not in (
            "simple",
            "form",
        ):
            return None
        arguments.append(plain[0])
        match argument.location:
            case "path":
                path = path.replace(f"{{{argument.name}}}", plain[1])
            case "query":
                query.append(f"{quote(argument.name, safe='')}={plain[1]}")
            case "header":
                name = argument.name.lower()
                if name in _SHARED:
                    return None
                headers.append((name, plain[1]))
            case _:
                return None
    if "{" in path:
        return None
    target = "?".join([path, *(["&".join(query)] if query else [])])
    return _Request(
        arguments=arguments,
        line=f"{operation.method.upper()} {target}",
        headers=headers,
        body=body,
        has_body=has_body,
    )


def _body(operation: Operation, argument: Argument, types: Types) -> Any:
    """A value of the body, as JSON data; raises NoSample where there is none."""
    content = media_type(operation)
    essence = content.name.partition(";")[0].strip().lower() if content else ""
    is_json = essence.endswith("json") or essence in ("", "*/*")
    held = taken(argument, types).removeprefix("Option<")
    if not is_json or held.startswith(("&str", "std::path")):
        raise NoSample
    return _sampled(argument.schema, types)


def _sampled(schema: Any, types: Types) -> Any:
    value = sample(schema, types.schemas)
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        # There is a surrogate in it, or a number that JSON has not.
        raise NoSample from None
    return value


def _whole(
    operation: Operation, request: _Request, names: Names, types: Types
) -> CallView | None:
    """The call whose answer is read as a whole, None where it cannot be made up."""
    stream = operation.event_stream
    selector = None if stream is None else stream.selector
    if selector is not None and _members(request.body).get(selector) is True:
        return None
    returned = answer(operation, types)
    try:
        body = _answer(operation, returned, types)
    except NoSample:
        return None
    function = names.functions[operation.id]
    module = names.apis[operation.tag].module
    constants = _requests(request) + _constants("ANSWER", body)
    said = "ANSWER" if body is not None else '""'
    kind = "application/json" if returned.kind == "json" else "text/plain"
    return CallView(
        test=f"{module}_{spelling.plain(function)}",
        request="".join(_requests(request)),
        constants=constants,
        answer=f'answer("200 OK", "{kind}", {said})',
        call=_called("let call =", module, function, request),
        answered=_ANSWERED[returned.kind],
        received=_received(request, request.body),
    )


_ANSWERED = {
    "json": [
        "let answered = call.await.unwrap();",
        "assert_eq!(written(&answered), json(ANSWER));",
    ],
    "text": ["assert_eq!(call.await.unwrap(), ANSWER);"],
    "raw": [
        "let answered = call.await.unwrap().bytes().await.unwrap();",
        "assert_eq!(answered, ANSWER);",
    ],
    "nothing": ["call.await.unwrap();"],
}


def _answer(operation: Operation, returned: Answer, types: Types) -> str | None:
    """The text of an answer, None for none."""
    match returned.kind:
        case "nothing":
            return None
        case "text" | "raw":
            return "text"
        case "json":
            schema = answers.answer(operation)
            return _written("text" if schema is None else _sampled(schema, types))


def _streamed(
    operation: Operation, request: _Request, names: Names, types: Types
) -> CallView | None:
    """The call whose answer is read as a stream, None where that is no plain event stream."""
    stream = operation.event_stream
    if stream is None or stream.media_type != "text/event-stream":
        return None
    is_text = types.of(stream.item_schema) == "String"
    try:
        value = _sampled(stream.item_schema, types)
    except NoSample:
        return None
    if "error" in _members(value) or value == stream.sentinel:
        return None
    function = names.streams[operation.id]
    module = names.apis[operation.tag].module
    body = request.body
    if request.has_body and stream.selector is not None:
        body = {**_members(body), stream.selector: True}
    end = "" if stream.sentinel is None else f", {rust_string(stream.sentinel)}"
    expected = "item, ITEM" if is_text else "written(&item), json(ITEM)"
    constants = _requests(request) + _constants(
        "ITEM", str(value) if is_text else _written(value)
    )
    if body != request.body:
        constants += _constants("SENT", _written(body))
    return CallView(
        test=f"{module}_{spelling.plain(function)}",
        request="".join(_requests(request)),
        constants=[*constants, f"let events = events(&[ITEM, ITEM{end}]);"],
        answer='answer("200 OK", "text/event-stream", &events)',
        call=_called("let mut stream =", module, function, request),
        answered=[
            "for _ in 0..2 {",
            "    let item = stream.next().await.unwrap().unwrap();",
            f"    assert_eq!({expected});",
            "}",
            "assert!(stream.next().await.is_none());",
        ],
        received=[
            *_received(request, body),
            layout.call(
                "assert_eq!",
                ['received.header("accept")', 'Some("text/event-stream")'],
                4,
            ),
        ],
    )


def _called(head: str, module: str, function: str, request: _Request) -> str:
    given = ["&configuration", *request.arguments]
    return layout.bound(head, f"apis::{module}::{function}", given, 4)


def _received(request: _Request, body: Any) -> list[str]:
    """What must have arrived."""
    found = [layout.call("assert_eq!", ["received.line", rust_string(request.line)], 4)]
    for name, value in request.headers:
        header = f"received.header({rust_string(name)})"
        expected = f"Some({rust_string(value)})"
        found.append(layout.call("assert_eq!", [header, expected], 4))
    if request.has_body:
        sent = "REQUEST" if body == request.body else "SENT"
        found.append(f"    assert_eq!(json(&received.body), json({sent}));")
    else:
        found.append('    assert_eq!(received.body, "");')
    return found


def _requests(request: _Request) -> list[str]:
    return _constants("REQUEST", _written(request.body)) if request.has_body else []


def _constants(name: str, text: str | None) -> list[str]:
    """`const NAME: &str = r#"text"#;`, of JSON on several lines where it is long."""
    if text is None:
        return []
    line = f"const {name}: &str = {rust_raw_string(text)};"
    if len(line) + 4 > layout.WIDTH:
        line = f"const {name}: &str = {rust_raw_string(_indented(text))};"
    return [line]


def _written(value: Any) -> str:
    return json.dumps(value)


def _indented(text: str) -> str:
    return json.dumps(json.loads(text), indent=2)


def _members(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
