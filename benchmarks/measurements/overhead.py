"""Overhead: the CPU time of a process for one call, less what bare urllib3 or aiohttp takes."""

from __future__ import annotations

from benchmarks.environment import Environment
from benchmarks.process import interleaved, less
from benchmarks.subject import Subjects, canned
from benchmarks.table import Budget, Row, microseconds

CALLS = 1000


def measure(environment: Environment) -> list[Row]:
    """Both our flavours against both of the SDK's, and against OpenAPI Generator's client."""
    subjects = Subjects(environment)
    peer = subjects.generated(environment.peer_package(environment.slice), by_peer=True)
    with canned() as url:
        found = interleaved(
            {
                "urllib3": subjects.urllib3.job("call", url, CALLS),
                "ours": subjects.ours.job("call", url, CALLS),
                "sdk": subjects.sdk.job("call", url, CALLS),
                "peer": peer.job("call", url, CALLS),
                "aiohttp": subjects.aiohttp.job("call", url, CALLS),
                "ours aio": subjects.ours_aio.job("call", url, CALLS),
                "sdk aio": subjects.sdk_aio.job("call", url, CALLS),
            },
            rounds=environment.rounds(7),
        )
    budget = Budget(bound=2 / 5, wording="at most 2/5")
    return [
        Row(
            what=f"overhead of one call over bare {bare}",
            ours=less(found[ours].printed, found[bare].printed),
            peer=less(found[other].printed, found[bare].printed),
            peer_name=name,
            show=microseconds,
            budget=budget if name == "openai SDK" else None,
        )
        for bare, ours, other, name in (
            ("urllib3", "ours", "sdk", "openai SDK"),
            ("aiohttp", "ours aio", "sdk aio", "openai SDK"),
            ("urllib3", "ours", "peer", "OpenAPI Generator"),
        )
    ]
