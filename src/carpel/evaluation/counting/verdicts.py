"""How figures compare: as numbers, or by the few different values of anything else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import aliased, column, query, table
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.rows import Array, Column, plain
from carpel.evaluation.fitting import fitted
from carpel.evaluation.measures import Atom
from carpel.evaluation.sets import Sets
from carpel.language import Comparison

Flags = Column
"""Truth values, and of whom they are known."""
DIFFERENT = "different_values"


@dataclass(frozen=True)
class Among:
    """Whose verdicts are gathered."""

    customers: Callable[[Array], BitMap]
    """Those customers whose flag is true."""
    universe: BitMap
    others: BitMap
    """Those who have no flag."""

    def sets(self, held: Flags, of_others: Flags) -> Sets:
        """Who matches and of whom it is not known, by the flags of some and one of all others."""
        yes, unknown = self.customers(held.values) & self.universe, BitMap()
        if held.there is not None:
            unknown = self.customers(~held.there) & self.universe
        if of_others.there is not None and not of_others.there[0]:
            return Sets(yes, unknown | self.others)
        return Sets(yes | self.others if of_others.values[0] else yes, unknown)


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": lambda value, other: ~np.less_equal(value, other),  # so is what is no number, in SQL
    "ge": lambda value, other: ~np.less(value, other),
}
_LISTS = {"in": True, "any_of": True, "not_in": False, "none_of": False}


def comparable(comparison: Comparison, kind: str) -> bool:
    """Whether `compared` knows how numbers of this kind compare so."""
    simple = {*_SIGNS, *_LISTS, "between", "is_set", "is_missing"}
    return kind in ("integer", "number") and comparison.operator in simple


def compared(values: Column, comparison: Comparison, kind: str) -> Flags:
    """Compare numbers; what is missing stays unknown. Raises RuleError for what is no number."""
    operator = comparison.operator
    if operator in ("is_set", "is_missing"):
        there = np.ones(len(values.values), bool) if values.there is None else values.there
        return Flags(there if operator == "is_set" else ~there, None)
    given = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    right = [fitted(each, kind) for each in given]
    found = _holds(values.values, operator, right)
    return Flags(found if values.there is None else found & values.there, values.there)


def _holds(values: Array, operator: str, right: list[Any]) -> Array:
    found: Array
    if operator == "between":
        found = (values >= right[0]) & (values <= right[1])
    elif operator in _SIGNS:
        found = _SIGNS[operator](values, right[0])
    else:
        found = np.isin(values, right) == _LISTS[operator]
    return found


def of_different(values: pa.Array, atoms: list[Atom], catalogue: Catalogue) -> list[Flags]:
    """The verdicts of atoms of one kind on a few values, in the engine's own sense.

    One more than there are values: the last is that on a missing one.
    """
    engine = catalogue.engine
    numbered = pa.table({"number": range(len(values) + 1), "it": _with_missing(values)})
    engine.register(DIFFERENT, numbered)
    rows = engine.fetch(
        query(
            "SELECT :verdicts FROM :t ORDER BY number",
            verdicts=[
                aliased(atom.holds(column("it"), catalogue), f"a{index}")
                for index, atom in enumerate(atoms)
            ],
            t=table(DIFFERENT),
        )
    )
    engine.drop(DIFFERENT)
    return [_flags(each) for each in rows.columns]


def places(codes: Column) -> Array:
    """Where the verdicts on values are, by their codes: the last is that on what is not there."""
    known = codes.values if codes.there is None else np.where(codes.there, codes.values, -1)
    return known.astype(np.intp)


def _with_missing(values: pa.Array) -> pa.Array:
    return pa.concat_arrays([values, pa.nulls(1, values.type)])


def _flags(verdicts: pa.ChunkedArray) -> Flags:
    flags = plain(verdicts)
    held = flags.values if flags.there is None else flags.values & flags.there
    return Flags(held, flags.there)
