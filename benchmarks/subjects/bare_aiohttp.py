"""aiohttp and nothing else: the same bytes, unread."""

from importlib import import_module
from typing import Any

import job

aiohttp = import_module("aiohttp")

BODY = b'{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'
HEADERS = {
    "Authorization": "Bearer secret",
    "Content-Type": "application/json",
    "Accept": "application/json",
    "User-Agent": "bare",
}


def connect(url: str) -> Any:
    """A session and the address."""
    return aiohttp.ClientSession(), f"{url}/chat/completions"


async def call(client: Any) -> object:
    """One request; the bytes of its answer."""
    session, url = client
    async with session.post(url, data=BODY, headers=HEADERS) as response:
        return await response.read()


async def close(client: Any) -> None:
    """Closes the session."""
    await client[0].close()


job.run_async("aiohttp", connect=connect, call=call, close=close)
