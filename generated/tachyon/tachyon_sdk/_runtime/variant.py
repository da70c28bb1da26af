"""Methods that make the same call as another one and give more, or less, of its answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any


class _Variant:
    """Stands for an API where its method runs: there, `_call` is another of its methods."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call


def variant(method: Callable[..., Any], suffix: str, gives: str) -> Callable[..., Any]:
    """The method called as `method` with `suffix`, which gives what `_call_<suffix>` does."""

    @wraps(method)
    def called(api: object, /, *arguments: Any, **named: Any) -> Any:
        call: Callable[..., Any] = getattr(api, f"_call_{suffix}")
        return method(_Variant(call), *arguments, **named)

    called.__name__ = f"{method.__name__}_{suffix}"
    called.__qualname__ = f"{method.__qualname__}_{suffix}"
    called.__doc__ = f"`{method.__name__}`, {gives}."
    return called
