"""How a client reaches its API: servers, credentials, timeouts, TLS, proxies, logging.

One class holds the settings of both flavours. `SyncConfiguration` and `AsyncConfiguration`
differ in the order of their positional arguments, and each takes the other's by keyword.
"""

from __future__ import annotations

import copy
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    NotRequired,
    Self,
    TypedDict,
    TypeVar,
)

from ..exceptions import ApiTypeError, ApiValueError
from .security import (
    AccessToken,
    ApiKeyScheme,
    AuthSetting,
    AuthSettings,
    Credentials,
    HttpScheme,
    OAuth2Scheme,
    OpenIdScheme,
    Secret,
    SecurityScheme,
    api_key,
    basic,
    bearer,
    prefixed,
)
from .server import Server

if TYPE_CHECKING:
    import ssl

    import aiohttp

    from .hooks import Hooks
    from .request import TimeoutT
    from .retry import Retries
    from .tokens import ClientCredentials, TokenSource

ValueT = TypeVar("ValueT")
ServerVariablesT = dict[str, str]
ResponseValidation = Literal["lenient", "strict", "off"]

DATETIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%f%z"
DATE_FORMAT = "%Y-%m-%d"
_EVENT_SIZE = 16 * 1024 * 1024


class HostSettingVariable(TypedDict):
    """A variable of a server's URL template."""

    description: str
    default_value: str
    enum_values: list[str]


class HostSetting(TypedDict):
    """A server of the API."""

    url: str
    description: str
    variables: NotRequired[dict[str, HostSettingVariable]]


