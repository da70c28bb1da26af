"""Construction: the CPU time of making a client, once its modules are loaded."""

from __future__ import annotations

from benchmarks.environment import Environment
from benchmarks.process import interleaved
from benchmarks.subject import Subjects
from benchmarks.table import Row, microseconds

NOWHERE = "http://127.0.0.1:9/v1"
CLIENTS = 50


def measure(environment: Environment) -> list[Row]:
    """Both our flavours against both of the SDK's."""
    subjects = Subjects(environment)
    found = interleaved(
        {
            "ours": subjects.ours.job("construct", NOWHERE, CLIENTS),
            "sdk": subjects.sdk.job("construct", NOWHERE, CLIENTS),
            "ours aio": subjects.ours_aio.job("construct", NOWHERE, CLIENTS),
            "sdk aio": subjects.sdk_aio.job("construct", NOWHERE, CLIENTS),
        },
        rounds=environment.rounds(7),
    )
    return [
        Row(
            what=f"construction of a client{flavour and ', async'}",
            ours=found[f"ours{flavour}"].printed,
            peer=found[f"sdk{flavour}"].printed,
            peer_name="openai SDK",
            show=microseconds,
        )
        for flavour in ("", " aio")
    ]
