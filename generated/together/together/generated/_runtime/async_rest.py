"""HTTP over aiohttp: sends requests and reads answers, and nothing else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from ..exceptions import ApiException, ApiValueError
from . import failure, tls
from .configuration import BaseConfiguration
from .proxy import Proxy, bypassed, proxy
from .request import Request, Timeout, TimeoutT, assembled

if TYPE_CHECKING:
    import ssl

    from .content import Chunks, Content

RESTResponseType = aiohttp.ClientResponse

# How long, and for how many blocks, a stream that is complete may take to end.
_GRACE = 0.2
_GRACE_BLOCKS = 4
# From how many bytes on aiohttp warns of a body.
_LARGE = 1024 * 1024
# What is left of a total time that has run out: aiohttp takes 0 for no limit.
_SOON = 0.001


class RESTResponse:
    """An answer.

    The names of `headers` are found without regard to case. `data` is the body, None until it
    has been read.
    """

    def __init__(self, resp: aiohttp.ClientResponse, request: Request) -> None:
        self.response = resp
        self.status: int = resp.status
        self.reason: str | None = resp.reason
        # A copy, as aiohttp's own view of the headers cannot be pickled.
        self.headers: Mapping[str, str] = resp.headers.copy()
        self.data: bytes | None = None
        self.elapsed: float | None = None
        self._request = request

    def getheaders(self) -> Mapping[str, str]:
        """The same as `headers`, which is to be preferred."""
        return self.headers

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """The same as `headers.get`, which is to be preferred."""
        return self.headers.get(name, default)

    async def read(self) -> bytes:
        """The whole body; gives the connection back."""
        if self.data is None:
            self.data = b"".join([block async for block in self.chunks()])
        return self.data

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes, in blocks of whatever is there."""
        body = self.response.content
        limit = self._request.timeout.read
        try:
            while not body.at_eof():
                if body.is_eof():
                    yield body.read_nowait()
                    continue
                # aiohttp forgets its own timeout where it meets a malformed chunk.
                async with asyncio.timeout(limit):
                    data = await body.readany()
                yield data
        except (aiohttp.ClientError, OSError) as error:
            raise _failed(error, self._request, "rest of the answer") from error

    async def finish(self) -> None:
        """Gives the connection back when the rest of the body is nearly nothing."""
        with suppress(aiohttp.ClientError, OSError):
            async with asyncio.timeout(_GRACE):
                for _ in range(_GRACE_BLOCKS):
                    if not await self.response.content.readany():
                        break
        self.close()

    def close(self) -> None:
        """Gives the connection back; closes it where the body has not been read whole."""
        self.response.release()


class RESTClientObject:
    """A pool of connections for a configuration.

    The session is opened by the first call, in the event loop that runs then; a call in another
    loop opens another one.
    """

    def __init__(self, configuration: BaseConfiguration) -> None:
        self.configuration = configuration
        self.pool_manager: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tunnel: ssl.SSLContext | None = None

    async def send(
        self, request: Request, deadline: float | None = None
    ) -> RESTResponse:
        """One exchange, until `deadline` on the clock of `monotonic`, or else within the request's
        total timeout; the answer's body is still to be read.

        Raises ApiConnectionError where there is no answer, ApiTimeoutError where there is none
        in time.
        """
        configuration = self.configuration
        body = request.body
        headers: Mapping[str, str] = request.headers
        if body is not None:
            length = len(body) if isinstance(body, bytes) else body.length
            headers = {**headers, "Content-Length": str(length)}
        extra: dict[str, Any] = {}
        used = proxy(configuration)
        if used is not None and not bypassed(request.url, configuration.no_proxy):
            extra["proxy"] = _supported(used).url
            if request.url.startswith("https:"):
                extra["proxy_headers"] = used.headers
            else:
                # aiohttp would only send them to open a tunnel.
                headers = {**headers, **used.headers}
            if used.scheme == "https" and configuration.proxy_ssl_context is not None:
                extra["ssl"] = self._proxy_tls(request.url, used)
        if configuration.tls_server_name:
            extra["server_hostname"] = configuration.tls_server_name
        try:
            response = await self._session().request(
                request.method,
                URL(request.url, encoded=True),
                data=_data(body),
                headers=headers,
                allow_redirects=False,
                timeout=_timeout(request.timeout, deadline),
                **extra,
            )
        except (aiohttp.ClientError, OSError) as error:
            raise _failed(error, request) from error
        return RESTResponse(response, request)

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        post_params: Iterable[tuple[str, Any]] | None = None,
        _request_timeout: TimeoutT | None = None,
    ) -> RESTResponse:
        """One exchange, for calls that no operation describes."""
        return await self.send(
            assembled(
                method,
                url,
                headers,
                body,
                post_params,
                _request_timeout or self.configuration.timeout,
            )
        )

    async def close(self) -> None:
        """Closes all connections."""
        if self.pool_manager is not None:
            await self.pool_manager.close()
            self.pool_manager = None

    def _session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        session = self.pool_manager
        if session is None or session.closed or self._loop not in (None, loop):
            session = self._open()
            self.pool_manager = session
            self._loop = loop
        return session

    def _proxy_tls(self, url: str, used: Proxy) -> ssl.SSLContext:
        """The TLS settings of a connection through a proxy that has settings of its own."""
        configuration = self.configuration
        own = configuration.proxy_ssl_context
        assert own is not None
        if not url.startswith("https:"):
            return own
        if used.host == (configuration.tls_server_name or urlsplit(url).hostname):
            raise ApiValueError(
                f"the proxy and the API are both {used.host}: proxy_ssl_context needs a proxy"
                " of another name"
            )
        if self._tunnel is None:
            from .tunnel import tunnel

            self._tunnel = tunnel(tls.context(configuration), own, used.host)
        return self._tunnel

    def _open(self) -> aiohttp.ClientSession:
        configuration = self.configuration
        arguments: dict[str, Any] = {"cookie_jar": aiohttp.DummyCookieJar()}
        if configuration.trace_configs is not None:
            arguments["trace_configs"] = list(configuration.trace_configs)
        arguments.update(configuration.client_session_kwargs or {})
        if "connector" not in arguments:
            arguments["connector"] = _connector(configuration)
        return aiohttp.ClientSession(**arguments)


