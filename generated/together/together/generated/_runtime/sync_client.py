"""The synchronous shell: sends what the core builds, over urllib3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import sleep
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, assert_never

from ..exceptions import ApiTypeError
from .client import BaseApiClient
from .configuration import BaseConfiguration
from .exchange import Discard, Fetch, Read, Save, Send, Settle, Step, Steps, Wait
from .operation import Operation
from .plan import AnyOperation
from .request import CallOptions, Request, TimeoutT

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import urllib3

    from ..api_response import ApiResponse
    from ..streaming import Stream
    from .download import Progress
    from .sync_rest import RESTClientObject, RESTResponse

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class SyncApiClient(BaseApiClient):
    """Calls an API, keeping its connections.

    A context manager that closes them. Threads may share it.
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
        from .sync_rest import RESTClientObject

        self.rest_client = RESTClientObject(self.configuration)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections; the next call opens new ones."""
        self.rest_client.close()

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

    def call_api(
        self,
        method: str,
        url: str,
        header_params: Mapping[str, str] | None = None,
        body: object = None,
        post_params: Iterable[tuple[str, Any]] | None = None,
        _request_timeout: TimeoutT | None = None,
    ) -> RESTResponse:
        """Sends a request that no operation describes."""
        return self.rest_client.request(
            method, url, header_params, body, post_params, _request_timeout
        )

    def call(
        self,
        operation: Operation[DataT, Any],
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> ApiResponse[DataT]:
        """The typed answer of an operation."""
        return self._run(self._called(operation, arguments, options))

    def call_raw(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> urllib3.BaseHTTPResponse:
        """The answer of an operation as urllib3 has it, its body still to be read."""

        def finish(_: Request, answer: RESTResponse) -> urllib3.BaseHTTPResponse:
            return answer.response

        request = self._request(operation, arguments, options, streaming=None)
        steps = self._exchange(request, lambda _: None, finish)
        return self._run(steps)

    def call_to_file(
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
            return self._run(self._saved(operation, request, download))

    def call_stream(
        self,
        operation: Operation[Any, ItemT],
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> Stream[ItemT]:
        """The stream of an operation that has one."""
        from ..streaming import Stream

        request = self._request(operation, arguments, options, streaming=True)
        answer, reader = self._run(self._opened(operation, request))
        return Stream(answer, reader)

    def _run(self, steps: Steps[ResultT]) -> ResultT:
        """Does what the core asks for, until it has the result."""
        try:
            step = next(steps)
            while True:
                try:
                    outcome = self._do(step)
                except BaseException as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(outcome)
        except StopIteration as done:
            result: ResultT = done.value
            return result

    def _do(self, step: Step) -> object:
        match step:
            case Send(request, deadline):
                return self.rest_client.send(request, deadline)
            case Read(answer):
                return answer.read()
            case Save(answer, download):
                download.begin(answer.headers)
                for data in answer.chunks():
                    download.write(data)
                    download.written(data)
                return None
            case Discard(answer):
                answer.finish()
                return None
            case Wait(seconds):
                sleep(seconds)
                return None
            case Fetch(source):
                return source.token(self.rest_client.send)
            case Settle(value):
                if hasattr(value, "__await__"):
                    from .hooks import close_unawaited

                    close_unawaited(value)
                    raise ApiTypeError(
                        "a hook of a synchronous client cannot be asynchronous:"
                        f" it returned {type(value).__name__}"
                    )
                return value
            case _:
                assert_never(step)
