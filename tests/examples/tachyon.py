"""A chat on Tachyon's client, whose credentials are parameters of each call."""

from __future__ import annotations

import asyncio
from typing import assert_never, assert_type

from tachyon_sdk import (
    ApiClient,
    ApiException,
    ChatApi,
    ChatCompletionChunkResponse,
    ChatCompletionRequest,
    ChatRole,
    Configuration,
    ContentPart,
    DeltaMessage,
    Message,
    MessageContent,
    ToolChoice,
    aio,
)
from tachyon_sdk.exceptions import ApiTimeoutError, UnauthorizedException

OPERATOR = "tn_1"
CREDENTIALS = "Bearer secret"


def text(content: MessageContent | None) -> str:
    """A nullable union: null, a string or a list."""
    match content:
        case None:
            return ""
        case str():
            return content
        case [*parts]:
            assert_type(parts, list[ContentPart])
            return "".join(part.text or part.type for part in parts)
        case _:
            assert_never(content)


def speaker(delta: DeltaMessage) -> str:
    """An enum of a response is open: it may hold a value that is new."""
    match delta.role:
        case None:
            return "the same"
        case ChatRole.ASSISTANT:
            return "the model"
        case ChatRole() as role:
            return role.name.lower()
        case unknown:
            assert_type(unknown, str)
            return unknown


def request() -> ChatCompletionRequest:
    """A request with an enum, and with a field that the document does not know."""
    return ChatCompletionRequest(
        model="m",
        messages=[
            Message(role="system", content="Be brief."),
            Message(role="user", content=[ContentPart(type="text", text="Hello!")]),
        ],
        tool_choice=ToolChoice.AUTO,
        additional_properties={"vendor_field": [1, 2]},
    )


def stream(api: ChatApi) -> str:
    """A stream of typed chunks."""
    said: list[str] = []
    with api.chat_completion_stream(OPERATOR, CREDENTIALS, request()) as chunks:
        for chunk in chunks:
            assert_type(chunk, ChatCompletionChunkResponse)
            for choice in chunk.choices:
                said += [speaker(choice.delta), choice.delta.content or ""]
    return " ".join(said)


def attempt(api: ChatApi) -> str:
    """Errors, and options of one call."""
    try:
        response = api.chat_completion(
            x_operator_id=OPERATOR,
            authorization=CREDENTIALS,
            chat_completion_request=request(),
            _request_timeout=10,
            _headers={"X-Trace": "1"},
        )
    except ApiTimeoutError:
        return "too late"
    except UnauthorizedException as failure:
        return failure.reason or "unauthorized"
    except ApiException as failure:
        return str(failure)
    return response.id


async def concurrently(configuration: Configuration) -> list[str]:
    """The other flavour."""
    async with aio.ApiClient(configuration) as client:
        api = aio.ChatApi(client)
        responses = await asyncio.gather(
            *(api.chat_completion(OPERATOR, CREDENTIALS, request()) for _ in range(3))
        )
    return [response.id for response in responses]


def main(host: str) -> None:
    """All of it, against one server."""
    configuration = Configuration(host=host)
    print(*(text(message.content) for message in request().messages))
    with ApiClient(configuration) as client:
        api = ChatApi(client)
        print(attempt(api))
        print(stream(api))
    print(*asyncio.run(concurrently(configuration)))