class BaseConfiguration:
    """The settings of a client.

    :param host: the base URL; without one, the server that `server_index` selects.
    :param api_key: API keys by the name of their security scheme; also functions that give them
        (async clients: which may be coroutine functions), which are called before each attempt.
    :param api_key_prefix: what stands before an API key (`Bearer`), by the name of its scheme.
    :param username: the user of HTTP basic authentication.
    :param password: the password of HTTP basic authentication.
    :param access_token: the token of bearer, OAuth 2.0 and OpenID Connect authentication; also a
        function that gives one, as for `api_key`, or `ClientCredentials`, which fetch one; or
        any of these by the name of their security scheme.
    :param server_index: which of the API's servers is called, from 0.
    :param server_variables: values of the server URL's variables.
    :param server_operation_index: which of an operation's own servers is called, by operation.
    :param server_operation_variables: values of these servers' variables, by operation.
    :param ignore_operation_servers: call the API's server even where an operation has its own.
    :param ssl_ca_cert: a file of CA certificates in PEM format.
    :param retries: how often a failed call is tried again, 2 unless given; or a `RetryPolicy`.
    :param ca_cert_data: CA certificates in PEM (str) or DER (bytes) format.
    :param cert_file: a client certificate in PEM format.
    :param key_file: the key of the client certificate.
    :param verify_ssl: whether certificates are verified.
    :param assert_hostname: whether a certificate must name the host; it must unless this is
        False.
    :param tls_server_name: the name sent in the TLS handshake (SNI).
    :param connection_pool_maxsize: connections kept (sync) or open at most (async).
    :param proxy: the proxy's URL, which may hold a user and a password; without one, the
        environment's (`HTTPS_PROXY`, ...); an empty one for none.
    :param no_proxy: hosts that are reached without the proxy, separated by commas.
    :param proxy_headers: headers for the proxy alone.
    :param proxy_ssl_context: the TLS settings of the connection to the proxy itself; without
        them, those of the connections to the API hold for it too.
    :param safe_chars_for_path_param: characters that stay as they are in path parameters.
    :param client_side_validation: whether arguments are validated before they are sent.
    :param socket_options: options of the sockets, as for `socket.setsockopt`, set before they
        connect.
    :param datetime_format: how date-times are written in queries; RFC 3339 unless changed.
    :param date_format: how dates are written in queries; RFC 3339 unless changed.
    :param trace_configs: `aiohttp.TraceConfig` objects for the session (async).
    :param tcp_connector_limit_per_host: connections open at most to one host (async).
    :param client_session_kwargs: more arguments for `aiohttp.ClientSession` (async).
    :param debug: log at DEBUG level.
    :param timeout: seconds for a whole call (of a stream, between two reads), a pair of seconds
        to connect and between reads, or a `Timeout`; 5, 600 and no limit unless given.
    :param response_validation: `lenient` gives what came where it does not fit the API's
        description, `strict` raises, `off` does not validate.
    :param max_event_size: bytes of one event of a stream at most.
    :param hooks: what is told of each step of a call.
    """

    _package: ClassVar[str] = __package__ or __name__
    _package_version: ClassVar[str] = ""
    _api_version: ClassVar[str] = ""
    _servers: ClassVar[tuple[Server, ...]] = (Server(""),)
    _security_schemes: ClassVar[tuple[SecurityScheme, ...]] = ()
    _pool_maxsize: ClassVar[int] = 100

    _default: ClassVar[Self | None] = None

    def __init__(
        self,
        *,
        host: str | None = None,
        api_key: Mapping[str, Secret] | None = None,
        api_key_prefix: dict[str, str] | None = None,
        username: str | None = None,
        password: str | None = None,
        access_token: AccessToken | Mapping[str, AccessToken] | None = None,
        server_index: int | None = None,
        server_variables: ServerVariablesT | None = None,
        server_operation_index: Mapping[str, int] | None = None,
        server_operation_variables: Mapping[str, ServerVariablesT] | None = None,
        ignore_operation_servers: bool = False,
        ssl_ca_cert: str | None = None,
        retries: Retries | None = None,
        ca_cert_data: str | bytes | None = None,
        cert_file: str | None = None,
        key_file: str | None = None,
        verify_ssl: bool = True,
        assert_hostname: bool | None = None,
        tls_server_name: str | None = None,
        connection_pool_maxsize: int | None = None,
        proxy: str | None = None,
        no_proxy: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        proxy_ssl_context: ssl.SSLContext | None = None,
        safe_chars_for_path_param: str = "",
        client_side_validation: bool = True,
        socket_options: Sequence[tuple[int, int, int | bytes]] | None = None,
        datetime_format: str = DATETIME_FORMAT,
        date_format: str = DATE_FORMAT,
        trace_configs: Sequence[aiohttp.TraceConfig] | None = None,
        tcp_connector_limit_per_host: int | None = None,
        client_session_kwargs: Mapping[str, Any] | None = None,
        debug: bool | None = None,
        timeout: TimeoutT | None = None,
        response_validation: ResponseValidation = "lenient",
        max_event_size: int = _EVENT_SIZE,
        hooks: Sequence[Hooks] = (),
    ) -> None:
        self._base_path = self._servers[0].url if host is None else host
        self.server_index = 0 if server_index is None and host is None else server_index
        self.server_variables: ServerVariablesT = server_variables or {}
        self.server_operation_index: Mapping[str, int] = server_operation_index or {}
        self.server_operation_variables: Mapping[str, ServerVariablesT] = (
            server_operation_variables or {}
        )
        self.ignore_operation_servers = ignore_operation_servers
        self.temp_folder_path: str | None = None

        self.api_key = api_key
        self.api_key_prefix: dict[str, str] = api_key_prefix or {}
        self.refresh_api_key_hook: Callable[[Any], None] | None = None
        self.username = username
        self.password = password
        self.access_token = access_token

        self.logger: dict[str, logging.Logger] = {
            "package_logger": logging.getLogger(self._package),
            "urllib3_logger": logging.getLogger("urllib3"),
        }
        self.logger_format = "%(asctime)s %(levelname)s %(message)s"
        self.logger_stream_handler: logging.Handler | None = None
        self.logger_file_handler: logging.FileHandler | None = None
        self._logger_file: str | None = None
        self._debug = False
        if debug is not None:
            self.debug = debug

        self.verify_ssl = verify_ssl
        self.ssl_ca_cert = ssl_ca_cert
        self.ca_cert_data = ca_cert_data
        self.cert_file = cert_file
        self.key_file = key_file
        self.assert_hostname = assert_hostname
        self.tls_server_name = tls_server_name

        self.connection_pool_maxsize: int = (
            self._pool_maxsize
            if connection_pool_maxsize is None
            else connection_pool_maxsize
        )
        self.socket_options = socket_options
        self.trace_configs = trace_configs
        self.tcp_connector_limit_per_host = tcp_connector_limit_per_host
        self.client_session_kwargs = client_session_kwargs

        self._proxy_from_environment = proxy is None
        self._proxy = _environment_proxy(self.host) if proxy is None else proxy
        self.no_proxy: str | None = (
            _environment_no_proxy() if no_proxy is None else no_proxy
        )
        self.proxy_headers = proxy_headers
        self.proxy_ssl_context = proxy_ssl_context

        self.safe_chars_for_path_param = safe_chars_for_path_param
        self.retries = retries
        self.timeout = timeout
        self.client_side_validation = client_side_validation
        self.response_validation: ResponseValidation = response_validation
        self.max_event_size = max_event_size
        self.hooks = hooks
        self.datetime_format = datetime_format
        self.date_format = date_format

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            if value and name in _CHECKED:
                plain = _CHECKED[name]
                if type(value) is not plain and value != plain:
                    from .checks import check

                    check(name, value, self._security_schemes)
            object.__setattr__(self, name, value)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = self.__class__.__new__(self.__class__)
        memo[id(self)] = copied
        for name, value in vars(self).items():
            shared = name in _SHARED
            setattr(copied, name, value if shared else copy.deepcopy(value, memo))
        copied.api_key = dict(self.api_key)
        return copied

    @classmethod
    def set_default(cls, default: Self | None) -> None:
        """Makes `default` the configuration of clients that are given none."""
        cls._default = default

    @classmethod
    def get_default(cls) -> Self:
        """The configuration of clients that are given none; the same object each time."""
        if cls._default is None:
            cls._default = cls()
        return cls._default

    @classmethod
    def get_default_copy(cls) -> Self:
        """The same as `get_default`, which is to be preferred."""
        return cls.get_default()

    @property
    def logger_file(self) -> str | None:
        """The file that the loggers write to; None for none."""
        return self._logger_file

    @logger_file.setter
    def logger_file(self, value: str | None) -> None:
        handler = self.logger_file_handler
        if handler is not None:
            for logger in self.logger.values():
                logger.removeHandler(handler)
            handler.close()
        self._logger_file = value
        self.logger_file_handler = None
        if value:
            self.logger_file_handler = logging.FileHandler(value)
            self.logger_file_handler.setFormatter(self.logger_formatter)
            for logger in self.logger.values():
                logger.addHandler(self.logger_file_handler)

    @property
    def logger_format(self) -> str:
        """The format of log records, as for `logging.Formatter`."""
        return self._logger_format

    @logger_format.setter
    def logger_format(self, value: str) -> None:
        self._logger_format = value
        self.logger_formatter: logging.Formatter = logging.Formatter(value)

    @property
    def debug(self) -> bool:
        """Whether the loggers are at DEBUG and http.client prints what it sends."""
        return self._debug

    @debug.setter
    def debug(self, value: bool) -> None:
        from http.client import HTTPConnection

        self._debug = value
        HTTPConnection.debuglevel = 1 if value else 0
        for logger in self.logger.values():
            logger.setLevel(logging.DEBUG if value else logging.WARNING)

    @property
    def api_key(self) -> dict[str, Secret]:
        """API keys, or functions that give them, by the name of their security scheme."""
        return self._api_key

    @api_key.setter
    def api_key(self, value: Mapping[str, Secret] | None) -> None:
        self._api_key: dict[str, Secret] = (
            value if isinstance(value, dict) else dict(value or {})
        )

    def get_api_key_with_prefix(
        self, identifier: str, alias: str | None = None
    ) -> str | None:
        """The API key of a security scheme, after its prefix; None where there is none.

        Raises ApiTypeError where it is what a coroutine function gives.
        """
        self._refresh()
        key = _either(self.api_key, identifier, alias)
        if not key:
            return None
        if not isinstance(key, str):
            from .tokens import called

            key = called(key, f"api_key[{identifier!r}]")
        return prefixed(key, _either(self.api_key_prefix, identifier, alias))

    def get_basic_auth_token(self) -> str | None:
        """The Authorization header of HTTP basic authentication (RFC 7617)."""
        return basic(self.username or "", self.password or "")["value"]

    def auth_settings(self) -> AuthSettings:
        """The credentials that are configured, by the name of their security scheme; where none
        are, those of the environment.

        `refresh_api_key_hook` is called first.
        """
        self._refresh()
        if (
            self.api_key
            or self.access_token
            or self.username
            or self.refresh_api_key_hook
        ):
            given = Credentials(
                self.api_key, self.username, self.password, self.access_token
            )
        else:
            from . import environment

            given = environment.credentials(self._package, self._security_schemes)
        settings: AuthSettings = {}
        for scheme in self._security_schemes:
            setting = self._auth_setting(scheme, given)
            if setting is not None:
                settings[scheme.name] = setting
        return settings

    def _refresh(self) -> None:
        if self.refresh_api_key_hook is None:
            return
        returned: object = self.refresh_api_key_hook(self)
        if hasattr(returned, "__await__"):
            from .hooks import close_unawaited

            close_unawaited(returned)
            raise ApiTypeError(
                "refresh_api_key_hook cannot be asynchronous: of asynchronous clients, api_key"
                " and access_token may be coroutine functions"
            )

    def _auth_setting(
        self, scheme: SecurityScheme, given: Credentials
    ) -> AuthSetting | None:
        match scheme:
            case ApiKeyScheme(name):
                key = given.api_key.get(name)
                prefix = self.api_key_prefix.get(name)
                return api_key(scheme, key, prefix) if key else None
            case HttpScheme(scheme="basic"):
                if given.username is None or given.password is None:
                    return None
                return basic(given.username, given.password)
            case HttpScheme(scheme="bearer", bearer_format=bearer_format):
                token = self._token(scheme, given)
                return None if token is None else bearer(token, bearer_format)
            case HttpScheme():
                return None
            case OAuth2Scheme() | OpenIdScheme():
                token = self._token(scheme, given)
                return None if token is None else bearer(token)

    def _token(
        self, scheme: SecurityScheme, given: Credentials
    ) -> str | TokenSource | None:
        """The access token of a security scheme, or what gives it."""
        token = given.token(scheme.name)
        if token is None or isinstance(token, str):
            return token
        from .tokens import CallableTokens, ClientCredentials

        if not isinstance(token, ClientCredentials):
            return CallableTokens(token, "access_token")
        return self._grant(token, scheme, shared=token is given.access_token)

    def _grant(
        self, token: ClientCredentials, scheme: SecurityScheme, *, shared: bool
    ) -> TokenSource | None:
        """What fetches the tokens of a scheme. Where none is known to, None for credentials that
        are `shared` with a scheme for which one is; otherwise raises ApiValueError."""
        url = token.token_url
        scopes: tuple[str, ...] = ()
        if isinstance(scheme, OAuth2Scheme):
            url, scopes = url or scheme.token_url, scheme.scopes
        if url is None:
            if shared and any(
                isinstance(each, OAuth2Scheme) and each.token_url
                for each in self._security_schemes
            ):
                return None
            raise ApiValueError(
                f"the API's description has no token URL of the security scheme {scheme.name};"
                " say which one with ClientCredentials(..., token_url='https://...')"
            )
        if "://" not in url:
            from urllib.parse import urljoin

            url = urljoin(self.host, url)
        if not url.startswith(("http://", "https://")):
            raise ApiValueError(
                f"the token URL {url!r} of the security scheme {scheme.name} is no absolute"
                " URL, nor does the server make it one; say which one with"
                " ClientCredentials(..., token_url='https://...')"
            )
        return token.grant(url, scopes)

    def to_debug_report(self) -> str:
        """What a report of a fault should start with."""
        return (
            "Python SDK Debug Report:\n"
            f"OS: {sys.platform}\n"
            f"Python Version: {sys.version}\n"
            f"Version of the API: {self._api_version}\n"
            f"SDK Package Version: {self._package_version}"
        )

    def get_host_settings(self) -> list[HostSetting]:
        """The servers of the API."""
        return host_settings(self._servers)

    def get_host_from_settings(
        self,
        index: int | None,
        variables: Mapping[str, str] | None = None,
        servers: Sequence[HostSetting] | None = None,
    ) -> str:
        """The base URL of a server, with its variables filled in.

        Raises ValueError for an index that no server has, or a variable's value that is not
        one of those allowed.
        """
        if index is None:
            return self._base_path
        settings = self.get_host_settings() if servers is None else servers
        if not 0 <= index < len(settings):
            raise ValueError(
                f"Invalid index {index} when selecting the host settings. "
                f"Must be less than {len(settings)}"
            )
        url = settings[index]["url"]
        given = variables or {}
        for name, variable in settings[index].get("variables", {}).items():
            value = given.get(name, variable["default_value"])
            allowed = variable["enum_values"]
            if allowed and value not in allowed:
                raise ValueError(
                    f"The variable `{name}` in the host URL has invalid value {value}. "
                    f"Must be {allowed}."
                )
            url = url.replace("{" + name + "}", value)
        return url

    @property
    def host(self) -> str:
        """The base URL. Setting one leaves the API's own servers aside."""
        if self.server_index is None:
            return self._base_path
        return self.get_host_from_settings(
            self.server_index, variables=self.server_variables
        )

    @host.setter
    def host(self, value: str) -> None:
        self._base_path = value
        self.server_index = None
        if self._proxy_from_environment:
            self._proxy = _environment_proxy(value)

    @property
    def proxy(self) -> str | None:
        """The proxy's URL; None where there is none."""
        return self._proxy

    @proxy.setter
    def proxy(self, value: str | None) -> None:
        self._proxy = value
        self._proxy_from_environment = False


