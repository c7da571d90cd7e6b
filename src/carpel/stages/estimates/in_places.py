"""Tests of places: how much more those that got it changed, by what all of them did before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import ceil, inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carpel.engine.base import Engine
from carpel.engine.query import query
from carpel.evaluation.movements import EVERYBODY
from carpel.specs.experiment import ELSEWHERE, WITH_IT
from carpel.stats.experiments.effect import Effect
from carpel.stats.experiments.verdict import Guardrail, judged
from carpel.stats.places import Change, difference_in_differences
from carpel.stats.tails import NORMAL_95

Row = dict[str, Any]


@dataclass(frozen=True)
class Sides:
    """One metric by place and stretch of time; `figures` are a person of the place."""

    treated: NDArray[np.bool_]
    pair: NDArray[np.int64] | None
    people: NDArray[np.int64]
    before: NDArray[np.float64]
    """A row a place, a column a stretch."""
    after: NDArray[np.float64] | None
    """None while the test runs."""

    @property
    def change(self) -> Change | None:
        """None while it runs, or where a figure of a place is not known."""
        if self.after is None or not self.before.shape[1] or self.treated.all():
            return None
        if not (np.isfinite(self.before).all() and np.isfinite(self.after).all()):
            return None
        return difference_in_differences(self.before, self.after, self.treated, self.pair)

    def counted(self, *, treated: bool) -> int:
        """People of the places on one side."""
        return int(self.people[self.treated == treated].sum())


@dataclass(frozen=True)
class TestOfPlaces:
    """One test of places at a moment."""

    about: Mapping[str, Any]
    better: Mapping[str, str]
    """By metric: whether more of it is better, or less."""
    sides: Mapping[str, Sides]
    moment: datetime

    @property
    def seconds_left(self) -> float:
        """Until its time is over; less than 0 afterwards."""
        over_at: datetime = self.about["over_at"]
        return (over_at - self.moment).total_seconds()


def tests_of_places(engine: Engine, moment: datetime) -> list[TestOfPlaces]:
    """Every one there is; moments are UTC without a zone."""
    about = query("SELECT * FROM experiments WHERE kind = 'places'")
    sums = query("SELECT * FROM place_outcomes ORDER BY experiment, metric, place, period")
    of: dict[str, dict[str, Sides]] = {}
    rows = engine.fetch(sums).to_pylist()
    for (name, metric), some in groupby(rows, lambda row: (row["experiment"], row["metric"])):
        of.setdefault(name, {})[metric] = _sides(list(some))
    better: dict[str, dict[str, str]] = {}
    for row in engine.fetch(query("SELECT * FROM metrics")).to_pylist():
        better.setdefault(row["experiment"], {})[row["metric"]] = row["better"]
    return [
        TestOfPlaces(
            each,
            named := better.get(each["experiment"], {}),
            {metric: of[each["experiment"]][metric] for metric in named},
            moment,
        )
        for each in engine.fetch(about).to_pylist()
    ]


def _sides(rows: list[Row]) -> Sides:
    """Of the rows of one metric, by place and then stretch; every place has the same stretches."""
    places = [list(some) for _, some in groupby(rows, lambda row: row["place"])]
    first = [each[0] for each in places]
    figures = np.array([[_figure(row) for row in each] for each in places])
    now = np.array([row["period"] == 0 for row in places[0]])
    paired = first[0]["pair"] is not None
    return Sides(
        np.array([row["treated"] for row in first], bool),
        np.array([row["pair"] for row in first], np.int64) if paired else None,
        np.array([row["n"] for row in first], np.int64),
        figures[:, ~now],
        figures[:, now] if now.any() else None,
    )


def _figure(row: Row) -> float:
    over = row["n"] if row["d"] is None else row["d"]
    return row["y"] / over if over else float("nan")


def estimates_of_places(test: TestOfPlaces) -> Iterator[Row]:
    """Rows of `estimates`: everybody's, with nothing known while it runs."""
    for metric, sides in test.sides.items():
        found = sides.change
        known = {} if found is None else _known(found, sides)
        yield {
            "experiment": test.about["experiment"],
            "segment": EVERYBODY,
            "metric": metric,
            "arm": WITH_IT,
            "against": ELSEWHERE,
            "n": sides.counted(treated=True),
            "m": sides.counted(treated=False),
            **known,
        }


def _known(found: Change, sides: Sides) -> Row:
    assert sides.after is not None
    lift, lift_low, lift_high = found.lift
    told = {
        "figure": found.reached,
        "base": float(sides.after[~sides.treated].mean()),
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "chance": found.chance,
        "lift": lift,
        "lift_low": lift_low,
        "lift_high": lift_high,
    }
    return {name: each if isfinite(each) else None for name, each in told.items()}


def changes(test: TestOfPlaces) -> Iterator[Row]:
    """Rows of `place_changes`."""
    for metric, sides in test.sides.items():
        found = sides.change
        drift = found.before if found else None
        yield {
            "experiment": test.about["experiment"],
            "metric": metric,
            "treated": int(sides.treated.sum()),
            "others": int((~sides.treated).sum()),
            "pairs": sides.pair is not None,
            "ways": found.ways if found else None,
            "drift": drift.value if drift else None,
            "drift_low": drift.low if drift and isfinite(drift.low) else None,
            "drift_high": drift.high if drift and isfinite(drift.high) else None,
            "drift_chance": drift.chance if drift else None,
        }


def verdicts_of_places(test: TestOfPlaces) -> Iterator[Row]:
    """The row of `verdicts`; `more` are places a side, and drift before is what `uneven` is of."""
    goal, over = test.about["goal"], test.seconds_left <= 0
    if goal not in test.sides:
        return
    found = test.sides[goal].change
    row = {"experiment": test.about["experiment"], "arm": WITH_IT, "over": over, "broken": []}
    left = max(0, ceil(test.seconds_left / 86_400))
    row |= {"days_left": left, "smallest": test.about["smallest"], "word": "cannot_tell"}
    if found is None:
        yield row
        return
    guarded = [each for each in test.about["guardrails"] or () if each in test.sides]
    verdict = judged(
        _effect(found),
        uneven=found.drifted,
        guardrails=[
            Guardrail(each, _effect(change), test.better[each] == "less")
            for each in guarded
            if (change := test.sides[each].change) is not None
        ],
        smallest=test.about["smallest"],
        fewer_is_better=test.better[goal] == "less",
    )
    yield row | {
        "word": verdict.word,
        "low": verdict.low if isfinite(verdict.low) else None,
        "high": verdict.high if isfinite(verdict.high) else None,
        "broken": list(verdict.broken),
        "more": verdict.more,
        "uneven": found.before.chance if found.before else None,
    }


def _effect(found: Change) -> Effect:
    """The change as an effect whose people are places; its error is that of its interval."""
    error = (found.high - found.low) / 2 / NORMAL_95 if isfinite(found.low) else inf
    return Effect(
        "mean",
        found.treated,
        found.control,
        found.reached,
        found.reached - found.value,
        found.value,
        found.low,
        found.high,
        error,
        found.chance,
        *found.lift,
    )
