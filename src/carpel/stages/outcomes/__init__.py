"""The stage `outcomes`: what people did who were in an experiment, added up by arm.

Nothing is judged here: whoever reads the sums works figures and verdicts out of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from functools import cache
from typing import Any, Protocol

import numpy as np
from pyroaring import BitMap

from carpel.engine.query import query
from carpel.evaluation.arms import merged
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.history import History
from carpel.evaluation.memberships import stored_sets
from carpel.language.references import references
from carpel.specs.metric import Metric, shown
from carpel.stages.base import Line, Output, Part
from carpel.stages.outcomes.adding import sums
from carpel.stages.outcomes.drawn import Drawn
from carpel.stages.outcomes.figures import figures
from carpel.stages.outcomes.finished import Finished
from carpel.stages.outcomes.in_places import InPlaces
from carpel.stages.outcomes.metrics import measured_by
from carpel.stages.outcomes.programme import programme
from carpel.stages.outcomes.sent import Sent
from carpel.stages.rows import as_table
from carpel.store.assignments import Assignment

Metrics = Mapping[str, Metric]
READS = (
    "aliases",
    "consents",
    "contacts",
    "customers",
    "memberships",
    "movements",
    "profiles",
    "traits",
    "predictions",
)


class Told(Protocol):
    """What is measured, by the project's metrics and its own."""

    @property
    def name(self) -> str: ...
    @property
    def about(self) -> Any: ...
    @property
    def own(self) -> Metrics: ...


class Experimented(Told, Protocol):
    """What can be drawn as an experiment."""

    def drawn(self, line: Line, metrics: Metrics) -> Drawn: ...


class Outcomes:
    """Writes experiments, their arms and metrics, and sums of people and of places.

    See `carpel.tables`.
    """

    name = "outcomes"
    version = 1
    writes = ("experiments", "experiment_arms", "outcomes", "metrics", "place_outcomes")

    def parts(self, line: Line) -> Iterable[Part]:
        for each in _experiments(line):
            yield Part(
                f"{self.name}/{each.name}",
                _depends(line, each),
                lambda out, each=each: _write(line, each, out),  # type: ignore[misc]
            )
        for spec in line.definitions.experiments.values():
            if spec.places is not None:
                test = InPlaces(spec, spec.places)
                yield Part(
                    f"{self.name}/{spec.name}",
                    _depends(line, test),
                    lambda out, test=test: _write_places(line, test, out),  # type: ignore[misc]
                )


def _experiments(line: Line) -> list[Experimented]:
    found = line.definitions
    begun: dict[str, Assignment] = {}
    for each in line.assignments:
        campaign = found.campaigns.get(each.campaign)
        if campaign is None:
            continue
        begun[each.campaign] = each
        if campaign.family != campaign.name:  # a region is one of its own, and a part of the whole
            whole = begun.get(
                campaign.family, replace(each, campaign=campaign.family, arms={}, sent={})
            )
            begun[campaign.family] = whole + each
    today = cache(lambda: merged(line.engine))
    sent = (Sent(each, found.campaigns[name], today) for name, each in begun.items())
    tests = found.experiments.values()
    finished = (Finished(each, each.arms) for each in tests if each.arms is not None)
    return [*sent, *finished, *programme(line)]


def _depends(line: Line, experiment: Told) -> dict[str, Any]:
    metrics = _metrics(line, experiment)
    read = [*READS, *line.tables("event"), *line.tables("described")]
    return {
        "about": experiment.about,
        "metrics": [each.model_dump(mode="json") for each in metrics.values()],
        "segmentations": sorted(line.definitions.segmentations),
        "as_of": line.as_of,
        "zone": str(line.zone),
        "tables": {name: line.table_files(name) for name in read},
    }


def _metrics(line: Line, experiment: Told) -> dict[str, Metric]:
    """Those that the data can give: where no amount is known, none of money."""
    revenue = line.definitions.project.revenue
    home = f"event_{revenue.event}"
    paid = bool(line.table_files(home)) and revenue.property in line.engine.columns(home)
    return measured_by(line.definitions, experiment.own, paid=paid)


def _write(line: Line, experiment: Experimented, out: Output) -> None:
    metrics = _metrics(line, experiment)
    drawn = experiment.drawn(line, metrics)
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    found = figures(drawn, metrics, catalogue) if len(drawn.customers) else {}
    rows = list(sums(drawn, found, _segments(line, drawn)))
    named = [{"experiment": drawn.name, **row} for row in rows]
    kept = {
        "experiments": [_about(drawn)],
        "experiment_arms": _arms(drawn),
        "outcomes": named,
        "metrics": [_said(line, drawn.name, metrics, each) for each in found],
    }
    _keep(line, kept, out)


def _write_places(line: Line, test: InPlaces, out: Output) -> None:
    metrics = _metrics(line, test)
    found = test.told(line, metrics)
    counted = {row["metric"] for row in found["place_outcomes"]}
    known = [each for each in test.names if each in counted]
    _keep(line, {**found, "metrics": [_said(line, test.name, metrics, e) for e in known]}, out)


def _keep(line: Line, tables: Mapping[str, list[dict[str, Any]]], out: Output) -> None:
    for table, rows in tables.items():
        line.engine.register("told", as_table(table, rows))
        out.write(table, query("SELECT * FROM told"))
        line.engine.drop("told")


def _segments(line: Line, drawn: Drawn) -> dict[str, BitMap]:
    """Who was in which segment when the experiment was drawn; today, where that is not known."""
    now, wanted = stored_sets(line.engine), set(drawn.segments)
    made_of_it = _made_of(line, drawn.changed)
    asked = {
        name: members
        for name, members in now.items()
        if not wanted or name in wanted or name.split(".")[0] in wanted
        if name not in made_of_it
    }
    if drawn.looked_up is None:
        return asked
    history, moment = History(line.engine), drawn.looked_up.astimezone(UTC)
    return {name: history.members_then(name, moment, members) for name, members in asked.items()}


def _made_of(line: Line, traits: Collection[str]) -> set[str]:
    """Segments whose rule speaks of one of these traits, or of such a segment."""
    rules = {name: references(each.rule) for name, each in line.definitions.segments.items()}
    found: set[str] = set()
    while fresh := {
        name
        for name, named in rules.items()
        if name not in found
        and any(
            (each.kind == "trait" and each.name in traits)
            or (each.kind == "segment" and each.name in found)
            for each in named
        )
    }:
        found |= fresh
    return found


def _about(drawn: Drawn) -> dict[str, Any]:
    known = len(drawn.customers) > 0
    return {
        **vars(drawn),
        "experiment": drawn.name,
        "guardrails": list(drawn.guardrails),
        "comparison": drawn.arms[0],
        "began_at": drawn.since.min().item() if known else None,
        "over_at": drawn.until.max().item() if known else None,
    }


def _arms(drawn: Drawn) -> list[dict[str, Any]]:
    people = np.bincount(drawn.arm, minlength=len(drawn.arms))
    return [
        {
            "experiment": drawn.name,
            "arm": arm,
            "people": int(people[place]),
            "share": drawn.shares[arm],
            "sent": drawn.sent.get(arm, 0) if drawn.kind == "campaign" else None,
            "place": place,
        }
        for place, arm in enumerate(drawn.arms)
    ]


def _said(line: Line, experiment: str, metrics: Metrics, name: str) -> dict[str, Any]:
    metric = metrics[name]
    return {
        "experiment": experiment,
        "metric": name,
        "label": metric.called,
        "shown": shown(metric, metrics, line.definitions.project.revenue),
        "better": metric.better,
    }