class SyncConfiguration(BaseConfiguration):
    """`BaseConfiguration`, its arguments in the order of the synchronous clients."""

    _pool_maxsize = (os.cpu_count() or 1) * 5

    def __init__(
        self,
        host: str | None = None,
        api_key: Mapping[str, Secret] | None = None,
        api_key_prefix: dict[str, str] | None = None,
        username: str | None = None,
        password: str | None = None,
        access_token: AccessToken | Mapping[str, AccessToken] | None = None,
        server_index: int | None = None,
        server_variables: ServerVariablesT | None = None,
        server_operation_index: Mapping[str, int] | None = None,
        server_operation_variables: Mapping[str, ServerVariablesT] | None = None,
        ignore_operation_servers: bool = False,
        ssl_ca_cert: str | None = None,
        retries: Retries | None = None,
        ca_cert_data: str | bytes | None = None,
        cert_file: str | None = None,
        key_file: str | None = None,
        verify_ssl: bool = True,
        assert_hostname: bool | None = None,
        tls_server_name: str | None = None,
        connection_pool_maxsize: int | None = None,
        proxy: str | None = None,
        no_proxy: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        proxy_ssl_context: ssl.SSLContext | None = None,
        safe_chars_for_path_param: str = "",
        client_side_validation: bool = True,
        socket_options: Sequence[tuple[int, int, int | bytes]] | None = None,
        datetime_format: str = DATETIME_FORMAT,
        date_format: str = DATE_FORMAT,
        *,
        trace_configs: Sequence[aiohttp.TraceConfig] | None = None,
        tcp_connector_limit_per_host: int | None = None,
        client_session_kwargs: Mapping[str, Any] | None = None,
        debug: bool | None = None,
        timeout: TimeoutT | None = None,
        response_validation: ResponseValidation = "lenient",
        max_event_size: int = _EVENT_SIZE,
        hooks: Sequence[Hooks] = (),
    ) -> None:
        super().__init__(
            host=host,
            api_key=api_key,
            api_key_prefix=api_key_prefix,
            username=username,
            password=password,
            access_token=access_token,
            server_index=server_index,
            server_variables=server_variables,
            server_operation_index=server_operation_index,
            server_operation_variables=server_operation_variables,
            ignore_operation_servers=ignore_operation_servers,
            ssl_ca_cert=ssl_ca_cert,
            retries=retries,
            ca_cert_data=ca_cert_data,
            cert_file=cert_file,
            key_file=key_file,
            verify_ssl=verify_ssl,
            assert_hostname=assert_hostname,
            tls_server_name=tls_server_name,
            connection_pool_maxsize=connection_pool_maxsize,
            proxy=proxy,
            no_proxy=no_proxy,
            proxy_headers=proxy_headers,
            proxy_ssl_context=proxy_ssl_context,
            safe_chars_for_path_param=safe_chars_for_path_param,
            client_side_validation=client_side_validation,
            socket_options=socket_options,
            datetime_format=datetime_format,
            date_format=date_format,
            trace_configs=trace_configs,
            tcp_connector_limit_per_host=tcp_connector_limit_per_host,
            client_session_kwargs=client_session_kwargs,
            debug=debug,
            timeout=timeout,
            response_validation=response_validation,
            max_event_size=max_event_size,
            hooks=hooks,
        )


