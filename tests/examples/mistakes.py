"""What type checkers must refuse, in the lines that end in `# mistake` and in no other."""

from __future__ import annotations

from gabber.generated.gabber import ChatCompletionRequestMessage, InferenceApi, sync
from openapiopenai import (
    ApiClient,
    ChatApi,
    ChatCompletionRequestUserMessage,
    Configuration,
    CreateChatCompletionRequest,
    CreateChatCompletionResponse,
    aio,
)
from openapiopenai import ChatAPI as ChatAPI  # mistake
from openapiopenai.aio import ChatApis as ChatApis  # mistake
from openapiopenai.configuration import ClientCredentials
from openapiopenai.models import Mesage as Mesage  # mistake
from openapiopenai.modles import Message as Message  # mistake
from tachyon_sdk import ChatRole, DeltaMessage
from together.generated import ChatCompletionRequest as TogetherRequest
from together.generated import ChatCompletionRequestMessagesInner as TogetherMessage

USER = ChatCompletionRequestUserMessage(content="Hello!")


def constructors() -> None:
    """Models are checked where they are made."""
    CreateChatCompletionRequest(model="m", messages=[USER])
    CreateChatCompletionRequest(messages=[USER])  # mistake
    CreateChatCompletionRequest(model="m", message=[USER])  # mistake
    CreateChatCompletionRequest(model="m", messages="Hello!")  # mistake
    CreateChatCompletionRequest(model="m", messages=["Hello!"])  # mistake
    CreateChatCompletionRequest(model=1, messages=[USER])  # mistake
    CreateChatCompletionRequest("m", [USER])  # mistake
    CreateChatCompletionRequest(model="m", messages=[USER], top_q=1)  # mistake
    CreateChatCompletionRequest(model="m", messages=[USER], top_p="1")  # mistake
    ChatCompletionRequestUserMessage(content=1)  # mistake
    ChatCompletionRequestUserMessage(content="", role="system")  # mistake
    TogetherMessage(role="user", content="")
    TogetherMessage(role="robot", content="")  # mistake
    TogetherRequest(model="m", messages=[USER])  # mistake
    Configuration(host="https://acme.example")
    Configuration(hots="https://acme.example")  # mistake
    Configuration(host=1)  # mistake


async def fetched_key() -> str:
    """A key that has to be awaited."""
    return "key"


def credentials(configuration: Configuration, keys: dict[str, str]) -> None:
    """Keys and tokens are text, or functions that give it."""
    Configuration(api_key=keys, access_token="token")
    Configuration(api_key={"key": lambda: "key"}, access_token=lambda: "token")
    Configuration(api_key={"key": fetched_key}, access_token=fetched_key)
    Configuration(access_token=ClientCredentials("id", "secret"))
    Configuration(access_token={"one": "token", "other": fetched_key})
    Configuration(api_key="key")  # mistake
    Configuration(api_key={"key": 1})  # mistake
    Configuration(api_key={"key": lambda: 1})  # mistake
    Configuration(access_token=1)  # mistake
    ClientCredentials("id")  # mistake
    configuration.api_key = keys
    configuration.api_key["key"] = fetched_key
    configuration.api_key["key"] = 1  # mistake
    configuration.api_kye = keys  # mistake


def assignments(request: CreateChatCompletionRequest) -> None:
    """Fields are typed where they are set."""
    request.temperature = 0.5
    request.temperature = "hot"  # mistake
    request.temprature = 0.5  # mistake
    request.messages.append(USER)
    request.messages.append("Hello!")  # mistake


def readings(response: CreateChatCompletionResponse, delta: DeltaMessage) -> None:
    """Fields are typed where they are read, null included."""
    message = response.choices[0].message
    print(message.content or "")
    print(message.content.upper())  # mistake
    print(message.tool_calls[0])  # mistake
    print(response.choices[0].mesage)  # mistake
    print(response.choices["first"])  # mistake
    print(ChatRole.ASSISTANT)
    print(ChatRole.ASISTANT)  # mistake
    print(delta.role.value)  # mistake


def unions(message: ChatCompletionRequestMessage) -> None:
    """A field of one member of a union is no field of the union."""
    print(message.role)
    print(message.tool_call_id)  # mistake


def calls(api: ChatApi, request: CreateChatCompletionRequest) -> None:
    """Methods are typed."""
    response = api.create_chat_completion(request)
    print(response.data)  # mistake
    with api.create_chat_completion_stream(request) as chunks:
        for chunk in chunks:
            print(chunk.choices[0].delta)
            print(chunk.choices[0].message)  # mistake
    api.create_chat_completion(USER)  # mistake
    api.create_chat_completion(request, _request_timeout="5")  # mistake
    api.create_chat_completion(request, timeout=5)  # mistake
    api.create_chat_completoin(request)  # mistake


async def coroutines(api: aio.ChatApi, request: CreateChatCompletionRequest) -> None:
    """Coroutines are awaited, and asynchronous streams are entered asynchronously."""
    await api.create_chat_completion(request)
    api.create_chat_completion(request)  # mistake
    async with api.create_chat_completion_stream(request) as chunks:
        print(await anext(chunks))
    with api.create_chat_completion_stream(request):  # mistake
        pass


def clients(configuration: Configuration) -> None:
    """A class of one flavour takes no client of the other."""
    ChatApi(ApiClient(configuration))
    ChatApi(aio.ApiClient(configuration))  # mistake
    InferenceApi(sync.ApiClient())  # mistake
