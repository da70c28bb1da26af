"""The synchronous shell: sends what the core builds, over urllib3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import sleep
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
    import urllib3

    from ..api_response import ApiResponse
    from ..streaming import Stream
    from .sync_rest import RESTResponse

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")


class SyncApiClient(BaseApiClient):
    """Calls an API, keeping its connections.

    A context manager that closes them. Threads may share it.
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
        _request_timeout: float | tuple[float, float] | None = None,
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
        request = self._request(operation, arguments, options)
        answer = self._send(request)
        # What reads an answer is loaded once there is one: the first request leaves sooner.
        from . import response

        try:
            response.refuse_stream(operation, answer)
            answer.read()
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

    def call_raw(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> urllib3.BaseHTTPResponse:
        """The answer of an operation as urllib3 has it, its body still to be read."""
        request = self._request(operation, arguments, options, streaming=None)
        return self._send(request).response

    def call_stream(
        self,
        operation: Operation[Any, ItemT],
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> Stream[ItemT]:
        """The stream of an operation that has one."""
        from ..streaming import Stream
        from . import response
        from .reader import Reader

        request = self._request(operation, arguments, options, streaming=True)
        answer = self._send(request)
        try:
            if not 200 <= answer.status <= 299:
                answer.read()
                raise response.failure(operation, request, answer, self._types)
            reader = Reader(operation, request, answer, self._types, self.configuration)
        except BaseException:
            answer.close()
            raise
        return Stream(answer, reader)

    def _send(self, request: Request) -> RESTResponse:
        """The answer after redirects and retries."""
        policy = self._retries()
        attempt = redirects = 0
        while True:
            try:
                answer = self.rest_client.send(request)
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
            sleep(wait)


class SyncApi:
    """The base of a group of operations."""

    _client_type: ClassVar[type[SyncApiClient]]

    def __init__(self, api_client: SyncApiClient | None = None) -> None:
        if api_client is None:
            api_client = self._client_type.get_default()
        self.api_client = api_client

    def _body(
        self, operation: AnyOperation, given: object, keywords: dict[str, Any]
    ) -> object:
        """The body: the one that was given, or one with these fields."""
        return self.api_client.body(operation, given, keywords)

    def _call(
        self,
        operation: Operation[DataT, Any],
        arguments: tuple[object, ...],
        options: Options,
    ) -> ApiResponse[DataT]:
        return self.api_client.call(operation, arguments, CallOptions(*options))

    def _raw(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: Options,
    ) -> urllib3.BaseHTTPResponse:
        return self.api_client.call_raw(operation, arguments, CallOptions(*options))

    def _stream(
        self,
        operation: Operation[Any, ItemT],
        arguments: tuple[object, ...],
        options: Options,
    ) -> Stream[ItemT]:
        return self.api_client.call_stream(operation, arguments, CallOptions(*options))
