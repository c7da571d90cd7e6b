"""What sets the companies or households of a segment apart from all others."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import literal, query
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.facts import UNMEASURED, facts_of
from carpel.evaluation.units import belongings
from carpel.language import references
from carpel.stats.contrasts import Contrast, contrasts
from carpel.stats.relation import rank_correlation
from carpel.stats.tails import Floats
from carpel.stats.yes_no.columns import Column, categories, numbers
from carpel.values.sensitive import personal, special
from carpel.verbs.reader import Reader

MOST = 12
TWIN = 0.9
"""Correlation of ranks from which two figures say the same."""
KNOWN = 0.5
"""Share of people of whom a figure is known at least, to be averaged by account."""
Rows = list[dict[str, Any]]


def accounts_apart(reader: Reader, segment: str) -> Rows:
    """Clear differences between the accounts of a segment and all others, the largest first.

    By what sources state of accounts, how many people each has, and the means of their people's
    figures; what the segment's rule asks for is left out. Rows as `stats.contrasts.Contrast`, with
    a `label`.
    """
    members = reader.account_segments[segment]["members"]
    keys = np.asarray(to_keys(_every(reader)), np.int64)
    inside = np.isin(keys, np.asarray(to_keys(members), np.int64))
    spec = reader.definitions.segments.get(segment)
    asked = {each.name for each in references(spec.rule, account=True)} if spec else set()
    columns = [*_stated(reader, keys), *_of_people(reader, keys)]
    kept = [each for each in columns if not _asks(asked, each.name)]
    told = _each_once(contrasts(kept, inside, most=len(kept) + MOST), kept)
    return [{**asdict(each), "label": _label(reader, each.column)} for each in told[:MOST]]


def _each_once(told: Sequence[Contrast], columns: Sequence[Column]) -> list[Contrast]:
    """Without figures that say what a clearer one says already."""
    values = {each.name: each.values for each in columns if not each.levels}
    kept: list[Contrast] = []
    for each in told:
        twins = (other.column for other in kept if other.column in values)
        if each.value or not any(_alike(values[each.column], values[other]) for other in twins):
            kept.append(each)
    return kept


def _alike(one: Floats, other: Floats) -> bool:
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < 3 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return False
    return abs(rank_correlation(one[both], other[both])) > TWIN


def _every(reader: Reader) -> BitMap:
    return reader.account_evaluator.universe


def _asks(asked: Collection[str], name: str) -> bool:
    """Whether the rule asks for this, or for another figure of the same."""
    bare = name.removeprefix("mean_")
    return any(each == name or each.partition("_")[2] == bare for each in asked)


def _stated(reader: Reader, keys: np.ndarray) -> list[Column]:
    """What sources state of accounts."""
    kinds = reader.engine.columns("accounts")
    found = reader.engine.fetch(query("SELECT * FROM accounts ORDER BY account"))
    place = {each: at for at, each in enumerate(found.column("account").to_pylist())}
    rows = pa.array([place.get(each) for each in keys.tolist()], pa.int64())
    columns = []
    for each in kinds:
        name = each.removeprefix("t_")
        if each.startswith("t_") and not personal(name) and not special(name):
            columns.append(_column(name, found.column(each).take(rows)))
    return columns


def _column(name: str, values: pa.ChunkedArray) -> Column:
    kind = values.type
    if pa.types.is_boolean(kind):
        words = {True: "yes", False: "no", None: None}
        return categories(name, [words[each] for each in values.to_pylist()])
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return numbers(name, values.cast(pa.float64()).to_numpy().astype(np.float64))
    return categories(name, [None if it is None else str(it) for it in values.to_pylist()])


def _of_people(reader: Reader, keys: np.ndarray) -> list[Column]:
    """How many people each account has, and the mean of each of their figures."""
    pairs = reader.engine.fetch(
        query("SELECT customer, account FROM :b AS b", b=belongings(reader.evaluator.catalogue))
    )
    customers, homes = (pairs.column(each).to_numpy() for each in ("customer", "account"))
    row = np.searchsorted(keys, homes)
    whose, at = np.unique(customers, return_inverse=True)
    facts = facts_of(reader.engine, reader.evaluator.catalogue.clock, _figures(reader), whose)
    found = [numbers("people", np.bincount(row, minlength=len(keys)))]
    for name in facts.column_names:
        values = facts.column(name).to_numpy().astype(np.float64)[at]
        known = ~np.isnan(values)
        count = np.bincount(row[known], minlength=len(keys))
        total = np.bincount(row[known], weights=values[known], minlength=len(keys))
        mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        found.append(numbers(f"mean_{name}", mean))
    return found


def _figures(reader: Reader) -> list[str]:
    rows = reader.engine.rows(
        query(
            """SELECT trait FROM traits
               WHERE sensitivity = 'plain' AND type IN ('number', 'integer')
                     AND known >= :least * "of" AND trait NOT IN (:never)
                     AND NOT starts_with(trait, 'account_') AND NOT starts_with(label, 'Company')
               ORDER BY trait""",
            least=KNOWN,
            never=[literal(each) for each in UNMEASURED],
        )
    )
    return [str(name) for (name,) in rows]


def _label(reader: Reader, name: str) -> str:
    bare = name.removeprefix("mean_")
    said = reader.labels.get(bare) or bare.replace("_", " ").capitalize()
    return f"{said}, mean of their people" if name != bare else said
