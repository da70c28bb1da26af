"""Which header carries an operation's idempotency key: one key for all attempts of a call.

A header parameter called `Idempotency-Key` or `X-Idempotency-Key` says so, or the
`x-idempotency-header` extension, which an overlay sets where a vendor tells it in prose: the name
of the header, on an operation, a path item or the document, or `false` where there is none. The
nearest one holds. On a path item or the document it is meant for the methods that HTTP does not
call idempotent (RFC 9110, section 9.2.2); on an operation, for that operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from chatwright.document import Node, Pointer
from chatwright.ir.api import Parameter
from chatwright.parser import reading
from chatwright.parser.findings import Findings
from chatwright.parser.paths import PathOperation

EXTENSION = "x-idempotency-header"
PARAMETERS = frozenset({"idempotency-key", "x-idempotency-key"})
IDEMPOTENT = frozenset({"delete", "get", "head", "options", "put", "query", "trace"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header (RFC 9110, section 5.1)."""


def idempotency_header(
    operation: PathOperation,
    parameters: Iterable[Parameter],
    root: tuple[Mapping[str, Node], Pointer],
    findings: Findings,
) -> str | None:
    """The header of an operation's idempotency key, None where it has none."""
    if EXTENSION in operation.node:
        return _said(operation.node, operation.pointer, findings)
    for parameter in parameters:
        if parameter.location == "header" and parameter.name.lower() in PARAMETERS:
            return parameter.name
    if operation.method in IDEMPOTENT:
        return None
    for node, pointer in ((operation.item, operation.item_pointer), root):
        if EXTENSION in node:
            return _said(node, pointer, findings)
    return None


def _said(node: Mapping[str, Node], pointer: Pointer, findings: Findings) -> str | None:
    value = node[EXTENSION]
    if value is False:
        return None
    if isinstance(value, str) and _TOKEN.fullmatch(value):
        return value
    findings.warn(
        "invalid-idempotency-header",
        f"`{EXTENSION}` is the name of a header, or false, not {reading.describe(value)}; it is"
        " left out",
        pointer / EXTENSION,
    )
    return None
