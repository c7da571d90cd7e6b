"""What advice says: ways beside each other, the one that is taken, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from carpel.stats.ways import Choice

PERSON = {
    "revenue": "what each spent",
    "active_customers": "who bought",
    "repeat_purchase_rate": "who bought more than once",
}
"""What a metric is of one person."""


@dataclass(frozen=True)
class Way:
    """One way to part people. `explained` is the share of what differs between people in held-out
    time that its groups foresee, with its interval; `lift` how many times everybody's mean those
    foreseen highest (a fifth) reach. Sizes and `reached` (the least reachable group) are shares;
    `stays` is the share of people in the same group at both moments."""

    way: str
    label: str
    groups: int
    smallest: float
    largest: float
    explained: float
    low: float
    high: float
    lift: float
    stays: float
    reached: float | None
    own: bool
    """Whether the project has it already."""
    as_stated: tuple[str, ...] = ()
    """Facts it stands on of which nothing says since when they were known."""


@dataclass(frozen=True)
class Advice:
    """Ways beside each other, the one that foresees most first; `taken` is None for none."""

    goal: str
    label: str
    of: str
    """What is foreseen of each person."""
    days: int
    then: date
    now: date
    people: int
    judged_on: int
    ways: Sequence[Way]
    taken: str | None
    why: str
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Ways that were not tried, and why."""

    @property
    def how(self) -> str:
        """How it was found out, in words."""
        drawn = f" ({self.judged_on:,} of them drawn)" if self.judged_on < self.people else ""
        return (
            f"{self.people:,} people{drawn}, parted as they would have been on "
            f"{self.now:%-d %B %Y}, and {self.of} in the {self.days} days after; what each group "
            f"does was learned from other people in the {self.days} days from "
            f"{self.then:%-d %B %Y}."
        )


def verdict(choice: Choice, ways: Mapping[str, Way], metric: str) -> str:
    """The verdict in a sentence or two, with its figures."""
    of = PERSON[metric]
    if choice.way is None or choice.best is None:
        best = max(ways.values(), key=lambda each: each.explained, default=None)
        nearest = f" The nearest, {best.label}, explains {_share(best)}." if best else ""
        return (
            f"No way to part people is better than treating all alike: none foresees {of} beyond "
            f"chance.{nearest}"
        )
    taken, best = ways[choice.way], ways[choice.best]
    said = (
        f"Take {taken.label}: its {taken.groups} groups foresee {_share(taken)} of what differs "
        f"between people in {of}."
    )
    if taken.way != best.way:
        said += (
            f" {best.label} foresees {_share(best)}, which is not more beyond chance, and asks for "
            f"{best.groups} groups to be served."
        )
    if taken.as_stated:
        said += (
            f" It stands on facts as they are stated today ({', '.join(taken.as_stated)}): make "
            "sure that they were known before."
        )
    return said


def _share(way: Way) -> str:
    return f"{way.explained:.0%} (likely {way.low:.0%} to {way.high:.0%})".replace("%", " %")