class AsyncConfiguration(BaseConfiguration):
    """`BaseConfiguration`, its arguments in the order of the asynchronous clients."""

    def __init__(
        self,
        host: str | None = None,
        api_key: Mapping[str, Secret] | None = None,
        api_key_prefix: dict[str, str] | None = None,
        username: str | None = None,
        password: str | None = None,
        access_token: AccessToken | Mapping[str, AccessToken] | None = None,
        server_index: int | None = None,
        server_variables: ServerVariablesT | None = None,
        server_operation_index: Mapping[str, int] | None = None,
        server_operation_variables: Mapping[str, ServerVariablesT] | None = None,
        ignore_operation_servers: bool = False,
        ssl_ca_cert: str | None = None,
        retries: Retries | None = None,
        trace_configs: Sequence[aiohttp.TraceConfig] | None = None,
        tcp_connector_limit_per_host: int | None = None,
        client_session_kwargs: Mapping[str, Any] | None = None,
        ca_cert_data: str | bytes | None = None,
        cert_file: str | None = None,
        key_file: str | None = None,
        verify_ssl: bool = True,
        assert_hostname: bool | None = None,
        tls_server_name: str | None = None,
        connection_pool_maxsize: int | None = None,
        proxy: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        safe_chars_for_path_param: str = "",
        client_side_validation: bool = True,
        socket_options: Sequence[tuple[int, int, int | bytes]] | None = None,
        datetime_format: str = DATETIME_FORMAT,
        date_format: str = DATE_FORMAT,
        *,
        no_proxy: str | None = None,
        proxy_ssl_context: ssl.SSLContext | None = None,
        debug: bool | None = None,
        timeout: TimeoutT | None = None,
        response_validation: ResponseValidation = "lenient",
        max_event_size: int = _EVENT_SIZE,
        hooks: Sequence[Hooks] = (),
    ) -> None:
        super().__init__(
            host=host,
            api_key=api_key,
            api_key_prefix=api_key_prefix,
            username=username,
            password=password,
            access_token=access_token,
            server_index=server_index,
            server_variables=server_variables,
            server_operation_index=server_operation_index,
            server_operation_variables=server_operation_variables,
            ignore_operation_servers=ignore_operation_servers,
            ssl_ca_cert=ssl_ca_cert,
            retries=retries,
            ca_cert_data=ca_cert_data,
            cert_file=cert_file,
            key_file=key_file,
            verify_ssl=verify_ssl,
            assert_hostname=assert_hostname,
            tls_server_name=tls_server_name,
            connection_pool_maxsize=connection_pool_maxsize,
            proxy=proxy,
            no_proxy=no_proxy,
            proxy_headers=proxy_headers,
            proxy_ssl_context=proxy_ssl_context,
            safe_chars_for_path_param=safe_chars_for_path_param,
            client_side_validation=client_side_validation,
            socket_options=socket_options,
            datetime_format=datetime_format,
            date_format=date_format,
            trace_configs=trace_configs,
            tcp_connector_limit_per_host=tcp_connector_limit_per_host,
            client_session_kwargs=client_session_kwargs,
            debug=debug,
            timeout=timeout,
            response_validation=response_validation,
            max_event_size=max_event_size,
            hooks=hooks,
        )


