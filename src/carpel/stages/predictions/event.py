"""Whether people will do something, on the line: a chance and its reasons, the trait, the card."""

from datetime import timedelta
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.specs import EventPrediction
from carpel.stages.base import AsKnown, Line
from carpel.stages.predictions.foreseen import NO_REASONS, WITHOUT, Foreseen, Foretold
from carpel.stages.predictions.moments import (
    SAMPLE,
    Moment,
    came_true,
    earlier,
    labels,
    people_at,
)


def event(line: Line, spec: EventPrediction, as_known: AsKnown) -> Foreseen:
    """A chance for everybody it is about, or for nobody and the reason on the card."""
    card: dict[str, Any] = {
        "prediction": spec.name,
        "kind": spec.kind,
        "at": line.moment,
        "used": False,
        "held_out_days": spec.days,
    }
    told = Foretold(spec.name, spec.label or called(spec), f"{called(spec)}, 0 to 1.")
    nobody = {spec.name: pa.nulls(0, pa.float64()), f"{spec.name}_reasons": NO_REASONS}
    nothing = Foreseen(pa.array([], pa.int64()), nobody, (told,), (card | {"reason": WITHOUT},))
    if find_spec("sklearn") is None:
        return nothing
    from carpel.stages.predictions.learned import Learning
    from carpel.stats.likelihood import Refused

    try:
        then = [_moment(line, spec, at, as_known) for at in earlier(line, spec.days)]
    except Refused as refusal:
        return Foreseen(nothing.customers, nobody, (told,), (card | {"reason": str(refusal)},))
    learned = Learning.of(spec, then, [_happened(line, spec, each) for each in then])
    card |= learned.card() | {"data_from": (then[0].at - timedelta(days=spec.days)).date()}
    if learned.model is None:
        return Foreseen(nothing.customers, nobody, (told,), (card,))
    now = people_at(line, line.moment, spec.whom, as_known, spec.trusted)
    chances, reasons = learned.foreseen(now, labels(line))
    cells = {spec.name: pa.array(chances), f"{spec.name}_reasons": reasons}
    return Foreseen(pa.array(now.customers), cells, (told,), (card,))


def called(spec: EventPrediction) -> str:
    """The chance in words: `Chance of no order completed within 90 days`."""
    what = spec.event.replace("_", " ")
    return f"Chance of {what if spec.did else f'no {what}'} within {spec.within}"


def _moment(line: Line, spec: EventPrediction, at: Any, as_known: AsKnown) -> Moment:
    return people_at(line, at, spec.whom, as_known, spec.trusted, SAMPLE)


def _happened(line: Line, spec: EventPrediction, then: Moment) -> np.ndarray:
    return came_true(line, then.at, spec.days, spec.outcome, then.customers)
