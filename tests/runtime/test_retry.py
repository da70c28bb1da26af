"""Whether to try again, and when."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import load
from tests.runtime.server import Drop, Received, response

retry = load("_runtime.retry")
exceptions = load("exceptions")
operations = load("operations")
Policy = retry.RetryPolicy

CHAT: tuple[Any, ...] = (operations.CHAT, "r", {"messages": []}, None, None)


@pytest.mark.parametrize(
    ("status", "retried"),
    [
        (None, True),
        (408, True),
        (429, True),
        (409, False),
        (500, True),
        (502, True),
        (503, True),
        (504, True),
        (520, True),
        (529, True),
        (200, False),
        (400, False),
        (404, False),
        (501, False),
        (505, False),
    ],
)
def test_what_is_retried(status: int | None, retried: bool) -> None:
    wait = retry.delay(Policy(retries=1), 1, status=status, jitter=1.0)
    assert wait == (0.5 if retried else None)


@given(st.integers(0, 8), st.integers(1, 12), st.floats(0, 1))
def test_waits_grow_up_to_a_cap(retries: int, attempt: int, jitter: float) -> None:
    wait = retry.delay(Policy(retries=retries), attempt, status=503, jitter=jitter)
    if attempt > retries:
        assert wait is None
    else:
        assert wait == min(8.0, 0.5 * 2 ** (attempt - 1)) * jitter


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": "61"}, None),
        ({"retry-after": "nan"}, 0.5),
    ],
)
def test_the_vendor_says_when(headers: dict[str, str], expected: float | None) -> None:
    policy = Policy(retries=2)
    assert retry.delay(policy, 1, status=429, headers=headers, jitter=1.0) == expected


def patient(answers: list[bytes | None]) -> Any:
    """Answers each request with the next of `answers`; None resets the connection."""
    remaining = iter(answers)

    def answer(_: Received) -> list[bytes]:
        following = next(remaining)
        if following is None:
            raise Drop
        return [following]

    return answer


SOON = response(b"{}", status="503 Busy", headers=[("retry-after-ms", "0")])
GOOD = response(b'{"id":"1","message":{"role":"x"}}')


@pytest.mark.parametrize("retries", [0, 1, 2, None])
def test_calls_are_retried(serve: Serve, connect: Connect, retries: int | None) -> None:
    server = serve(patient([SOON, SOON, GOOD]))
    caller = connect(server, retries=retries)
    if retries in (2, None):
        assert caller.call(*CHAT).data.id == "1"
    else:
        with pytest.raises(exceptions.ServiceException):
            caller.call(*CHAT)
    assert len(server.requests) == (2 if retries is None else retries) + 1
    assert len({json.dumps(each.headers) for each in server.requests}) == 1
    assert {each.body for each in server.requests} == {b'{"messages":[]}'}


def test_broken_connections_are_retried(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.0)
    server = serve(patient([None, None, GOOD]))
    assert connect(server, retries=2).call(*CHAT).data.id == "1"
    assert len(server.requests) == 3