def _connector(configuration: BaseConfiguration) -> aiohttp.TCPConnector:
    arguments: dict[str, Any] = {"limit": configuration.connection_pool_maxsize}
    if configuration.tcp_connector_limit_per_host is not None:
        arguments["limit_per_host"] = configuration.tcp_connector_limit_per_host
    if tls.is_customised(configuration):
        arguments["ssl"] = tls.context(configuration)
    options = configuration.socket_options
    if options is not None:

        def made(address: tuple[Any, ...]) -> socket.socket:
            opened = socket.socket(*address[:3])
            try:
                for option in options:
                    opened.setsockopt(*option)
            except OSError:
                opened.close()
                raise
            return opened

        arguments["socket_factory"] = made
    return aiohttp.TCPConnector(**arguments)


def _supported(used: Proxy) -> Proxy:
    if used.scheme not in ("http", "https"):
        raise ApiValueError(
            f"asynchronous clients take a proxy over http or https, not {used.scheme};"
            " a connector for another kind is client_session_kwargs={'connector': ...}"
        )
    return used


def _data(body: Content | None) -> bytes | AsyncIterator[bytes] | None:
    """The body as aiohttp takes it: many bytes in blocks, as it would hold the loop with them."""
    if body is None or (isinstance(body, bytes) and len(body) <= _LARGE):
        return body
    from .content import Chunks

    return _read(Chunks((body,)) if isinstance(body, bytes) else body)


async def _read(body: Chunks) -> AsyncIterator[bytes]:
    """The blocks of a body, read in a thread, as files block."""
    blocks = iter(body)
    while True:
        block = await asyncio.to_thread(next, blocks, None)
        if block is None:
            return
        yield block


def _timeout(timeout: Timeout, deadline: float | None) -> aiohttp.ClientTimeout:
    if deadline is None:
        return _limits(timeout)
    left = max(deadline - monotonic(), _SOON)
    return _limits(timeout._replace(total=left))


@lru_cache(maxsize=64)
def _limits(timeout: Timeout) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=timeout.total, sock_connect=timeout.connect, sock_read=timeout.read
    )


def _failed(
    error: Exception, request: Request, awaited: str = "answer"
) -> ApiException | ApiValueError:
    if isinstance(error.__cause__, ApiValueError):
        # aiohttp takes a body that cannot be read for a connection that failed.
        return error.__cause__
    if isinstance(error, aiohttp.InvalidURL):
        return ApiValueError(f"cannot call {request.url}: {error}")
    if isinstance(error, TimeoutError):
        return failure.timed_out(request, awaited)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        error = ConnectionError(
            f"the proxy answered {error.status} {error.message}".strip()
        )
    return failure.unreachable(error, request)
