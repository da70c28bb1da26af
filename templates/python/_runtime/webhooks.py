"""What a vendor sends by itself: signatures verified, payloads typed; nothing is sent or read.

Signatures are those of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over
`id.timestamp.payload`, in base64, as `v1,...` in the header `webhook-signature`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Protocol

from ..exceptions import (
    ApiTypeError,
    ApiValueError,
    InvalidWebhookSignatureError,
)
from .environment import webhook_secret
from .types import Types

_ID = "webhook-id"
_TIMESTAMP = "webhook-timestamp"
_SIGNATURE = "webhook-signature"
_PREFIX = "whsec_"
_VERSION = "v1,"
_SECONDS = re.compile(r"[0-9]{1,12}")


class Headers(Protocol):
    """The headers of a request, by names of any case: a dict, or what a web framework has."""

    def items(self) -> Iterable[tuple[str, str]]: ...


def verify(
    module: str,
    payload: bytes | str,
    headers: Headers,
    secret: str | Sequence[str] | None,
    tolerance: float,
) -> None:
    """Returns where one of the secrets signed the payload, at most `tolerance` seconds from now.

    `module` is that of the package that calls. Raises InvalidWebhookSignatureError where none did,
    ApiValueError where there is no secret.
    """
    keys = _keys(_package(module), secret)
    given = _lowered(headers)
    missing = [name for name in (_ID, _TIMESTAMP, _SIGNATURE) if not given.get(name)]
    if missing:
        raise InvalidWebhookSignatureError(
            f"the webhook has no header {' and no '.join(missing)}"
        )
    _check_time(given[_TIMESTAMP], tolerance)
    signed = b".".join((_bytes(given[_ID]), _bytes(given[_TIMESTAMP]), _bytes(payload)))
    signatures = [
        _bytes(each.removeprefix(_VERSION))
        for each in given[_SIGNATURE].split()
        if each.startswith(_VERSION)
    ]
    if not signatures:
        raise InvalidWebhookSignatureError(
            f"the header {_SIGNATURE} has no signature of version 1 (`{_VERSION}...`)"
        )
    for key in keys:
        digest = hmac.new(key, signed, hashlib.sha256).digest()
        expected = base64.b64encode(digest)
        if any(hmac.compare_digest(expected, each) for each in signatures):
            return
    raise InvalidWebhookSignatureError(
        "no signature of the webhook is that of its payload: another secret signed it, or it was"
        " changed; the payload must be the bytes that came, before any parsing"
    )


def parse(module: str, expression: str, payload: bytes | str) -> Any:
    """The payload as the type that `expression` means in the module's package, read leniently.

    Raises ApiValueError for one that is no JSON.
    """
    try:
        return _types(_package(module)).decoder(expression, "lenient")(payload)
    except ValueError as error:
        raise ApiValueError(f"the payload of the webhook is no JSON: {error}") from None


def _package(module: str) -> str:
    return module.rpartition(".")[0]


@cache
def _types(package: str) -> Types:
    return Types(package)


def _keys(package: str, secret: str | Sequence[str] | None) -> list[bytes]:
    if secret is None:
        variable, found = webhook_secret(package)
        if not found:
            raise ApiValueError(
                f"a webhook secret is needed: pass `secret`, or set {variable}"
            )
        secret = found
    secrets = [secret] if isinstance(secret, str) else list(secret)
    if not secrets:
        raise ApiValueError("a webhook secret is needed: `secret` is empty")
    return [_key(each) for each in secrets]


def _key(secret: str) -> bytes:
    """The key of a secret: base64 after `whsec_`, else the text itself."""
    if not secret.startswith(_PREFIX):
        key = _bytes(secret)
    else:
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            raise ApiValueError(
                f"a webhook secret is no base64 after `{_PREFIX}`"
            ) from None
    if not key:
        raise ApiValueError("a webhook secret is empty")
    return key


def _lowered(headers: Headers) -> dict[str, str]:
    """The headers by their names in lower case; one that came several times is joined."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        key = name.lower()
        found[key] = f"{found[key]} {value}" if key in found else value
    return found


def _check_time(timestamp: str, tolerance: float) -> None:
    if not _SECONDS.fullmatch(timestamp):
        raise InvalidWebhookSignatureError(
            f"the header {_TIMESTAMP} is no number of seconds since 1970"
        )
    age = time.time() - int(timestamp)
    if age > tolerance:
        raise InvalidWebhookSignatureError(
            f"the webhook is too old: it was signed {age:.0f} seconds ago, and {tolerance:g} are"
            " allowed"
        )
    if age < -tolerance:
        raise InvalidWebhookSignatureError(
            f"the webhook is too new: it was signed {-age:.0f} seconds from now, and"
            f" {tolerance:g} are allowed; is this clock right?"
        )


def _bytes(given: object) -> bytes:
    """Bytes as they are, text in UTF-8; raises ApiTypeError for anything else."""
    if isinstance(given, str):
        return given.encode("utf-8", "surrogatepass")
    if isinstance(given, (bytes, bytearray)):
        return bytes(given)
    raise ApiTypeError(
        "the payload of a webhook is the body as it came, in bytes or str, not"
        f" {type(given).__name__}"
    )
