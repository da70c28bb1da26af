"""A chat on Together's client, whose calls are asynchronous."""

from __future__ import annotations

import asyncio
from typing import Literal, assert_never, assert_type

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
    ChatCompletionRequestMessagesInnerContentOneOfInnerOneOf1,
    ChatCompletionResponse,
    Configuration,
    ErrorData,
    sync,
)
from together.generated.configuration import RetryPolicy, Timeout
from together.generated.exceptions import (
    ApiConnectionError,
    RateLimitException,
    StreamError,
)
from together.generated.params import ChatCompletionRequestParams

Role = Literal["system", "user", "assistant", "tool"]


def text(content: ChatCompletionRequestMessagesInnerContent) -> str:
    """A union of a string and a list of a union, each matched to its end."""
    if isinstance(content, str):
        return content
    pieces: list[str] = []
    for part in content:
        match part:
            case ChatCompletionRequestMessagesInnerContentOneOfInnerOneOf(text=words):
                pieces.append(words)
            case ChatCompletionRequestMessagesInnerContentOneOfInnerOneOf1():
                pieces.append(part.image_url.url)
            case _:
                assert_never(part)
    return " ".join(pieces)


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


async def plain(api: ChatApi) -> list[str]:
    """Keyword arguments and dicts in the place of models, both checked; raw bytes."""
    body: ChatCompletionRequestParams = {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            ChatCompletionRequestMessagesInner(role="user", content="Hello?"),
        ],
    }
    assert_type(await api.chat_completions(body), ChatCompletionResponse)
    info = await api.chat_completions_with_http_info(
        model="m", messages=[{"role": "user", "content": "Hello!"}]
    )
    assert_type(info.data, ChatCompletionResponse)
    assert_type(info.raw_data, bytes)
    raw = await api.chat_completions_without_preload_content(body)
    return [str(raw.status), str(len(await raw.read())), str(info.request_id)]


async def speak(api: ChatApi) -> str:
    """The text as it comes, then the whole answer; retries for this call alone."""
    patient = api.with_options(
        retries=RetryPolicy(retries=4, base=0.1), timeout=Timeout(total=120)
    )
    assert_type(patient, ChatApi)
    try:
        async with patient.chat_completions_stream(
            model="m", messages=[{"role": "user", "content": "Hello!"}]
        ) as chunks:
            async for piece in chunks.text():
                assert_type(piece, str)
                break
            whole = await chunks.final()
    except RateLimitException as failure:
        return f"again in {failure.retry_after or 1} s"
    except StreamError as failure:
        return failure.reason or "the stream broke off"
    except ApiConnectionError as failure:
        return f"no answer after {failure.elapsed or 0:.1f} s"
    assert_type(whole, ChatCompletionResponse)
    message = whole.choices[0].message
    return (message.content if message else None) or "nothing"


async def talk(configuration: Configuration) -> None:
    """The default flavour."""
    async with ApiClient(configuration) as client:
        api = ChatApi(client)
        print(await ask(api), *await stream(api))
        print(await speak(api), *await plain(api))
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
        with sync.ChatApi(client).chat_completions_stream(
            request(("user", "Hello!"))
        ) as chunks:
            assert_type(list(chunks.text()), list[str])
            assert_type(chunks.final(), ChatCompletionResponse)
