"""Differences as people read them: how much more or less, likely between what and what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carpel.reports.figures import THIN, Figures, number, percent
from carpel.specs.campaign import called

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
            return "not known"
        size = self.size(abs(value))
        sign = ("−" if value < 0 else "+") if any(map(size.__contains__, "123456789")) else ""
        return f"{sign}{size}"

    def size(self, value: float) -> str:
        """How large a difference is, without its direction; shares in percentage points."""
        if self.shown == "share":
            points = 100 * value
            digits = 1 if points >= 0.095 or points == 0 else 2
            return f"{points:.{digits}f}{THIN}points"
        return self.figures.money(value) if self.shown == "money" else number(value)

    def between(self, low: float | None, high: float | None) -> str:
        """Between what and what: `+7.0 to +8.3 points`, the unit said once."""
        unit = f"{THIN}points"
        first, last = self.signed(low), self.signed(high)
        return f"{first.removesuffix(unit) if last.endswith(unit) else first} to {last}"

    def beside(self, row: Row, one: str, other: str) -> str:
        """Both groups' figures with the people behind each."""
        return (
            f"{self.label}: {self.figure(row['figure'])} in {one} ({number(row['n'])}{THIN}people),"
            f" {self.figure(row['base'])} in {other} ({number(row['m'])}{THIN}people)"
        )


def first_upper(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def group(about: Row, arm: str) -> str:
    """What an arm is called: those of tests made elsewhere as the data calls them."""
    return called(arm) if about["kind"] == "campaign" else arm
