"""What is sent for a call: a pure function of the operation, its arguments and the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast
from urllib.parse import quote, urlsplit

from ..exceptions import ApiTypeError, ApiValueError
from . import arguments, body, media, security, style
from .configuration import (
    DATE_FORMAT,
    DATETIME_FORMAT,
    BaseConfiguration,
    host_settings,
)
from .operation import Parameter
from .plan import AnyOperation, Plan, plan

if TYPE_CHECKING:
    from .content import Content
    from .types import Types

# RFC 6265's cookie-octets without `%`, which would not come back as it was sent.
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_NO_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_SERVER = re.compile(r"(?is)(https?://[^/?#\x00-\x20\x7f<>\\^`{|}]+)([/?#].*)?")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


Options: TypeAlias = tuple[
    float | tuple[float, float] | None,
    Mapping[str, Any] | None,
    str | None,
    Mapping[str, Any] | None,
    int,
]
"""`CallOptions` as a plain tuple, which is what generated methods pass."""


class CallOptions(NamedTuple):
    """What one call asks for beyond its operation's arguments."""

    request_timeout: float | tuple[float, float] | None = None
    request_auth: Mapping[str, Any] | None = None
    content_type: str | None = None
    headers: Mapping[str, Any] | None = None
    host_index: int = 0


_PLAIN = CallOptions()


class Timeout(NamedTuple):
    """Seconds: to connect, between two reads, and for the whole call; None is no limit."""

    connect: float | None = 5.0
    read: float | None = 600.0
    total: float | None = None


TimeoutT: TypeAlias = float | tuple[float | None, ...]
"""Seconds for the whole call, a pair of seconds to connect and between reads, or a `Timeout`."""

DEFAULT_TIMEOUT = Timeout()


