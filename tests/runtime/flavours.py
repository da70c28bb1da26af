"""Both flavours behind one face, so that each test runs on either."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from tests.runtime.package import load

Options = load("_runtime.request").CallOptions


class SyncOpened:
    """A stream, an item at a time."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __iter__(self) -> Iterator[Any]:
        return iter(self.stream)

    def next(self) -> Any:
        return next(self.stream)

    def close(self) -> None:
        self.stream.close()


class SyncCaller:
    """The synchronous client."""

    flavour = "sync"

    def __init__(self, configuration: Any, **arguments: Any) -> None:
        self.client = load("api_client").ApiClient(configuration, **arguments)

    def call(self, operation: Any, *arguments: Any, **options: Any) -> Any:
        return self.client.call(operation, arguments, Options(**options))

    def raw(self, operation: Any, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        response = self.client.call_raw(operation, arguments, Options(**options))
        return response.status, response.read()

    def raw_pieces(self, operation: Any) -> Iterator[bytes]:
        response = self.client.call_raw(operation, (), Options())
        while piece := response.read1():
            yield piece

    def save(self, operation: Any, path: Any, progress: Any = None) -> Any:
        return self.client.call_to_file(operation, (), Options(), path, progress)

    def open(self, operation: Any, *arguments: Any, **options: Any) -> SyncOpened:
        stream = self.client.call_stream(operation, arguments, Options(**options))
        return SyncOpened(stream.__enter__())

    def request(self, *arguments: Any, **named: Any) -> Any:
        response = self.client.call_api(*arguments, **named)
        response.read()
        return response

    def disconnect(self) -> None:
        self.client.close()

    def close(self) -> None:
        self.disconnect()


class AsyncOpened:
    """A stream, an item at a time."""

    def __init__(self, stream: Any, runner: asyncio.Runner) -> None:
        self.stream = stream
        self._runner = runner

    def __iter__(self) -> Iterator[Any]:
        while True:
            try:
                yield self.next()
            except StopAsyncIteration:
                return

    def next(self) -> Any:
        async def following() -> Any:
            return await anext(self.stream)

        return self._runner.run(following())

    def close(self) -> None:
        self._runner.run(self.stream.close())


class AsyncCaller:
    """The asynchronous client, in an event loop of its own."""

    flavour = "async"

    def __init__(self, configuration: Any, **arguments: Any) -> None:
        self.runner = asyncio.Runner()
        self.client = load("aio.api_client").ApiClient(configuration, **arguments)

    def call(self, operation: Any, *arguments: Any, **options: Any) -> Any:
        return self.runner.run(
            self.client.call(operation, arguments, Options(**options))
        )

    def raw(self, operation: Any, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        async def read() -> tuple[int, bytes]:
            response = await self.client.call_raw(
                operation, arguments, Options(**options)
            )
            return response.status, await response.read()

        return self.runner.run(read())

    def raw_pieces(self, operation: Any) -> Iterator[bytes]:
        called = self.client.call_raw(operation, (), Options())
        response = self.runner.run(called)
        while piece := self.runner.run(response.content.readany()):
            yield piece

    def save(self, operation: Any, path: Any, progress: Any = None) -> Any:
        saving = self.client.call_to_file(operation, (), Options(), path, progress)
        return self.runner.run(saving)

    def open(self, operation: Any, *arguments: Any, **options: Any) -> AsyncOpened:
        async def entered() -> Any:
            stream = self.client.call_stream(operation, arguments, Options(**options))
            return await stream.__aenter__()

        return AsyncOpened(self.runner.run(entered()), self.runner)

    def request(self, *arguments: Any, **named: Any) -> Any:
        async def read() -> Any:
            response = await self.client.call_api(*arguments, **named)
            await response.read()
            return response

        return self.runner.run(read())

    def disconnect(self) -> None:
        self.runner.run(self.client.close())

    def close(self) -> None:
        self.disconnect()
        self.runner.close()


Caller = SyncCaller | AsyncCaller
