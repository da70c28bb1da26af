"""The bytes of a document: from a local file, or from the one URL that the user gave."""

from __future__ import annotations

import re
import stat
import time
from pathlib import Path
from urllib.parse import urlsplit

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read; the largest vendor document known has 3 MB."""

_CHUNK = 64 * 1024
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 30.0
_TOTAL_SECONDS = 120.0
_REDIRECTS = 5


class UnreadableError(Exception):
    """A file that cannot be read: a diagnostic's code, and a sentence without a place."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def is_url(path: str) -> bool:
    """Whether a path is an `http` or `https` URL."""
    return re.match(r"https?://", path, re.IGNORECASE) is not None


def without_credentials(url: str) -> str:
    """A URL as it may be shown and recorded."""
    return re.sub(r"^([^/]*//)[^/?#]*@", r"\1", url)


def read(path: Path) -> bytes:
    """The bytes of a local file.

    Raises UnreadableError `not-found`, `not-a-file`, `not-readable` or `too-large`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UnreadableError("not-found", "there is no such file") from None
    except IsADirectoryError:
        raise UnreadableError(
            "not-a-file", "this is a folder; a file is expected"
        ) from None
    except (OSError, ValueError) as failure:
        # Windows answers the opening of a folder with a PermissionError.
        if stat.S_ISDIR(_mode(path)):
            raise UnreadableError(
                "not-a-file", "this is a folder; a file is expected"
            ) from None
        reason = failure.strerror if isinstance(failure, OSError) else str(failure)
        raise UnreadableError(
            "not-readable", f"the file cannot be read: {reason}"
        ) from None
    return _bounded(content)


def read_regular(path: Path) -> bytes:
    """The bytes of a local file that is neither a pipe nor a device.

    A document may refer to one, and reading it might never end.

    Raises UnreadableError as `read` does.
    """
    mode = _mode(path)
    if mode and not stat.S_ISREG(mode):
        raise UnreadableError("not-a-file", "this is not a file")
    return read(path)


def fetch(url: str) -> bytes:
    """The bytes that a URL answers with.

    Raises UnreadableError `not-found`, `not-readable` or `too-large`.
    """
    # A local document needs neither, and they take longer to import than it takes to be read.
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    deadline = time.monotonic() + _TOTAL_SECONDS
    content = bytearray()
    try:
        parts = urlsplit(url)
        proxy = getproxies().get(parts.scheme.lower())
        pool = urllib3.PoolManager()
        if proxy and not proxy_bypass(parts.hostname or ""):
            pool = urllib3.ProxyManager(proxy)
        with pool:
            response = pool.request(
                "GET",
                url,
                headers={
                    "Accept": "application/yaml, application/json;q=0.9, */*;q=0.5"
                },
                timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
                retries=urllib3.Retry(
                    2, redirect=_REDIRECTS, respect_retry_after_header=False
                ),
                preload_content=False,
            )
            if response.status != 200:
                raise UnreadableError(
                    "not-found",
                    f"the server answers {response.status}; 200 is expected",
                )
            for chunk in response.stream(_CHUNK, decode_content=True):
                content += chunk
                if len(content) > MAX_BYTES:
                    break
                if time.monotonic() > deadline:
                    raise UnreadableError(
                        "not-readable",
                        f"the server takes longer than {_TOTAL_SECONDS:.0f} seconds",
                    )
    except (urllib3.exceptions.HTTPError, ValueError) as problem:
        failure = getattr(problem, "reason", None) or problem
        raise UnreadableError(
            "not-readable", f"the URL cannot be read: {failure}"
        ) from None
    return _bounded(bytes(content))


def _bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise UnreadableError(
            "too-large",
            f"the file is larger than the {MAX_BYTES:,} bytes that are accepted",
        )
    return content


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0
