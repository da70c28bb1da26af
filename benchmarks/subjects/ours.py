"""Our OpenAI client, blocking."""

from importlib import import_module
from typing import Any

import job

sdk = import_module("openapiopenai")


def connect(url: str) -> Any:
    """The chat API of a new client."""
    return sdk.ChatApi(
        sdk.ApiClient(sdk.Configuration(host=url, access_token="secret"))
    )


def request() -> Any:
    """One user message."""
    return sdk.CreateChatCompletionRequest(
        model="gpt-4o-mini",
        messages=[sdk.ChatCompletionRequestUserMessage(role="user", content="Hello")],
    )


def call(api: Any) -> object:
    """One chat completion; its text."""
    return api.create_chat_completion(request()).choices[0].message.content


def stream(api: Any) -> int:
    """Reads a whole stream and every delta's text; the number of events."""
    events = 0
    with api.create_chat_completion_stream(request()) as chunks:
        for chunk in chunks:
            events += chunk.choices[0].delta.content is not None
    return events


job.run("urllib3", connect=connect, call=call, stream=stream)
