"""How long people keep their plans, on the line: figures with ends, the traits, the cards."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.specs import RenewalPrediction
from carpel.specs.prediction import predicted
from carpel.stages.base import AsKnown, Line
from carpel.stages.predictions.foreseen import ENDS, WITHOUT, Foreseen, Foretold
from carpel.stages.predictions.spells import MONTH, Held, held
from carpel.stats.contracts.choosing import Choice, choose
from carpel.stats.contracts.staying import Ahead, Staying, around
from carpel.stats.likelihood import Estimate, Refused
from carpel.stats.tails import NORMAL_95

LONGEST_HELD_OUT, SHORTEST_HELD_OUT = 12.0, 1.0
"""Months; a quarter of the time that plans are known of, an interval at least."""
Figure = tuple[np.ndarray, np.ndarray, np.ndarray]


def renewal(line: Line, spec: RenewalPrediction, _as_known: AsKnown) -> Foreseen:
    """Figures of everybody whose plan runs, by its interval; or none and why, on each card."""
    if find_spec("scipy") is None:
        return _foreseen(line, spec, [], [{"used": False, "reason": WITHOUT}])
    groups, undated = held(line, spec.plans) if line.table_files("contracts") else ([], 0)
    if not groups:
        return _foreseen(line, spec, [], [{"used": False, "reason": "nobody holds a plan"}])
    made = [_of(spec, each, undated) for each in groups]
    return _foreseen(line, spec, made, [each.card for each in made])


@dataclass(frozen=True)
class _Made:
    """Figures of the plans of one interval that run, none where no model is used; the card."""

    held: Held
    card: Mapping[str, Any]
    figures: Mapping[str, Figure] = field(default_factory=dict)


def _of(spec: RenewalPrediction, group: Held, undated: int) -> _Made:
    known = float(group.spells.begun.max())
    ahead = min(max(group.interval or 0, known / 4, SHORTEST_HELD_OUT), LONGEST_HELD_OUT)
    card: dict[str, Any] = {
        "used": False,
        "people": len(np.unique(group.customers)),
        "held_out_days": round(ahead * MONTH / 86_400),
    }
    try:
        choice = choose(group.spells, ahead)
    except Refused as refusal:
        return _Made(group, card | {"reason": f"{group.name}: {refusal}"})
    more: dict[str, Any] = {"tried": [asdict(each) for each in choice.verdicts], "undated": undated}
    card |= {"reason": f"{group.name}: {choice.reason}", **_judged(choice)}
    if choice.model is None or choice.estimate is None:
        return _Made(group, card | {"card": json.dumps(more)})
    more["parameters"] = choice.estimate.intervals()
    figures = _figures(spec, group, choice.model, choice.estimate)
    return _Made(group, card | {"used": True, "card": json.dumps(more)}, figures)


def _judged(choice: Choice) -> dict[str, Any]:
    best = choice.verdicts[0]
    return {
        "model": best.model.name,
        "happened": best.happened,
        "foreseen": best.model.total,
        "error": best.model.root_mean_square,
        "naive": best.naive[0].name,
        "naive_error": best.naive[0].root_mean_square,
    }


def _figures(
    spec: RenewalPrediction, group: Held, model: Staying, estimate: Estimate
) -> Mapping[str, Figure]:
    """Of those whose plan runs; who cancelled has said no and stays as long as is paid."""
    age = group.spells.begun[group.runs]
    said_no, left = group.cancelled[group.runs], group.left[group.runs]
    sure = Ahead(
        np.zeros(len(age)), (left <= spec.months).astype(np.float64), np.minimum(left, spec.months)
    )
    found = model.ahead(age, spec.months)
    others = [each.ahead(age, spec.months) for each in around(model, estimate)]
    figures = {}
    for name, what in zip(predicted(spec), ("renewal", "leaving", "months"), strict=True):
        value, known = getattr(found, what), getattr(sure, what)
        spread = NORMAL_95 * np.std([getattr(each, what) for each in others], axis=0)
        most = spec.months if what == "months" else 1
        ends = (value, np.clip(value - spread, 0, most), np.clip(value + spread, 0, most))
        low, middle, high = (np.where(said_no, known, end) for end in (ends[1], ends[0], ends[2]))
        figures[name] = (middle, low, high)
    return figures


def _foreseen(
    line: Line,
    spec: RenewalPrediction,
    made: Sequence[_Made],
    cards: Sequence[Mapping[str, Any]],
) -> Foreseen:
    some = [each for each in made if each.figures]
    keys = [each.held.customers[each.held.runs] for each in some]
    customers = np.concatenate([np.zeros(0, np.int64), *keys])
    cells = {}
    for name in predicted(spec):
        for at, ending in enumerate(ENDS):
            values = np.concatenate([np.zeros(0), *(each.figures[name][at] for each in some)])
            cells[name + ending] = pa.array(values, mask=~np.isfinite(values))
    about = {"prediction": spec.name, "kind": spec.kind, "at": line.moment}
    return Foreseen(
        pa.array(customers), cells, _told(spec), tuple({**about, **each} for each in cards)
    )


def _told(spec: RenewalPrediction) -> tuple[Foretold, ...]:
    ahead = f"{spec.months} months"
    said = (
        ("Chance to renew", "That they say yes when their plan next comes up for renewal.", ""),
        ("Chance to leave in " + ahead, f"That they no longer hold a plan in {ahead}.", ""),
        ("Months to come", f"Months of the next {spec.months} that they hold it.", "months"),
    )
    return tuple(
        Foretold(name, label, meaning, criterion="value", unit=unit)
        for name, (label, meaning, unit) in zip(predicted(spec), said, strict=True)
    )
