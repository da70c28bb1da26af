"""A chat with tools on OpenAI's client, whose calls are synchronous."""

from __future__ import annotations

import asyncio
import json
from typing import Literal, assert_never, assert_type

import openapiopenai
from openapiopenai import (
    ApiClient,
    ApiException,
    ApiResponse,
    ChatApi,
    ChatCompletionMessageToolCall,
    ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestDeveloperMessage,
    ChatCompletionRequestFunctionMessage,
    ChatCompletionRequestMessage,
    ChatCompletionRequestMessageContentPartAudio,
    ChatCompletionRequestMessageContentPartImage,
    ChatCompletionRequestMessageContentPartImageImageUrl,
    ChatCompletionRequestMessageContentPartText,
    ChatCompletionRequestSystemMessage,
    ChatCompletionRequestToolMessage,
    ChatCompletionRequestUserMessage,
    ChatCompletionRequestUserMessageContent,
    ChatCompletionTool,
    Configuration,
    CreateChatCompletionRequest,
    CreateChatCompletionResponse,
    CreateChatCompletionStreamResponse,
    FunctionObject,
    aio,
)
from openapiopenai.configuration import RetryPolicy, Timeout
from openapiopenai.exceptions import (
    ApiConnectionError,
    RateLimitException,
    StreamError,
)
from openapiopenai.params import CreateChatCompletionRequestParams
from openapiopenai.streaming import AsyncChatStream, ChatStream

WEATHER = ChatCompletionTool(
    function=FunctionObject(
        name="get_weather",
        parameters={"type": "object", "properties": {"city": {"type": "string"}}},
    )
)


def author(message: ChatCompletionRequestMessage) -> str:
    """A union is matched to its end; a new member of it is an error here."""
    match message:
        case ChatCompletionRequestUserMessage(name=str(name)):
            return f"{name} said"
        case ChatCompletionRequestUserMessage():
            assert_type(message.role, Literal["user"])
            return "someone said"
        case ChatCompletionRequestAssistantMessage(tool_calls=[first, *_]):
            assert_type(first, ChatCompletionMessageToolCall)
            return f"the model called {first.function.name}"
        case (
            ChatCompletionRequestAssistantMessage()
            | ChatCompletionRequestDeveloperMessage()
            | ChatCompletionRequestSystemMessage()
        ):
            return message.role
        case ChatCompletionRequestToolMessage(tool_call_id=call):
            return f"the tool answered {call}"
        case ChatCompletionRequestFunctionMessage():
            return message.name
        case _:
            assert_never(message)


def text(content: ChatCompletionRequestUserMessageContent) -> str:
    """A union of a string and a list is narrowed by isinstance."""
    if isinstance(content, str):
        return content
    pieces: list[str] = []
    for part in content:
        assert_type(
            part,
            ChatCompletionRequestMessageContentPartText
            | ChatCompletionRequestMessageContentPartImage
            | ChatCompletionRequestMessageContentPartAudio,
        )
        if isinstance(part, ChatCompletionRequestMessageContentPartText):
            pieces.append(part.text)
        elif isinstance(part, ChatCompletionRequestMessageContentPartImage):
            pieces.append(part.image_url.url)
        else:
            pieces.append(part.input_audio.format)
    return "".join(pieces)


def conversation() -> list[ChatCompletionRequestMessage]:
    """Messages of several kinds in one list."""
    return [
        ChatCompletionRequestDeveloperMessage(content="Be brief."),
        ChatCompletionRequestUserMessage(
            name="Ada",
            content=[
                ChatCompletionRequestMessageContentPartText(text="What is this? "),
                ChatCompletionRequestMessageContentPartImage(
                    image_url=ChatCompletionRequestMessageContentPartImageImageUrl(
                        url="https://acme.example/cat.png", detail="low"
                    )
                ),
            ],
        ),
    ]


def weather(arguments: str) -> str:
    """A tool; a model wrote the arguments, so that they may be anything."""
    try:
        city = json.loads(arguments)["city"]
    except (KeyError, TypeError, ValueError):
        return "Which city?"
    return f"It rains in {city}."


def answer(api: ChatApi) -> str:
    """A call, whose answer may be a text or calls of tools."""
    messages = conversation()
    request = CreateChatCompletionRequest(
        model="gpt-4o", messages=messages, tools=[WEATHER], tool_choice="auto"
    )
    request.temperature = 0.5
    response = api.create_chat_completion(request)
    assert_type(response, CreateChatCompletionResponse)
    choice = response.choices[0]
    assert_type(choice.message.content, str | None)
    for call in choice.message.tool_calls or []:
        messages.append(
            ChatCompletionRequestToolMessage(
                tool_call_id=call.id, content=weather(call.function.arguments)
            )
        )
    match choice.finish_reason:
        case "stop" | "length":
            return choice.message.content or ""
        case "tool_calls" | "function_call" | "content_filter":
            return ", ".join(map(author, messages))
        case unknown:
            assert_type(unknown, str)
            return f"ended for a new reason: {unknown}"


