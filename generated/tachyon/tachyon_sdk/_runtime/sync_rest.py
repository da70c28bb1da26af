"""HTTP over urllib3: sends requests and reads answers, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from os import getpid
from time import monotonic
from typing import Any, NamedTuple

import urllib3
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    NewConnectionError,
)
from urllib3.exceptions import TimeoutError as Urllib3TimeoutError

from ..exceptions import ApiException, ApiValueError
from . import failure, tls, wire
from .configuration import BaseConfiguration
from .proxy import Proxy, bypassed, proxy
from .request import Request, Timeout, TimeoutT, assembled

RESTResponseType = urllib3.BaseHTTPResponse

_BLOCK = 65536
# How long, and for how many blocks, a stream that is complete may take to end.
_GRACE = 0.2
_GRACE_BLOCKS = 4
# What is left of a total time that has run out: no library takes 0 for a limit.
_SOON = 0.001


class RESTResponse:
    """An answer. `data` is its body, None until it has been read."""

    def __init__(
        self,
        resp: urllib3.BaseHTTPResponse,
        request: Request,
        deadline: float | None = None,
    ) -> None:
        self.response = resp
        self.status: int = resp.status
        self.reason: str | None = resp.reason
        self.data: bytes | None = None
        self.elapsed: float | None = None
        self._request = request
        self._deadline = deadline

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; their names are found without regard to case."""
        return self.response.headers

    def getheaders(self) -> Mapping[str, str]:
        """The same as `headers`, which is to be preferred."""
        return self.headers

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """The same as `headers.get`, which is to be preferred."""
        return self.headers.get(name, default)

    def read(self) -> bytes:
        """The whole body; gives the connection back."""
        if self.data is None:
            self.data = b"".join(self.chunks())
        return self.data

    def chunks(self) -> Iterator[bytes]:
        """The body as it comes, in blocks of whatever is there."""
        try:
            self._hurry()
            while data := self.response.read1(_BLOCK):
                yield data
                self._hurry()
        except (HTTPError, OSError) as error:
            self.close()
            raise _failed(error, self._request, "rest of the answer") from error

    def _hurry(self) -> None:
        """Ends the reading after the deadline, for connections that do not by themselves."""
        if self._deadline is None:
            return
        sock = getattr(self.response.connection, "sock", None)
        if sock is not None:
            wire.hurry(sock, self._deadline)
        elif self._deadline <= monotonic():
            raise TimeoutError

    def finish(self) -> None:
        """Gives the connection back when the rest of the body is nearly nothing."""
        connection = self.response.connection
        sock = getattr(connection, "sock", None)
        if sock is not None:
            with suppress(HTTPError, OSError):
                sock.settimeout(_GRACE)
                for _ in range(_GRACE_BLOCKS):
                    if not self.response.read1(_BLOCK):
                        return
        self.close()

    def close(self) -> None:
        """Gives the connection back; closes it where the body has not been read whole."""
        self.response.close()
        self.response.release_conn()


class RESTClientObject:
    """A pool of connections for a configuration.

    A process that was forked opens connections of its own: those of its parent carry its parent's
    answers.
    """

    def __init__(self, configuration: BaseConfiguration) -> None:
        self.configuration = configuration
        self._process = getpid()
        self._own: urllib3.PoolManager | None = None

    @property
    def pool_manager(self) -> urllib3.PoolManager:
        """The connections, those through the proxy where there is one; assign a pool manager to
        bring your own."""
        if self._own is not None:
            return self._own
        direct, proxied = self._managers
        return proxied or direct

    @pool_manager.setter
    def pool_manager(self, value: urllib3.PoolManager) -> None:
        self._own = value

    @cached_property
    def _managers(self) -> _Managers:
        return _managers(self.configuration)

    def send(self, request: Request, deadline: float | None = None) -> RESTResponse:
        """One exchange, until `deadline` on the clock of `monotonic`, or else within the request's
        total timeout; the answer's body is still to be read.

        Raises ApiConnectionError where there is no answer, ApiTimeoutError where there is none
        in time.
        """
        if self._process != getpid():
            self._process = getpid()
            self.close()
        if deadline is None and request.timeout.total is not None:
            deadline = monotonic() + request.timeout.total
        headers = dict(request.headers)
        body = request.body
        if body is not None and not isinstance(body, bytes):
            headers["Content-Length"] = str(body.length)
        for name, value in headers.items():
            if not value.isascii():
                headers[name] = value.encode().decode("latin-1")
        token = wire.DEADLINE.set(deadline)
        try:
            response = self._manager(request.url).urlopen(
                request.method,
                request.url,
                redirect=False,
                body=body,
                headers=headers,
                retries=False,
                timeout=_timeout(request.timeout, deadline),
                preload_content=False,
            )
        except (HTTPError, OSError) as error:
            raise _failed(error, request) from error
        finally:
            wire.DEADLINE.reset(token)
        return RESTResponse(response, request, deadline)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        post_params: Iterable[tuple[str, Any]] | None = None,
        _request_timeout: TimeoutT | None = None,
    ) -> RESTResponse:
        """One exchange, for calls that no operation describes."""
        return self.send(
            assembled(
                method,
                url,
                headers,
                body,
                post_params,
                _request_timeout or self.configuration.timeout,
            )
        )

    def close(self) -> None:
        """Closes all connections that are not in use."""
        managers = self.__dict__.get("_managers", ())
        for manager in (self._own, *managers):
            if manager is not None:
                manager.clear()

    def _manager(self, url: str) -> urllib3.PoolManager:
        if self._own is not None:
            return self._own
        direct, proxied = self._managers
        if proxied is None or bypassed(url, self.configuration.no_proxy):
            return direct
        return proxied


