"""Traits that may be told of everybody: which they are, and their values as columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from carpel.engine.query import column, literal, query
from carpel.errors import CarpelError, NotFound
from carpel.evaluation.facts import UNMEASURED, lay
from carpel.verbs.reader import Reader


def plain_traits(reader: Reader) -> dict[str, dict[str, Any]]:
    """Their rows of the table `traits`, by name."""
    rows = reader.dicts(
        query(
            """SELECT * FROM traits WHERE sensitivity = 'plain'
               AND type IN ('number', 'integer', 'boolean', 'text')
               AND trait NOT IN (:unmeasured) ORDER BY trait""",
            unmeasured=[literal(each) for each in UNMEASURED],
        )
    )
    return {row["trait"]: row for row in rows}


def plain_trait(reader: Reader, trait: str) -> dict[str, Any]:
    """One of them; raises NotFound, or CarpelError for one that is personal."""
    rows = plain_traits(reader)
    if trait in rows:
        return rows[trait]
    if trait in reader.evaluator.catalogue.traits:
        raise CarpelError(
            f"{trait} is personal, or neither a figure nor a category: it is not described.",
            action="carpel ls traits",
        )
    raise NotFound("trait", trait, rows)


def values_of(reader: Reader, traits: Sequence[str]) -> dict[str, Any]:
    """Keys and traits of everybody: figures as floats (yes is 1), texts as objects."""
    facts = lay(reader.engine, reader.evaluator.catalogue.clock, traits)
    kinds = reader.evaluator.catalogue.traits
    data = reader.engine.fetch(
        query(
            "SELECT customer, :cells FROM facts ORDER BY customer",
            cells=[column(t) for t in traits],
        )
    )
    reader.engine.drop("facts")
    found: dict[str, Any] = {"customer": np.asarray(data.column("customer").to_numpy())}
    for each in traits:
        cells = data.column(each).to_numpy(zero_copy_only=False)
        if kinds[each][0] == "boolean":
            cells = np.array([{"yes": 1.0, "no": 0.0}.get(cell, np.nan) for cell in cells])
        is_figure = each in facts.numbers or kinds[each][0] == "boolean"
        found[each] = np.asarray(cells, np.float64 if is_figure else object)
    return found
