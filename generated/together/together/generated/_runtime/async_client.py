"""The asynchronous shell: sends what the core builds, over aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, assert_never, cast

from .client import BaseApiClient
from .configuration import BaseConfiguration
from .exchange import Discard, Fetch, Read, Save, Send, Settle, Step, Steps, Wait
from .operation import Operation
from .plan import AnyOperation
from .request import CallOptions, Request, TimeoutT

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import aiohttp

    from ..api_response import ApiResponse
    from ..streaming import AsyncStream
    from .async_rest import RESTClientObject, RESTResponse
    from .download import Progress
    from .reader import Reader

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class AsyncApiClient(BaseApiClient):
    """Calls an API, keeping its connections.

    An asynchronous context manager that closes them.
    """

    rest_client: RESTClientObject
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
        _request_timeout: TimeoutT | None = None,
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
        return await self._run(self._called(operation, arguments, options))

    async def call_raw(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> aiohttp.ClientResponse:
        """The answer of an operation as aiohttp has it, its body still to be read."""

        def finish(_: Request, answer: RESTResponse) -> aiohttp.ClientResponse:
            return answer.response

        request = self._request(operation, arguments, options, streaming=None)
        steps = self._exchange(request, lambda _: None, finish)
        return await self._run(steps)

    async def call_to_file(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: CallOptions,
        path: str | PathLike[str],
        progress: Progress | None = None,
    ) -> ApiResponse[Path]:
        """The answer of an operation as a file."""
        from .download import Download

        request = self._request(operation, arguments, options)
        with Download(path, progress) as download:
            return await self._run(self._saved(operation, request, download))

    def call_stream(
        self,
        operation: Operation[Any, ItemT],
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> AsyncStream[ItemT]:
        """The stream of an operation that has one."""
        from ..streaming import AsyncStream

        request = self._request(operation, arguments, options, streaming=True)

        async def connect() -> tuple[RESTResponse, Reader[ItemT]]:
            return await self._run(self._opened(operation, request))

        return AsyncStream(connect)

    async def _run(self, steps: Steps[ResultT]) -> ResultT:
        """Does what the core asks for, until it has the result."""
        try:
            step = next(steps)
            while True:
                try:
                    outcome = await self._do(step)
                except BaseException as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration as done:
            result: ResultT = done.value
            return result

    async def _do(self, step: Step) -> object:
        match step:
            case Send(request, deadline):
                return await self.rest_client.send(request, deadline)
            case Read(answer):
                return await answer.read()
            case Save(answer, download):
                download.begin(answer.headers)
                async for data in answer.chunks():
                    await asyncio.to_thread(download.write, data)
                    download.written(data)
                return None
            case Discard(answer):
                await answer.finish()
                return None
            case Wait(seconds):
                await asyncio.sleep(seconds)
                return None
            case Fetch(source):
                return await source.token_async(self.rest_client.send)
            case Settle(value):
                if not hasattr(value, "__await__"):
                    return value
                return await cast("Awaitable[object]", value)
            case _:
                assert_never(step)
