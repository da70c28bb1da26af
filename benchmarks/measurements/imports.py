"""Import: a fresh process that imports the package, less one that imports nothing."""

from __future__ import annotations

from benchmarks.environment import Environment
from benchmarks.process import interleaved, less
from benchmarks.subject import Subjects
from benchmarks.table import Budget, Row, seconds


def measure(environment: Environment) -> list[Row]:
    """Our client's import against the bare interpreter's start and the peers' imports."""
    subjects = Subjects(environment)
    peer = subjects.generated(environment.peer_package(environment.slice), by_peer=True)
    found = interleaved(
        {
            "bare": subjects.ours.statement("pass"),
            "ours": subjects.ours.statement("import openapiopenai"),
            "peer": peer.statement("import peer"),
            "bare sdk": subjects.sdk.statement("pass"),
            "sdk": subjects.sdk.statement("import openai"),
        },
        rounds=environment.rounds(31),
    )
    bare = found["bare"].seconds
    ours = less(found["ours"].seconds, bare)
    return [
        Row(
            what="import",
            ours=found["ours"].seconds,
            peer=bare,
            peer_name="bare Python",
            show=seconds,
            budget=Budget(bound=0.030, wording="at most 30 ms more"),
            difference=True,
        ),
        Row(
            what="import, over bare Python",
            ours=ours,
            peer=less(found["peer"].seconds, bare),
            peer_name="OpenAPI Generator",
            show=seconds,
        ),
        Row(
            what="import, over bare Python",
            ours=ours,
            peer=less(found["sdk"].seconds, found["bare sdk"].seconds),
            peer_name="openai SDK",
            show=seconds,
        ),
    ]
