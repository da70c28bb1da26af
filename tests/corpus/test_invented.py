"""Packages of documents that nobody wrote: all is there, and all can be called.

`CHATWRIGHT_INVENTED` is how many documents there are to be, each time others: `make test` reads the
same few.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.corpus.invented import documents
from tests.corpus.isolated import problems

EXAMPLES = os.environ.get("CHATWRIGHT_INVENTED")


@settings(
    max_examples=int(EXAMPLES or "6"),
    derandomize=EXAMPLES is None,
    phases=tuple(Phase) if EXAMPLES else (Phase.generate,),
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
@given(documents())
def test_invented_documents(document: dict[str, Any]) -> None:
    assert problems(document) == []
