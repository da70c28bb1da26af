"""Events: how many streamed, typed chunks a second a client delivers, from the same bytes."""

from __future__ import annotations

from benchmarks.environment import Environment
from benchmarks.process import interleaved
from benchmarks.subject import Subjects, canned
from benchmarks.table import Budget, Row, per_second


def measure(environment: Environment) -> list[Row]:
    """Both our flavours against both of the SDK's and against bare json; each text is read."""
    subjects = Subjects(environment)
    with canned() as url:
        found = interleaved(
            {
                "ours": subjects.ours.job("stream", url),
                "sdk": subjects.sdk.job("stream", url),
                "ours aio": subjects.ours_aio.job("stream", url),
                "sdk aio": subjects.sdk_aio.job("stream", url),
                "json": subjects.json.job("stream", url),
            },
            rounds=environment.rounds(7),
        )
    sdk = Budget(bound=14, at_least=True, wording="at least 14 times")
    bare = Budget(bound=1 / 2, at_least=True, wording="at least 1/2")
    return [
        Row(
            what=f"streamed events{', async' if 'aio' in ours else ''}",
            ours=found[ours].printed,
            peer=found[peer].printed,
            peer_name=name,
            show=per_second,
            budget=budget,
        )
        for ours, peer, name, budget in (
            ("ours", "sdk", "openai SDK", sdk),
            ("ours aio", "sdk aio", "openai SDK", sdk),
            ("ours", "json", "bare json.loads", bare),
            ("ours aio", "json", "bare json.loads", bare),
        )
    ]
