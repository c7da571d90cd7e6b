"""Differences as people read them: how much more or less, likely between what and what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carpel.reports.figures import THIN, Figures, number, percent

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Wording:
    """Writes the figures of one metric: a share in per cent, an amount, or a number."""

    figures: Figures
    shown: str
    label: str

    def figure(self, value: float | None) -> str:
        """A figure by itself."""
        if self.shown == "share":
            return percent(value)
        return self.figures.money(value) if self.shown == "money" else number(value)

    def change(self, value: float | None) -> str:
        """A difference with its direction: `7.7 points more`, `€0.12 less`."""
        if value is None:
            return "not known"
        return f"{self.size(abs(value))} {'more' if value >= 0 else 'less'}"

    def signed(self, value: float | None) -> str:
        """A difference with its sign, for tables and ends of what is likely."""
        if value is None:
            return "no end"
        return f"{'−' if value < 0 else '+'}{self.size(abs(value))}"

    def size(self, value: float) -> str:
        """How large a difference is, without its direction; shares in percentage points."""
        if self.shown == "share":
            points = 100 * value
            digits = 1 if points >= 0.095 or points == 0 else 2
            return f"{points:.{digits}f}{THIN}points"
        return self.figures.money(value) if self.shown == "money" else number(value)

    def likely(self, low: float | None, high: float | None) -> str:
        """Between what and what it likely lies."""
        return f"likely {self.signed(low)} to {self.signed(high)}"

    def beside(self, row: Row, one: str, other: str) -> str:
        """Both groups' figures with the people behind each."""
        return (
            f"{self.label}: {self.figure(row['figure'])} in {one} ({number(row['n'])}{THIN}people),"
            f" {self.figure(row['base'])} in {other} ({number(row['m'])}{THIN}people)"
        )
