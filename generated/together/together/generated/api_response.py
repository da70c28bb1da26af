"""A response with its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse(Generic[T]):
    """What `..._with_http_info` returns: the status, the headers (their names without regard to
    case), the typed data, the bytes that it was read from, and how many seconds the call took, all
    attempts and waits included."""

    status_code: int
    data: T
    raw_data: bytes
    headers: Mapping[str, str] | None = None
    elapsed: float | None = None

    @property
    def request_id(self) -> str | None:
        """What the vendor calls the request, None where it does not say."""
        from ._runtime.headers import request_id

        return None if self.headers is None else request_id(self.headers)