def details(api: ChatApi) -> tuple[int, str]:
    """The status and a header of an answer, and raw bytes."""
    request = CreateChatCompletionRequest(model="gpt-4o", messages=conversation())
    info = api.create_chat_completion_with_http_info(request)
    assert_type(info, ApiResponse[CreateChatCompletionResponse])
    raw = api.create_chat_completion_without_preload_content(request)
    assert_type(raw.status, int)
    assert raw.read()
    return info.status_code, (info.headers or {}).get("content-type", "")


def stream(api: ChatApi) -> str:
    """A stream of typed chunks."""
    request = CreateChatCompletionRequest(model="gpt-4o", messages=conversation())
    pieces: list[str] = []
    with api.create_chat_completion_stream(request) as chunks:
        assert_type(
            chunks,
            ChatStream[
                CreateChatCompletionStreamResponse, CreateChatCompletionResponse
            ],
        )
        for chunk in chunks:
            assert_type(chunk, CreateChatCompletionStreamResponse)
            pieces += [choice.delta.content or "" for choice in chunk.choices]
    return "".join(pieces)


def attempt(api: ChatApi) -> str:
    """Errors, from the particular to the general."""
    request = CreateChatCompletionRequest(model="gpt-4o", messages=conversation())
    try:
        api.create_chat_completion(request, _request_timeout=(1.0, 5.0))
    except RateLimitException as failure:
        assert_type(failure.retry_after, float | None)
        return f"again in {failure.retry_after or 1} s"
    except StreamError as failure:
        return failure.reason or "the stream broke off"
    except ApiException as failure:
        assert_type(failure.status, int | None)
        return f"{failure.status}: {failure.message or failure.body}"
    return "fine"


def plain(api: ChatApi) -> str:
    """Keyword arguments and dicts in the place of models, both checked."""
    body: CreateChatCompletionRequestParams = {
        "model": "gpt-4o",
        "messages": [
            {"role": "developer", "content": "Be brief."},
            ChatCompletionRequestUserMessage(content="Hello!"),
        ],
        "tools": [WEATHER],
    }
    assert_type(api.create_chat_completion(body), CreateChatCompletionResponse)
    info = api.create_chat_completion_with_http_info(
        model="gpt-4o", messages=[{"role": "user", "content": "Hello!"}]
    )
    assert_type(info.data, CreateChatCompletionResponse)
    assert_type(info.raw_data, bytes)
    assert_type(info.request_id, str | None)
    return info.data.choices[0].message.content or "nothing"


def speak(api: ChatApi) -> str:
    """The text as it comes, and then the whole answer."""
    with api.create_chat_completion_stream(
        model="gpt-4o", messages=[{"role": "user", "content": "Hello!"}]
    ) as chunks:
        assert chunks.response.status == 200
        for piece in chunks.text():
            assert_type(piece, str)
            break
        whole = chunks.final()
    assert_type(whole, CreateChatCompletionResponse)
    return whole.choices[0].message.content or "nothing"


def patiently(api: ChatApi) -> str:
    """Other retries and timeouts than the client's, over the same connections."""
    patient = api.with_options(
        retries=RetryPolicy(retries=4, base=0.1), timeout=Timeout(total=120)
    )
    assert_type(patient, ChatApi)
    try:
        return patient.create_chat_completion(
            model="gpt-4o", messages=[{"role": "user", "content": "Hello!"}]
        ).id
    except ApiConnectionError as failure:
        return f"no answer after {failure.elapsed or 0:.1f} s"


async def concurrently(configuration: Configuration, number: int) -> list[str]:
    """The other flavour: several streams at a time, with the same models."""
    request = CreateChatCompletionRequest(model="gpt-4o", messages=conversation())

    async def one(api: aio.ChatApi) -> str:
        pieces: list[str] = []
        async with api.create_chat_completion_stream(request) as chunks:
            assert_type(
                chunks,
                AsyncChatStream[
                    CreateChatCompletionStreamResponse, CreateChatCompletionResponse
                ],
            )
            async for chunk in chunks:
                pieces += [choice.delta.content or "" for choice in chunk.choices]
        return "".join(pieces)

    async with aio.ApiClient(configuration) as client:
        api = aio.ChatApi(client)
        return await asyncio.gather(*(one(api) for _ in range(number)))


def main(host: str) -> None:
    """All of it, against one server."""
    configuration = Configuration(host=host, access_token="secret", retries=2)
    print(openapiopenai.__version__)
    print(text(ChatCompletionRequestUserMessage(content="Hello!").content))
    with ApiClient(configuration) as client:
        api = ChatApi(client)
        print(answer(api))
        print(*details(api))
        print(stream(api))
        print(attempt(api), plain(api), speak(api), patiently(api))
    print(*asyncio.run(concurrently(configuration, 3)))
