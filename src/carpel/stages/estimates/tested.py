"""Experiments with their sums, as the stage `outcomes` stored them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.evaluation.movements import EVERYBODY
from carpel.stats.experiments.effect import Effect, effect
from carpel.stats.experiments.ratio_check import RatioCheck, ratio_check
from carpel.stats.experiments.sums import Sums

NOTHING = Sums(0, 0, 0)
KEPT = tuple(each.name for each in fields(Sums) if not each.name.endswith("0"))
"""The sums that are stored; they are taken around 0."""


@dataclass(frozen=True)
class Tested:
    """One experiment at a moment: its arms, the comparison first, and the sums of each."""

    about: Mapping[str, Any]
    arms: Sequence[Mapping[str, Any]]
    metrics: Mapping[str, Mapping[str, Any]]
    sums: Mapping[tuple[str, str, str], Sums]
    """By segment, metric and arm."""
    moment: datetime

    @property
    def name(self) -> str:
        """The experiment's."""
        return str(self.about["experiment"])

    @property
    def comparison(self) -> str:
        """The arm that all others are held against."""
        return str(self.about["comparison"])

    @property
    def contacted(self) -> list[str]:
        """The other arms."""
        return [str(each["arm"]) for each in self.arms if each["arm"] != self.comparison]

    @property
    def segments(self) -> list[str]:
        """Everybody, then the segments that are looked at, each once."""
        return list(dict.fromkeys(segment for segment, _, _ in self.sums))

    @property
    def over(self) -> bool:
        """Whether everybody's time is over: a look before is one of many."""
        return self.seconds_left <= 0

    @property
    def seconds_left(self) -> float:
        """Until the last person's time is over; less than 0 afterwards, and where nobody is in."""
        over_at: datetime | None = self.about["over_at"]
        return (over_at - self.moment).total_seconds() if over_at else -1.0

    @property
    def planned(self) -> int:
        """How many people there will be in all arms: those who were drawn."""
        return sum(each["people"] for each in self.arms)

    def effect(self, segment: str, metric: str, arm: str, against: str) -> Effect:
        """What an arm has beyond another; closer where what was known before tells something."""
        one, two = (self.of(segment, metric, each) for each in (arm, against))
        known_before = (one + two).variance_x > 0
        return effect(one, two, share=self.is_share(metric), cuped=known_before)

    def together(self, segment: str, metric: str) -> Effect:
        """What all arms but the comparison have beyond it, taken as one."""
        arms = (self.of(segment, metric, each) for each in self.contacted)
        one, two = sum(arms, NOTHING), self.of(segment, metric, self.comparison)
        known_before = (one + two).variance_x > 0
        return effect(one, two, share=self.is_share(metric), cuped=known_before)

    def is_share(self, metric: str) -> bool:
        """Whether an outcome is yes or no."""
        return str(self.metrics[metric]["shown"]) == "share"

    def of(self, segment: str, metric: str, arm: str) -> Sums:
        """The sums of an arm; of nobody where nothing is known."""
        return self.sums.get((segment, metric, arm), NOTHING)

    def draw(self, segment: str = EVERYBODY) -> RatioCheck:
        """Whether as many people came into each arm of a segment as were meant to.

        Of everybody by the shares that were meant; of a segment by how many everybody has.
        """
        whole = {str(each["arm"]): each for each in self.arms}
        if segment == EVERYBODY:
            meant = {arm: each["share"] for arm, each in whole.items() if each["share"]}
            return ratio_check({arm: whole[arm]["people"] for arm in meant}, meant)
        people = {arm: self._people(segment, arm) for arm in whole}
        return ratio_check(people, {arm: each["people"] for arm, each in whole.items()})

    def _people(self, segment: str, arm: str) -> float:
        return max((self.of(segment, metric, arm).n for metric in self.metrics), default=0)


def tested(engine: Engine, moment: datetime) -> list[Tested]:
    """Every experiment of people there is; moments are UTC without a zone."""
    sums: dict[str, dict[tuple[str, str, str], Sums]] = {}
    for row in _rows(engine, "outcomes"):
        key = row["segment"], row["metric"], row["arm"]
        sums.setdefault(row["experiment"], {})[key] = Sums(**{each: row[each] for each in KEPT})
    arms, metrics = _rows(engine, "experiment_arms"), _rows(engine, "metrics")
    return [
        Tested(
            about,
            sorted((e for e in arms if e["experiment"] == name), key=lambda e: e["place"]),
            {e["metric"]: e for e in metrics if e["experiment"] == name},
            sums.get(name, {}),
            moment,
        )
        for about in _rows(engine, "experiments")
        if (name := about["experiment"]) and about["kind"] != "places"
    ]


def _rows(engine: Engine, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.fetch(query("SELECT * FROM :t", t=table(name))).to_pylist()
    return rows
