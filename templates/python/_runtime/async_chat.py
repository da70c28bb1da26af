"""Operations that stream chat completions, in the asynchronous shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .async_client import AsyncApi
from .operation import Operation
from .request import Options

if TYPE_CHECKING:
    from ..streaming import AsyncChatStream

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")


class AsyncChatApi(AsyncApi):
    """The base of a group of operations some of which stream chat completions."""

    def _chat_stream(
        self,
        operation: Operation[DataT, ItemT],
        arguments: tuple[object, ...],
        options: Options,
    ) -> AsyncChatStream[ItemT, DataT]:
        from ..streaming import AsyncChatStream

        return AsyncChatStream(operation, self._stream(operation, arguments, options))
