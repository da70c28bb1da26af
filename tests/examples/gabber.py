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
from gabber.generated.gabber.configuration import RetryPolicy, Timeout
from gabber.generated.gabber.exceptions import (
    ApiConnectionError,
    BadRequestException,
    RateLimitException,
    StreamError,
)
from gabber.generated.gabber.models import BadRequest
from gabber.generated.gabber.params import ChatCompletionRequestParams
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


async def plain(api: InferenceApi) -> list[str]:
    """Keyword arguments and dicts in the place of models, both checked; raw bytes."""
    body: ChatCompletionRequestParams = {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            ChatCompletionRequestUserMessage(content="Hello!"),
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


async def speak(api: InferenceApi) -> str:
    """The text as it comes, then the whole answer; retries for this call alone."""
    patient = api.with_options(
        retries=RetryPolicy(retries=4, base=0.1), timeout=Timeout(total=120)
    )
    assert_type(patient, InferenceApi)
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
    return whole.choices[0].message.content


async def talk(configuration: Configuration) -> list[str]:
    """Calls of the default flavour, one after the other and at once."""
    async with ApiClient(configuration) as client:
        api = InferenceApi(client)
        said = await asyncio.gather(ask(api, "One?"), listen(api, "Two?"))
        return [*said, *await plain(api), await speak(api), str(await status(api))]


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
            whole = chunks.final()
            assert_type(whole, ChatCompletionResponse)
