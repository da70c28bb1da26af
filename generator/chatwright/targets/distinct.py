"""Names that are wanted more than once, each given once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from chatwright.targets.words import next_name


def distinct(
    wanted: Sequence[str], taken: Iterable[str] = (), *, greedy: bool = False
) -> list[str]:
    """The names, each once: the first keeps its own, further ones are counted up.

    Counting leaves out names that are wanted by others; a greedy one takes them.
    """
    used = set(taken)
    kept: Collection[str] = used if greedy else used | set(wanted)
    latest: dict[str, str] = {}
    decided: list[str] = []
    for name in wanted:
        free = latest.get(name, name)
        if free in used:
            free = next_name(free)
            while free in used or free in kept:
                free = next_name(free)
        used.add(free)
        latest[name] = free
        decided.append(free)
    return decided
