"""A test as it would be, and what it could show, in sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any

from carpel.reports.caused.words import Wording, first_upper
from carpel.reports.figures import number
from carpel.specs.words import counted

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Design:
    """What a test of a metric over `within_days` could show in a segment.

    Figures are in the metric's own unit: shares 0 to 1, amounts in the currency. `smallest` is the
    least change that shows 4 times out of 5, None where none would; `power` the chance, 0 to 1, of
    seeing `change`; `needed` all people that this takes 4 times out of 5, those kept aside too.
    `holdouts` has a row a share kept aside: `aside`, `contacted`, `smallest`, `power`, and in words
    `told` and `seen`.
    """

    segment: str
    label: str
    metric: str
    called: str
    shown: str
    within_days: int
    until: date
    people: int
    """In the segment today."""
    counted: int
    """Of whom `base` is told: those who were in it when the time began."""
    base: float
    spread: float
    foretold: float
    """The share of the spread that what they did before takes away, 0 to 1."""
    holdout: float
    versions: int
    smallest: float | None
    between: float | None
    """The least difference of two versions that shows, where there are several."""
    holdouts: Rows
    change: float | None = None
    power: float | None = None
    needed: int | None = None
    people_a_day: float | None = None
    days: int | None = None
    """Until there is an answer: people enough, and their time over."""
    warnings: Sequence[str] = ()
    said: Sequence[str] = field(default=())


def gathered(needed: int, there: int, people_a_day: float | None, within_days: int) -> int | None:
    """Days until so many people are there and their time is over; None where they never come."""
    if people_a_day:
        return ceil(needed / people_a_day) + within_days
    return within_days if needed <= there else None


def sentences(found: Design, wording: Wording) -> Iterator[str]:
    """The whole design, a sentence a figure, each with how many people it is of."""
    people = counted(found.counted, "person", "people")
    yield (
        f"Over the {found.within_days} days up to {found.until}: {wording.label} "
        f"{wording.figure(found.base)} ({people} counted)."
    )
    if found.smallest is None:
        yield "No change would show: nobody differs from anybody in it, or too few are there."
        return
    yield _smallest(found, wording)
    if found.foretold >= 0.01:
        yield (
            f"What they did before makes that {100 * found.foretold:.0f} % smaller than it would "
            "be otherwise."
        )
    if found.between is not None:
        each = number(round(found.people * (1 - found.holdout) / found.versions))
        yield (
            f"Two versions beside each other, {each} people each: "
            f"{wording.size(found.between)} or more."
        )
    if found.change is not None:
        yield from _asked(found, wording)


def _smallest(found: Design, wording: Wording) -> str:
    aside = round(found.people * found.holdout)
    rest = found.people - aside
    each = f" in {found.versions} versions" if found.versions > 1 else ""
    return (
        f"With {100 * found.holdout:g} % kept aside ({number(aside)} people beside "
        f"{number(rest)}{each}), a change of {wording.size(found.smallest or 0)} or more would "
        "show 4 times out of 5."
    )


def _asked(found: Design, wording: Wording) -> Iterator[str]:
    assert found.change is not None and found.power is not None and found.needed is not None
    size = wording.change(found.change)
    yield f"{first_upper(size)} would show {100 * found.power:.0f} times out of 100."
    short = found.needed - found.people
    yield (
        f"4 times out of 5 takes {counted(found.needed, 'person', 'people')} in all: "
        + (f"{number(short)} more than there are." if short > 0 else "so many are there.")
    )
    if found.days is None:
        yield "Say how many come a day (--people-a-day) to hear when there would be an answer."
    elif found.people_a_day:
        yield (
            f"At {found.people_a_day:g} people a day the answer comes after "
            f"{counted(found.days, 'day')}, {found.within_days} of them to count what they do."
        )
    else:
        yield f"The answer comes {counted(found.days, 'day')} after the last message."
