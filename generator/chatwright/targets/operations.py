"""What the documents of all languages say of operations, as OpenAPI Generator has it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal

from chatwright.ir.api import Operation, Response, Server
from chatwright.ir.schema import (
    Instance,
    NullableSchema,
    RefSchema,
    Schema,
    SchemaTable,
)
from chatwright.targets.arguments import Argument
from chatwright.targets.markdown import markdown_comment


def base_path(servers: Sequence[Server]) -> str:
    """The URL of the first server with the defaults of its variables, or http://localhost."""
    if not servers:
        return "http://localhost"
    url = servers[0].url
    for variable in servers[0].variables:
        url = url.replace(f"{{{variable.name}}}", variable.default)
    return url.rstrip("/") or "http://localhost"


def main_response(operation: Operation) -> Response | None:
    """The response that the method returns: the first success, else the default one."""
    successes = [
        response
        for response in operation.responses
        if response.status.startswith("2") or response.status == "default"
    ]
    return min(successes, key=lambda response: response.status, default=None)


def description(
    argument: Argument, schemas: SchemaTable, models: Container[str]
) -> str:
    """The description of an argument on one line; that of a form field is escaped twice."""
    text = argument.description or ""
    if argument.location != "form":
        return markdown_comment(text)
    schema = argument.schema
    if isinstance(schema, NullableSchema):
        schema = schema.schema
    if isinstance(schema, RefSchema):
        target = schemas[schema.name]
        if target.inline:
            return ""
        if target.name not in models:
            text = text or target.schema.annotations.description or ""
    return markdown_comment(markdown_comment(text))


def default(schema: Schema, schemas: SchemaTable) -> tuple[Instance, Schema] | None:
    """The default of a place, and the schema that it is of, None where it has none that is shown:
    where a `$ref` stands, that of what it leads to, and not the one beside it."""
    found = schema.annotations.default
    seen: set[str] = set()
    while isinstance(schema, RefSchema | NullableSchema):
        if isinstance(schema, RefSchema):
            if schema.name in seen:
                return None
            seen.add(schema.name)
            schema = schemas[schema.name].schema
            found = schema.annotations.default
        else:
            schema = schema.schema
            if not isinstance(schema, RefSchema):
                found = found or schema.annotations.default
    return None if found is None else (found, schema)


def number_text(value: int | float) -> str:
    """A number as Java's BigDecimal writes it: 1e-8 is 1.0E-8."""
    if isinstance(value, int):
        return str(value)
    if not value or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    first, *others = map(str, digits)
    fraction = "".join(others) or "0"
    exponent += len(digits) - 1
    return str(Decimal(f"{'-' * sign}{first}.{fraction}E{exponent}"))


def required_schemes(operation: Operation) -> Sequence[str]:
    """The security schemes that an operation names, as a java.util.HashMap holds them: that is
    how they come out of the generator."""
    names = dict.fromkeys(
        name for requirement in operation.security for name, _ in requirement.schemes
    )
    size = 16
    while len(names) > size * 3 // 4:
        size *= 2
    return sorted(names, key=lambda name: _hash(name) & (size - 1))


def _hash(name: str) -> int:
    units = name.encode("utf-16-be", errors="surrogatepass")
    code = 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
    return code ^ code >> 16
