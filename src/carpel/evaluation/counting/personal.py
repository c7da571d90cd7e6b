"""The rows of one customer, and which conditions each of them meets.

Of a stored row that is looked up by the numbers of its values; the values of fresh rows are asked
of anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree
from carpel.evaluation.counting.rows import Array, Column
from carpel.evaluation.counting.told import told

Thing = exp.Column


@dataclass(frozen=True)
class Fresh:
    """Rows that no build holds yet."""

    at: Array
    keys: Array
    values: Mapping[Thing, pa.Array]


@dataclass(frozen=True)
class Did:
    """The rows of one customer, and which conditions each of them meets."""

    at: Array
    keys: Array
    true: Array
    known: Array
    stored: Array
    """The places of those that are not fresh."""
    fresh: Fresh | None
    things: dict[tuple[int, bool | None], Column] = field(default_factory=dict)
    """What is counted of each row, as it was asked for."""

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.at)


@dataclass(frozen=True)
class Lookup:
    """What each value of a property says of some conditions; the last is the missing one."""

    name: Thing
    places: Array
    conditions: Sequence[Tree]
    true: Array
    known: Array


def looked_up(
    name: Thing, places: Array, values: pa.Array, conditions: Sequence[Tree], engine: Engine
) -> Lookup:
    """Ask what these values say of conditions on the column `it`; `places` are the conditions'."""
    flags = told(values, conditions, engine)
    every = np.ones(len(values) + 1, bool)
    known = [every if each.there is None else each.there for each in flags]
    true = np.stack([each.values for each in flags], axis=1)
    return Lookup(name, places, conditions, true, np.stack(known, axis=1))
