"""Whether to try again, and when."""

from __future__ import annotations

import json
import random
import re
import time
import uuid
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import load
from tests.runtime.server import Drop, Received, chunk, head, response
from tests.vectors import cases

retry = load("_runtime.retry")
exceptions = load("exceptions")
operations = load("operations")
Policy = retry.RetryPolicy
Operation = load("_runtime.operation").Operation
Parameter = load("_runtime.operation").Parameter

CHAT: tuple[Any, ...] = (operations.CHAT, "r", {"messages": []}, None, None)


CASES = cases("retries")
NOW = re.compile(r"\{now([+-]\d+)\}")


def dated(value: str) -> str:
    """A header's value with the dates that it is to have."""
    return NOW.sub(
        lambda found: formatdate(time.time() + int(found[1]), usegmt=True), value
    )


def policy(changes: dict[str, Any]) -> Any:
    sets = {"statuses", "methods"} & set(changes)
    return Policy(**{**changes, **{name: frozenset(changes[name]) for name in sets}})


@pytest.mark.parametrize(
    "case", [pytest.param(each, id=each["name"]) for each in CASES]
)
def test_cases(case: dict[str, Any]) -> None:
    headers = case.get("headers")
    if headers is not None:
        headers = {name: dated(value) for name, value in headers.items()}
    least, most = (
        retry.delay(
            policy(case.get("policy", {})),
            case.get("attempt", 1),
            method=case.get("method", "GET"),
            status=case.get("status"),
            headers=headers,
            jitter=jitter,
        )
        for jitter in (0.0, 1.0)
    )
    if case["delay"] is None:
        assert (least, most) == (None, None)
    elif NOW.search(str(case.get("headers"))):
        assert case["delay"][0] <= least <= most + 1 <= case["delay"][1] + 1
    else:
        assert [least, most] == case["delay"]


@given(st.integers(0, 8), st.integers(1, 12), st.floats(0, 1))
def test_waits_grow_up_to_a_cap(retries: int, attempt: int, jitter: float) -> None:
    wait = retry.delay(Policy(retries=retries), attempt, status=503, jitter=jitter)
    if attempt > retries:
        assert wait is None
    else:
        assert wait == min(8.0, 0.5 * 2 ** (attempt - 1)) * jitter


@given(
    st.text()
    | st.from_regex(r"\w{3}, \d{1,9} (Jan|Feb) \d{1,12} \d+:\d+:\d+ [+-]\d{1,9}")
)
def test_nothing_that_vendors_say_breaks_a_call(value: str) -> None:
    found = retry.retry_after({"retry-after": value, "retry-after-ms": value})
    assert found is None or 0 <= found < float("inf")


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


def test_retry_policies(serve: Serve, connect: Connect) -> None:
    conflict = response(status="409 Conflict", headers=[("retry-after-ms", "0")])
    server = serve(patient([conflict, GOOD]))
    policy = Policy(retries=1, statuses=frozenset({409}))
    assert connect(server, retries=policy).call(*CHAT).data.id == "1"


@pytest.mark.parametrize(
    ("status", "said", "requests"),
    [("409 Conflict", "true", 2), ("503 Busy", "false", 1)],
)
def test_vendors_say_what_to_try_again(
    serve: Serve, connect: Connect, status: str, said: str, requests: int
) -> None:
    headers = [("x-should-retry", said), ("retry-after-ms", "0")]
    server = serve(lambda _: [response(b"{}", status=status, headers=headers)])
    with pytest.raises(exceptions.ApiException):
        connect(server, retries=1).call(*CHAT)
    assert len(server.requests) == requests


@pytest.mark.parametrize(
    ("settings", "requests"),
    [
        ({"total": 2, "status_forcelist": [503], "allowed_methods": None}, 3),
        ({"total": 2, "status_forcelist": [503]}, 1),
        ({"total": 2, "status_forcelist": [500], "allowed_methods": ["POST"]}, 3),
        ({"total": 0, "status_forcelist": [503], "allowed_methods": None}, 1),
        ({"total": None, "connect": 1, "allowed_methods": None}, 2),
    ],
)
def test_retries_of_urllib3(
    serve: Serve, connect: Connect, settings: dict[str, Any], requests: int
) -> None:
    server = serve(lambda _: [SOON])
    with pytest.raises(exceptions.ServiceException):
        connect(server, retries=urllib3.Retry(**settings)).call(*CHAT)
    assert len(server.requests) == requests


