"""The difference between a folder and a generated tree, as `git apply` and `patch -p1` read it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator


def unified(path: str, old: bytes | None, new: bytes | None) -> str:
    """The unified diff of one file; None stands for a file that is not there."""
    if old == new:
        return ""
    head = f"diff --git a/{path} b/{path}\n"
    if old is None:
        head += "new file mode 100644\n"
    if new is None:
        head += "deleted file mode 100644\n"
    before, after = _lines(old), _lines(new)
    if before is None or after is None:
        return f"{head}Binary files a/{path} and b/{path} differ\n"
    changes = difflib.unified_diff(
        before,
        after,
        "/dev/null" if old is None else f"a/{path}",
        "/dev/null" if new is None else f"b/{path}",
    )
    return head + "".join(_terminated(changes))


def _lines(content: bytes | None) -> list[str] | None:
    if content is None:
        return []
    if b"\0" in content:
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _terminated(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
