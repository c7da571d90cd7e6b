"""The stage `predictions`: one row a customer, a card a model, and the traits they make."""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa

from carpel.engine.query import query
from carpel.errors import Problem, ProjectError
from carpel.specs import Prediction
from carpel.specs.prediction import predicted
from carpel.stages.base import Line, Output, Part
from carpel.stages.predictions.orders import Orders, orders
from carpel.stages.rows import as_table

WITHOUT = "this needs the extra science: pip install 'carpel[science]'"
STORED = {"number": pa.float64(), "instant": pa.timestamp("us")}
ENDS = ("", "_low", "_high")
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


class Predictions:
    """Writes `predictions` and `model_cards`, and adds to `traits`."""

    name = "predictions"
    version = 1
    writes = ("predictions", "model_cards", "traits")

    def parts(self, line: Line) -> Iterable[Part]:
        asked, project = line.definitions.predictions, line.definitions.project
        if not asked:
            return
        _only_one(asked)
        read = (f"event_{project.revenue.event}", "aliases", "customers")
        depends = {
            "tables": {name: line.table_files(name) for name in read},
            "as_of": line.moment,
            "asked": [each.model_dump(mode="json") for each in asked.values()],
            "project": [project.revenue.model_dump(), project.timezone, project.currency],
            "science": _installed(),
        }
        yield Part(self.name, depends, lambda out: _make(line, out))


def _installed() -> bool:
    return find_spec("scipy") is not None


def _only_one(asked: Mapping[str, Prediction]) -> None:
    first, *others = asked
    if others:
        raise ProjectError(
            Problem(
                f"{first!r} predicts orders already",
                f"predictions/{each}.yml",
                action="Keep one of the two files.",
            )
            for each in others
        )


def _make(line: Line, out: Output) -> None:
    (spec,) = line.definitions.predictions.values()
    bought = orders(line)
    card: dict[str, Any] = {"used": False, "reason": WITHOUT}
    figures: Mapping[str, Any] = {}
    if _installed():
        from carpel.stages.predictions.buying import buying

        found = buying(spec, bought)
        figures, card = found.figures, dict(found.card)
    _write(line, out, spec, bought, figures)
    card |= {"prediction": spec.name, "kind": spec.kind, "at": line.moment}
    if len(bought.day):
        card["data_from"] = np.datetime64(int(bought.day.min()), "D").astype(object)
    line.engine.register("carded", as_table("model_cards", [card]))
    out.write("model_cards", query("SELECT * FROM carded"))
    line.engine.drop("carded")


def _write(
    line: Line, out: Output, spec: Prediction, bought: Orders, figures: Mapping[str, Any]
) -> None:
    """Everybody's row, with nothing in it where nothing is known; and the traits."""
    kinds = predicted(spec)
    cells: dict[str, pa.Array] = {"customer": pa.array(bought.customers)}
    for trait, kind in kinds.items():
        ends = figures.get(trait, (None, None, None))
        for ending, values in zip(ENDS, ends, strict=True):
            cells[trait + ending] = _cells(values, kind, len(bought.customers))
    line.engine.register("foreseen", pa.table(cells))
    out.write(
        "predictions",
        query(
            "SELECT c.customer, f.* EXCLUDE (customer) FROM customers AS c "
            "LEFT JOIN foreseen AS f ON f.customer = c.customer ORDER BY 1"
        ),
    )
    line.engine.drop("foreseen")
    of = int(line.engine.value(query("SELECT count(*) FROM customers")))
    rows = [_trait(line, each, kinds[each], cells[each], of) for each in kinds]
    line.engine.register("listed", as_table("traits", rows))
    out.write("traits", query("SELECT * FROM listed"))
    line.engine.drop("listed")


def _cells(values: Any, kind: str, people: int) -> pa.Array:
    if values is None:
        return pa.nulls(people, STORED[kind])
    missing = ~np.isfinite(values)
    if kind == "instant":
        moments = (np.where(missing, 0, values) * DAY).astype("int64")
        return pa.array(moments, mask=missing).cast(STORED[kind])
    return pa.array(values, mask=missing)


def _trait(line: Line, name: str, kind: str, values: pa.Array, of: int) -> dict[str, Any]:
    begins = next(each for each in SAID if name.startswith(each))
    label, meaning, criterion, unit = SAID[begins]
    days = name.removeprefix(f"{begins}_").removesuffix("d") if name.endswith("d") else ""
    return {
        "trait": name,
        "label": f"{label} in {days} days" if days else label,
        "meaning": meaning,
        "criterion": criterion,
        "type": kind,
        "unit": unit.replace("money", line.definitions.project.currency),
        "sensitivity": "plain",
        "table": "predictions",
        "expression": name,
        "known": len(values) - values.null_count,
        "of": of,
    }
