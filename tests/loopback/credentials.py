"""Whether a request carries the credentials that the document asks for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from tests.loopback.nodes import text
from tests.loopback.operations import Operation
from tests.loopback.request import Request


def credentials(request: Request, operation: Operation) -> Iterator[tuple[str, str]]:
    """What is missing, where no alternative is complete (OpenAPI 3.1, 4.8.30)."""
    if not operation.security:
        return
    missing: list[str] = []
    for requirement in operation.security:
        absent = [
            name
            for name in requirement
            if name in operation.security_schemes
            and not _has_credential(request, operation, name)
        ]
        if not absent:
            return
        missing.append(" and ".join(absent))
    yield "security", f"no credentials for {' or '.join(missing)}"


def _has_credential(request: Request, operation: Operation, name: str) -> bool:
    scheme = operation.document.resolve(operation.security_schemes.get(name))
    key = text(scheme.get("name"))
    kind, _, credential = (request.header("authorization") or "").partition(" ")
    match scheme.get("type"), scheme.get("in"), text(scheme.get("scheme")).lower():
        case "apiKey", "header", _:
            return bool(request.header(key))
        case "apiKey", "query", _:
            return bool(dict(request.parameters).get(key))
        case "apiKey", "cookie", _:
            return bool(request.cookies.get(key))
        case "http", _, "basic":
            try:
                return kind == "Basic" and b":" in base64.b64decode(
                    credential, validate=True
                )
            except binascii.Error:
                return False
        case "http", _, "bearer":
            return kind == "Bearer" and bool(credential.strip())
        case "http", _, other:
            return kind.lower() == other and bool(credential)
        case ("oauth2" | "openIdConnect"), _, _:
            return kind == "Bearer" and bool(credential.strip())
        case "mutualTLS", _, _:
            return True
        case _:
            return False
