"""OpenAPI Generator's client of the same document, blocking; it has no streams."""

from importlib import import_module
from typing import Any

import job

sdk = import_module("peer")


def connect(url: str) -> Any:
    """The chat API of a new client."""
    return sdk.ChatApi(
        sdk.ApiClient(sdk.Configuration(host=url, access_token="secret"))
    )


def call(api: Any) -> object:
    """One chat completion; its text."""
    content = sdk.ChatCompletionRequestUserMessageContent("Hello")
    user = sdk.ChatCompletionRequestUserMessage(role="user", content=content)
    request = sdk.CreateChatCompletionRequest(
        model=sdk.CreateChatCompletionRequestModel("gpt-4o-mini"),
        messages=[sdk.ChatCompletionRequestMessage(user)],
    )
    return api.create_chat_completion(request).choices[0].message.content


job.run("urllib3", connect=connect, call=call)
