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
from tachyon_sdk.configuration import RetryPolicy
from tachyon_sdk.exceptions import (
    ApiTimeoutError,
    RateLimitException,
    StreamError,
    UnauthorizedException,
)
from tachyon_sdk.params import ChatCompletionRequestParams

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


def plain(api: ChatApi) -> str:
    """A dict, keyword arguments, and an answer with what came around it."""
    body: ChatCompletionRequestParams = {
        "model": "m",
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Hello!"}]},
            Message(role="user", content="Hello?"),
        ],
    }
    response = api.chat_completion(OPERATOR, CREDENTIALS, body)
    assert_type(response, ChatCompletionChunkResponse)
    info = api.chat_completion_with_http_info(
        x_operator_id=OPERATOR,
        authorization=CREDENTIALS,
        model="m",
        messages=[{"role": "user", "content": "Hello!"}],
    )
    assert_type(info.data, ChatCompletionChunkResponse)
    raw = api.chat_completion_without_preload_content(OPERATOR, CREDENTIALS, body)
    assert_type(raw.status, int)
    return f"{info.status_code} {len(info.raw_data)} {len(raw.read())}"


def speak(api: ChatApi) -> str:
    """The text as it comes, and then the whole answer; retries for these calls alone."""
    patient = api.with_options(retries=RetryPolicy(retries=4, base=0.1), timeout=60)
    try:
        with patient.chat_completion_stream(
            OPERATOR, CREDENTIALS, request(), _request_timeout=(5, 30)
        ) as chunks:
            pieces = list(chunks.text())
            whole = chunks.final()
    except RateLimitException as failure:
        return f"again in {failure.retry_after or 1} s"
    except StreamError as failure:
        return failure.reason or "the stream broke off"
    assert_type(pieces, list[str])
    assert_type(whole, ChatCompletionChunkResponse)
    return whole.choices[0].delta.content or "nothing"


async def concurrently(configuration: Configuration) -> list[str]:
    """The other flavour."""
    async with aio.ApiClient(configuration) as client:
        api = aio.ChatApi(client)
        responses = await asyncio.gather(
            *(api.chat_completion(OPERATOR, CREDENTIALS, request()) for _ in range(3))
        )
        async with api.chat_completion_stream(
            OPERATOR, CREDENTIALS, request()
        ) as chunks:
            said = [piece async for piece in chunks.text()]
            whole = await chunks.final()
    assert_type(whole, ChatCompletionChunkResponse)
    return [*(response.id for response in responses), *said]


def main(host: str) -> None:
    """All of it, against one server."""
    configuration = Configuration(host=host)
    print(*(text(message.content) for message in request().messages))
    with ApiClient(configuration) as client:
        api = ChatApi(client)
        print(attempt(api))
        print(stream(api), speak(api), plain(api))
    print(*asyncio.run(concurrently(configuration)))
