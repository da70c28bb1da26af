"""The table: what was measured as data, and its one rendering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.process import Failed, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What section 9 of the design allows: a bound on the compared figure, and its wording."""

    bound: float
    at_least: bool = False
    wording: str

    def holds(self, value: float) -> bool:
        """Whether the value is within the budget."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison: our figure against a peer's, in the same unit and from the same run.

    `budget` bounds the ratio of ours to the peer's, or with `difference` ours less the peer's.
    """

    what: str
    ours: Figure
    peer: Figure
    peer_name: str
    show: Callable[[float], str]
    budget: Budget | None = None
    difference: bool = False

    @property
    def compared(self) -> float | None:
        """The ratio or difference, or None where one side has no figure."""
        if isinstance(self.ours, Failed) or isinstance(self.peer, Failed):
            return None
        if self.difference:
            return self.ours - self.peer
        return self.ours / self.peer if self.peer > 0 else None

    @property
    def ratio(self) -> str:
        """The compared figure as text."""
        compared = self.compared
        if compared is None:
            return "-"
        if self.difference:
            return f"{'+' if compared >= 0 else ''}{self.show(compared)}"
        digits = 3 if compared < 1 else 2 if compared < 10 else 1
        return f"{compared:.{digits}f}"

    @property
    def verdict(self) -> str:
        """Whether the budget is met; nothing where there is none."""
        if self.budget is None:
            return ""
        compared = self.compared
        if compared is None:
            return "not measured"
        return "met" if self.budget.holds(compared) else "MISSED"


HEADINGS = ("what", "Chatwright", "peer", "ratio", "budget", "verdict")


def rendered(rows: Sequence[Row]) -> str:
    """The rows as a markdown table with aligned columns; why figures are missing stands below."""
    reasons: dict[str, int] = {}

    def figure(value: Figure, show: Callable[[float], str]) -> str:
        if isinstance(value, Failed):
            return f"none [{reasons.setdefault(str(value), len(reasons) + 1)}]"
        return show(value)

    cells = [HEADINGS] + [
        (
            row.what,
            figure(row.ours, row.show),
            f"{figure(row.peer, row.show)} ({row.peer_name})",
            row.ratio,
            row.budget.wording if row.budget else "",
            row.verdict,
        )
        for row in rows
    ]
    widths = [
        max(len(line[column]) for line in cells) for column in range(len(HEADINGS))
    ]
    lines = [
        "| "
        + " | ".join(x.ljust(width) for x, width in zip(line, widths, strict=True))
        + " |"
        for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    lines += [f"\n[{number}] {reason}" for reason, number in reasons.items()]
    return "\n".join(lines)


def seconds(value: float) -> str:
    """Seconds, or milliseconds below a half."""
    return f"{value:.2f} s" if value >= 0.5 else f"{value * 1e3:.1f} ms"


def microseconds(value: float) -> str:
    """Seconds as microseconds."""
    return f"{value * 1e6:.0f} µs"


def mebibytes(value: float) -> str:
    """Bytes as MiB."""
    return f"{value / 2**20:.0f} MiB"


def count(value: float) -> str:
    """A number without decimals, in groups of three digits."""
    return f"{value:,.0f}"


def per_second(value: float) -> str:
    """A rate."""
    return f"{value:,.0f}/s"