class _Managers(NamedTuple):
    direct: urllib3.PoolManager
    proxied: urllib3.PoolManager | None


def _managers(configuration: BaseConfiguration) -> _Managers:
    arguments = _arguments(configuration)
    direct = urllib3.PoolManager(**arguments)
    wire.install(direct)
    used = proxy(configuration)
    if used is None:
        return _Managers(direct, None)
    return _Managers(direct, _proxied(used, configuration, arguments))


def _arguments(configuration: BaseConfiguration) -> dict[str, Any]:
    arguments: dict[str, Any] = {"maxsize": configuration.connection_pool_maxsize}
    plain = configuration.host.lower().startswith("http:")
    if not plain or tls.is_customised(configuration):
        arguments["ssl_context"] = tls.context(configuration)
    if not configuration.verify_ssl:
        arguments["cert_reqs"] = "CERT_NONE"
    if configuration.assert_hostname is False:
        arguments["assert_hostname"] = False
    if configuration.tls_server_name:
        arguments["server_hostname"] = configuration.tls_server_name
    if configuration.socket_options is not None:
        arguments["socket_options"] = configuration.socket_options
    return arguments


def _proxied(
    used: Proxy, configuration: BaseConfiguration, arguments: dict[str, Any]
) -> urllib3.PoolManager:
    if used.scheme.startswith("socks"):
        from importlib.util import find_spec

        if find_spec("socks") is None:
            raise ApiValueError(
                f"a proxy of the kind {used.scheme} needs PySocks:"
                " pip install 'urllib3[socks]'"
            )
        from urllib3.contrib.socks import SOCKSProxyManager

        return SOCKSProxyManager(used.url, **arguments)
    arguments = dict(arguments)
    if used.scheme == "https":
        context = configuration.proxy_ssl_context
        if context is None:
            context = arguments.get("ssl_context") or tls.context(configuration)
        arguments["proxy_ssl_context"] = context
        # urllib3 compares names itself where the context does not.
        if not context.check_hostname:
            arguments["proxy_assert_hostname"] = False
    manager = urllib3.ProxyManager(used.url, proxy_headers=used.headers, **arguments)
    wire.install(manager)
    return manager


def _timeout(timeout: Timeout, deadline: float | None) -> urllib3.Timeout:
    if deadline is None:
        return _unlimited(timeout)
    left = max(deadline - monotonic(), _SOON)
    return urllib3.Timeout(total=left, connect=timeout.connect, read=timeout.read)


@lru_cache(maxsize=64)
def _unlimited(timeout: Timeout) -> urllib3.Timeout:
    return urllib3.Timeout(connect=timeout.connect, read=timeout.read)


def _failed(
    error: Exception, request: Request, awaited: str = "answer"
) -> ApiException | ApiValueError:
    if isinstance(error, LocationValueError):
        return ApiValueError(f"cannot call {request.url}: {error}")
    return (
        failure.timed_out(request, awaited)
        if _is_timeout(error)
        else failure.unreachable(error, request)
    )


def _is_timeout(error: BaseException) -> bool:
    """Whether an error of urllib3 is a timeout, or is about one."""
    # urllib3 counts every connection that cannot be made among the timeouts.
    if isinstance(error, NewConnectionError):
        return False
    if isinstance(error, (Urllib3TimeoutError, TimeoutError)):
        return True
    inner = getattr(error, "reason", None) or (error.args[-1] if error.args else None)
    return isinstance(inner, BaseException) and _is_timeout(inner)
