"""Events: how many streamed, typed chunks a second a client delivers, from the same bytes."""

from __future__ import annotations

from benchmarks.environment import Environment
from benchmarks.process import interleaved
from benchmarks.subject import Subjects, canned
from benchmarks.table import Budget, Row, per_second


def measure(environment: Environment) -> list[Row]:
    """Both our flavours against both of the SDK's; each event's text is read."""
    subjects = Subjects(environment)
    with canned() as url:
        found = interleaved(
            {
                "ours": subjects.ours.job("stream", url),
                "sdk": subjects.sdk.job("stream", url),
                "ours aio": subjects.ours_aio.job("stream", url),
                "sdk aio": subjects.sdk_aio.job("stream", url),
            },
            rounds=environment.rounds(7),
        )
    return [
        Row(
            what=f"streamed events{flavour and ', async'}",
            ours=found[f"ours{flavour}"].printed,
            peer=found[f"sdk{flavour}"].printed,
            peer_name="openai SDK",
            show=per_second,
            budget=Budget(bound=14, at_least=True, wording="at least 14 times"),
        )
        for flavour in ("", " aio")
    ]
