"""The items of a stream: a state machine that is fed bytes. No I/O happens here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast

from ..exceptions import (
    ApiConnectionError,
    ApiException,
    ApiTimeoutError,
    ApiValueError,
    HttpResponse,
    ResponseDecodeError,
    StreamError,
)
from . import envelope, events, media, response
from .configuration import BaseConfiguration, ResponseValidation
from .events import ServerSentEvent
from .operation import Operation
from .request import Request

if TYPE_CHECKING:
    from .chat import Accumulator
    from .types import Types

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")

# What ends the streams of nearly every vendor, whether or not its description says so.
_DONE = "[DONE]"
_PLAIN = frozenset({"", "application/json", "application/octet-stream", "text/plain"})


class Reader(Generic[ItemT]):
    """Turns the bytes of one answer into typed items.

    `event` is the raw event of the last item; `ended` says whether the sentinel has come,
    `complete` whether all items have.
    Raises StreamError for an answer that is no stream, before any byte of it is read.
    """

    def __init__(
        self,
        operation: Operation[Any, ItemT],
        request: Request,
        answer: HttpResponse,
        types: Types,
        configuration: BaseConfiguration,
    ) -> None:
        stream = operation.stream
        if stream is None:
            raise ApiValueError(f"{operation.id} does not stream")
        self._operation = operation
        self._request = request
        self._answer = answer
        self._types = types
        self._limit = configuration.max_event_size
        self._sentinel = (stream.sentinel or _DONE).encode()
        self._decode: Callable[[bytes], ItemT] = _decode(
            stream.item, types, configuration
        )
        self._named = {
            name: _decode(expression, types, configuration)
            for name, expression in stream.events
        }
        self._errors = dict(stream.events).get("error")
        media_type = media.essence(answer.headers.get("content-type") or "")
        if not events.is_stream(media_type):
            if media_type not in _PLAIN and media_type != stream.media_type:
                raise self._failure(f"the answer is no stream ({media_type})")
            media_type = stream.media_type
        # The sentinel is that of the media type which the API describes.
        self._needs_sentinel = (
            stream.sentinel is not None and media_type == stream.media_type
        )
        self._decoder = events.decoder(media_type, self._limit)
        self._json_texts = events.is_json_texts(media_type)
        self._envelope = stream.envelope
        self._chat: Accumulator | None = None
        if stream.chat is not None:
            from .chat import Accumulator

            self._chat = Accumulator(stream.chat, self._sentinel, self._limit)
        self._validation: ResponseValidation = configuration.response_validation
        self._document: list[bytes] | None = None
        self._size = 0
        self._started = False
        self.event: ServerSentEvent | None = None
        self.ended: bool = False
        self.complete: bool = False

    def items(self, data: bytes) -> Iterator[ItemT]:
        """The items that `data` completes."""
        if not self._started:
            self._start(data)
        if self._document is not None:
            self._keep(self._document, data)
            return
        sentinel = self._sentinel
        decode = self._decode
        named = self._named
        try:
            completed = self._decoder.feed(data)
        except StreamError as error:
            raise self._failure(error.reason) from None
        if self._envelope:
            completed = envelope.opened(completed, named=bool(named))
        if self._chat is not None:
            self._chat.keep(completed, len(data))
        for event in completed:
            raw = event.raw
            self.event = event
            if raw == sentinel:
                self.ended = self.complete = True
                return
            if b'"error"' in raw or event.event == "error":
                self._refuse(event)
            try:
                item = named.get(event.event, decode)(raw) if named else decode(raw)
            except ValueError as error:
                text = raw.strip()
                if not text:
                    continue
                if text == sentinel:
                    self.ended = self.complete = True
                    return
                raise self._unreadable(event, error) from error
            yield item

    def finish(self) -> Iterator[ItemT]:
        """What the end of the bytes completes; raises StreamError where they broke off."""
        if self._document is not None:
            self._no_stream(b"".join(self._document))
        try:
            event = self._decoder.close()
        except StreamError as error:
            raise self._failure(error.reason) from None
        if event is not None:
            if self._envelope:
                (event,) = envelope.opened((event,), named=bool(self._named))
            self.event = event
            if event.raw.strip() == self._sentinel:
                self.ended = self.complete = True
                return
            if b'"error"' in event.raw or event.event == "error":
                self._refuse(event)
            if not self._needs_sentinel:
                if self._chat is not None:
                    self._chat.keep((event,), len(event.raw))
                try:
                    item = self._named.get(event.event, self._decode)(event.raw)
                except ValueError as error:
                    raise self._failure(
                        "the stream broke off in the middle of an event", event
                    ) from error
                yield item
        if self._needs_sentinel:
            raise self._failure(
                f"the stream broke off: it ended without {self._sentinel.decode()}"
            )
        self.complete = True

    def answer(self, operation: Operation[DataT, ItemT]) -> DataT:
        """The answer that the items add up to, as what the operation answers with.

        Raises ApiValueError where not all items have come, StreamError where there were none
        or too many, ResponseDecodeError where they do not add up to the answer's type.
        """
        if self._chat is None:
            raise ApiValueError(f"{operation.id} streams no chat completion")
        if not self.complete:
            raise ApiValueError(
                "the stream has not come whole: it was closed early, or broke off"
            )
        raw = self._chat.answer()
        if self._chat.overflowed:
            raise self._failure(
                f"the whole answer is larger than {self._limit} bytes"
                " (Configuration(max_event_size=...) allows more)"
            )
        if raw is None:
            raise self._failure("the stream ended before its first item")
        if not self._chat.whole:
            raise self._failure("the stream ended without the whole answer")
        expression = response.described(operation, 200) or "Any"
        try:
            answer: DataT = self._types.decoder(expression, self._validation)(raw)
        except ValueError as error:
            raise ResponseDecodeError(
                "the items add up to something else than the API describes:"
                f" {response.first_line(error)}",
                raw=raw,
                http_resp=self._answer,
                operation=operation.id,
            ) from error
        return answer

    def texts(self, index: int) -> Iterator[str]:
        """The texts of the last item, of the choice with `index`."""
        if self._chat is None or self.event is None:
            return iter(())
        return self._chat.texts(self.event.raw, index)

    def broken(self, error: ApiConnectionError) -> ApiException:
        """What a stream raises whose connection broke; a timeout stays one."""
        if isinstance(error, ApiTimeoutError):
            return error
        return self._failure(f"the stream broke off: {error.reason}")

    def _start(self, data: bytes) -> None:
        """Tells a stream from a JSON document, which some vendors send in its place."""
        head = data.lstrip(b"\xef\xbb\xbf \t\r\n")
        if head:
            self._started = True
            if not self._json_texts and head[:1] in (b"{", b"["):
                self._document = []

    def _keep(self, document: list[bytes], data: bytes) -> None:
        document.append(data)
        self._size += len(data)
        if self._size > self._limit:
            self._no_stream(b"".join(document))

    def _no_stream(self, raw: bytes) -> NoReturn:
        event = ServerSentEvent(raw)
        self._refuse(event)
        raise self._failure("the answer is a JSON document and no stream", event)

    def _refuse(self, event: ServerSentEvent) -> None:
        """Raises StreamError where an event is, or holds, an error."""
        if event.event != "error" and not _holds_error(event.raw):
            return
        data: object = None
        expression = self._errors or response.error_expression(self._operation)
        if expression is not None:
            data = _parsed(self._types.decoder(expression, "strict"), event.raw)
        if data is None:
            data = _parsed(json.loads, event.raw)
        raise StreamError(
            "the stream carries an error",
            event=event,
            data=data,
            http_resp=self._answer,
            operation=self._operation.id,
            message=response.redacted(
                response.vendor_message(event.raw), self._request
            ),
        )

    def _failure(
        self, reason: str | None, event: ServerSentEvent | None = None
    ) -> StreamError:
        said = b"" if event is None else event.raw
        return StreamError(
            reason,
            event=event,
            http_resp=self._answer,
            operation=self._operation.id,
            message=response.redacted(response.vendor_message(said), self._request),
        )

    def _unreadable(
        self, event: ServerSentEvent, error: ValueError
    ) -> ResponseDecodeError:
        return ResponseDecodeError(
            f"an event is not what the API describes: {response.first_line(error)}",
            raw=event.raw,
            http_resp=self._answer,
            operation=self._operation.id,
        )


def _decode(
    expression: str, types: Types, configuration: BaseConfiguration
) -> Callable[[bytes], Any]:
    if expression == "str":
        return lambda raw: raw.decode("utf-8", "replace")
    return types.decoder(expression, configuration.response_validation)


def _holds_error(raw: bytes) -> bool:
    """Whether an event is an object whose `error` says something."""
    found = _parsed(json.loads, raw)
    return isinstance(found, dict) and bool(
        cast("dict[str, object]", found).get("error")
    )


def _parsed(parse: Callable[[bytes], object], raw: bytes) -> object:
    try:
        return parse(raw)
    except (ValueError, RecursionError):
        return None