class Request(NamedTuple):
    """What is sent. `operation` is for messages; `secrets` are the credentials in it, which no
    message may hold, and `sensitive` the headers that hold them, in lower case. `pending` are the
    credentials that are not in it yet: each attempt asks for them.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: Content | None = None
    timeout: Timeout = DEFAULT_TIMEOUT
    operation: str | None = None
    secrets: tuple[str, ...] = ()
    sensitive: frozenset[str] = frozenset()
    pending: tuple[security.Pending, ...] = ()

    def __repr__(self) -> str:
        """Without its headers, query and body, which may hold secrets."""
        return f"<Request {self.operation}: {self.method} {self.url.partition('?')[0]}>"


class Settings(NamedTuple):
    """What all calls of a client share. `headers` and `cookie` are sent with each of them."""

    configuration: BaseConfiguration
    types: Types
    headers: Mapping[str, str]
    cookie: str | None = None
    validate: bool = True


def build(
    operation: AnyOperation,
    given: tuple[object, ...],
    options: CallOptions,
    settings: Settings,
    *,
    streaming: bool | None = False,
) -> Request:
    """The request of a call; `streaming` turns the operation's stream on, and None leaves that
    to the caller's body.

    A header that the call itself gives, as a parameter or in its options, is sent as it is,
    whatever the credentials and the client's own headers say.

    Raises pydantic.ValidationError for an argument that does not fit its type, ApiValueError
    and ApiTypeError for what cannot be sent.
    """
    planned = plan(operation)
    types = settings.types
    if options != _PLAIN:
        _check(options)
    values = (
        arguments.validated(operation, given, types) if settings.validate else given
    )
    headers = Headers(settings.headers)
    query = [
        part
        for index, parameter in planned.query
        if values[index] is not None
        and (part := _query(parameter, values[index], settings))
    ]
    cookies = [settings.cookie] if settings.cookie else []
    for index, parameter in planned.cookies:
        if values[index] is not None:
            cookies += _cookies(parameter, values[index], types)

    stream = operation.stream
    accept = stream.media_type if streaming and stream else operation.accept
    if accept is not None:
        headers.set("Accept", accept)
    encoded, content_type = body.encoded(
        planned, values, types, options.content_type, streaming=streaming
    )
    if content_type is not None:
        headers.set("Content-Type", content_type)

    credentials, pending = _credentials(operation, options, settings.configuration)
    for each in pending:
        if each.location == "header":
            headers.set(each.name, None)
    for key, value in credentials["header"]:
        headers.set(key, value)
    for key, value in credentials["query"]:
        query.append(_pair(key, value))
    for key, value in credentials["cookie"]:
        cookies.append(_cookie(key, value))
    if cookies:
        headers.set("Cookie", "; ".join(cookies))
    for index, parameter in planned.headers:
        if values[index] is not None:
            headers.set(parameter.name, _header(parameter, values[index], types))
    unique = operation.idempotency_header
    if unique is not None and headers.get(unique) is None:
        headers.set(unique, _unique())
    if options.headers:
        for name, value in options.headers.items():
            headers.set(name, None if value is None else _text(value, types))

    url = _host(operation, options, settings.configuration)
    url += _path(planned, values, settings)
    if query:
        url += ("&" if "?" in url else "?") + "&".join(query)
    return Request(
        method=operation.method,
        url=url,
        headers=headers.sent(),
        body=encoded,
        timeout=timeout(
            options.request_timeout,
            settings.configuration.timeout,
            streaming=bool(streaming),
        ),
        operation=operation.id,
        secrets=tuple(value for pairs in credentials.values() for _, value in pairs),
        sensitive=frozenset(key.lower() for key, _ in credentials["header"]),
        pending=pending and _unsaid(pending, headers, options),
    )


def authorized(request: Request, pending: security.Pending, secret: str) -> Request:
    """The request with a credential that was pending."""
    headers = Headers(request.headers)
    name, text, url = pending.name, pending.text(secret), request.url
    sensitive = request.sensitive
    match pending.location:
        case "query":
            url += ("&" if "?" in url else "?") + _pair(name, text)
        case "cookie":
            cookies, pair = headers.get("Cookie"), _cookie(name, text)
            headers.set("Cookie", f"{cookies}; {pair}" if cookies else pair)
        case _:
            headers.set(name, text)
            sensitive |= {name.lower()}
    return request._replace(
        url=url,
        headers=headers.sent(),
        secrets=(*request.secrets, secret),
        sensitive=sensitive,
    )


def assembled(
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    data: object,
    post_params: Iterable[tuple[str, object]] | None,
    request_timeout: TimeoutT | None,
) -> Request:
    """A request that no operation describes: its body is plain data or bytes, or else a form of
    `post_params`, whose files are `(name, content, media type)`."""
    items = Headers(headers)
    media_type = items.get("Content-Type") or "application/json"
    encoded, content_type = body.plain(data, tuple(post_params or ()), media_type)
    if content_type is not None:
        items.set("Content-Type", content_type)
    return Request(
        method=method.upper(),
        url=url,
        headers=items.sent(),
        body=encoded,
        timeout=timeout(request_timeout),
    )


def timeout(*candidates: TimeoutT | None, streaming: bool = False) -> Timeout:
    """The first of `candidates` that is not None: seconds for the whole call (of a stream, to
    connect and between two reads), a pair of seconds to connect and between two reads, or a
    `Timeout`. Where there is none, 5 and 600."""
    for candidate in candidates:
        match candidate:
            case None:
                continue
            case (connect, read) if _allows(connect) and _allows(read):
                return Timeout(connect, read)
            case (connect, read, total) if all(map(_allows, candidate)):
                return Timeout(connect, read, total)
            case int() | float() if _allows(candidate):
                return Timeout(candidate, candidate, None if streaming else candidate)
            case _:
                raise ApiValueError(
                    f"the timeout {candidate!r} is neither a positive number of seconds nor"
                    " a pair of them (connect, read), nor these with a total"
                )
    return DEFAULT_TIMEOUT


class Headers:
    """Headers by name, without regard to case; the last one set holds."""

    __slots__ = ("_items",)

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self._items: dict[str, tuple[str, str]] = {}
        if headers:
            for name, value in headers.items():
                self.set(name, value)

    def set(self, name: str, value: object) -> None:
        """Sets a header, or removes it where `value` is None. Raises ApiTypeError for what is no
        text. How a body is framed is left to the transport, which knows its length (RFC 9110,
        section 8.6): with another one the rest of it would be another request.

        Raises ApiValueError for a name that is no token, or a value with control characters
        (RFC 9110, section 5.5), which could start another header.
        """
        key = _key(name)
        if value is None or key in _FRAMING:
            self._items.pop(key or name.lower(), None)
            return
        if not isinstance(value, str):
            raise ApiTypeError(
                f"the header {name} takes a str, not {type(value).__name__}"
            )
        if key is None:
            raise ApiValueError(f"{name!r} cannot be the name of a header")
        if _CONTROL.search(value):
            raise ApiValueError(
                f"the header {name} cannot hold control characters such as line ends"
            )
        self._items[key] = name, value

    def get(self, name: str) -> str | None:
        """A header's value, None where it is not set."""
        found = self._items.get(name.lower())
        return None if found is None else found[1]

    def sent(self) -> dict[str, str]:
        """The headers as they are sent."""
        return dict(self._items.values())


