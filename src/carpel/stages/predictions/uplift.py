"""Whom an action moves, on the line: its effect on each, told by a test that is over; the card."""

import json
from dataclasses import asdict
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.evaluation.windows import local
from carpel.specs import UpliftPrediction
from carpel.stages.base import AsKnown, Line
from carpel.stages.predictions.foreseen import WITHOUT, Foreseen, Foretold
from carpel.stages.predictions.groups import Groups, groups
from carpel.stages.predictions.moments import SAMPLE, Moment, came_true, people, people_at
from carpel.stats.likelihood import Refused

if TYPE_CHECKING:
    from carpel.stats.uplift import Model

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def uplift(line: Line, spec: UpliftPrediction, as_known: AsKnown) -> Foreseen:
    """The effect on everybody as they are now, or on nobody and the reason on the card."""
    card: dict[str, Any] = {"prediction": spec.name, "kind": spec.kind, "at": line.moment}
    told = Foretold(spec.name, spec.label or _called(spec), f"{_called(spec)}, -1 to 1.")
    try:
        test = groups(line, spec)
    except Refused as why:
        return _nobody(told, spec.name, card | {"used": False, "reason": str(why)})
    first = local(test.began, line.zone).date()
    early = test.began + timedelta(days=spec.days) > line.moment
    if early or find_spec("sklearn") is None:
        reason = f"the test that began on {first} is not over" if early else WITHOUT
        return _nobody(told, spec.name, card | {"used": False, "reason": reason})
    from carpel.stages.predictions.learned import columns
    from carpel.stats.uplift import learn

    then, treated = _tested(line, spec, test, as_known)
    without = {*test.traits, *spec.without, spec.name}
    read = [each for each in columns(then.traits) if each.name not in without]
    outcome = came_true(line, test.began, spec.days, spec.outcome, then.customers)
    found = learn(read, outcome, treated)
    about = {"both_arms": test.both, "undated": list(then.undated), "uplift": asdict(found.card)}
    card |= {"used": found.card.used, "reason": found.card.verdict, "model": found.card.learner}
    card |= {"data_from": first, "people": len(outcome), "card": json.dumps(about)}
    if found.model is None:
        return _nobody(told, spec.name, card)
    now = people(line, None)
    effects = _effects(found.model, now, {each.name for each in read})
    return Foreseen(pa.array(now.customers), {spec.name: pa.array(effects)}, (told,), (card,))


def _effects(model: "Model", now: Moment, names: set[str]) -> Floats:
    """The effect on people as they are now, some at a time."""
    from carpel.stages.predictions.learned import CHUNK, columns

    read = [each for each in columns(now.traits) if each.name in names]
    rows = np.arange(len(now.customers))
    parts = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
    return np.concatenate(
        [np.zeros(0), *(model.effects([each.take(part) for each in read]) for part in parts)]
    )


def _called(spec: UpliftPrediction) -> str:
    """The effect in words: `How much likelier order completed within 30 days becomes`."""
    return f"How much likelier {spec.did.replace('_', ' ')} within {spec.within} becomes"


def _nobody(told: Foretold, name: str, card: dict[str, Any]) -> Foreseen:
    """Nothing is known of anybody, and the card says why."""
    nobody = {name: pa.nulls(0, pa.float64())}
    return Foreseen(pa.array([], pa.int64()), nobody, (told,), (card,))


def _tested(
    line: Line, spec: UpliftPrediction, test: Groups, as_known: AsKnown
) -> tuple[Moment, Bools]:
    """People of the test as they were known when it began, and who of them got it.

    Who came later is not among them. Of an arm of more than 50,000 people as many are drawn.
    """
    found = people_at(line, test.began, None, as_known, spec.trusted)
    chance = np.random.default_rng(len(found.customers))
    arms = [np.flatnonzero(np.isin(found.customers, each)) for each in (test.treated, test.control)]
    drawn = [
        each if len(each) <= SAMPLE else chance.choice(each, SAMPLE, replace=False) for each in arms
    ]
    rows = np.sort(np.concatenate(drawn))
    then = Moment(found.at, found.customers[rows], found.traits.take(rows), found.undated)
    return then, np.isin(rows, drawn[0])
