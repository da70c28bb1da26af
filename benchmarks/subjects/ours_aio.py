"""Our OpenAI client, asynchronous."""

from importlib import import_module
from typing import Any

import job

sdk = import_module("openapiopenai")
aio = import_module("openapiopenai.aio")


def connect(url: str) -> Any:
    """The chat API of a new client."""
    return aio.ChatApi(
        aio.ApiClient(sdk.Configuration(host=url, access_token="secret"))
    )


def request() -> Any:
    """One user message."""
    return sdk.CreateChatCompletionRequest(
        model="gpt-4o-mini",
        messages=[sdk.ChatCompletionRequestUserMessage(role="user", content="Hello")],
    )


async def call(api: Any) -> object:
    """One chat completion; its text."""
    return (await api.create_chat_completion(request())).choices[0].message.content


async def stream(api: Any) -> int:
    """Reads a whole stream and every delta's text; the number of events."""
    events = 0
    async with api.create_chat_completion_stream(request()) as chunks:
        async for chunk in chunks:
            events += chunk.choices[0].delta.content is not None
    return events


async def close(api: Any) -> None:
    """Closes the client's connections."""
    await api.api_client.close()


job.run_async("aiohttp", connect=connect, call=call, stream=stream, close=close)
