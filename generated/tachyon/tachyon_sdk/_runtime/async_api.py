"""Groups of operations in the asynchronous shell, and what their methods are made of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

from .async_client import AsyncApiClient
from .operation import Operation
from .plan import AnyOperation
from .request import CallOptions, Options, TimeoutT
from .variant import variant

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import aiohttp

    from ..api_response import ApiResponse
    from ..streaming import AsyncChatStream, AsyncStream
    from .download import Progress
    from .hooks import Hooks
    from .retry import Retries

ApiT = TypeVar("ApiT", bound="AsyncApi")
ArgumentsP = ParamSpec("ArgumentsP")
DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")


class AsyncApi:
    """The base of a group of operations."""

    _client_type: ClassVar[type[AsyncApiClient]]

    def __init__(self, api_client: AsyncApiClient | None = None) -> None:
        if api_client is None:
            api_client = self._client_type.get_default()
        self.api_client = api_client

    def with_options(
        self,
        *,
        retries: Retries | None = None,
        timeout: TimeoutT | None = None,
        hooks: Sequence[Hooks] | None = None,
    ) -> Self:
        """The same operations with other settings, over the same connections; what is None stays
        as it is."""
        return type(self)(
            self.api_client.with_options(retries=retries, timeout=timeout, hooks=hooks)
        )

    async def _call(
        self,
        operation: Operation[DataT, Any],
        arguments: tuple[object, ...],
        options: Options,
        fields: Mapping[str, Any] | None = None,
    ) -> DataT:
        """What an operation answers.

        `fields` are those of its body that were given as keyword arguments, None where the body
        is only taken whole.
        """
        answer = await self._call_with_http_info(operation, arguments, options, fields)
        return answer.data

    async def _call_with_http_info(
        self,
        operation: Operation[DataT, Any],
        arguments: tuple[object, ...],
        options: Options,
        fields: Mapping[str, Any] | None = None,
    ) -> ApiResponse[DataT]:
        if fields is not None:
            arguments = self.api_client.arguments(operation, arguments, fields)
        return await self.api_client.call(operation, arguments, CallOptions(*options))

    async def _call_without_preload_content(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: Options,
        fields: Mapping[str, Any] | None = None,
    ) -> aiohttp.ClientResponse:
        if fields is not None:
            arguments = self.api_client.arguments(operation, arguments, fields)
        return await self.api_client.call_raw(
            operation, arguments, CallOptions(*options)
        )

    async def _to_file(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: Options,
        path: str | PathLike[str],
        progress: Progress | None,
        fields: Mapping[str, Any] | None = None,
    ) -> ApiResponse[Path]:
        """What an operation answers, as a file."""
        if fields is not None:
            arguments = self.api_client.arguments(operation, arguments, fields)
        return await self.api_client.call_to_file(
            operation, arguments, CallOptions(*options), path, progress
        )

    def _stream(
        self,
        operation: Operation[Any, ItemT],
        arguments: tuple[object, ...],
        options: Options,
        fields: Mapping[str, Any] | None = None,
    ) -> AsyncStream[ItemT]:
        """The stream of what an operation answers."""
        if fields is not None:
            arguments = self.api_client.arguments(operation, arguments, fields)
        return self.api_client.call_stream(operation, arguments, CallOptions(*options))

    def _chat_stream(
        self,
        operation: Operation[DataT, ItemT],
        arguments: tuple[object, ...],
        options: Options,
        fields: Mapping[str, Any] | None = None,
    ) -> AsyncChatStream[ItemT, DataT]:
        """The stream of the chunks that an operation's answer adds up from."""
        from ..streaming import AsyncChatStream

        stream = self._stream(operation, arguments, options, fields)
        return AsyncChatStream(operation, stream)


def with_http_info(
    method: Callable[Concatenate[ApiT, ArgumentsP], Coroutine[Any, Any, DataT]],
) -> Callable[Concatenate[ApiT, ArgumentsP], Coroutine[Any, Any, ApiResponse[DataT]]]:
    """The method of an operation that gives its status and headers too."""
    return variant(method, "with_http_info", "with the status and the headers")


def without_preload_content(
    method: Callable[Concatenate[ApiT, ArgumentsP], Coroutine[Any, Any, object]],
) -> Callable[
    Concatenate[ApiT, ArgumentsP], Coroutine[Any, Any, aiohttp.ClientResponse]
]:
    """The method of an operation that gives the raw response."""
    return variant(
        method,
        "without_preload_content",
        "as the raw response: neither read nor checked",
    )
