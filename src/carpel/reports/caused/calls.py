"""Of each campaign of a quarter, whether to stop it, keep it or let it grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from carpel.evaluation.movements import EVERYBODY
from carpel.reports.figures import THIN, Figures, number
from carpel.reports.tables import Rows
from carpel.specs.metric import REVENUE
from carpel.specs.verdict import CALLS
from carpel.stats.experiments.effect import effect
from carpel.stats.experiments.sums import Sums

Row = Mapping[str, Any]
KEPT = tuple(each.name for each in fields(Sums) if not each.name.endswith("0"))


@dataclass(frozen=True)
class Call:
    """One campaign: `word` is stop, keep or grow, `sentence` says why, with how many people."""

    campaign: str
    label: str
    word: str
    called: str
    sentence: str


@dataclass(frozen=True)
class Earned:
    """What all versions together brought that would not have come otherwise, less what they cost.

    Of `n` people who were meant to get it beside `m` kept aside; `low` and `high` are None where
    there are too few to say.
    """

    n: int
    m: int
    value: float
    low: float | None
    high: float | None
    cost: float


def call(about: Row, verdicts: Rows, found: Earned | None, figures: Figures, *, over: bool) -> Call:
    """What to do about a campaign.

    It grows when even the least that is likely is above its cost, it stops when the most is below
    it or it did harm; else it is kept, and tested further.
    """
    words = {row["word"] for row in verdicts}
    word, why = _decided(words, found, over=over)
    told = f"{why} {_money(found, figures)}".strip() if found else why
    return Call(about["experiment"], about["label"], word, CALLS[word], told)


def earned(about: Row, arms: Rows, outcomes: Rows) -> Earned | None:
    """By the sums of each arm; None where no amounts are known, or nobody is in an arm."""
    sums = {
        row["arm"]: Sums(**{each: row[each] for each in KEPT})
        for row in outcomes
        if row["metric"] == REVENUE and row["segment"] == EVERYBODY
    }
    control = sums.pop(about["comparison"], None)
    if control is None or not sums:
        return None
    treated = sum(sums.values(), Sums(0, 0, 0))
    if min(treated.n, control.n) < 1:
        return None
    seen = effect(treated, control, cuped=(treated + control).variance_x > 0)
    messages = sum(row["sent"] or 0 for row in arms if row["arm"] != about["comparison"])
    cost = float(about["cost"] * messages + about["fixed_cost"])
    low, high = (each * treated.n - cost if seen.told else None for each in (seen.low, seen.high))
    return Earned(
        round(treated.n), round(control.n), seen.value * treated.n - cost, low, high, cost
    )


def _decided(words: set[str], found: Earned | None, *, over: bool) -> tuple[str, str]:
    if "harm" in words:
        return "stop", "It did harm."
    if "uneven" in words:
        return "keep", "Its groups came out uneven, so nothing can be told: find out why."
    if found is None:
        return (
            "keep",
            "What it brings in money cannot be told: nobody is kept aside from it, or "
            "no amounts are known.",
        )
    if not over:
        return "keep", "It is still running."
    if found.low is not None and found.low > 0:
        return "grow", "It brings more than it costs."
    if found.high is not None and found.high < 0:
        return "stop", "It costs more than it brings."
    return "keep", "Whether it brings more than it costs cannot be told yet: test it further."


def _money(found: Earned, figures: Figures) -> str:
    people = f"{number(found.n)}{THIN}people, {number(found.m)} kept aside"
    value = f"{'+' if found.value >= 0 else ''}{figures.money(round(found.value))}"
    if found.low is None or found.high is None:
        return f"So far {value} after its cost of {figures.money(found.cost)} ({people})."
    ends = [
        f"{'+' if each >= 0 else ''}{figures.money(round(each))}"
        for each in (found.low, found.high)
    ]
    return (
        f"{value} after its cost of {figures.money(found.cost)} "
        f"(likely {ends[0]} to {ends[1]}; {people})."
    )


def in_time_of(campaigns: Sequence[Row], quarter: Row) -> list[Row]:
    """Campaigns whose time and that of a quarter overlap; of regions the whole alone."""
    first, last = quarter["began_at"], quarter["over_at"]
    return [
        each
        for each in campaigns
        if each["kind"] == "campaign"
        and "." not in each["experiment"]
        and each["began_at"] is not None
        and first is not None
        and each["began_at"] < last
        and each["over_at"] > first
    ]
