"""Whole programs that call one operation, for READMEs and guides: they run and type-check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from chatwright.ir.api import (
    Api,
    ApiKeyScheme,
    ChatProfile,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    Operation,
)
from chatwright.ir.schema import ObjectSchema, RefSchema
from chatwright.ir.walk import table
from chatwright.targets.answers import answer
from chatwright.targets.arguments import (
    Argument,
    arguments,
    is_file,
    ordered_arguments,
)
from chatwright.targets.operations import base_path, main_response
from chatwright.targets.python.docs.acceptance import accepts
from chatwright.targets.python.docs.constructors import Construction, Constructors
from chatwright.targets.python.docs.readings import Reading, Readings
from chatwright.targets.python.docs.samples import Samples, Unsampled
from chatwright.targets.python.layout import (
    Doc,
    assignment,
    call,
    dict_display,
    expression,
    flat,
    from_import,
    keyword,
    lay_out,
    tuple_display,
)
from chatwright.targets.python.names import Names
from chatwright.targets.python.settings import Flavour, PackageSettings
from chatwright.targets.text import python_string

_GREETING = "Say hello in three languages."
_FILE = tuple_display(python_string("hello.txt"), 'b"Hello"')


class _Call(Struct, frozen=True, kw_only=True):
    """One operation, the method that calls it, and values for the operation's arguments by their
    names; the method takes more `before` and `after` them."""

    operation: Operation
    method: str
    arguments: Mapping[str, Construction]
    before: Sequence[Doc] = ()
    after: Sequence[Doc] = ()


class _Setting(Struct, frozen=True, kw_only=True):
    """What a program shows beyond the call itself.

    `imports` are names of the package's modules, by module. `preamble` stands before the program,
    `configuration` are more arguments of its Configuration, and `handlers` the lines of `except`
    clauses around the call.
    """

    imports: Mapping[str, Sequence[str]] = field(
        default_factory=dict[str, Sequence[str]]
    )
    preamble: Sequence[str] = ()
    configuration: Sequence[Doc] = ()
    handlers: Sequence[str] = ()


_PLAIN = _Setting()
_HANDLERS = _Setting(
    imports={
        "exceptions": ("ApiConnectionError", "ApiException", "RateLimitException")
    },
    handlers=(
        "except RateLimitException as error:",
        '    print(f"Too many calls: wait {error.retry_after or 1} seconds")',
        "except ApiConnectionError as error:",
        '    print(f"No answer: {error}")',
        "except ApiException as error:",
        "    print(error.status, error.message, error.request_id)",
    ),
)
_LIMITS = _Setting(
    imports={"configuration": ("RetryPolicy", "Timeout")},
    configuration=(
        keyword("retries", call("RetryPolicy", keyword("retries", "4"))),
        keyword(
            "timeout",
            call(
                "Timeout",
                keyword("connect", "5"),
                keyword("read", "60"),
                keyword("total", "120"),
            ),
        ),
    ),
)
_STREAM_HANDLERS = _Setting(
    imports={"exceptions": ("ApiException", "StreamError")},
    handlers=(
        "except StreamError as error:",
        "    print(error.reason, error.message, error.data)",
        "except ApiException as error:",
        "    print(error.status, error.message)",
    ),
)
_HOOKS = _Setting(
    imports={"configuration": ("Hooks", "Request"), "exceptions": ("HttpResponse",)},
    preamble=(
        "class Timing(Hooks):",
        "    def after_response(self, request: Request, response: HttpResponse) -> None:",
        "        print(request.operation, response.status, response.elapsed)",
    ),
    configuration=(keyword("hooks", "[Timing()]"),),
)
_PROGRESS = _Setting(
    preamble=(
        "def show(received: int, total: int | None) -> None:",
        "    print(f\"{received} of {total or 'unknown'} bytes\")",
    )
)


class Programs:
    """The programs of one package."""

    def __init__(self, api: Api, names: Names, settings: PackageSettings) -> None:
        self._api = api
        self._names = names
        self._settings = settings
        self._schemas = table(api)
        self._samples = Samples(self._schemas)
        self._constructors = Constructors(schemas=self._schemas, names=names)
        self._readings = Readings(schemas=self._schemas, names=names)

    def call(self, flavour: Flavour) -> str | None:
        """A program that calls the chat completion, or else some operation; None where no
        operation has arguments that could be made up."""
        return self._called(flavour, _PLAIN)

    def errors(self, flavour: Flavour) -> str | None:
        """The same, with what may be raised."""
        return self._called(flavour, _HANDLERS)

    def limits(self, flavour: Flavour) -> str | None:
        """The same, with retries and timeouts."""
        return self._called(flavour, _LIMITS)

    def hooks(self, flavour: Flavour) -> str | None:
        """The same, with a hook."""
        return self._called(flavour, _HOOKS)

    def stream(self, flavour: Flavour) -> str | None:
        """A program that prints a stream as it comes, None where no operation streams."""
        return self._streamed(flavour, _PLAIN, self._items)

    def text(self, flavour: Flavour) -> str | None:
        """A program that prints the text of a stream as it comes, and the whole answer; None
        where no stream is of a chat completion."""
        return self._streamed(flavour, _PLAIN, self._text)

    def events(self, flavour: Flavour) -> str | None:
        """A program that prints the events of a stream."""
        return self._streamed(flavour, _PLAIN, _events)

    def leaving(self, flavour: Flavour) -> str | None:
        """A program that leaves a stream after its first item."""
        return self._streamed(flavour, _PLAIN, _first)

    def stream_errors(self, flavour: Flavour) -> str | None:
        """A program that prints a stream, with what may be raised."""
        return self._streamed(flavour, _STREAM_HANDLERS, self._items)

    def download(self, flavour: Flavour) -> str | None:
        """A program that writes an answer to a file, None where no operation answers with one."""
        for operation in self._preferred():
            method = self._names.downloads.get(operation.id)
            made = self._call(operation)
            if method is None or made is None:
                continue
            made = replace(
                made,
                method=method,
                before=(python_string("answer.bin"),),
                after=(keyword("_progress", "show"),),
            )
            reading = Reading(lines=("print(response.data, response.headers)",))
            if not self._clashes(made, reading, _PROGRESS):
                return self._program(made, flavour, reading, _PROGRESS, stream=False)
        return None

    def upload(self, flavour: Flavour) -> str | None:
        """A program that sends a file, None where no operation takes one."""
        for operation in self._preferred():
            made = self._call(operation)
            files = {
                self._names.argument(operation, each)
                for each in arguments(operation, self._schemas)
                if is_file(each)
            }
            if made is None or files.isdisjoint(made.arguments):
                continue
            reading = self._answer(operation)
            if not self._clashes(made, reading, _PLAIN):
                return self._program(made, flavour, reading, _PLAIN, stream=False)
        return None

    def _called(self, flavour: Flavour, setting: _Setting) -> str | None:
        for operation in self._preferred():
            made = self._call(operation)
            if made is None:
                continue
            reading = self._answer(operation)
            if not self._clashes(made, reading, setting):
                return self._program(made, flavour, reading, setting, stream=False)
        return None

    def _streamed(
        self,
        flavour: Flavour,
        setting: _Setting,
        read: Callable[[Operation, Flavour], Reading | None],
    ) -> str | None:
        for operation in self._preferred():
            if operation.event_stream is None:
                continue
            made = self._call(operation)
            reading = read(operation, flavour)
            if made is None or reading is None:
                continue
            made = replace(made, method=self._names.streams[operation.id])
            if not self._clashes(made, reading, setting):
                return self._program(made, flavour, reading, setting, stream=True)
        return None

    def _clashes(self, made: _Call, reading: Reading, setting: _Setting) -> bool:
        """Whether a model that a program names is called like what its setting imports."""
        models = reading.models.union(
            *(each.models for each in made.arguments.values())
        )
        shown = {self._names.models[model].class_name for model in models}
        return not shown.isdisjoint(
            name for given in setting.imports.values() for name in given
        )

    def _preferred(self) -> Sequence[Operation]:
        chat = self._api.chat
        return sorted(
            self._api.operations,
            key=lambda operation: (
                chat is None or operation.id != chat.operation,
                operation.deprecated,
                operation.method != "get",
            ),
        )

    def _call(self, operation: Operation) -> _Call | None:
        given: dict[str, Construction] = {}
        try:
            for argument in ordered_arguments(operation, self._schemas):
                if is_file(argument) and argument.required:
                    name = self._names.argument(operation, argument)
                    given[name] = Construction(doc=_FILE)
                elif argument.required or argument.location == "body":
                    name = self._names.argument(operation, argument)
                    value = self._value(operation, argument)
                    given[name] = self._constructors.of(argument.schema, value)
        except Unsampled:
            return None
        method = self._names.methods[operation.id]
        return _Call(operation=operation, method=method, arguments=given)

    def _value(self, operation: Operation, argument: Argument) -> Any:
        chat = self._api.chat
        if (
            argument.location == "body"
            and chat is not None
            and chat.operation == operation.id
        ):
            return self._request(chat)
        given = argument.parameter.example if argument.parameter is not None else None
        if given is not None and accepts(argument.schema, given.value, self._schemas):
            return given.value
        return self._samples.of(argument.schema, argument.name or "body")

    def _request(self, chat: ChatProfile) -> Any:
        """A request with one message of a user, as far as the vendor's messages allow that."""
        schema = RefSchema(name=chat.request)
        value: Any = self._samples.of(schema)
        target = self._schemas[chat.request].schema
        if len(chat.messages) != 1 or not isinstance(target, ObjectSchema):
            return value
        members = target.properties
        kept = {member.name for member in members if member.required}.union(
            chat.model or ()
        )
        for content in (_GREETING, [{"type": "text", "text": _GREETING}]):
            message = {"role": "user", "content": content}
            asked: dict[str, Any] = {**value, chat.messages[0]: [message]}
            short = {name: asked[name] for name in asked if name in kept}
            if accepts(schema, short, self._schemas):
                return short
        return value

    def _answer(self, operation: Operation) -> Reading:
        """Prints what a call answered."""
        response = main_response(operation)
        schema = response.content[0].schema if response and response.content else None
        chat = self._api.chat
        if schema is None:
            return Reading(lines=())
        if (
            chat is not None
            and chat.operation == operation.id
            and chat.text is not None
        ):
            found = self._readings.of("response", schema, chat.text, "print({})")
            if found is not None:
                return found
        return Reading(lines=("print(response)",))

    def _items(self, operation: Operation, flavour: Flavour) -> Reading:
        """Prints the items of a stream."""
        chat = self._api.chat
        stream = operation.event_stream
        found: Reading | None = None
        if (
            chat is not None
            and chat.operation == operation.id
            and chat.text_delta is not None
            and stream is not None
        ):
            text = 'print({}, end="", flush=True)'
            schema = stream.item_schema
            found = self._readings.of("chunk", schema, chat.text_delta, text)
        return (found or Reading(lines=("print(chunk)",))).inside(
            f"{_for(flavour)} chunk in stream:"
        )

    def _text(self, operation: Operation, flavour: Flavour) -> Reading | None:
        """Prints the text of a stream, and that of the whole answer."""
        stream = operation.event_stream
        whole = answer(operation)
        if stream is None or stream.chat is None or whole is None:
            return None
        chat = self._api.chat
        found = next(
            (
                reading
                for path in ((chat.text, chat.text_delta) if chat else ())
                if path is not None
                and (reading := self._readings.of("response", whole, path, "print({})"))
            ),
            Reading(lines=("print(response)",)),
        )
        return Reading(
            lines=(
                f"{_for(flavour)} piece in stream.text():",
                '    print(piece, end="", flush=True)',
                f"response = {'await ' * (flavour == 'async')}stream.final()",
                "print()",
                *found.lines,
            ),
            models=found.models,
        )

    def _program(
        self,
        made: _Call,
        flavour: Flavour,
        reading: Reading,
        setting: _Setting,
        *,
        stream: bool,
    ) -> str:
        operation = made.operation
        is_async = flavour == "async"
        indent = 4 if is_async else 0
        api = self._names.apis[operation.tag]
        body, passed = self._passed(made)
        passed = (*made.before, *passed, *made.after)
        target = call(f"api.{made.method}", *passed)
        configuration = call(
            "Configuration", *self._configuration(operation), *setting.configuration
        )
        steps: list[str] = [
            assignment("configuration", None, configuration, indent),
            *(assignment("request", None, each.doc, indent) for each in body),
            "",
            f"{' ' * indent}{'async ' * is_async}with ApiClient(configuration) as client:",
            f"{' ' * indent}    api = {api.class_name}(client)",
        ]
        inner = indent + 4
        if setting.handlers:
            steps.append(f"{' ' * inner}try:")
            inner += 4
        if stream:
            opening = f"{'async ' * is_async}with "
            opened = lay_out(target, indent=inner, before=opening, after=" as stream:")
            steps.append(" " * inner + opened)
            steps.extend(f"{' ' * inner}    {line}" for line in reading.lines)
        else:
            awaited = call(f"{'await ' * is_async}api.{made.method}", *passed)
            if reading.lines:
                steps.append(assignment("response", None, awaited, inner))
            else:
                steps.append(expression(awaited, inner))
            steps.extend(f"{' ' * inner}{line}" for line in reading.lines)
        steps.extend(f"{' ' * (inner - 4)}{line}" for line in setting.handlers)
        used = [*made.arguments.values()]
        models = reading.models.union(*(each.models for each in used))
        standard = frozenset[str]().union(*(each.names for each in used))
        lines = self._imports(operation, flavour, models, standard, setting)
        if setting.preamble:
            lines += ["", "", *setting.preamble, *([] if is_async else [""])]
        if is_async:
            lines += [
                "",
                "",
                "async def main() -> None:",
                *steps,
                "",
                "",
                "asyncio.run(main())",
            ]
        else:
            lines += ["", *steps]
        return "\n".join(lines)

    def _passed(self, made: _Call) -> tuple[Sequence[Construction], Sequence[Doc]]:
        """The body where it is a model, which is built first, and the arguments of the call."""
        body: list[Construction] = []
        passed: list[Doc] = []
        for argument in ordered_arguments(made.operation, self._schemas):
            name = self._names.argument(made.operation, argument)
            if name not in made.arguments:
                continue
            value = made.arguments[name]
            if argument.location == "body" and value.models:
                body.append(value)
                passed.append(keyword(name, "request"))
            else:
                passed.append(keyword(name, value.doc))
        return body, passed

    def _configuration(self, operation: Operation) -> Sequence[Doc]:
        """The arguments of a Configuration: a host where the document has none, and credentials."""
        arguments: list[Doc] = []
        base = base_path(self._api.servers)
        if not self._api.servers or "://" not in base:
            arguments.append(keyword("host", python_string(base)))
        schemes = {scheme.name: scheme for scheme in self._api.security_schemes}
        keys: list[tuple[str, Doc]] = []
        needed = operation.security[0].schemes if operation.security else ()
        for name, _ in needed:
            scheme = schemes[name]
            match scheme:
                case ApiKeyScheme():
                    keys.append((python_string(name), _environ("API_KEY")))
                case HttpScheme(scheme="basic"):
                    arguments.append(keyword("username", _environ("USERNAME")))
                    arguments.append(keyword("password", _environ("PASSWORD")))
                case HttpScheme():
                    arguments.append(keyword("access_token", _environ("BEARER_TOKEN")))
                case OAuth2Scheme() | OpenIdScheme():
                    arguments.append(keyword("access_token", _environ("ACCESS_TOKEN")))
                case _:
                    assert_never(scheme)
        if keys:
            arguments.append(keyword("api_key", dict_display(*keys)))
        return arguments

    def _imports(
        self,
        operation: Operation,
        flavour: Flavour,
        models: Iterable[str],
        names: frozenset[str],
        setting: _Setting,
    ) -> list[str]:
        package = self._settings.package
        client = ["ApiClient", self._names.apis[operation.tag].class_name]
        shared = ["Configuration"]
        hidden: list[str] = []
        for name in models:
            where = hidden if name in self._names.hidden else shared
            where.append(self._names.models[name].class_name)
        standard = [from_import("datetime", sorted(names & {"date", "datetime"}))]
        standard = standard if names & {"date", "datetime"} else []
        standard += [from_import("uuid", ["UUID"])] if "UUID" in names else []
        plain = ["import asyncio"] if flavour == "async" else []
        plain += (
            ["import os"]
            if any("os.environ" in flat(doc) for doc in self._configuration(operation))
            else []
        )
        local: list[str] = []
        if flavour == self._settings.flavour:
            local.append(from_import(package, sorted([*client, *shared])))
        else:
            local.append(from_import(package, sorted(shared)))
            local.append(
                from_import(f"{package}.{self._settings.other}", sorted(client))
            )
        local += [
            from_import(f"{package}.{module}", sorted(given))
            for module, given in setting.imports.items()
        ]
        if hidden:
            local.append(from_import(f"{package}.models", sorted(hidden)))
        first = [*plain, *standard]
        return [*first, *([""] if first else []), *local]


def _for(flavour: Flavour) -> str:
    return "async for" if flavour == "async" else "for"


def _events(operation: Operation, flavour: Flavour) -> Reading:
    """Prints the events of a stream as they came."""
    return Reading(
        lines=(
            f"{_for(flavour)} _ in stream:",
            "    if stream.event is not None:",
            "        print(stream.event.event, stream.event.id, stream.event.data)",
        )
    )


def _first(operation: Operation, flavour: Flavour) -> Reading:
    """Prints the first item of a stream."""
    return Reading(
        lines=(f"{_for(flavour)} chunk in stream:", "    print(chunk)", "    break")
    )


def _environ(name: str) -> str:
    return f'os.environ["{name}"]'
