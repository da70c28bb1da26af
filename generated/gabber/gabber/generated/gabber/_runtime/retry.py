"""Whether to try again, and when. No clock runs and nothing sleeps here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import urllib3

# 501 and 505 stay as they are however often they are asked again.
_RETRIED = frozenset({408, 429, *range(500, 600)}) - {501, 505}

# No cap is so far off that more would be needed, and a float still holds them.
_DOUBLINGS = 64


class RetryPolicy(NamedTuple):
    """How often and how long: times are in seconds.

    `retries` counts attempts after the first. The wait before attempt n is random, up to
    `base * 2 ** (n - 1)` and `cap`. A vendor's Retry-After is followed up to
    `retry_after_cap`; a longer one is not waited for. `statuses` are the answers that are
    tried again, besides those that say so themselves (`x-should-retry: true`), and `methods`
    the HTTP methods, None for all of them. `budget` is how many retries a client spends beyond
    what its successful calls earn (one in five): a vendor that is down is not asked ever more.
    """

    retries: int = 2
    base: float = 0.5
    cap: float = 8.0
    retry_after_cap: float = 60.0
    statuses: frozenset[int] = _RETRIED
    methods: frozenset[str] | None = None
    budget: int = 100


Retries: TypeAlias = "int | RetryPolicy | urllib3.Retry"


def policy(retries: Retries | None) -> RetryPolicy:
    """The policy that a setting stands for: how many retries, or an `urllib3.Retry`, whose
    total, statuses, methods and backoff hold; the default one for None."""
    if retries is None:
        return RetryPolicy()
    if isinstance(retries, RetryPolicy):
        return retries
    if isinstance(retries, int):
        return RetryPolicy(retries=retries)
    counts = (retries.total, retries.connect, retries.read, retries.status)
    statuses = frozenset(retries.status_forcelist)
    if retries.respect_retry_after_header:
        statuses |= retries.RETRY_AFTER_STATUS_CODES
    methods = retries.allowed_methods
    return RetryPolicy(
        retries=next((count for count in counts if count is not None), 0),
        base=retries.backoff_factor,
        cap=retries.backoff_max,
        statuses=statuses,
        methods=frozenset(methods) if methods else None,
    )


def delay(
    policy: RetryPolicy,
    attempt: int,
    *,
    method: str = "GET",
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
    if policy.methods is not None and method.upper() not in policy.methods:
        return None
    if status is not None and not _asks(policy, status, headers):
        return None
    asked = None if headers is None else retry_after(headers)
    if asked is not None:
        return asked if asked <= policy.retry_after_cap else None
    if jitter is None:
        from random import random

        jitter = random()
    growth = 2.0 ** min(attempt - 1, _DOUBLINGS)
    return min(policy.cap, policy.base * growth) * jitter


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


def _asks(policy: RetryPolicy, status: int, headers: Mapping[str, str] | None) -> bool:
    """Whether an answer is to be asked for again; vendors may say so in `x-should-retry`."""
    if status >= 400 and headers is not None:
        said = headers.get("x-should-retry")
        if said in ("true", "false"):
            return said == "true"
    return status in policy.statuses


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
        if then.tzinfo is None:
            then = then.replace(tzinfo=UTC)
        return max(0.0, (then - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None
