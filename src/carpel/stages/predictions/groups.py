"""Who got it and who did not: by two rules, or by the arms of a campaign or another test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.errors import Problem, ProjectError, suggestion
from carpel.evaluation import Evaluator
from carpel.evaluation.arms import by_event, by_trait, in_arm, merged, survivors
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.language import Doing, references
from carpel.specs import Experiment, UpliftPrediction
from carpel.specs.campaign import HOLDOUT
from carpel.stages.base import Line
from carpel.stats.experiments.ratio_check import ratio_check
from carpel.stats.likelihood import Refused

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Groups:
    """Keys of who got it and who by the same lot did not; who is in both is in neither."""

    began: datetime
    """UTC without a zone."""
    treated: Keys
    control: Keys
    both: int
    """How many were in both."""
    traits: frozenset[str]
    """Attributes that say who is in which group."""


def groups(line: Line, spec: UpliftPrediction) -> Groups:
    """The two groups of a test; raises Refused where nothing can be learned of it.

    Raises ProjectError for an arm that there is not.
    """
    if spec.experiment is None:
        return _by_rules(line, spec)
    experiment = line.definitions.experiments.get(spec.experiment)
    if experiment is None:
        began, arms, shares = _sent(line, spec.experiment)
        traits, comparison = frozenset[str](), HOLDOUT
    else:
        began, arms, shares = _elsewhere(line, experiment)
        traits, comparison = frozenset(filter(None, [_trait(experiment)])), experiment.comparison
    _even(spec.experiment, arms, shares)
    treated = BitMap.union(*(arms[each] for each in _wanted(spec, arms, comparison)))
    return _apart(began, treated, arms[comparison], traits)


def _by_rules(line: Line, spec: UpliftPrediction) -> Groups:
    assert spec.treated is not None  # the file says so
    assert spec.control is not None
    assert spec.on is not None
    evaluator = Evaluator(line.engine, as_of=line.moment.replace(tzinfo=UTC), zone=line.zone)
    treated, control = (evaluator.sets(rule).yes for rule in (spec.treated, spec.control))
    asked = (*references(spec.treated), *references(spec.control))
    traits = frozenset(each.name for each in asked if each.kind == "trait")
    return _apart(_begin(line, spec.on), treated, control, traits)


def _apart(began: datetime, treated: BitMap, control: BitMap, traits: frozenset[str]) -> Groups:
    both = treated & control
    got_it, did_not = (
        np.asarray((each - both).to_array(), np.int64) for each in (treated, control)
    )
    return Groups(began, got_it, did_not, len(both), traits)


def _begin(line: Line, day: date) -> datetime:
    first = datetime.combine(day, time.min, line.zone)
    return first.astimezone(UTC).replace(tzinfo=None)


def _sent(line: Line, name: str) -> tuple[datetime, Mapping[str, BitMap], Mapping[str, float]]:
    """A campaign's first message, arms by today's keys, and the shares that were meant."""
    campaign = line.definitions.campaigns[name]
    if campaign.trigger is not None:
        raise Refused(f"people go through {name} one by one, so it began on no day for all")
    mine = [
        each
        for each in line.assignments
        if name in (each.campaign, each.campaign.partition(".")[0])
    ]
    if not mine:
        raise Refused(f"nothing of {name} has left yet")
    whole, today = mine[0], merged(line.engine)
    for each in mine[1:]:
        whole += each
    arms = {arm: survivors(keys, today) for arm, keys in whole.arms.items()}
    if not arms.get(HOLDOUT):
        raise Refused(f"nobody was kept aside from {name}")
    return whole.since.astimezone(UTC).replace(tzinfo=None), arms, campaign.shares


def _elsewhere(
    line: Line, spec: Experiment
) -> tuple[datetime, Mapping[str, BitMap], Mapping[str, float]]:
    """The first day of a test made elsewhere, its arms, and the shares that were meant."""
    if spec.arms is None:
        raise Refused(f"{spec.name} is a test of places, and nobody was drawn one by one")
    if spec.started is None:
        raise Refused(f"{spec.name} does not say on which day it `started`")
    catalogue, where = Catalogue(line.engine, Clock(line.moment, line.zone)), spec.arms
    rows = (
        by_trait(catalogue, str(where.trait))
        if where.event is None
        else by_event(catalogue, Doing(where.event, where.where), str(where.property))
    )
    found = set(rows.column("arm").to_pylist())
    names = sorted(found & set(spec.shares) if spec.shares else found)
    arms = {each: in_arm(rows, each) for each in names}
    if spec.comparison not in arms:
        raise Refused(f"nobody was in the comparison of {spec.name}")
    return _begin(line, spec.started), arms, spec.shares or {each: 1 / len(arms) for each in arms}


def _trait(spec: Experiment) -> str | None:
    return spec.arms.trait if spec.arms else None


def _even(name: str, arms: Mapping[str, BitMap], shares: Mapping[str, float]) -> None:
    """Raises Refused where other people are in the groups than were meant to be."""
    meant = {arm: share for arm, share in shares.items() if share > 0}
    found = ratio_check({arm: len(arms.get(arm, ())) for arm in meant}, meant)
    if found.uneven:
        raise Refused(
            f"the groups of {name} came out uneven, as chance alone hardly ever does "
            f"({found.chance:.2g}), so nothing it seems to teach can be trusted"
        )


def _wanted(spec: UpliftPrediction, arms: Mapping[str, BitMap], comparison: str) -> Iterator[str]:
    others = [each for each in arms if each != comparison]
    if spec.arm is None and others:
        yield from others
    elif spec.arm in others:
        yield str(spec.arm)
    else:
        near = suggestion(str(spec.arm), others)
        listed = f"Arms are: {', '.join(map(repr, others))}."
        said = f"nobody was in the arm {spec.arm!r} of {spec.experiment}"
        raise ProjectError(
            [Problem(said, f"predictions/{spec.name}.yml", action=f"{near} {listed}".strip())]
        )
