"""A response with its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse(Generic[T]):
    """What `..._with_http_info` returns: the status, the headers (their names without regard to
    case), the typed data and the bytes that it was read from."""

    status_code: int
    data: T
    raw_data: bytes
    headers: Mapping[str, str] | None = None
