"""Tests of places, such as flyers by postcode: sums by place, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from carpel.errors import Problem, ProjectError, suggestion
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.windows import utc
from carpel.specs import Experiment, PlaceTest
from carpel.specs.experiment import ELSEWHERE, WITH_IT
from carpel.specs.metric import Metric
from carpel.stages.base import Line
from carpel.stages.outcomes.homes import Homes, homes, stretches

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class InPlaces:
    """A test of places that a file describes."""

    spec: Experiment
    where: PlaceTest

    @property
    def name(self) -> str:
        """The file's."""
        return self.spec.name

    @property
    def about(self) -> Any:
        """What its sums depend on."""
        return self.spec.model_dump(mode="json")

    @property
    def own(self) -> dict[str, Metric]:
        """Metrics of its own: none."""
        return {}

    @property
    def names(self) -> list[str]:
        """Metrics that it is measured by, the one that the verdict is about first."""
        return list(dict.fromkeys((*self.spec.metrics, *self.spec.guardrails)))

    def told(self, line: Line, metrics: Mapping[str, Metric]) -> dict[str, Rows]:
        """Rows of experiments, experiment_arms and place_outcomes.

        Raises ProjectError where nobody belongs to a place that the file names.
        """
        spec, catalogue = self.spec, Catalogue(line.engine, Clock(line.moment, line.zone))
        lived, pairs = self._sides(homes(catalogue, self.where.trait))
        assert spec.started is not None  # the file says so
        began = utc(datetime.combine(spec.started, time()), line.zone)
        rows = stretches(lived, self.names, metrics, catalogue, began, spec.within_days)
        return {
            "experiments": [self._about(began)],
            "experiment_arms": self._arms(lived, pairs),
            "place_outcomes": [
                {
                    **row,
                    "experiment": spec.name,
                    "place": lived.places[row["at"]],
                    "treated": pairs[row["at"]][0],
                    "pair": pairs[row["at"]][1],
                }
                for row in rows
            ],
        }

    def _sides(self, everywhere: Homes) -> tuple[Homes, list[tuple[bool, int | None]]]:
        """The places of the test; of each, whether it got it, and the number of its pair."""
        where = self.where
        sides: dict[str, tuple[bool, int | None]] = {}
        for number, (got_it, other) in enumerate(where.pairs):
            sides |= {got_it: (True, number), other: (False, number)}
        sides |= dict.fromkeys(where.treated, (True, None))
        if where.treated:
            rest = where.others or [each for each in everywhere.places if each not in sides]
            sides |= dict.fromkeys(rest, (False, None))
        if all(got_it for got_it, _ in sides.values()):
            raise ProjectError([_all_got_it(self.spec)])
        for each in sides:
            if each not in everywhere.places:
                raise ProjectError([_nobody(self.spec, where.trait, each, everywhere.places)])
        return everywhere.only(list(sides)), list(sides.values())

    def _about(self, began: datetime) -> dict[str, Any]:
        spec = self.spec
        return {
            "experiment": spec.name,
            "kind": "places",
            "label": spec.label or spec.name.replace("_", " "),
            "goal": spec.metrics[0],
            "guardrails": list(spec.guardrails),
            "comparison": ELSEWHERE,
            "within_days": spec.within_days,
            "began_at": began,
            "over_at": began + timedelta(days=spec.within_days),
            "in_several": 0,
            "smallest": spec.smallest,
            "cost": spec.cost_per_person,
            "fixed_cost": spec.cost,
        }

    def _arms(self, lived: Homes, sides: list[tuple[bool, int | None]]) -> Rows:
        people = lived.people
        counted = dict.fromkeys((False, True), 0)
        for at, (got_it, _) in enumerate(sides):
            counted[got_it] += int(people[at])
        return [
            {"experiment": self.name, "arm": arm, "people": counted[side], "place": place}
            for place, (arm, side) in enumerate(((ELSEWHERE, False), (WITH_IT, True)))
        ]


def _all_got_it(spec: Experiment) -> Problem:
    return Problem(
        "every place there is got it: there is none to hold them against",
        f"experiments/{spec.name}.yml",
        action="Leave some out of `treated`.",
    )


def _nobody(spec: Experiment, trait: str, place: str, known: Sequence[str]) -> Problem:
    near = suggestion(place, known)
    listed = ", ".join(map(repr, known[:10])) or "nothing"
    return Problem(
        f"nobody belongs to the place {place!r}",
        f"experiments/{spec.name}.yml",
        action=f"{near} {trait} says: {listed}.".strip(),
    )
