"""Whether to try again, and when. No clock runs and nothing sleeps here."""

from __future__ import annotations

from collections.abc import Mapping
from random import random
from typing import NamedTuple

_RETRIED = frozenset({408, 429, 500, 502, 503, 504})


class RetryPolicy(NamedTuple):
    """How often and how long: times are in seconds.

    `retries` counts attempts after the first. A vendor's Retry-After is followed up to
    `retry_after_cap`; a longer one is not waited for.
    """

    retries: int = 0
    base: float = 0.5
    cap: float = 8.0
    retry_after_cap: float = 60.0


def delay(
    policy: RetryPolicy,
    attempt: int,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    jitter: float | None = None,
) -> float | None:
    """The seconds to wait before another attempt, None where there is to be none.

    `attempt` counts from 1. `status` and `headers` are those of the answer; no status means
    that there was none. The wait grows exponentially with full jitter (`jitter`, 0 to 1, is
    random unless given).
    """
    if attempt > policy.retries:
        return None
    if status is not None and status not in _RETRIED:
        return None
    asked = None if headers is None else retry_after(headers)
    if asked is not None:
        return asked if asked <= policy.retry_after_cap else None
    share = random() if jitter is None else jitter
    return min(policy.cap, policy.base * 2.0 ** (attempt - 1)) * share


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that `retry-after-ms` or Retry-After (RFC 9110, section 10.2.3) asks for."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    return _until(value)


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value is not None else -1.0
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _until(date: str) -> float | None:
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        then = parsedate_to_datetime(date)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
