"""A test of places as it would be, and what it could show, in sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carpel.reports.caused.words import Wording, first_upper
from carpel.reports.figures import number


@dataclass(frozen=True)
class PlacePair:
    """Two places, one of which gets it; with their people, and the metric a person so far."""

    with_it: str
    without: str
    people: int
    people_without: int
    figure: float
    figure_without: float


@dataclass(frozen=True)
class PlaceDesign:
    """Pairs of places, the most alike first, and what a test of them could show.

    `smallest` is the least change, in the metric's unit (shares 0 to 1, amounts in the currency),
    that shows 4 times out of 5, None where that can't be told; `left_out` has the places that are
    in no pair, with the reason. `file` is where the experiment was written.
    """

    trait: str
    metric: str
    called: str
    shown: str
    within_days: int
    stretches: int
    """Stretches of so many days that it is told from."""
    people: int
    base: float
    pairs: Sequence[PlacePair]
    left_out: dict[str, str]
    smallest: float | None
    said: Sequence[str] = ()
    file: str | None = None


def sentences(found: PlaceDesign, wording: Wording) -> Iterator[str]:
    """What it could show, with the number of places and people."""
    count = len(found.pairs)
    yield (
        f"{number(count)} pairs of places, {number(found.people)} people. In {found.stretches} "
        f"stretches of {found.within_days} days up to now: {wording.label} "
        f"{wording.figure(found.base)} in the mean of places."
    )
    if found.smallest is not None:
        yield (
            f"The smallest change that would show 4 times out of 5: "
            f"{wording.size(found.smallest)}, from how far pairs drifted apart by themselves."
        )
    elif count < 6:
        yield "Fewer than six pairs leave every effect possible: take smaller places."
    elif found.stretches < 2:
        yield "What it could show is not known: there are figures of one stretch of time alone."
    else:
        yield "What it could show is not known: no pair ever drifted apart."
    reasons = sorted(set(found.left_out.values()))
    for why in reasons:
        left = sum(each == why for each in found.left_out.values())
        yield first_upper(f"{number(left)} {'place' if left == 1 else 'places'} left out: {why}.")
