"""A chat on Gabber's client, whose calls are asynchronous."""

from __future__ import annotations

import asyncio
from typing import assert_never, assert_type

from gabber.generated.gabber import (
    ApiClient,
    ApiException,
    ApiResponse,
    ChatCompletionNamedToolChoice,
    ChatCompletionNamedToolChoiceFunction,
    ChatCompletionRequest,
    ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestMessage,
    ChatCompletionRequestMessageContentPartAudio,
    ChatCompletionRequestMessageContentPartText,
    ChatCompletionRequestSystemMessage,
    ChatCompletionRequestToolMessage,
    ChatCompletionRequestUserMessage,
    ChatCompletionRequestUserMessageContentPart,
    ChatCompletionResponse,
    ChatCompletionStreamResponse,
    ChatCompletionTool,
    ChatCompletionToolChoiceOption,
    Configuration,
    FunctionObject,
    InferenceApi,
    sync,
)
from gabber.generated.gabber.exceptions import BadRequestException
from gabber.generated.gabber.models import BadRequest
from gabber.generated.gabber.streaming import AsyncChatStream


def part(content: ChatCompletionRequestUserMessageContentPart) -> str:
    """A union of two models: what is not the one is the other."""
    if isinstance(content, ChatCompletionRequestMessageContentPartText):
        return content.text
    assert_type(content, ChatCompletionRequestMessageContentPartAudio)
    return content.input_audio.format


def summary(message: ChatCompletionRequestMessage) -> str:
    """A union is matched to its end."""
    match message:
        case ChatCompletionRequestUserMessage(content=content):
            return content if isinstance(content, str) else " ".join(map(part, content))
        case ChatCompletionRequestSystemMessage() | ChatCompletionRequestToolMessage():
            return message.role
        case ChatCompletionRequestAssistantMessage():
            return message.refusal or "no refusal"
        case _:
            assert_never(message)


def choice(name: str | None) -> ChatCompletionToolChoiceOption:
    """A union of constants and a model."""
    if name is None:
        return "auto"
    function = ChatCompletionNamedToolChoiceFunction(name=name)
    return ChatCompletionNamedToolChoice(function=function)


def request(question: str) -> ChatCompletionRequest:
    """A request with a tool."""
    dice = ChatCompletionTool(type="function", function=FunctionObject(name="dice"))
    return ChatCompletionRequest(
        model="m",
        messages=[ChatCompletionRequestUserMessage(content=question)],
        tools=[dice],
        tool_choice=choice("dice"),
        metadata={"trace": 1},
    )


async def ask(api: InferenceApi, question: str) -> str:
    """A call, and what can go wrong with it."""
    try:
        response = await api.chat_completions(request(question))
    except BadRequestException as failure:
        if isinstance(failure.data, BadRequest) and failure.data.message:
            return failure.data.message
        return failure.body or ""
    except ApiException as failure:
        return f"{failure.operation}: {failure}"
    assert_type(response, ChatCompletionResponse)
    return response.choices[0].message.content


async def listen(api: InferenceApi, question: str) -> str:
    """A stream, left before its end."""
    said = ""
    async with api.chat_completions_stream(request(question)) as chunks:
        assert_type(
            chunks,
            AsyncChatStream[ChatCompletionStreamResponse, ChatCompletionResponse],
        )
        async for chunk in chunks:
            for each in chunk.choices:
                assert_type(each.delta.content, str)
                said += each.delta.content
            if len(said) > 3:
                break
    return said


async def status(api: InferenceApi) -> int:
    """An answer with its status and headers."""
    info = await api.chat_completions_with_http_info(request("Again?"))
    assert_type(info, ApiResponse[ChatCompletionResponse])
    return info.status_code


async def talk(configuration: Configuration) -> list[str]:
    """Calls of the default flavour, one after the other and at once."""
    async with ApiClient(configuration) as client:
        api = InferenceApi(client)
        said = await asyncio.gather(ask(api, "One?"), listen(api, "Two?"))
        return [*said, str(await status(api))]


def main(host: str) -> None:
    """All of it, against one server."""
    configuration = Configuration(host=host, api_key={"ApiKeyAuth": "secret"})
    print(*map(summary, request("Roll!").messages))
    print(*asyncio.run(talk(configuration)))
    with sync.ApiClient(configuration) as client:
        api = sync.InferenceApi(client)
        assert_type(api.chat_completions(request("Three?")), ChatCompletionResponse)
        with api.chat_completions_stream(request("Four?")) as chunks:
            for chunk in chunks:
                assert_type(chunk, ChatCompletionStreamResponse)
                print(chunk.id, chunk.model)