def host_settings(servers: Sequence[Server]) -> list[HostSetting]:
    """Servers as `Configuration.get_host_settings` returns them."""
    settings: list[HostSetting] = []
    for server in servers:
        setting: HostSetting = {
            "url": server.url,
            "description": server.description or "No description provided",
        }
        if server.variables:
            setting["variables"] = {
                variable.name: {
                    "description": variable.description or "No description provided",
                    "default_value": variable.default,
                    "enum_values": list(variable.enum),
                }
                for variable in server.variables
            }
        settings.append(setting)
    return settings


# What `checks` knows, each with the type, or the value, that needs no closer look.
_CHECKED: Mapping[str, type | str | None] = {
    "access_token": str,
    "api_key": None,
    "api_key_prefix": None,
    "hooks": None,
    "password": str,
    "response_validation": "lenient",
    "retries": int,
    "timeout": None,
    "username": str,
}

# Handlers hold locks and TLS contexts C state, and what gives credentials is the caller's own:
# none can be copied deeply.
_SHARED = frozenset(
    {
        "_api_key",
        "access_token",
        "logger",
        "logger_file_handler",
        "logger_formatter",
        "logger_stream_handler",
        "proxy_ssl_context",
        "trace_configs",
        "refresh_api_key_hook",
        "hooks",
    }
)


def _either(found: Mapping[str, ValueT], name: str, alias: str | None) -> ValueT | None:
    return found.get(name, None if alias is None else found.get(alias))


def _environment_proxy(host: str) -> str | None:
    proxies = _environment_proxies()
    scheme = host.partition(":")[0].lower()
    return proxies.get(scheme) or proxies.get("all")


def _environment_no_proxy() -> str | None:
    return _environment_proxies().get("no")


def _environment_proxies() -> Mapping[str, str]:
    """The environment's proxies by scheme; on macOS and Windows the system's where it has none."""
    names = (name.lower() for name in os.environ)
    if sys.platform not in ("darwin", "win32") and not any(
        name.endswith("_proxy") for name in names
    ):
        return {}
    from urllib.request import getproxies

    return getproxies()
