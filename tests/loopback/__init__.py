"""A loopback HTTP server that judges requests by a vendor's document and answers from it.

It shares no code with the generator or its output, so that it can contradict both.
"""

from tests.loopback.answer import Answer
from tests.loopback.judge import Violation
from tests.loopback.request import Request
from tests.loopback.server import LoopbackServer
from tests.loopback.streams import WEATHER_CALL, ChatPlan
from tests.loopback.values import Mode

__all__ = [
    "WEATHER_CALL",
    "Answer",
    "ChatPlan",
    "LoopbackServer",
    "Mode",
    "Request",
    "Violation",
]
