"""Operations that stream chat completions, in the synchronous shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .operation import Operation
from .request import Options
from .sync_client import SyncApi

if TYPE_CHECKING:
    from ..streaming import ChatStream

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")


class SyncChatApi(SyncApi):
    """The base of a group of operations some of which stream chat completions."""

    def _chat_stream(
        self,
        operation: Operation[DataT, ItemT],
        arguments: tuple[object, ...],
        options: Options,
    ) -> ChatStream[ItemT, DataT]:
        from ..streaming import ChatStream

        return ChatStream(operation, self._stream(operation, arguments, options))
