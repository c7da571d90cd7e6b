"""How figures compare: as numbers, or by the few different values of anything else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow.compute import is_in
from pyroaring import BitMap
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query, table
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock, edges
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


TEMPORAL = frozenset({"before", "after", "on", "during", "in_last", "in_next", "older_than",
                      "not_in_last", "lt", "le", "gt", "ge", "eq", "between"})  # fmt: skip


def dated(values: Column, comparison: Comparison, kind: str, clock: Clock) -> Flags:
    """Compare days (since 1970) or instants (microseconds), by one of the words of `TEMPORAL`.

    As `evaluation.comparisons` says it of expressions: by stretches of time.
    """
    stretches = edges(kind, comparison, clock)
    start, end = (_number(each) for each in (stretches[0][0], stretches[-1][1]))
    of, word = values.values, comparison.operator
    if word in ("lt", "before", "older_than"):
        held = of < start
    elif word in ("gt", "after"):
        held = of >= end
    elif word in ("le", "ge"):
        held = of < end if word == "le" else of >= start
    else:
        held = ((of >= start) & (of < end)) == (word != "not_in_last")
    return Flags(held if values.there is None else held & values.there, values.there)


def _number(value: date) -> int:
    """A day or an instant as a number."""
    if isinstance(value, datetime):
        return (value - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001
    return value.toordinal() - date(1970, 1, 1).toordinal()


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


ORDERED = frozenset(_SIGNS)


def ranked(values: Column, operator: str, others: Array) -> Flags:
    """The same of numbers each with another one, by one of the words of `ORDERED`."""
    found: Array = _SIGNS[operator](values.values, others)
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
    conditions = [atom.holds(column("it"), catalogue) for atom in atoms]
    return told(values, conditions, catalogue.engine)


def told(values: pa.Array, conditions: Sequence[Tree], engine: Engine) -> list[Flags]:
    """The same of conditions on the column `it`; the simplest need no engine."""
    found = [_at_once(values, each) for each in conditions]
    asked = [each for each, known in zip(conditions, found, strict=True) if known is None]
    rest = iter(_asked(values, asked, engine) if asked else ())
    return [next(rest) if known is None else known for known in found]


def _at_once(values: pa.Array, condition: Tree) -> Flags | None:
    """Which texts are one of some, which numbers are larger than one; None for anything else."""
    if not isinstance(condition.this, exp.Column):
        return None
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        held = _listed(values, condition)
    else:
        held = _ranked(values, condition)
    if held is None:
        return None
    there = plain(pa.chunked_array([values.is_valid()])).values
    return Flags(np.append(held & there, False), np.append(there, False))


def _listed(values: pa.Array, condition: Tree) -> Array | None:
    if not isinstance(condition, exp.EQ | exp.In):
        return None
    listed = [condition.expression] if isinstance(condition, exp.EQ) else condition.expressions
    if not listed or not all(isinstance(each, exp.Literal) and each.is_string for each in listed):
        return None
    wanted = pa.array([each.this for each in listed], values.type)
    return plain(pa.chunked_array([is_in(values, wanted)])).values


_ORDERS: Mapping[type[exp.Expr], str] = {exp.LT: "lt", exp.LTE: "le", exp.GT: "gt", exp.GTE: "ge"}


def _ranked(values: pa.Array, condition: Tree) -> Array | None:
    right = condition.args.get("expression")
    if not isinstance(right, exp.Literal) or right.is_string or type(condition) not in _ORDERS:
        return None
    if not pa.types.is_float64(values.type):
        return None
    of: Array = plain(pa.chunked_array([values])).values
    found: Array = _SIGNS[_ORDERS[type(condition)]](of, float(right.this))
    return found


def _asked(values: pa.Array, conditions: Sequence[Tree], engine: Engine) -> list[Flags]:
    numbered = pa.table({"number": range(len(values) + 1), "it": _with_missing(values)})
    engine.register(DIFFERENT, numbered)
    rows = engine.fetch(
        query(
            "SELECT :verdicts FROM :t ORDER BY number",
            verdicts=[aliased(each, f"a{index}") for index, each in enumerate(conditions)],
            t=table(DIFFERENT),
        )
    )
    engine.drop(DIFFERENT)
    return [_flags(each) for each in rows.columns]


def places(codes: Column) -> Array:
    """Where the verdicts on values are, by their codes: the last is that on what is not there."""
    known: Array = codes.values.astype(np.intp)
    return known if codes.there is None else np.where(codes.there, known, -1)


def _with_missing(values: pa.Array) -> pa.Array:
    return pa.concat_arrays([values, pa.nulls(1, values.type)])


def _flags(verdicts: pa.ChunkedArray) -> Flags:
    flags = plain(verdicts)
    held = flags.values if flags.there is None else flags.values & flags.there
    return Flags(held, flags.there)
