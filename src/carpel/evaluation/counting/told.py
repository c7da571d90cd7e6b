"""How the different values of a property compare: the engine says it, once for each."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
from pyarrow.compute import is_in
from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query, table
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.counting.rows import Array, Column, plain
from carpel.evaluation.counting.verdicts import (
    SIGNS,
    TEMPORAL,
    Flags,
    comparable,
    compared,
    dated,
)
from carpel.evaluation.measures import Atom
from carpel.language import Comparison

DIFFERENT = "different_values"


def of_different(values: pa.Array, atoms: list[Atom], catalogue: Catalogue) -> list[Flags]:
    """The verdicts of atoms of one kind on a few values, in the engine's own sense.

    One more than there are values: the last is that on a missing one.
    """
    found = [_as_numbers(values, each, catalogue) for each in atoms]
    asked = [each for each, known in zip(atoms, found, strict=True) if known is None]
    conditions = [each.holds(column("it"), catalogue) for each in asked]
    rest = iter(told(values, conditions, catalogue.engine) if asked else ())
    return [next(rest) if known is None else known for known in found]


def _as_numbers(values: pa.Array, atom: Atom, catalogue: Catalogue) -> Flags | None:
    """How numbers, days and instants compare; None for anything else."""
    comparison, kind = atom.comparison, atom.measure.kind
    if not isinstance(comparison, Comparison) or values.type != NUMBERED.get(kind):
        return None
    there = np.append(np.ones(len(values), bool), False)
    if comparable(comparison, kind):
        return compared(Column(_with_any(values), there), comparison, kind)
    if kind in ("date", "instant") and comparison.operator in TEMPORAL:
        return dated(
            Column(_with_any(values), there), comparison, kind, catalogue.clock_of(atom.zone)
        )
    return None


NUMBERED = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "instant": pa.timestamp("us"),
}
"""Kinds whose values are numbers, when they are stored so: days and microseconds since 1970."""


def _with_any(values: pa.Array) -> Array:
    numbers = values.cast(pa.int32()) if pa.types.is_date32(values.type) else values
    return np.append(plain(pa.chunked_array([numbers])).values, 0)


def told(values: pa.Array, conditions: Sequence[Tree], engine: Engine) -> list[Flags]:
    """The same of conditions on the column `it`; the simplest need no engine."""
    there = np.append(plain(pa.chunked_array([values.is_valid()])).values, False)
    held = _at_once(values)
    found = [held(each) for each in conditions]
    asked = [each for each, known in zip(conditions, found, strict=True) if known is None]
    rest = iter(_asked(values, asked, engine) if asked else ())
    return [
        next(rest) if known is None else Flags(np.append(known, False) & there, there)
        for known in found
    ]


def _at_once(values: pa.Array) -> Callable[[Tree], Array | None]:
    """Says which texts are one of some, which numbers larger than one; None for anything else."""
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return partial(_listed, values)
    if pa.types.is_float64(values.type):
        return partial(_ranked, plain(pa.chunked_array([values])).values)
    return lambda _condition: None


def _listed(values: pa.Array, condition: Tree) -> Array | None:
    if not isinstance(condition, exp.EQ | exp.In) or not isinstance(condition.this, exp.Column):
        return None
    listed = [condition.expression] if isinstance(condition, exp.EQ) else condition.expressions
    if not listed or not all(isinstance(each, exp.Literal) and each.is_string for each in listed):
        return None
    wanted = pa.array([each.this for each in listed], values.type)
    return plain(pa.chunked_array([is_in(values, wanted)])).values


_ORDERS: Mapping[type[exp.Expr], str] = {exp.LT: "lt", exp.LTE: "le", exp.GT: "gt", exp.GTE: "ge"}


def _ranked(values: Array, condition: Tree) -> Array | None:
    right = condition.args.get("expression")
    if not isinstance(right, exp.Literal) or right.is_string or type(condition) not in _ORDERS:
        return None
    if not isinstance(condition.this, exp.Column):
        return None
    found: Array = SIGNS[_ORDERS[type(condition)]](values, float(right.this))
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


def _with_missing(values: pa.Array) -> pa.Array:
    return pa.concat_arrays([values, pa.nulls(1, values.type)])


def _flags(verdicts: pa.ChunkedArray) -> Flags:
    flags = plain(verdicts)
    held = flags.values if flags.there is None else flags.values & flags.there
    return Flags(held, flags.there)
