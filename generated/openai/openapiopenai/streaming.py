"""Streams of typed items, read as they come.

    with api.chat_stream(request) as stream:
        for chunk in stream:
            ...

A stream ends by itself only where it is complete: it raises StreamError where it breaks off, or
where it carries an error. Leaving the `with` block gives the connection back.
"""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
)
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from ._runtime.events import ServerSentEvent
from ._runtime.headers import request_id
from ._runtime.operation import Operation
from ._runtime.reader import Reader
from .exceptions import (
    ApiConnectionError,
    ApiValueError,
    HttpResponse,
)

AnswerT = TypeVar("AnswerT")
ItemT = TypeVar("ItemT")


class Source(HttpResponse, Protocol):
    """An answer whose body is still to be read."""

    def chunks(self) -> Iterator[bytes]: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class AsyncSource(HttpResponse, Protocol):
    """An answer whose body is still to be read."""

    def chunks(self) -> AsyncIterator[bytes]: ...
    async def finish(self) -> None: ...
    def close(self) -> None: ...


class Stream(Generic[ItemT]):
    """An iterator of items, and a context manager that closes it."""

    def __init__(self, source: Source, reader: Reader[ItemT]) -> None:
        self._source = source
        self._reader = reader
        self._items = self._read()

    @property
    def response(self) -> HttpResponse:
        """The status and the headers of the answer."""
        return self._source

    @property
    def request_id(self) -> str | None:
        """What the API calls the request, None where it does not say."""
        return request_id(self.response.headers)

    @property
    def event(self) -> ServerSentEvent | None:
        """The last item as it came, None before the first."""
        return self._reader.event

    def close(self) -> None:
        """Stops reading and gives the connection back; what has not come is lost."""
        self._items.close()
        self._source.close()

    def __iter__(self) -> Iterator[ItemT]:
        return self._items

    def __next__(self) -> ItemT:
        return next(self._items)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self) -> Generator[ItemT, None, None]:
        source, reader = self._source, self._reader
        try:
            for data in source.chunks():
                yield from reader.items(data)
                if reader.ended:
                    source.finish()
                    return
            yield from reader.finish()
        except ApiConnectionError as error:
            raise reader.broken(error) from error
        finally:
            source.close()


class ChatStream(Stream[ItemT], Generic[ItemT, AnswerT]):
    """A stream of the chunks of a chat completion, which add up to its answer."""

    def __init__(
        self, operation: Operation[AnswerT, ItemT], stream: Stream[ItemT]
    ) -> None:
        super().__init__(stream._source, stream._reader)
        self._operation = operation

    def text(self, index: int = 0) -> Iterator[str]:
        """The pieces of the answer's text as they come, of the choice with `index`."""
        for _ in self._items:
            yield from self._reader.texts(index)

    def final(self) -> AnswerT:
        """The whole answer, once the rest of the stream has come.

        What has been read before is in it too. Raises ApiValueError where the stream was closed
        or broke off before, StreamError where it breaks off now.
        """
        for _ in self._items:
            pass
        return self._reader.answer(self._operation)


class AsyncStream(Generic[ItemT]):
    """An asynchronous iterator of items, and a context manager that closes it.

    The call is made when the stream is entered, or else when its first item is asked for.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[tuple[AsyncSource, Reader[ItemT]]]]
    ) -> None:
        self._connect = connect
        self._opened: tuple[AsyncSource, Reader[ItemT]] | None = None
        self._items = self._read()

    @property
    def response(self) -> HttpResponse:
        """The status and the headers of the answer; raises ApiValueError before there is one."""
        if self._opened is None:
            raise ApiValueError("the stream has not been opened: `async with` opens it")
        return self._opened[0]

    @property
    def request_id(self) -> str | None:
        """What the API calls the request, None where it does not say; raises as `response`."""
        return request_id(self.response.headers)

    @property
    def event(self) -> ServerSentEvent | None:
        """The last item as it came, None before the first."""
        return None if self._opened is None else self._opened[1].event

    async def close(self) -> None:
        """Stops reading and gives the connection back; what has not come is lost."""
        await self._items.aclose()
        if self._opened is not None:
            self._opened[0].close()

    def __aiter__(self) -> AsyncIterator[ItemT]:
        return self._items

    async def __anext__(self) -> ItemT:
        return await anext(self._items)

    async def __aenter__(self) -> Self:
        await self._open()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _open(self) -> tuple[AsyncSource, Reader[ItemT]]:
        if self._opened is None:
            self._opened = await self._connect()
        return self._opened

    async def _read(self) -> AsyncGenerator[ItemT, None]:
        source, reader = await self._open()
        try:
            async for data in source.chunks():
                for item in reader.items(data):
                    yield item
                if reader.ended:
                    await source.finish()
                    return
            for item in reader.finish():
                yield item
        except ApiConnectionError as error:
            raise reader.broken(error) from error
        finally:
            source.close()


class AsyncChatStream(AsyncStream[ItemT], Generic[ItemT, AnswerT]):
    """A stream of the chunks of a chat completion, which add up to its answer."""

    def __init__(
        self, operation: Operation[AnswerT, ItemT], stream: AsyncStream[ItemT]
    ) -> None:
        super().__init__(stream._connect)
        self._operation = operation

    async def text(self, index: int = 0) -> AsyncIterator[str]:
        """The pieces of the answer's text as they come, of the choice with `index`."""
        _, reader = await self._open()
        async for _ in self._items:
            for piece in reader.texts(index):
                yield piece

    async def final(self) -> AnswerT:
        """The whole answer, once the rest of the stream has come.

        What has been read before is in it too. Raises ApiValueError where the stream was closed
        or broke off before, StreamError where it breaks off now.
        """
        _, reader = await self._open()
        async for _ in self._items:
            pass
        return reader.answer(self._operation)
