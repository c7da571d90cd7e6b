"""The ideal customer: what sets the best apart before they buy, and who else is like that."""

import json
from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.specs import IdealPrediction
from carpel.stages.base import AsKnown, Line
from carpel.stages.predictions.candidates import Candidates, accounts, persons
from carpel.stages.predictions.foreseen import NO_REASONS, WITHOUT, Foreseen, Foretold
from carpel.stages.predictions.moments import labels
from carpel.stats.proportions import wilson

if TYPE_CHECKING:
    from carpel.stats.yes_no import Column

SAMPLE = 100_000
"""Customers who are learned from; of more so many are drawn."""
SEEN = 0.2
"""A trait that is known this much less often of others than of customers tells nothing of them."""
BANDS = (0.9, 0.75, 0.5, 0.0)
"""Parts of the customers, by how ideal they look, that others are held against."""
Floats = NDArray[np.float64]


def ideal(line: Line, spec: IdealPrediction, _as_known: AsKnown) -> Foreseen:
    """A chance for everybody to be among the best once they buy, or for nobody and the reason."""
    card: dict[str, Any] = {"prediction": spec.name, "kind": spec.kind, "at": line.moment}
    said = f"Chance to be among the best {'companies' if spec.unit == 'account' else 'customers'}"
    told = Foretold(spec.name, spec.label or said, f"{said}, 0 to 1.", criterion="value")
    nobody = {spec.name: pa.nulls(0, pa.float64()), f"{spec.name}_reasons": NO_REASONS}
    if find_spec("sklearn") is None:
        card |= {"used": False, "reason": WITHOUT}
        return Foreseen(pa.array([], pa.int64()), nobody, (told,), (card,))
    from carpel.stages.predictions.learned import about, columns, reasons_of, row_of
    from carpel.stats.contrasts import contrasts
    from carpel.stats.yes_no import learn

    them = (accounts if spec.unit == "account" else persons)(line, spec)
    read, unseen = _seen(columns(them.traits), them)
    rows = _drawn(them)
    asked = [each.take(rows) for each in read]
    found = learn(asked, them.best[rows], trusted=spec.trusted)
    profile = contrasts(
        [each for each in asked if each.name in found.card.columns], them.best[rows] > 0
    )
    more = about(found) | {"best": them.said, "profile": [asdict(each) for each in profile]}
    more["left_out"] += [{"column": name, "reason": why} for name, why in unseen.items()]
    card |= row_of(found)
    if found.model is None:
        card["card"] = json.dumps(more)
        return Foreseen(pa.array([], pa.int64()), nobody, (told,), (card,))
    chances = found.model.chances(read)
    chances[rows] = found.held_out
    fits = _fits(chances, them, rows)
    card["card"] = json.dumps(more | {"fits": fits})
    reasons = reasons_of(found.model, read, chances, labels(line))
    mine = pa.array(them.row_of)
    cells = {spec.name: pa.array(chances).take(mine), f"{spec.name}_reasons": reasons.take(mine)}
    return Foreseen(pa.array(them.customers), cells, (told,), (card,))


def _seen(read: "list[Column]", them: Candidates) -> "tuple[list[Column], dict[str, str]]":
    """Columns that are known of those who have not bought as well, and why others are not."""
    others = ~them.compared
    if not others.any():
        return read, {}
    unseen = {
        each.name: "hardly known of those who have not bought"
        for each in read
        if _known(each.values[others]) < SEEN * _known(each.values[them.compared])
    }
    return [each for each in read if each.name not in unseen], unseen


def _known(values: Floats) -> float:
    return float((~np.isnan(values)).mean()) if len(values) else 0.0


def _drawn(them: Candidates) -> NDArray[np.int64]:
    rows = np.flatnonzero(them.compared)
    if len(rows) <= SAMPLE:
        return rows
    return np.sort(np.random.default_rng(len(rows)).choice(rows, SAMPLE, replace=False))


def _fits(chances: Floats, them: Candidates, rows: NDArray[np.int64]) -> list[dict[str, Any]]:
    """By how ideal customers look to a model that has not seen them: how many of them are among the
    best, and how many others look so."""
    customers, best = chances[rows], them.best[rows] > 0
    others = chances[~them.compared]
    found, above, before = [], np.inf, 1.0
    for share in BANDS:
        least = float(np.quantile(customers, share)) if share else -np.inf
        here = (customers >= least) & (customers < above)
        having, n = int(best[here].sum()), int(here.sum())
        low, high = wilson(having, n)
        found.append(
            {
                "above": 1 - before,
                "top": 1 - share,
                "chance": max(least, 0.0),
                "customers": n,
                "best": having / n if n else None,
                "low": low,
                "high": high,
                "others": int(((others >= least) & (others < above)).sum()),
            }
        )
        above, before = least, share
    return found
