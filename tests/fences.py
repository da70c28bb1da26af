"""The Python examples in the committed clients' documents.

Those in documents of API classes are OpenAPI Generator's own, to the byte, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.committed import CLIENTS, ROOT, Committed

FENCE = re.compile(r"^( *)```python\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A fenced block of Python, and the line of its document that its fence is in."""

    client: Committed
    document: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT).as_posix()}:{self.line}"

    @property
    def module(self) -> str:
        """A module name that no other example has."""
        return re.sub(r"\W", "_", str(self)).lower()


def documents(client: Committed) -> Iterator[Path]:
    """The documents whose examples run: all but those of API classes."""
    classes = {
        name
        for path in (client.folder / "api").glob("*_api.py")
        for name in re.findall(r"^class (\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    for path in sorted(client.root.rglob("*.md")):
        if path.stem not in classes:
            yield path


def examples(client: Committed) -> Iterator[Example]:
    """The examples of a client's documents, in order."""
    for document in documents(client):
        text = document.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            yield Example(
                client=client,
                document=document,
                line=text.count("\n", 0, found.start()) + 1,
                text=found[2],
            )


EXAMPLES = tuple(example for client in CLIENTS for example in examples(client))
