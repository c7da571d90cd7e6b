"""What a sentence stands on: a statistic, how many people, everybody else's, and the intervals."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

FEWEST = 20
"""People of whom something is known, in a group and outside it, before a word is said of them."""
FEWEST_HAVING = 5
"""People who have, or have not, a value: fewer could be known by name. Nobody may be told."""
DONE = ("bought_category", "bought_brand", "ordered_in")
"""What people did: not to have done it says nothing of anybody."""
COMPOSITE = 50
"""People that a typical year is made of at least."""

Statistic = Literal["mean", "share", "median", "share_of_total"]
Direction = Literal["more", "less", "same", "open"]


class Unsupported(ValueError):  # noqa: N818 - says what is the case
    """Figures that no sentence may stand on; the message says why."""


@dataclass(frozen=True)
class Evidence:
    """The figures behind one sentence; made only where they hold together.

    `value` is of the group, between `low` and `high` in 95 of 100 such cases; `contrast` the same
    of everybody else. `gap_low` to `gap_high` is the 95 % interval of the one less the other.
    Shares are 0 to 1. Raises Unsupported where a figure is missing or denies another.
    """

    statistic: Statistic
    of: str
    """What is measured: a trait, or what is bought."""
    label: str
    value: float
    low: float
    high: float
    n: int
    contrast: float
    contrast_n: int
    gap_low: float
    gap_high: float
    direction: Direction
    """`more` and `less` are told only when they are clear among all that is looked at; `same`
    when the gap is small for sure; else `open`."""
    part: str | None = None
    """The value of a category that the share is of."""
    unit: str = ""
    q: float | None = None
    """Share of false findings to expect if all as clear were told."""
    effect: float | None = None
    """The gap in standard deviations."""

    def __post_init__(self) -> None:
        """See the class."""
        reason = _missing(self) or _few(self) or _denied(self)
        if reason:
            raise Unsupported(f"{self.of}: {reason}")


def _missing(it: Evidence) -> str:
    numbers = (it.value, it.low, it.high, it.contrast, it.gap_low, it.gap_high)
    if any(each is None or not isfinite(each) for each in numbers):
        return "a figure is missing"
    return "" if it.of and it.label else "it does not say what it measures"


def _few(it: Evidence) -> str:
    least = COMPOSITE if it.statistic == "median" else FEWEST
    if it.n < least or it.contrast_n < FEWEST:
        return f"{it.n} people, {it.contrast_n} others: too few to speak of"
    if it.statistic != "share":
        return ""
    having = round(it.value * it.n)
    lacking = it.n - having if it.of not in DONE else 0
    if it.of != "ordered_in" and (0 < having < FEWEST_HAVING or 0 < lacking < FEWEST_HAVING):
        return f"{having} of {it.n} people: too few to speak of"
    return ""


def _denied(it: Evidence) -> str:
    tolerance = 1e-9 * max(1.0, abs(it.value))
    if not it.low - tolerance <= it.value <= it.high + tolerance:
        return "the value lies outside its interval"
    gap = it.value - it.contrast
    if not it.gap_low - tolerance <= gap <= it.gap_high + tolerance:
        return "the gap lies outside its interval"
    unclear = {"more": it.gap_low <= 0, "less": it.gap_high >= 0}
    if unclear.get(it.direction):
        return f"it is not clear that it is {it.direction}"
    if it.statistic.startswith("share") and not (0 <= it.value <= 1 and 0 <= it.contrast <= 1):
        return "a share is not between 0 and 1"
    return ""
