"""The asynchronous shell: sends what the core builds, over aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from ..exceptions import ApiConnectionError
from . import retry
from .client import BaseApiClient
from .configuration import BaseConfiguration
from .operation import Operation
from .plan import AnyOperation
from .request import CallOptions, Options, Request

if TYPE_CHECKING:
    import aiohttp

    from ..api_response import ApiResponse
    from ..streaming import AsyncStream
    from .async_rest import RESTResponse
    from .reader import Reader

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")


class AsyncApiClient(BaseApiClient):
    """Calls an API, keeping its connections.

    An asynchronous context manager that closes them.
    """

    _default: ClassVar[Self | None] = None

    def __init__(
        self,
        configuration: BaseConfiguration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
    ) -> None:
        super().__init__(configuration, header_name, header_value, cookie)
        from .async_rest import RESTClientObject

        self.rest_client = RESTClientObject(self.configuration)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections; the next call opens new ones."""
        await self.rest_client.close()

    @classmethod
    def get_default(cls) -> Self:
        """The client of APIs that are given none; the same object each time."""
        if cls._default is None:
            cls._default = cls()
        return cls._default

    @classmethod
    def set_default(cls, default: Self | None) -> None:
        """Makes `default` the client of APIs that are given none."""
        cls._default = default

    async def call_api(
        self,
        method: str,
        url: str,
        header_params: Mapping[str, str] | None = None,
        body: object = None,
        post_params: Iterable[tuple[str, Any]] | None = None,
        _request_timeout: float | tuple[float, float] | None = None,
    ) -> RESTResponse:
        """Sends a request that no operation describes."""
        return await self.rest_client.request(
            method, url, header_params, body, post_params, _request_timeout
        )

    async def call(
        self,
        operation: Operation[DataT, Any],
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> ApiResponse[DataT]:
        """The typed answer of an operation."""
        request = self._request(operation, arguments, options)
        answer = await self._send(request)
        # What reads an answer is loaded once there is one: the first request leaves sooner.
        from . import response

        try:
            response.refuse_stream(operation, answer)
            await answer.read()
        except BaseException:
            answer.close()
            raise
        return response.interpret(
            operation,
            request,
            answer,
            self._types,
            self.configuration.response_validation,
        )

    async def call_raw(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> aiohttp.ClientResponse:
        """The answer of an operation as aiohttp has it, its body still to be read."""
        request = self._request(operation, arguments, options, streaming=None)
        answer = await self._send(request)
        return answer.response

    def call_stream(
        self,
        operation: Operation[Any, ItemT],
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> AsyncStream[ItemT]:
        """The stream of an operation that has one."""
        from ..streaming import AsyncStream
        from . import response
        from .reader import Reader

        request = self._request(operation, arguments, options, streaming=True)

        async def connect() -> tuple[RESTResponse, Reader[ItemT]]:
            answer = await self._send(request)
            try:
                if not 200 <= answer.status <= 299:
                    await answer.read()
                    raise response.failure(operation, request, answer, self._types)
                reader = Reader(
                    operation, request, answer, self._types, self.configuration
                )
            except BaseException:
                answer.close()
                raise
            return answer, reader

        return AsyncStream(connect)

    async def _send(self, request: Request) -> RESTResponse:
        """The answer after redirects and retries."""
        policy = self._retries()
        attempt = redirects = 0
        while True:
            try:
                answer = await self.rest_client.send(request)
            except ApiConnectionError:
                attempt += 1
                wait = retry.delay(policy, attempt)
                if wait is None:
                    raise
            else:
                from . import redirect

                following = redirect.followed(request, answer.status, answer.headers)
                if following is not None and redirects < redirect.LIMIT:
                    answer.close()
                    redirects += 1
                    request = following
                    continue
                attempt += 1
                wait = retry.delay(
                    policy, attempt, status=answer.status, headers=answer.headers
                )
                if wait is None:
                    return answer
                answer.close()
            await asyncio.sleep(wait)


class AsyncApi:
    """The base of a group of operations."""

    _client_type: ClassVar[type[AsyncApiClient]]

    def __init__(self, api_client: AsyncApiClient | None = None) -> None:
        if api_client is None:
            api_client = self._client_type.get_default()
        self.api_client = api_client

    def _body(
        self, operation: AnyOperation, given: object, keywords: dict[str, Any]
    ) -> object:
        """The body: the one that was given, or one with these fields."""
        return self.api_client.body(operation, given, keywords)

    async def _call(
        self,
        operation: Operation[DataT, Any],
        arguments: tuple[object, ...],
        options: Options,
    ) -> ApiResponse[DataT]:
        return await self.api_client.call(operation, arguments, CallOptions(*options))

    async def _raw(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: Options,
    ) -> aiohttp.ClientResponse:
        return await self.api_client.call_raw(
            operation, arguments, CallOptions(*options)
        )

    def _stream(
        self,
        operation: Operation[Any, ItemT],
        arguments: tuple[object, ...],
        options: Options,
    ) -> AsyncStream[ItemT]:
        return self.api_client.call_stream(operation, arguments, CallOptions(*options))
