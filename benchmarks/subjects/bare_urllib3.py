"""urllib3 and nothing else: the same bytes, unread."""

from importlib import import_module
from typing import Any

import job

urllib3 = import_module("urllib3")

BODY = b'{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'
HEADERS = {
    "Authorization": "Bearer secret",
    "Content-Type": "application/json",
    "Accept": "application/json",
    "User-Agent": "bare",
}


def connect(url: str) -> Any:
    """A connection pool and the address."""
    return urllib3.PoolManager(), f"{url}/chat/completions"


def call(client: Any) -> object:
    """One request; the bytes of its answer."""
    pool, url = client
    return pool.request("POST", url, body=BODY, headers=HEADERS).data


job.run("urllib3", connect=connect, call=call)
