"""The `openai` SDK, blocking."""

from importlib import import_module
from typing import Any

import job

sdk = import_module("openai")


def connect(url: str) -> Any:
    """A new client."""
    return sdk.OpenAI(base_url=url, api_key="secret")


def call(client: Any) -> object:
    """One chat completion; its text."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello"}]
    )
    return completion.choices[0].message.content


def stream(client: Any) -> int:
    """Reads a whole stream and every delta's text; the number of events."""
    events = 0
    with client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello"}],
        stream=True,
    ) as chunks:
        for chunk in chunks:
            events += chunk.choices[0].delta.content is not None
    return events


job.run("httpx", connect=connect, call=call, stream=stream)
