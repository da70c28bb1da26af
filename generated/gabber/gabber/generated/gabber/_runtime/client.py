"""What the clients of both flavours share: everything but sending."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from ..exceptions import HttpResponse
from . import request
from .configuration import BaseConfiguration
from .exchange import Read, RetryBudget, Save, Steps, Terms, exchange
from .operation import Operation
from .plan import AnyOperation, plan, preferred
from .request import CallOptions, Request, Settings, TimeoutT

if TYPE_CHECKING:
    from pathlib import Path

    from ..api_response import ApiResponse
    from .download import Download
    from .hooks import Hooks
    from .reader import Reader
    from .retry import Retries
    from .types import Types
    from .undescribed import Pairs, ResponseType, Serialized

DataT = TypeVar("DataT")
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class BaseApiClient:
    """Settings that are sent with each call.

    :param configuration: how the API is reached; the default configuration where there is none.
    :param header_name: a header to send with each call.
    :param header_value: its value.
    :param cookie: a `Cookie` header to send with each call.
    """

    _types: ClassVar[Types]
    _configuration_type: ClassVar[type[BaseConfiguration]]
    _user_agent: ClassVar[str]

    def __init__(
        self,
        configuration: BaseConfiguration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
    ) -> None:
        if configuration is None:
            configuration = self._configuration_type.get_default()
        self.configuration = configuration
        self.default_headers: dict[str, str] = {}
        if header_name is not None:
            self.default_headers[header_name] = header_value or ""
        self.default_headers["User-Agent"] = self._user_agent
        self.cookie = cookie
        self.client_side_validation: bool = configuration.client_side_validation
        self._budget = RetryBudget()

    def with_options(
        self,
        *,
        retries: Retries | None = None,
        timeout: TimeoutT | None = None,
        hooks: Sequence[Hooks] | None = None,
    ) -> Self:
        """A client with other settings, which shares this one's connections; what is None stays
        as it is."""
        other = copy.copy(self)
        other.default_headers = dict(self.default_headers)
        configuration = copy.copy(self.configuration)
        if retries is not None:
            configuration.retries = retries
        if timeout is not None:
            configuration.timeout = timeout
        if hooks is not None:
            configuration.hooks = hooks
        other.configuration = configuration
        return other

    @property
    def user_agent(self) -> str:
        """The `User-Agent` header of each call."""
        return self.default_headers["User-Agent"]

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self.default_headers["User-Agent"] = value

    def set_default_header(self, header_name: str, header_value: str) -> None:
        """Sends a header with each call."""
        self.default_headers[header_name] = header_value

    def select_header_accept(self, accepts: Sequence[str]) -> str | None:
        """The first JSON media type, else the first, else None."""
        return preferred(tuple(accepts))

    def select_header_content_type(self, content_types: Sequence[str]) -> str | None:
        """The first JSON media type, else the first, else None."""
        return preferred(tuple(content_types))

    def sanitize_for_serialization(self, obj: object) -> Any:
        """A value as plain JSON data."""
        return self._types.dump(obj)

    def param_serialize(
        self,
        method: str,
        resource_path: str,
        path_params: Pairs | None = None,
        query_params: Pairs | None = None,
        header_params: Mapping[str, Any] | None = None,
        body: object = None,
        post_params: Pairs | None = None,
        files: Mapping[str, Any] | None = None,
        auth_settings: Sequence[str] | None = None,
        collection_formats: Mapping[str, str] | None = None,
        _host: str | None = None,
        _request_auth: Mapping[str, Any] | None = None,
    ) -> Serialized:
        """What `call_api` sends for a path of the API that no operation describes.

        :param resource_path: the path below the server, with `{name}` for each of `path_params`.
        :param body: a model, plain data or bytes; or else there are `post_params` and `files`.
        :param auth_settings: the names of security schemes: the first is used that there are
            credentials for.
        :param collection_formats: how lists in the query are written, by their names: `multi`
            (where nothing is said), `csv`, `ssv` or `pipes`.
        """
        from .undescribed import serialized

        return serialized(
            method,
            resource_path,
            path_params=path_params or (),
            query_params=query_params or (),
            header_params=header_params or {},
            body=body,
            post_params=post_params or (),
            files=files or {},
            auth_settings=auth_settings or (),
            collection_formats=collection_formats or {},
            host=_host,
            request_auth=_request_auth,
            settings=self._settings(),
        )

    def response_deserialize(
        self,
        response_data: HttpResponse,
        response_types_map: Mapping[str, ResponseType | None] | None = None,
    ) -> ApiResponse[Any]:
        """What an answer of `call_api` means, which has been read: its data as the type that
        belongs to its status (`200`, `4XX`, `default`), or the exception that it is."""
        from .undescribed import answered

        types = response_types_map or {}
        return answered(response_data, types, self._types, self.configuration)

    def deserialize(
        self,
        response_text: str,
        response_type: ResponseType,
        content_type: str | None = "application/json",
    ) -> Any:
        """A text as a type; where its media type is None, it is JSON if it can be."""
        from .undescribed import deserialized

        validation = self.configuration.response_validation
        return deserialized(
            response_text, response_type, content_type, self._types, validation
        )

    def _settings(self) -> Settings:
        return Settings(
            configuration=self.configuration,
            types=self._types,
            headers=self.default_headers,
            cookie=self.cookie,
            validate=self.client_side_validation,
        )

    def _request(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: CallOptions,
        *,
        streaming: bool | None = False,
    ) -> Request:
        return request.build(
            operation, arguments, options, self._settings(), streaming=streaming
        )

    def arguments(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        fields: Mapping[str, Any],
    ) -> tuple[object, ...]:
        """The arguments of a call whose body is one of them, or is made of `fields`.

        Raises TypeError for both, for neither where one is required, and for an unknown field.
        """
        argument = plan(operation).body
        assert argument is not None
        index, body = argument
        given = arguments[index]
        if not fields:
            if given is None and body.required:
                raise TypeError(
                    f"{operation.id}() needs {body.argument}, or its fields as keyword arguments"
                )
            return arguments
        if given is not None:
            raise TypeError(
                f"{operation.id}() takes {body.argument} or its fields as keyword arguments,"
                f" not both: {', '.join(fields)}"
            )
        made = self._types.resolve(body.type)(**fields)
        return *arguments[:index], made, *arguments[index + 1 :]

    def _called(
        self,
        operation: Operation[DataT, Any],
        arguments: tuple[object, ...],
        options: CallOptions,
    ) -> Steps[ApiResponse[DataT]]:
        """A call whose answer is read whole."""
        request = self._request(operation, arguments, options)

        # What reads an answer is loaded once there is one: the first request leaves sooner.
        def body(answer: HttpResponse) -> Read:
            from .response import refuse_stream

            refuse_stream(operation, answer)
            return Read(answer)

        def finish(sent: Request, answer: HttpResponse) -> ApiResponse[DataT]:
            from .response import interpret

            return interpret(
                operation,
                sent,
                answer,
                self._types,
                self.configuration.response_validation,
            )

        return self._exchange(request, body, finish)

    def _saved(
        self, operation: AnyOperation, request: Request, download: Download
    ) -> Steps[ApiResponse[Path]]:
        """A call whose answer becomes a file."""

        def body(answer: HttpResponse) -> Read | Save:
            from .response import is_file

            if is_file(operation, answer.status):
                return Save(answer, download)
            return Read(answer)

        def finish(sent: Request, answer: HttpResponse) -> ApiResponse[Path]:
            from .response import failure, saved

            if not _succeeded(answer):
                raise failure(operation, sent, answer, self._types)
            return saved(operation, sent, answer, download.path)

        return self._exchange(request, body, finish)

    def _opened(
        self, operation: Operation[Any, ItemT], request: Request
    ) -> Steps[tuple[Any, Reader[ItemT]]]:
        """A call whose answer is a stream, still to be read."""

        def finish(sent: Request, answer: Any) -> tuple[Any, Reader[ItemT]]:
            from .reader import Reader
            from .response import failure

            if not _succeeded(answer):
                raise failure(operation, sent, answer, self._types)
            return answer, Reader(
                operation, sent, answer, self._types, self.configuration
            )

        def body(answer: HttpResponse) -> Read | None:
            return None if _succeeded(answer) else Read(answer)

        return self._exchange(request, body, finish)

    def _exchange(
        self,
        request: Request,
        body: Callable[[Any], Read | Save | None],
        finish: Callable[[Request, Any], ResultT],
    ) -> Steps[ResultT]:
        configuration = self.configuration
        terms = Terms(
            retries=configuration.retries,
            budget=self._budget,
            hooks=configuration.hooks,
            logger=configuration.logger["package_logger"],
        )
        return exchange(request, terms, body=body, finish=finish)


def _succeeded(answer: HttpResponse) -> bool:
    return 200 <= answer.status <= 299
