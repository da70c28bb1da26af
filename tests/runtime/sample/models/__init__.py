"""The sample's models."""

from .._runtime.lazy import exports

__getattr__, __dir__ = exports(
    __name__,
    {
        "Chunk": ".chunk",
        "Message": ".message",
        "Prompt": ".prompt",
        "Reply": ".reply",
        "Trouble": ".trouble",
    },
)
