"""The four committed clients, in both flavours, behind one blocking interface.

A test says what happens once; here it happens with urllib3 and with aiohttp.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

Flavour = Literal["sync", "async"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """How one vendor's chat completion is called."""

    name: str
    package: str
    default: Flavour
    api: str
    method: str
    request: Callable[[ModuleType], Any]
    leading: tuple[str, ...] = ()
    credentials: Mapping[str, Any]
    wire: Mapping[str, Any]
    headers: Mapping[str, str]
    error: str | None

    @property
    def top(self) -> ModuleType:
        """The package: models, Configuration, the default flavour."""
        return importlib.import_module(self.package)

    def flavoured(self, flavour: Flavour) -> ModuleType:
        """The module with the ApiClient and the API classes of a flavour."""
        if flavour == self.default:
            return self.top
        return importlib.import_module(
            f"{self.package}.{'aio' if flavour == 'async' else 'sync'}"
        )


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a stream gave, and what was known before its first item."""

    items: list[Any]
    status: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls a vendor's chat completion in one flavour, each call with a client of its own."""

    vendor: Vendor
    flavour: Flavour

    @property
    def package(self) -> ModuleType:
        """The vendor's package."""
        return self.vendor.top

    def request(self, **changes: Any) -> Any:
        """A request that the vendor accepts."""
        request = self.vendor.request(self.package)
        for name, value in changes.items():
            setattr(request, name, value)
        return request

    def configuration(self, host: str, **settings: Any) -> Any:
        """A configuration with the vendor's credentials."""
        return self.package.Configuration(
            host=host, **{**self.vendor.credentials, **settings}
        )

    def call(self, host: str, request: Any, suffix: str = "", **options: Any) -> Any:
        """What the method (with `suffix`) returns; raises what it raises."""
        return self.run(
            host,
            lambda api: self.method(api, suffix)(*self.arguments(request), **options),
        )

    def arguments(self, request: Any) -> tuple[Any, ...]:
        """The method's arguments, the request last."""
        return (*self.vendor.leading, request)

    def method(self, api: Any, suffix: str = "") -> Any:
        """The bound method of an API object."""
        return getattr(api, f"{self.vendor.method}{suffix}")

    def run(
        self,
        host: str,
        action: Callable[[Any], Any],
        **settings: Any,
    ) -> Any:
        """The result of an action on an API object; the action's awaitable is awaited."""
        module = self.vendor.flavoured(self.flavour)
        configuration = self.configuration(host, **settings)
        if self.flavour == "sync":
            with module.ApiClient(configuration) as client:
                return action(getattr(module, self.vendor.api)(client))

        async def main() -> Any:
            async with module.ApiClient(configuration) as client:
                return await action(getattr(module, self.vendor.api)(client))

        return asyncio.run(main())

    def stream(
        self, host: str, request: Any, *, most: int | None = None, **settings: Any
    ) -> Streamed:
        """The items of a stream, `most` at most; raises what the stream raises."""

        def sync(api: Any) -> Streamed:
            found: list[Any] = []
            with self.method(api, "_stream")(*self.arguments(request)) as stream:
                status = stream.response.status
                for item in stream:
                    found.append(item)
                    if len(found) == most:
                        break
            return Streamed(found, status)

        async def async_(api: Any) -> Streamed:
            found: list[Any] = []
            async with self.method(api, "_stream")(*self.arguments(request)) as stream:
                status = stream.response.status
                async for item in stream:
                    found.append(item)
                    if len(found) == most:
                        break
            return Streamed(found, status)

        result = self.run(host, sync if self.flavour == "sync" else async_, **settings)
        assert isinstance(result, Streamed)
        return result


VENDORS = (
    Vendor(
        name="gabber",
        package="gabber.generated.gabber",
        default="async",
        api="InferenceApi",
        method="chat_completions",
        request=lambda p: p.ChatCompletionRequest(
            model="m", messages=[p.ChatCompletionRequestUserMessage(content="hi")]
        ),
        credentials={"api_key": {"ApiKeyAuth": "secret"}},
        wire={"messages": [{"content": "hi", "role": "user"}], "model": "m"},
        headers={"x-api-key": "secret"},
        error="BadRequest",
    ),
    Vendor(
        name="tachyon",
        package="tachyon_sdk",
        default="sync",
        api="ChatApi",
        method="chat_completion",
        request=lambda p: p.ChatCompletionRequest(
            model="m", messages=[p.Message(role="user", content="hi")]
        ),
        leading=("tn_1", "Bearer secret"),
        credentials={},
        wire={"messages": [{"content": "hi", "role": "user"}], "model": "m"},
        headers={"x-operator-id": "tn_1", "authorization": "Bearer secret"},
        error=None,
    ),
    Vendor(
        name="openai",
        package="openapiopenai",
        default="sync",
        api="ChatApi",
        method="create_chat_completion",
        request=lambda p: p.CreateChatCompletionRequest(
            model="m", messages=[p.ChatCompletionRequestUserMessage(content="hi")]
        ),
        credentials={"access_token": "secret"},
        wire={"messages": [{"content": "hi", "role": "user"}], "model": "m"},
        headers={"authorization": "Bearer secret"},
        error=None,
    ),
    Vendor(
        name="together",
        package="together.generated",
        default="async",
        api="ChatApi",
        method="chat_completions",
        request=lambda p: p.ChatCompletionRequest(
            model="m",
            messages=[p.ChatCompletionRequestMessagesInner(role="user", content="hi")],
        ),
        credentials={"access_token": "secret"},
        wire={"messages": [{"role": "user", "content": "hi"}], "model": "m"},
        headers={"authorization": "Bearer secret"},
        error="ErrorData",
    ),
)
CALLERS = tuple(
    Caller(vendor, flavour) for vendor in VENDORS for flavour in ("sync", "async")
)


def plain(model: Any) -> Any:
    """A model as the JSON data that it is sent as."""
    return json.loads(model.to_json())
