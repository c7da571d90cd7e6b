"""How people order, on the line: figures with their ends, the traits they are, the card."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.specs import BuyingPrediction
from carpel.specs.prediction import predicted
from carpel.stages.base import AsKnown, Line
from carpel.stages.predictions.foreseen import ENDS, WITHOUT, Foreseen, Foretold
from carpel.stages.predictions.orders import orders

STORED = {"number": pa.float64(), "instant": pa.timestamp("us")}
DAY = 86_400_000_000
"""Microseconds."""
SAID: Mapping[str, tuple[str, str, str, str]] = {
    "p_alive": (
        "Chance to order again",
        "The chance that they will ever order again.",
        "behavioural",
        "",
    ),
    "predicted_orders": ("Orders expected", "Days with an order, expected.", "behavioural", ""),
    "next_order_at": (
        "Next order",
        "When half of people like them have ordered again; of those who likely do.",
        "behavioural",
        "",
    ),
    "clv": ("Value expected", "What their orders will bring, in today's money.", "value", "money"),
}
"""Label, meaning, criterion and unit by how the name of a trait begins."""


def ordering(line: Line, spec: BuyingPrediction, _as_known: AsKnown) -> Foreseen:
    """Figures of everybody who ordered, or none and the reason on the card."""
    bought = orders(line)
    card: dict[str, Any] = {"used": False, "reason": WITHOUT}
    figures: Mapping[str, Any] = {}
    if find_spec("scipy") is not None:
        from carpel.stages.predictions.buying import buying

        found = buying(spec, bought)
        figures, card = found.figures, dict(found.card)
    kinds = predicted(spec)
    cells: dict[str, pa.Array] = {}
    for trait, kind in kinds.items():
        ends = figures.get(trait, (None, None, None))
        for ending, values in zip(ENDS, ends, strict=True):
            cells[trait + ending] = _cells(values, kind, len(bought.customers))
    card |= {"prediction": spec.name, "kind": spec.kind, "at": line.moment}
    if len(bought.day):
        card["data_from"] = np.datetime64(int(bought.day.min()), "D").astype(object)
    told = tuple(_told(name, kind) for name, kind in kinds.items())
    return Foreseen(pa.array(bought.customers), cells, told, (card,))


def _cells(values: Any, kind: str, people: int) -> pa.Array:
    if values is None:
        return pa.nulls(people, STORED[kind])
    missing = ~np.isfinite(values)
    if kind == "instant":
        moments = (np.where(missing, 0, values) * DAY).astype("int64")
        return pa.array(moments, mask=missing).cast(STORED[kind])
    return pa.array(values, mask=missing)


def _told(name: str, kind: str) -> Foretold:
    begins = next(each for each in SAID if name.startswith(each))
    label, meaning, criterion, unit = SAID[begins]
    days = name.removeprefix(f"{begins}_").removesuffix("d") if name.endswith("d") else ""
    return Foretold(
        name, f"{label} in {days} days" if days else label, meaning, kind, criterion, unit
    )