@lru_cache(maxsize=256)
def _key(name: str) -> str | None:
    """What is the same of a header's name in any case, None for what is no token."""
    return None if not name or _NO_TOKEN.search(name) else name.lower()


def _check(options: CallOptions) -> None:
    """Raises ApiTypeError for options of another type than they take."""
    taken = "a dict from names to values"
    _expect("_headers", taken, options.headers, Mapping)
    _expect("_content_type", "a str", options.content_type, str)
    _expect("_host_index", "the number of a server, from 0", options.host_index, int)


def _expect(name: str, taken: str, value: object, type_: type) -> None:
    if value is None or isinstance(value, type_):
        return
    from .checks import wrong

    raise wrong(name, taken, value)


def _unique() -> str:
    """A key that no other call has (RFC 9562, version 4)."""
    from uuid import uuid4

    return str(uuid4())


def _allows(seconds: object) -> bool:
    if seconds is None:
        return True
    return (
        isinstance(seconds, (int, float))
        and not isinstance(seconds, bool)
        and seconds > 0
    )


def _data(parameter: Parameter, value: object, types: Types) -> style.Data:
    if parameter.media_type is not None and media.is_json(
        media.essence(parameter.media_type)
    ):
        return types.dump_json(value).decode()
    return _plain(value, types)


def _plain(value: object, types: Types) -> style.Data:
    return value if type(value) is str else style.data(types.dump(_aware(value)))


def _aware(value: object) -> object:
    """RFC 3339 has no time without an offset: one that says none is local, as Python has it."""
    if isinstance(value, datetime):
        return value.astimezone() if value.tzinfo is None else value
    if isinstance(value, list):
        return [_aware(item) for item in cast("list[object]", value)]
    return value


def _text(value: object, types: Types) -> str:
    return style.text(_plain(value, types))


def _query(parameter: Parameter, value: object, settings: Settings) -> str:
    if parameter.location == "querystring":
        return quote(style.text(_data(parameter, value, settings.types)), safe="")
    formatted = _formatted(value, settings.configuration)
    named = parameter.style or "form"
    return style.query(
        parameter.name,
        _data(parameter, value, settings.types) if formatted is None else formatted,
        named,
        (
            named in ("form", "deepObject")
            if parameter.explode is None
            else parameter.explode
        ),
        parameter.allow_reserved,
    )


def _formatted(value: object, configuration: BaseConfiguration) -> str | None:
    """A date or date-time in the caller's own format, None where there is none."""
    if isinstance(value, datetime):
        chosen, default = configuration.datetime_format, DATETIME_FORMAT
    elif isinstance(value, date):
        chosen, default = configuration.date_format, DATE_FORMAT
    else:
        return None
    return None if chosen == default else value.strftime(chosen)


def _header(parameter: Parameter, value: object, types: Types) -> str:
    return style.header(_data(parameter, value, types), parameter.explode is True)


def _cookies(parameter: Parameter, value: object, types: Types) -> list[str]:
    pairs = style.cookies(
        parameter.name, _data(parameter, value, types), parameter.explode is not False
    )
    return [
        f"{quote(name, safe=_COOKIE)}={quote(held, safe=_COOKIE)}"
        for name, held in pairs
    ]


