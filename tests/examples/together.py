"""A chat on Together's client, whose calls are asynchronous."""

from __future__ import annotations

import asyncio
from typing import Literal, assert_type

from together.generated import (
    ApiClient,
    ApiException,
    ApiResponse,
    ChatApi,
    ChatCompletionChunk,
    ChatCompletionRequest,
    ChatCompletionRequestMessagesInner,
    ChatCompletionRequestMessagesInnerContent,
    ChatCompletionRequestMessagesInnerContentOneOfInnerOneOf,
    ChatCompletionResponse,
    Configuration,
    ErrorData,
    sync,
)

Role = Literal["system", "user", "assistant", "tool"]


def text(content: ChatCompletionRequestMessagesInnerContent) -> str:
    """A union of a string and a list of a union."""
    if isinstance(content, str):
        return content
    return " ".join(
        (
            part.text
            if isinstance(
                part, ChatCompletionRequestMessagesInnerContentOneOfInnerOneOf
            )
            else part.image_url.url
        )
        for part in content
    )


def request(*said: tuple[Role, str]) -> ChatCompletionRequest:
    """A request of plain messages."""
    return ChatCompletionRequest(
        model="m",
        messages=[
            ChatCompletionRequestMessagesInner(role=role, content=words)
            for role, words in said
        ],
        max_tokens=16,
    )


async def ask(api: ChatApi) -> str:
    """A call, and its typed error."""
    try:
        response = await api.chat_completions(request(("user", "Hello!")))
    except ApiException as failure:
        match failure.data:
            case ErrorData(error=problem):
                return f"{problem.code or problem.type}: {problem.message}"
            case _:
                return str(failure)
    assert_type(response, ChatCompletionResponse)
    return response.id


async def stream(api: ChatApi) -> list[str]:
    """A stream; the event that ends it is not one of its items."""
    said: list[str] = []
    async with api.chat_completions_stream(request(("user", "Hello!"))) as chunks:
        async for chunk in chunks:
            assert_type(chunk, ChatCompletionChunk)
            said += [choice.delta.content or "" for choice in chunk.choices]
    return said


async def talk(configuration: Configuration) -> None:
    """The default flavour."""
    async with ApiClient(configuration) as client:
        api = ChatApi(client)
        print(await ask(api), *await stream(api))
        info = await api.chat_completions_with_http_info(
            request(("system", "Be brief."), ("user", "Hello!"))
        )
        assert_type(info, ApiResponse[ChatCompletionResponse])
        print(info.status_code)


def main(host: str) -> None:
    """All of it, against one server."""
    configuration = Configuration(host=host, access_token="secret")
    asyncio.run(talk(configuration))
    print(text(request(("user", "Hello!")).messages[0].content))
    with sync.ApiClient(configuration) as client:
        response = sync.ChatApi(client).chat_completions(request(("user", "Hello!")))
        assert_type(response, ChatCompletionResponse)
        print(response.model)
