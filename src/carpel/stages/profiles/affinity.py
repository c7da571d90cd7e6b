"""Affinity traits: what somebody chooses far more often than everybody does."""

from collections.abc import Mapping
from importlib.util import find_spec

import numpy as np
import pyarrow as pa

from carpel.engine.query import Tree, column, query
from carpel.errors import MissingExtra
from carpel.evaluation.windows import shift
from carpel.language import period
from carpel.specs import AffinityTrait, Trait
from carpel.stages.profiles.entry import Entry
from carpel.stages.profiles.relations import Relations
from carpel.stats.shares import beyond_share

FALSE = 0.05
FEWEST = 3
"""Days on which somebody chose it, at least."""
TABLES = ("affinity_days", "affinity_found")


def affinities(relations: Relations, traits: Mapping[str, Trait]) -> dict[str, list[Entry]]:
    """Compute affinity traits; entries by the name of their rows, as `aggregates` gives them."""
    made: dict[str, list[Entry]] = {}
    for name, trait in traits.items():
        if isinstance(trait, AffinityTrait):
            if not find_spec("scipy"):
                raise MissingExtra("science", "affinity traits")
            rows = f"affinity_{name}"
            relations.engine.create(f"figures_{rows}", _figures(relations, trait))
            for each in TABLES:
                relations.engine.drop(each)
            made[rows] = [_entry(trait)]
    return made


def _entry(trait: AffinityTrait) -> Entry:
    label = trait.label or trait.name.replace("_", " ").capitalize()
    said = f"The {trait.property.replace('_', ' ')} they choose most beyond what everybody does."
    return Entry(trait.name, label, trait.meaning or said, trait.criterion, "text", "own", "")


def _figures(relations: Relations, trait: AffinityTrait) -> Tree:
    engine = relations.engine
    rows = relations.event(trait.event, (trait.property,))
    if rows is None or trait.property not in relations.columns(rows):
        return query(
            "SELECT NULL::BIGINT AS customer, NULL::VARCHAR AS :it WHERE false",
            it=column(trait.name),
        )
    engine.create("affinity_days", _days(relations, trait, rows))
    found = engine.fetch(query(PAIRS))
    inside, of, share = (
        found.column(each).to_numpy().astype(np.float64) for each in ("inside", "whole", "share")
    )
    people, things = (len(found.column(each).unique()) for each in ("customer", "value"))
    q = beyond_share(inside, of, share, people * things)
    kept = pa.array((q < FALSE) & (inside >= FEWEST))
    engine.register(
        "affinity_found",
        found.select(["customer", "value"]).append_column("q", pa.array(q)).filter(kept),
    )
    return query(
        "SELECT customer, arg_min(value, struct_pack(q := q, value := value)) AS :it "
        "FROM affinity_found GROUP BY customer",
        it=column(trait.name),
    )


def _days(relations: Relations, trait: AffinityTrait, rows: Tree) -> Tree:
    """A row a person, value and day: several lines of one basket are one choice."""
    since = None
    if trait.within:
        since = shift(relations.line.moment, period(trait.within), relations.line.zone)
    return query(
        """SELECT DISTINCT customer, CAST(:it AS VARCHAR) AS value, local_date FROM :rows AS e
           WHERE :it IS NOT NULL AND coalesce(at > :since, true)""",
        it=column(trait.property, "e"),
        rows=rows,
        since=since,
    )


PAIRS = """
WITH chosen AS (SELECT customer, value, count(*) AS inside FROM affinity_days GROUP BY ALL),
     everybody AS (SELECT value, sum(inside) / (SELECT count(*) FROM affinity_days) AS share
                   FROM chosen GROUP BY value),
     each_one AS (SELECT customer, sum(inside) AS whole FROM chosen GROUP BY customer)
SELECT c.customer, c.value, c.inside, o.whole, e.share
FROM chosen AS c JOIN everybody AS e ON e.value = c.value
JOIN each_one AS o ON o.customer = c.customer ORDER BY c.customer, c.value"""
"""Of each person and value met: days, days of all values, and everybody's share of the value."""
