"""Whom an action moves, on the line: its effect on each, told by a test that is over; the card."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.evaluation import Evaluator
from carpel.evaluation.bitmaps import to_keys
from carpel.language import references
from carpel.specs import UpliftPrediction
from carpel.stages.base import AsKnown, Line
from carpel.stages.predictions.foreseen import WITHOUT, Foreseen, Foretold
from carpel.stages.predictions.moments import SAMPLE, Moment, came_true, people, people_at

if TYPE_CHECKING:
    from carpel.stats.uplift import Model

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def uplift(line: Line, spec: UpliftPrediction, as_known: AsKnown) -> Foreseen:
    """The effect on everybody as they are now, or on nobody and the reason on the card."""
    card: dict[str, Any] = {"prediction": spec.name, "kind": spec.kind, "at": line.moment}
    told = Foretold(spec.name, spec.label or _called(spec), f"{_called(spec)}, -1 to 1.")
    nobody = {spec.name: pa.nulls(0, pa.float64())}
    began = datetime.combine(spec.on, time.min, line.zone).astimezone(UTC).replace(tzinfo=None)
    early = began + timedelta(days=spec.days) > line.moment
    if early or find_spec("sklearn") is None:
        reason = f"the test that began on {spec.on} is not over" if early else WITHOUT
        card |= {"used": False, "reason": reason}
        return Foreseen(pa.array([], pa.int64()), nobody, (told,), (card,))
    from carpel.stages.predictions.learned import columns
    from carpel.stats.uplift import learn

    then, treated, both = _tested(line, spec, began, as_known)
    read = [each for each in columns(then.traits) if each.name not in _without(spec)]
    outcome = came_true(line, began, spec.days, spec.outcome, then.customers)
    found = learn(read, outcome, treated)
    about = {"both_arms": both, "undated": list(then.undated), "uplift": asdict(found.card)}
    card |= {"used": found.card.used, "reason": found.card.verdict, "model": found.card.learner}
    card |= {"data_from": spec.on, "people": len(outcome), "card": json.dumps(about)}
    if found.model is None:
        return Foreseen(pa.array([], pa.int64()), nobody, (told,), (card,))
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


def _tested(
    line: Line, spec: UpliftPrediction, began: datetime, as_known: AsKnown
) -> tuple[Moment, Bools, int]:
    """People of the test as they were known when it began, who of them got it, and how many both.

    Who is in both arms is in neither, and who came later is not among them. Of an arm of more than
    50,000 people as many are drawn.
    """
    evaluator = Evaluator(line.engine, as_of=line.moment.replace(tzinfo=UTC), zone=line.zone)
    treated, control = (
        np.asarray(to_keys(evaluator.sets(rule).yes), np.int64)
        for rule in (spec.treated, spec.control)
    )
    both = np.intersect1d(treated, control)
    found = people_at(line, began, None, as_known, spec.trusted)
    chance = np.random.default_rng(len(found.customers))
    arms = [
        np.flatnonzero(np.isin(found.customers, np.setdiff1d(each, both)))
        for each in (treated, control)
    ]
    drawn = [
        each if len(each) <= SAMPLE else chance.choice(each, SAMPLE, replace=False) for each in arms
    ]
    rows = np.sort(np.concatenate(drawn))
    then = Moment(found.at, found.customers[rows], found.traits.take(rows), found.undated)
    return then, np.isin(rows, drawn[0]), len(both)


def _without(spec: UpliftPrediction) -> set[str]:
    """Traits that say which arm somebody is in, and those that the file leaves out."""
    asked = {
        each.name
        for rule in (spec.treated, spec.control)
        for each in references(rule)
        if each.kind == "trait"
    }
    return asked | set(spec.without) | {spec.name}
