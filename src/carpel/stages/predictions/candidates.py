"""Who is held against the best, people or accounts, and by what that was there before buying."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.engine.query import aliased, column, literal, query
from carpel.evaluation import Evaluator
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.units import belongings
from carpel.language import Node, references
from carpel.specs import FactorsTrait, IdealPrediction, ScaleTrait
from carpel.specs.trait import origins
from carpel.stages.base import Line
from carpel.stages.predictions.moments import labels, people

VALUES = ("spend_365d", "recurring_revenue_monthly")
"""What somebody is worth where the project does not say, the first that anybody has."""
BEFORE = ("demographic", "geographic", "psychographic")
"""Criteria of what is so whether somebody buys or not."""
GROWS = ("account_people",)
"""What is counted from the people that are known, so more of it of customers."""
NUMBERS = ("BIGINT", "INTEGER", "DOUBLE", "HUGEINT", "SMALLINT", "TINYINT", "FLOAT", "DECIMAL")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """People or accounts, a row each: traits, who is compared, and 1 for the best of these.

    `customers` are keys of people, and `row_of` the row that each of them has.
    """

    traits: pa.Table
    compared: NDArray[np.bool_]
    best: Floats
    customers: Ints
    row_of: Ints
    said: str
    """Who the best are, in words."""


def persons(line: Line, spec: IdealPrediction) -> Candidates:
    """Everybody, by traits that do not come from buying."""
    now = people(line, None)
    evaluator = Evaluator(line.engine, as_of=line.as_of or now.at, zone=line.zone)
    value, called = _worth(now.traits, spec)
    told = now.traits.select(_telling(line, spec, now.traits.column_names, called))
    compared, best, said = _best(evaluator, now.customers, value, _label(line, called), spec)
    return Candidates(told, compared, best, now.customers, np.arange(len(now.customers)), said)


def accounts(line: Line, spec: IdealPrediction) -> Candidates:
    """Every account that has people, by what sources state of it; its value is theirs together."""
    now = people(line, None)
    evaluator = Evaluator(line.engine, as_of=line.as_of or now.at, zone=line.zone)
    stated = _stated_of_accounts(line)
    named = {each: name for each, name in stated.items() if name not in spec.without}
    pairs = line.engine.fetch(
        query("SELECT customer, account FROM :b AS b", b=belongings(evaluator.catalogue))
    )
    customers, homes = (pairs.column(each).to_numpy() for each in ("customer", "account"))
    there = np.isin(customers, now.customers)
    customers, homes = customers[there], homes[there]
    keys, row_of = np.unique(homes, return_inverse=True)
    told = _facts(line, named, keys)
    value, called = _worth(now.traits, spec)
    theirs = np.nan_to_num(value[np.searchsorted(now.customers, customers)])
    whole = np.bincount(row_of, weights=theirs, minlength=len(keys)).astype(np.float64)
    compared, best, said = _best(evaluator.of_accounts(), keys, whole, _label(line, called), spec)
    first = np.unique(customers, return_index=True)[1]
    return Candidates(told, compared, best, customers[first], row_of[first], said)


def _worth(traits: pa.Table, spec: IdealPrediction) -> tuple[Floats, str]:
    """What each is worth, and by which trait; of nobody anything where there is none."""
    for name in (spec.by,) if spec.by else VALUES:
        if name in traits.column_names and pa.types.is_floating(traits.column(name).type):
            found = traits.column(name).to_numpy().astype(np.float64)
            if spec.by or np.nansum(found) > 0:
                return found, str(name)
    return np.full(traits.num_rows, np.nan), spec.by or ""


def _label(line: Line, trait: str) -> str:
    return labels(line).get(trait) or trait


def _best(
    evaluator: Evaluator, keys: Ints, value: Floats, called: str, spec: IdealPrediction
) -> tuple[NDArray[np.bool_], Floats, str]:
    """Who is compared, and 1 for the best among them."""
    bought = np.nan_to_num(value) > 0
    compared = _holding(evaluator, spec.among, keys) if spec.among else bought
    if spec.like is not None:
        listed = _holding(evaluator, spec.like, keys)
        compared = (compared if compared.any() else np.ones(len(keys), bool)) | listed
        return compared, listed.astype(np.float64), "those of the list"
    if not called or not compared.any():
        return compared, np.zeros(len(keys)), "nobody: nothing says what anybody is worth"
    rank = np.where(compared, np.nan_to_num(value), -np.inf)
    least = np.quantile(rank[compared], 1 - spec.share)
    best = (rank >= least) & (rank > np.median(rank[compared]))
    return compared, best.astype(np.float64), f"{called} from {least:,.6g} on"


def _holding(evaluator: Evaluator, rule: Node, keys: Ints) -> NDArray[np.bool_]:
    return np.isin(keys, np.asarray(to_keys(evaluator.sets(rule).yes), np.int64))


def _telling(line: Line, spec: IdealPrediction, names: Collection[str], value: str) -> list[str]:
    """Traits that are so whether somebody buys or not."""
    rows = line.engine.fetch(query('SELECT trait, criterion, "table" FROM traits')).to_pylist()
    never = {value, *spec.without, *(each.name for each in _asked(spec))}
    firm = set(_stated_of_accounts(line).values())
    return [
        row["trait"]
        for row in rows
        if row["trait"] in names
        and row["trait"] not in never
        and (row["trait"] in {*spec.trusted, *firm} or _before(line, row))
    ]


def _asked(spec: IdealPrediction) -> list[Any]:
    rules = [each for each in (spec.like, spec.among) if each is not None]
    return [found for rule in rules for found in references(rule) if found.kind == "trait"]


def _before(line: Line, row: Mapping[str, Any]) -> bool:
    own = origins(line.definitions.traits).get(row["trait"])
    if own is not None:
        return isinstance(line.definitions.traits[own], ScaleTrait | FactorsTrait)
    if row["table"] == "contacts":
        return bool(row["criterion"] != "value")
    return row["criterion"] in BEFORE and row["trait"] not in GROWS


def _stated_of_accounts(line: Line) -> dict[str, str]:
    """Plain facts stated about accounts: the column, and the trait of their people that it is."""
    if not line.table_files("accounts"):
        return {}
    plain = {name for (name,) in line.engine.rows(
        query("SELECT trait FROM traits WHERE sensitivity = 'plain'")
    )}  # fmt: skip
    found = {}
    for each in line.engine.columns("accounts"):
        if each.startswith("t_"):
            bare = each.removeprefix("t_")
            name = f"account_{bare}" if f"account_{bare}" in plain else bare
            if name in plain:
                found[each] = name
    return found


def _facts(line: Line, named: Mapping[str, str], keys: Ints) -> pa.Table:
    """A row an account in the order of the keys: figures as DOUBLE, everything else as words."""
    kinds = line.engine.columns("accounts")
    cells = [aliased(_cell(each, kinds[each]), name) for each, name in named.items()]
    line.engine.register("asked_for", pa.table({"account": keys}))
    found = line.engine.fetch(
        query(
            """SELECT k.account, :cells FROM asked_for AS k
               LEFT JOIN accounts AS a ON a.account = k.account ORDER BY k.account""",
            cells=cells or [aliased(literal(0), "nothing")],
        )
    )
    line.engine.drop("asked_for")
    return found.drop(["account", *(["nothing"] if not cells else [])])


def _cell(name: str, kind: str) -> Any:
    if kind.split("(")[0] in NUMBERS:
        return query("CAST(:it AS DOUBLE)", it=column(name, "a"))
    if kind == "BOOLEAN":
        return query("CASE WHEN :it THEN 'yes' WHEN NOT :it THEN 'no' END", it=column(name, "a"))
    return query("CAST(:it AS VARCHAR)", it=column(name, "a"))