def _path(planned: Plan, values: tuple[object, ...], settings: Settings) -> str:
    """The path, its parameters filled in.

    A parameter that is empty, or that makes a segment `.` or `..`, would address another
    resource, and raises ApiValueError.
    """
    parts: list[str] = []
    for segment in planned.path:
        if isinstance(segment, str):
            parts.append(segment)
            continue
        index, parameter = segment
        part = style.path(
            parameter.name,
            _data(parameter, values[index], settings.types),
            parameter.style or "simple",
            parameter.explode is True,
            settings.configuration.safe_chars_for_path_param,
        )
        if not part:
            raise ApiValueError(
                f"{planned.operation.id}: {parameter.argument} is part of the path and"
                " cannot be empty"
            )
        parts.append(part)
    path = "".join(parts)
    if len(parts) > 1 and "/." in path and not {".", ".."}.isdisjoint(path.split("/")):
        raise ApiValueError(
            f"{planned.operation.id}: `.` and `..` cannot be segments of the path {path}"
        )
    return path


def _host(
    operation: AnyOperation, options: CallOptions, configuration: BaseConfiguration
) -> str:
    try:
        if operation.servers and not configuration.ignore_operation_servers:
            host = configuration.get_host_from_settings(
                options.host_index
                or configuration.server_operation_index.get(operation.id, 0),
                configuration.server_operation_variables.get(operation.id),
                host_settings(operation.servers),
            )
        elif options.host_index:
            host = configuration.get_host_from_settings(
                options.host_index, configuration.server_variables
            )
        else:
            host = configuration.host
    except ValueError as error:
        raise ApiValueError(f"{operation.id}: {error}") from error
    server = _absolute(host)
    if server is None:
        raise ApiValueError(
            f"{operation.id}: {host!r} is no absolute URL of a server; say which one to call"
            " with Configuration(host='https://...')"
        )
    return server


@lru_cache(maxsize=64)
def _absolute(host: str) -> str | None:
    """The URL that paths are appended to, None where `host` is no absolute URL of HTTP."""
    found = _SERVER.fullmatch(host)
    if found is None:
        return None
    server = found[1] + style.literal(found[2] or "").rstrip("/")
    try:
        parts = urlsplit(server)
        return server if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _credentials(
    operation: AnyOperation, options: CallOptions, configuration: BaseConfiguration
) -> tuple[dict[str, list[tuple[str, str]]], tuple[security.Pending, ...]]:
    """Names and values of the call's credentials, by where they go, and those that are still to
    be asked for."""
    pending: list[security.Pending] = []
    places: dict[str, list[tuple[str, str]]] = {"header": [], "query": [], "cookie": []}
    if options.request_auth:
        settings = [security.setting(options.request_auth)]
    elif operation.security:
        settings = security.chosen(operation.security, configuration.auth_settings())
    else:
        return places, ()
    for setting in settings:
        location, name, value = setting["in"], setting["key"], setting["value"]
        if "source" in setting:
            prefix = setting.get("prefix")
            pending.append(security.Pending(setting["source"], location, name, prefix))
        elif value is not None and setting["type"] != "http-signature":
            places[location].append((name, value))
    return places, tuple(pending)


def _unsaid(
    pending: tuple[security.Pending, ...], headers: Headers, options: CallOptions
) -> tuple[security.Pending, ...]:
    """The pending credentials in whose place the call itself does not say something else."""
    said = {name.lower() for name in options.headers or ()}
    return tuple(
        each
        for each in pending
        if each.location == "query"
        or (each.location == "cookie" and "cookie" not in said)
        or (
            each.location == "header"
            and each.name.lower() not in said
            and headers.get(each.name) is None
        )
    )


def _pair(name: str, value: str) -> str:
    return f"{quote(name, safe='')}={quote(value, safe='')}"


def _cookie(name: str, value: str) -> str:
    return f"{name}={quote(value, safe=_COOKIE + '%')}"
