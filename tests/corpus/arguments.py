"""The arguments to call an operation of a package with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.loopback import Mode
from tests.loopback.candidates import NoValue
from tests.loopback.nodes import Json, mapping, text
from tests.loopback.operations import JSON_TYPE, Operation, concrete, is_json
from tests.loopback.values import Values


def arguments(described: Any, said: Operation, values: Values) -> Iterator[Any]:
    """A value for each argument of the operation that the package describes so and the document
    says so; None for what need not be given and no value can be found for.

    Raises NoValue where none is found for what must be given.
    """
    content = mapping(said.request_body.get("content"))
    names: tuple[str, ...] = described.content_types or (JSON_TYPE,)
    fields = any(type(each).__name__ == "FormField" for each in described.arguments)
    chosen = next(
        (each for each in names if is_json(concrete(each)) != fields), names[0]
    )
    schema = mapping(content.get(chosen)).get("schema", True)
    for argument in described.arguments:
        try:
            match type(argument).__name__:
                case "Body":
                    made = values.make(schema, Mode.FULL)
                    yield made if is_json(concrete(chosen)) else _text(made)
                case "FormField":
                    form = mapping(values.make(schema, Mode.FULL))
                    yield b"file" if argument.file else form.get(argument.name)
                case _ if argument.name.lower() == "content-type":
                    yield chosen
                case _:
                    yield _parameter(said, argument, values)
        except NoValue:
            if argument.required:
                raise
            yield None


def _text(value: Json) -> Json:
    """A body that is no JSON: text is as good as any."""
    return value if isinstance(value, str | dict) else str(value)


def _parameter(operation: Operation, argument: Any, values: Values) -> Json:
    """The value of one parameter, as its schema or its content has it."""
    (found,) = (
        each
        for each in operation.parameters
        if (each.get("in"), each.get("name")) == (argument.location, argument.name)
    )
    name = text(found["name"])
    # RFC 9110, 5.1 and 5.6.2.
    if found["in"] == "header" and not re.fullmatch(
        r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name
    ):
        raise NoValue(f"{name!r} cannot be the name of a header")
    content = mapping(next(iter(mapping(found.get("content")).values()), None))
    return values.make(found.get("schema", content.get("schema", True)), Mode.FULL)
