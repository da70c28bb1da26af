"""First request: a fresh process until its chat request reaches the HTTP library, and its memory.

The library's request function is replaced by one that ends the process. Every figure is less what
a bare interpreter takes that ends at once.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.environment import Environment, compiled
from benchmarks.process import Failed, Run, interleaved, less, run
from benchmarks.subject import Subjects
from benchmarks.table import Budget, Row, mebibytes, seconds

NOWHERE = "http://127.0.0.1:9/v1"
END = "import os; os._exit(0)"
LIBRARIES = "from pydantic import BaseModel; import {}; " + END


def measure(environment: Environment) -> list[Row]:
    """Our first request against what it cannot avoid loading, and against the peers' first."""
    subjects = Subjects(environment)
    whole = environment.whole
    peer = subjects.generated(environment.peer_package(whole), by_peer=True)
    found = interleaved(
        {
            "bare": subjects.ours.statement(END),
            "bare sdk": subjects.sdk.statement(END),
            "urllib3": subjects.ours.statement(LIBRARIES.format("urllib3")),
            "aiohttp": subjects.ours.statement(LIBRARIES.format("aiohttp")),
            "ours": subjects.ours.job("first", NOWHERE),
            "ours aio": subjects.ours_aio.job("first", NOWHERE),
            "ours whole": _whole(environment, subjects),
            "sdk": subjects.sdk.job("first", NOWHERE),
            "sdk aio": subjects.sdk_aio.job("first", NOWHERE),
            "peer": peer.job("first", NOWHERE),
        },
        rounds=environment.rounds(15),
    )
    base = {
        name: found["bare sdk" if "sdk" in name else "bare"].seconds for name in found
    }
    compared = [
        ("ours", "urllib3", "pydantic + urllib3", _at_most(1.6, "at most 1.6 times")),
        (
            "ours aio",
            "aiohttp",
            "pydantic + aiohttp",
            _at_most(1.6, "at most 1.6 times"),
        ),
        ("ours", "sdk", "openai SDK", _at_most(1 / 2, "at most 1/2")),
        ("ours aio", "sdk aio", "openai SDK", None),
        ("ours whole", "peer", "OpenAPI Generator", _at_most(1 / 5, "at most 1/5")),
    ]
    words = {"ours": "", "ours aio": ", async", "ours whole": f" of all {whole.stem}"}
    rows = [
        Row(
            what=f"first request ready{words[ours]}",
            ours=less(found[ours].seconds, base[ours]),
            peer=less(found[other].seconds, base[other]),
            peer_name=name,
            show=seconds,
            budget=budget,
        )
        for ours, other, name, budget in compared
    ]
    rows += [
        Row(
            what=f"peak memory of that{words[ours]}",
            ours=found[ours].peak,
            peer=found[other].peak,
            peer_name=name,
            show=mebibytes,
        )
        for ours, other, name, _ in compared[2:]
    ]
    return rows


def _at_most(bound: float, wording: str) -> Budget:
    return Budget(bound=bound, wording=wording)


def _whole(environment: Environment, subjects: Subjects) -> Callable[[], Run]:
    """Our client of the whole document; the run raises Failed where we cannot write it."""
    out = environment.scratch("whole") / "out"
    try:
        run(environment.chatwright(environment.whole, out, "openapiopenai"))
        compiled(environment.clients, out)
    except Failed as failed:
        problem = failed

        def fail() -> Run:
            raise problem

        return fail
    return subjects.generated(out).job("first", NOWHERE)
