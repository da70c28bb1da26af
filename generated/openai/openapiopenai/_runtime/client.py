"""What the clients of both flavours share: everything but sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from . import request
from .configuration import BaseConfiguration
from .plan import AnyOperation, plan, preferred
from .request import CallOptions, Request, Settings
from .retry import RetryPolicy

if TYPE_CHECKING:
    from .types import Types


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
        self.client_side_validation = configuration.client_side_validation

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

    def _request(
        self,
        operation: AnyOperation,
        arguments: tuple[object, ...],
        options: CallOptions,
        *,
        streaming: bool | None = False,
    ) -> Request:
        settings = Settings(
            configuration=self.configuration,
            types=self._types,
            headers=self.default_headers,
            cookie=self.cookie,
            validate=self.client_side_validation,
        )
        return request.build(
            operation, arguments, options, settings, streaming=streaming
        )

    def body(
        self, operation: AnyOperation, given: object, keywords: Mapping[str, Any]
    ) -> object:
        """The body of a call: the one that was given, or one with the fields `keywords`.

        Raises TypeError for both, for neither where one is required, and for an unknown field.
        """
        argument = plan(operation).body
        assert argument is not None
        _, body = argument
        if not keywords:
            if given is None and body.required:
                raise TypeError(
                    f"{operation.id}() needs {body.argument}, or its fields as keyword arguments"
                )
            return given
        if given is not None:
            raise TypeError(
                f"{operation.id}() takes {body.argument} or its fields as keyword arguments,"
                f" not both: {', '.join(keywords)}"
            )
        return self._types.resolve(body.type)(**keywords)

    def _retries(self) -> RetryPolicy:
        retries = self.configuration.retries
        return RetryPolicy(retries=retries if isinstance(retries, int) else 0)
