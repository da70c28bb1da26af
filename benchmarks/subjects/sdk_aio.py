"""The `openai` SDK, asynchronous."""

from importlib import import_module
from typing import Any

import job

sdk = import_module("openai")


def connect(url: str) -> Any:
    """A new client."""
    return sdk.AsyncOpenAI(base_url=url, api_key="secret")


async def call(client: Any) -> object:
    """One chat completion; its text."""
    completion = await client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello"}]
    )
    return completion.choices[0].message.content


async def stream(client: Any) -> int:
    """Reads a whole stream and every delta's text; the number of events."""
    events = 0
    async with await client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello"}],
        stream=True,
    ) as chunks:
        async for chunk in chunks:
            events += chunk.choices[0].delta.content is not None
    return events


async def close(client: Any) -> None:
    """Closes the client's connections."""
    await client.close()


job.run_async("httpx-async", connect=connect, call=call, stream=stream, close=close)