def test_bodies_that_break_off_are_tried_again(serve: Serve, connect: Connect) -> None:
    pieces = iter([[GOOD[:-5]], [GOOD]])

    def answer(_: Received) -> Iterator[bytes]:
        following = next(pieces)
        yield from following
        if following != [GOOD]:
            raise Drop

    policy = Policy(retries=1, base=0.0)
    assert connect(serve(answer), retries=policy).call(*CHAT).data.id == "1"


def test_answers_that_are_tried_again_give_their_connection_back(
    serve: Serve, connect: Connect
) -> None:
    server = serve(patient([SOON, SOON, GOOD]))
    connect(server, retries=2).call(*CHAT)
    assert server.connections == 1


def test_a_stream_is_tried_again_until_it_starts(
    serve: Serve, connect: Connect
) -> None:
    event = b'data: {"text":"a"}\n\n'
    whole = response(event + b"data: [DONE]\n\n", content_type="text/event-stream")
    server = serve(patient([None, SOON, whole]))
    caller = connect(server, retries=Policy(retries=2, base=0.0))
    assert [item.text for item in caller.open(*CHAT)] == ["a"]
    assert len(server.requests) == 3


def test_a_stream_is_never_tried_again_in_the_middle(
    serve: Serve, connect: Connect
) -> None:
    def answer(_: Received) -> Iterator[bytes]:
        yield head() + chunk(b'data: {"text":"a"}\n\n')
        raise Drop

    server = serve(answer)
    with pytest.raises(exceptions.StreamError):
        list(connect(server, retries=Policy(retries=5, base=0.0)).open(*CHAT))
    assert len(server.requests) == 1


def test_the_total_time_bounds_the_retries(serve: Serve, connect: Connect) -> None:
    busy = response(b"{}", status="429 Slow", headers=[("retry-after", "50")])
    server = serve(lambda _: [busy])
    with pytest.raises(exceptions.RateLimitException):
        connect(server, retries=5).call(*CHAT, request_timeout=20)
    assert len(server.requests) == 1


def test_budgets_end_storms(serve: Serve, connect: Connect) -> None:
    server = serve(lambda _: [SOON])
    caller = connect(server, retries=Policy(retries=2, budget=5))
    for _ in range(10):
        with pytest.raises(exceptions.ServiceException):
            caller.call(*CHAT)
    assert len(server.requests) == 15


def test_successes_earn_retries() -> None:
    budget = load("_runtime.exchange").RetryBudget()
    assert [budget.spend(1) for _ in range(2)] == [True, False]
    for _ in range(5):
        budget.earn()
    assert [budget.spend(1) for _ in range(2)] == [True, False]


def test_a_key_makes_calls_idempotent(serve: Serve, connect: Connect) -> None:
    described = Operation(
        id="post",
        method="POST",
        path="/x",
        arguments=(
            Parameter("key", "Idempotency-Key", "header", "str | None", required=False),
        ),
        responses={},
        idempotency_header="Idempotency-Key",
    )
    server = serve(patient([SOON, GOOD, GOOD, GOOD]))
    caller = connect(server, retries=1)
    for given_key in (None, None, "mine"):
        caller.call(described, given_key)
    keys = [each.headers["idempotency-key"] for each in server.requests]
    assert keys[0] == keys[1]
    assert keys[3] == "mine"
    assert len(set(keys)) == 3
    assert uuid.UUID(keys[0]).version == 4


def test_a_header_that_no_argument_sets_has_a_key_too(
    serve: Serve, connect: Connect
) -> None:
    described = Operation(
        id="post",
        method="POST",
        path="/x",
        responses={},
        idempotency_header="Idempotency-Key",
    )
    server = serve(patient([SOON, GOOD, GOOD, GOOD, GOOD]))
    caller = connect(server, retries=1)
    caller.call(described)
    caller.call(described, headers={"idempotency-key": "mine"})
    caller.call(described, headers={"Idempotency-Key": None})
    caller.client.set_default_header("Idempotency-Key", "everyone's")
    caller.call(described)
    first, again, *others = [
        each.headers.get("idempotency-key") for each in server.requests
    ]
    assert first == again
    assert uuid.UUID(first).version == 4
    assert others == ["mine", None, "everyone's"]
