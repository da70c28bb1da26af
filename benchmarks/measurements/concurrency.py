"""Concurrency: asynchronous calls a second, 50 at a time."""

from __future__ import annotations

from benchmarks.environment import Environment
from benchmarks.process import interleaved
from benchmarks.subject import Subjects, canned
from benchmarks.table import Budget, Row, per_second

CALLS = 2000


def measure(environment: Environment) -> list[Row]:
    """Our asynchronous flavour against the SDK's, and against aiohttp alone."""
    subjects = Subjects(environment)
    with canned() as url:
        found = interleaved(
            {
                "ours": subjects.ours_aio.job("concurrent", url, CALLS),
                "sdk": subjects.sdk_aio.job("concurrent", url, CALLS),
                "bare": subjects.aiohttp.job("concurrent", url, CALLS),
            },
            rounds=environment.rounds(7),
        )
    return [
        Row(
            what="async calls, 50 at a time",
            ours=found["ours"].printed,
            peer=found["sdk"].printed,
            peer_name="openai SDK",
            show=per_second,
            budget=Budget(bound=7, at_least=True, wording="at least 7 times"),
        ),
        Row(
            what="async calls, 50 at a time",
            ours=found["ours"].printed,
            peer=found["bare"].printed,
            peer_name="bare aiohttp",
            show=per_second,
        ),
    ]
