"""Orders to come: a model chosen on held-out time, its figures for everybody, and its card."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from carpel.specs import BuyingPrediction
from carpel.stages.predictions.orders import Orders
from carpel.stats.buying.choosing import Choice, choose
from carpel.stats.buying.gamma_gamma import GammaGamma
from carpel.stats.buying.histories import Floats, Histories, from_purchases, grouped
from carpel.stats.buying.intervals import Expected, around, expected
from carpel.stats.buying.lifetime_value import discounted, worth
from carpel.stats.buying.model import Model
from carpel.stats.likelihood import Estimate, Refused
from carpel.stats.tails import NORMAL_95

Figure = tuple[Floats, Floats, Floats]
"""Value and the ends of its interval, a person each; NaN where it is not known."""
LEAST_HELD_OUT = 28.0


@dataclass(frozen=True)
class Found:
    """Figures by trait, of those who ordered, and what the card says."""

    figures: Mapping[str, Figure]
    card: Mapping[str, Any]


def buying(spec: BuyingPrediction, orders: Orders) -> Found:
    """Figures for everybody who ordered, or none and the reason on the card."""
    ahead = float(spec.held_out_days or max(LEAST_HELD_OUT, orders.span // 4))
    card: dict[str, Any] = {"held_out_days": int(ahead), "people": len(orders.customers)}
    try:
        choice = choose(orders.people, orders.day, orders.until, ahead)
        card |= _tried(choice)
        if choice.model is None:
            return Found({}, card | {"used": False, "reason": choice.reason})
        each = from_purchases(orders.people, orders.day, orders.until)
        model, estimate = choice.model.fitted(grouped(each)[0])
    except Refused as refusal:
        return Found({}, card | {"used": False, "reason": str(refusal)})
    figures, said = _figures(spec, orders, each, model, estimate)
    about = {"parameters": estimate.intervals(), **said}
    card |= {"model": model.name, "used": True, "reason": choice.reason}
    return Found(figures, card | {"card": json.dumps(about | json.loads(card.get("card", "{}")))})


def _tried(choice: Choice) -> dict[str, Any]:
    """What the card says of the models that were tried, the best of them first."""
    tried = sorted(choice.verdicts, key=lambda one: one.model.root_mean_square)
    about: dict[str, Any] = {"card": json.dumps({"tried": [asdict(each) for each in tried]})}
    if tried:
        best = min(tried[0].naive, key=lambda one: one.root_mean_square)
        about |= {
            "model": tried[0].model.name,
            "happened": tried[0].happened,
            "foreseen": tried[0].model.total,
            "error": tried[0].model.root_mean_square,
            "naive": best.name,
            "naive_error": best.root_mean_square,
        }
    return about


def _figures(
    spec: BuyingPrediction, orders: Orders, each: Histories, model: Model, estimate: Estimate
) -> tuple[dict[str, Figure], dict[str, Any]]:
    figures: dict[str, Figure] = {"p_alive": _alive(model, estimate, each)}
    totals, ahead = {}, {}
    for days in sorted(set(spec.days)):
        ahead[days] = expected(model, estimate, each, float(days))
        figures[f"predicted_orders_{days}d"] = (ahead[days].mean, ahead[days].low, ahead[days].high)
        totals[str(days)] = asdict(ahead[days].together)
    figures["next_order_at"] = _next_order(model, each, figures["p_alive"][0], orders.until)
    said: dict[str, Any] = {"totals": totals}
    last = max(ahead)
    value, about = _value(spec, orders, each, model, ahead[last], float(last))
    if value is not None:
        figures[f"clv_{last}d"] = value
    return figures, said | {"value": about}


def _alive(model: Model, estimate: Estimate, each: Histories) -> Figure:
    some, group = grouped(each)
    value = model.alive(some)
    spread = np.std([one.alive(some) for one in around(model, estimate)], axis=0) * NORMAL_95
    low, high = np.clip(value - spread, 0, 1), np.clip(value + spread, 0, 1)
    return value[group], low[group], high[group]


def _next_order(model: Model, each: Histories, alive: Floats, until: float) -> Figure:
    """Days since 1970; of those who more likely than not order again."""
    some, group = grouped(each)
    ends = [model.next_order(some, share)[group] for share in (0.5, 0.025, 0.975)]
    ends = [np.where((alive >= 0.5) & (end < 36_500), until + end, np.nan) for end in ends]
    return ends[0], ends[1], ends[2]


def _value(
    spec: BuyingPrediction,
    orders: Orders,
    each: Histories,
    model: Model,
    ahead: Expected,
    days: float,
) -> tuple[Figure | None, dict[str, Any]]:
    known = np.isfinite(orders.value) & (orders.value > 0)
    of = len(orders.customers)
    seen = np.bincount(orders.people[known], minlength=of).astype(np.float64)
    spent = np.bincount(orders.people[known], orders.value[known], minlength=of)
    mean = np.divide(spent, seen, out=np.zeros(of), where=seen > 0)
    try:
        money, estimate = GammaGamma.fitted(seen, mean)
    except Refused as refusal:
        return None, {"refused": str(refusal)}
    rate = float(np.log1p(spec.yearly_discount)) / 365
    present = discounted(model, each, days, rate)
    found = worth(ahead, present, money, seen, mean, spec.margin or 1.0)
    repeated = seen > 1
    linked = np.corrcoef(seen[repeated], mean[repeated])[0, 1] if repeated.sum() > 2 else np.nan
    about = {
        "parameters": estimate.intervals(),
        "margin": spec.margin,
        "correlation_of_orders_and_value": None if np.isnan(linked) else float(linked),
    }
    return (found.mean, found.low, found.high), about
