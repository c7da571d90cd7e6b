"""Who is like the people of a list, on the line: a chance and its reasons, the trait, the card."""

import json
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.evaluation import Evaluator
from carpel.evaluation.bitmaps import to_keys
from carpel.language import Any as AnyOf
from carpel.language import references
from carpel.specs import LookalikePrediction
from carpel.stages.base import AsKnown, Line
from carpel.stages.predictions.foreseen import NO_REASONS, WITHOUT, Foreseen, Foretold
from carpel.stages.predictions.moments import Moment, labels, people

SAMPLE = 50_000
"""People on the list, and people off it, who are learned from; of more so many are drawn."""
Floats = NDArray[np.float64]


def lookalike(line: Line, spec: LookalikePrediction, _as_known: AsKnown) -> Foreseen:
    """A chance for everybody it is about, or for nobody and the reason on the card."""
    card: dict[str, Any] = {"prediction": spec.name, "kind": spec.kind, "at": line.moment}
    told = Foretold(spec.name, spec.label or _called(spec), f"{_called(spec)}, 0 to 1.")
    nobody = {spec.name: pa.nulls(0, pa.float64()), f"{spec.name}_reasons": NO_REASONS}
    if find_spec("sklearn") is None:
        card |= {"used": False, "reason": WITHOUT}
        return Foreseen(pa.array([], pa.int64()), nobody, (told,), (card,))
    from carpel.stages.predictions.learned import about, columns, reasons_of, row_of
    from carpel.stats.yes_no import learn

    now = people(line, None if spec.among is None else AnyOf((spec.among, spec.like)))
    listed = _listed(line, spec, now)
    asked = {each.name for each in references(spec.like) if each.kind == "trait"}
    read = [
        each for each in columns(now.traits) if each.name not in {*asked, *spec.without, spec.name}
    ]
    rows, share = _drawn(listed)
    found = learn([each.take(rows) for each in read], listed[rows], trusted=spec.trusted)
    card |= row_of(found) | {"card": json.dumps(about(found) | {"asked_for": sorted(asked)})}
    if found.model is None:
        return Foreseen(pa.array([], pa.int64()), nobody, (told,), (card,))
    chances = found.model.chances(read)
    chances[rows] = found.held_out
    chances = chances * share / (chances * share + 1 - chances)
    reasons = reasons_of(found.model, read, chances, labels(line))
    cells = {spec.name: pa.array(chances), f"{spec.name}_reasons": reasons}
    return Foreseen(pa.array(now.customers), cells, (told,), (card,))


def _called(spec: LookalikePrediction) -> str:
    return f"Chance to be one of {spec.name.replace('_', ' ')}"


def _listed(line: Line, spec: LookalikePrediction, now: Moment) -> Floats:
    evaluator = Evaluator(line.engine, as_of=line.as_of or now.at, zone=line.zone)
    keys = np.asarray(to_keys(evaluator.sets(spec.like).yes), np.int64)
    return np.isin(now.customers, keys).astype(np.float64)


def _drawn(listed: Floats) -> tuple[NDArray[np.int64], float]:
    """Whom to learn from, and by how much the odds of the list are greater among them.

    The share of people off the list who were drawn, over that of people on it (King and Zeng 2001).
    """
    chance = np.random.default_rng(len(listed))
    parts = [np.flatnonzero(listed == each) for each in (1.0, 0.0)]
    drawn = [
        each if len(each) <= SAMPLE else chance.choice(each, SAMPLE, replace=False)
        for each in parts
    ]
    on, off = (len(some) / max(len(whole), 1) for some, whole in zip(drawn, parts, strict=True))
    return np.sort(np.concatenate(drawn)), off / on if on else 1.0
