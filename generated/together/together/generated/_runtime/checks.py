"""Whether a setting is of a type that clients can use: said where it is set, never with its value,
which may be a secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..exceptions import ApiTypeError, ApiValueError
from .security import ApiKeyScheme, HttpScheme, SecurityScheme

_SECRET = "a str or a function that gives one"
_TOKEN = f"{_SECRET}, or ClientCredentials"


def check(name: str, value: object, schemes: Sequence[SecurityScheme]) -> None:
    """Raises ApiTypeError or ApiValueError for a value that a setting does not take."""
    match name:
        case "api_key":
            keys = [each.name for each in schemes if isinstance(each, ApiKeyScheme)]
            for key, member in _members(name, _by_scheme(keys, _SECRET), value):
                if not (isinstance(member, str) or callable(member)):
                    raise wrong(f"{name}[{key!r}]", _SECRET, member)
        case "api_key_prefix":
            keys = [each.name for each in schemes if isinstance(each, ApiKeyScheme)]
            for key, member in _members(name, _by_scheme(keys, "a str"), value):
                if not isinstance(member, str):
                    raise wrong(f"{name}[{key!r}]", "a str", member)
        case "access_token":
            if _is_token(value):
                return
            taking = [
                each.name
                for each in schemes
                if not isinstance(each, ApiKeyScheme)
                and not (isinstance(each, HttpScheme) and each.scheme == "basic")
            ]
            taken = f"{_TOKEN}, or {_by_scheme(taking, 'one')}"
            for key, member in _members(name, taken, value):
                if not _is_token(member):
                    raise wrong(f"{name}[{key!r}]", _TOKEN, member)
        case "username" | "password":
            if not isinstance(value, str):
                raise wrong(name, "a str", value)
        case "retries":
            from .retry import RetryPolicy

            total = hasattr(value, "total")
            if not (isinstance(value, int | RetryPolicy) or total):
                taken = "a number of retries, a RetryPolicy or an urllib3.Retry"
                raise wrong(name, taken, value)
        case "timeout":
            from .request import timeout

            timeout(cast("Any", value))
        case "hooks":
            from .hooks import Hooks

            if not isinstance(value, Sequence):
                raise wrong(name, "a list of Hooks", value)
            for each in cast("Sequence[object]", value):
                if not isinstance(each, Hooks):
                    raise wrong(name, "a list of Hooks", each)
        case "response_validation":
            if value not in ("lenient", "strict", "off"):
                raise ApiValueError(
                    f"{name} takes 'lenient', 'strict' or 'off', not {value!r}"
                )
        case _:
            raise AssertionError(name)


def wrong(name: str, taken: str, value: object) -> ApiTypeError:
    """What is said of a value that is not of the type that a setting or an argument takes."""
    return ApiTypeError(f"{name} takes {taken}, not {type(value).__name__}")


def _is_token(value: object) -> bool:
    from .tokens import ClientCredentials

    return isinstance(value, str | ClientCredentials) or callable(value)


def _members(name: str, taken: str, value: object) -> list[tuple[object, object]]:
    if not isinstance(value, Mapping):
        raise wrong(name, taken, value)
    return list(cast("Mapping[object, object]", value).items())


def _by_scheme(schemes: Sequence[str], taken: str) -> str:
    names = f" ({', '.join(schemes)})" if schemes else ""
    return f"a dict from the name of a security scheme{names} to {taken}"
