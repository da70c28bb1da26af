"""The documents of the corpus: those in the folder that CHATWRIGHT_CORPUS names."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("CHATWRIGHT_CORPUS", ROOT.parent / "shared" / "specs"))

WHOLE = "CHATWRIGHT_WHOLE_CORPUS"
"""The environment variable that has the tests read every document, not a sample."""

SAMPLE = (
    "vendors/langgraph-platform.json",
    "vendors/cohere-2024-07.yaml",
    "vendors/mistral-2025-06.yaml",
    "vendors/ollama-head.yaml",
    "general/oai-v2.0-petstore.yaml",
    "general/opc-baseline-3.1.yaml",
    "general/readme-3.0-discriminators.yaml",
    "general/readme-3.1-parameters-style.json",
)
"""One of each kind of trouble."""


def documents() -> tuple[str, ...]:
    """Every document of the corpus by its path in it, sorted; none where it is not at hand."""
    return tuple(
        path.relative_to(CORPUS).as_posix()
        for path in sorted(CORPUS.glob("*/*"))
        if path.suffix in (".json", ".yaml")
    )


def chosen() -> tuple[str, ...]:
    """The documents to test: the sample, or all with `CHATWRIGHT_WHOLE_CORPUS=1`."""
    found = documents()
    if os.environ.get(WHOLE) == "1":
        return found
    return tuple(name for name in SAMPLE if name in found)
