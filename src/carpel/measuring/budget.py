"""Where the next money goes: what each unit of it brought, by campaign and segment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carpel.campaigns.desk import Desk
from carpel.evaluation.movements import EVERYBODY
from carpel.measuring.brought import Brought, brought
from carpel.measuring.results import Begun, Measured
from carpel.reports.figures import Figures, number
from carpel.stats.experiments.first_place import FirstPlace, first_place

PAYS, LOSES, CANNOT_TELL = "pays", "does not pay", "cannot tell"


@dataclass(frozen=True)
class Line:
    """One campaign among everybody or one segment: caused revenue, or margin, for each unit spent.

    `value` with the ends of what is likely (95 %); `n` people meant to get it, `m` kept aside.
    It `pays` where all that is likely is above 1, does not where all is below, else nobody can
    tell.
    """

    campaign: str
    label: str
    segment: str
    segment_label: str
    value: float
    low: float
    high: float
    cost: float
    n: int
    m: int
    word: str
    error: float
    """Standard error of `value`."""


@dataclass(frozen=True)
class Budget:
    """Every line, the surest to pay first, those of which nobody can tell last.

    `of` is `revenue` or `margin`; `settles` says what the doubt about the first place is worth and
    how many more people would settle it; `left_out` names what has no line, and why.
    """

    of: str
    lines: Sequence[Line]
    settles: str
    left_out: Sequence[str]


def budget(at: Desk, figures: Figures) -> Budget:
    """All campaigns that have begun, for everybody and each segment the update measured."""
    measured = Measured(at, figures)
    begun = [measured.one(name) for name in measured.campaigns()]
    lines = sorted(
        (line for one in begun for line in _lines(measured, one)),
        key=lambda line: (line.word == CANNOT_TELL, -line.low),
    )
    margin = at.definitions.project.revenue.margin
    return Budget(
        of="revenue" if margin is None else "margin",
        lines=lines,
        settles=_settles(measured, lines),
        left_out=[said for one in begun if (said := _left_out(one))],
    )


def _lines(measured: Measured, one: Begun) -> Iterator[Line]:
    at, margin = measured.at, measured.at.definitions.project.revenue.margin or 1.0
    there = set(at.sets) | {EVERYBODY}
    for segment in one.tested.segments if one.tested else ():
        found = brought(one.tested, segment)
        if segment not in there or not isinstance(found, Brought):
            continue
        whole = segment == EVERYBODY
        people = at.everybody if whole else measured.members(segment, one.campaign)
        cost = one.cost(segment, people)
        if cost <= 0:
            continue
        value, low, high = (each * margin / cost for each in (found.value, found.low, found.high))
        yield Line(
            campaign=one.campaign.name,
            label=one.label,
            segment=segment,
            segment_label="everybody" if whole else at.label(segment),
            value=value,
            low=low,
            high=high,
            cost=cost,
            n=found.n,
            m=found.m,
            word=PAYS if low > 1 else LOSES if high < 1 else CANNOT_TELL,
            error=found.error * found.n * margin / cost,
        )


def _left_out(one: Begun) -> str:
    found = brought(one.tested)
    if not isinstance(found, Brought):
        return f"{one.label}: {found}."
    return "" if one.spent.total > 0 else f"{one.label}: it has no cost."


def _settles(measured: Measured, lines: Sequence[Line]) -> str:
    """What is known of the first place: the first line beside the strongest that is apart."""
    rivals = [each for each in lines[1:] if _apart(measured, lines[0], each)]
    if not rivals:
        return ""
    first, second = lines[0], max(rivals, key=lambda each: each.high)
    found = first_place(first.value, first.error, second.value, second.error)
    who = f"{_named(first)} or {_named(second)}"
    if found.settled:
        return f"The first place is settled: {_named(first)}."
    return f"Whether {who} comes first is not settled. {_worth(measured.figures, found, first)}"


def _worth(figures: Figures, found: FirstPlace, first: Line) -> str:
    worth = f"The doubt costs about {figures.cents(found.worth)} of each {figures.money(1)} spent"
    more = found.more(first.n + first.m)
    if more is None:
        return f"{worth}; no number of people would settle it as it is."
    return (
        f"{worth}; about {number(_rounded(more))} more people in each would settle it, if what is "
        "seen so far is true."
    )


def _apart(measured: Measured, one: Line, other: Line) -> bool:
    """Whether they are of different campaigns, or share nobody: else one is part of the other."""
    if one.campaign != other.campaign:
        return True
    if EVERYBODY in (one.segment, other.segment):
        return False
    first, second = (measured.at.segment(each.segment) for each in (one, other))
    return not first & second


def _named(line: Line) -> str:
    return f"“{line.label}” among {line.segment_label}"


def _rounded(people: int) -> int:
    """To two figures: nobody knows it closer."""
    return round(people, -max(len(str(people)) - 2, 0))
