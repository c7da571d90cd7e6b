"""What traits are like in groups of people: sizes, means and variances, all in one product."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.base import Engine
from carpel.engine.query import column, literal, query
from carpel.evaluation.facts import Facts
from carpel.evaluation.totals import Floats, Keys, totals

VALUES = 20
"""The commonest values of a category are looked at, each if it has at least a hundredth."""
FEWEST = 5
"""People that a value of a category has at least."""
EXACT, DIGITS = 12, 9
"""Means and variances have so many significant digits: what hangs on the order in which an engine
adds rows up is cut off where it arises."""
NOTHING, CANCELLED = 1e-9, 1e-12
"""A mean or variance below this is 0: numbers that cancel out leave such crumbs. So is a variance
that is so small a part of what it is the rest of."""
BEYOND = 1e150
"""Figures as large as this count as not known: no number holds what their squares add up to."""

Common = dict[str, dict[str, int]]
"""By category: its common values, and how many people have each; and all known as `""`."""
KNOWN = ""


@dataclass(frozen=True)
class Measured:
    """One trait, or one value of a category, in one group; None: among everybody."""

    group: int | None
    trait: str
    value: str | None
    n: int
    """People of the group of whom the trait is known."""
    mean: float
    """Of a value: the share of those people who have it."""
    variance: float
    """Divided by n."""


def moments(
    engine: Engine, sets: Sequence[BitMap], facts: Facts, common: Common
) -> Iterator[Measured]:
    """Measure the table `facts` among everybody and in each set, whose place is its number.

    Sets with nobody of whom a trait is known have no row for it; nor have values that are not
    `common`.
    """
    rows = _read(engine, facts, common)
    whole = BitMap(rows.people)
    sums = totals(rows.people, rows.columns, [whole, *sets])
    for number, row in enumerate(sums):
        yield from _measured(number - 1 if number else None, rows, row)


def common_values(engine: Engine, categories: Sequence[str]) -> Common:
    """The values of categories that are worth telling: at most 20, none rarer than a hundredth."""
    found: Common = {}
    for trait in categories:
        counts = dict(
            engine.rows(
                query(
                    """SELECT :it, count(*) FROM facts WHERE :it IS NOT NULL AND :it <> ''
                       GROUP BY 1""",
                    it=column(trait),
                )
            )
        )
        known = sum(counts.values())
        ranked = sorted(counts, key=lambda value: (-counts[value], value))[:VALUES]
        kept = {each: counts[each] for each in ranked if counts[each] >= max(known / 100, FEWEST)}
        if kept:
            found[trait] = {**kept, KNOWN: known}
    return found


@dataclass(frozen=True)
class _Rows:
    """The facts of everybody by ascending key: figures from their middle, NaN where not known,
    and of each category the place of the value, -1 where not known."""

    people: Keys
    figures: Floats
    middles: Floats
    names: Sequence[str]
    places: Mapping[str, NDArray[np.int16]]
    values: Mapping[str, Sequence[str]]

    def columns(self, block: slice) -> Floats:
        """Of each figure whether it is known, itself and its square; of each category whether it
        is known, and whether it is each of its values."""
        figures = self.figures[block]
        known = ~np.isnan(figures)
        there = np.where(known, figures, 0.0)
        flags = [
            places[block, None] >= 0 if number < 0 else places[block, None] == number
            for name, places in self.places.items()
            for number in range(-1, len(self.values[name]))
        ]
        return np.hstack([known, there, there * there, *flags], dtype=np.float64)


def _read(engine: Engine, facts: Facts, common: Common) -> _Rows:
    """A column at a time of texts: they take most of the memory."""
    numbers = [column(each, "facts") for each in facts.numbers]
    rows = engine.fetch(query("SELECT customer, :cells FROM facts ORDER BY customer",
                              cells=numbers or [literal(0)]))  # fmt: skip
    cells = [_floats(rows.column(number + 1)) for number in range(len(numbers))]
    people = rows.column(0).to_numpy().astype(np.int64)
    figures = np.stack(cells, axis=1) if cells else np.zeros((len(people), 0))
    middles = np.array([np.median(each[~np.isnan(each)]) if (~np.isnan(each)).any() else 0.0
                        for each in cells])  # fmt: skip
    values = {trait: [each for each in found if each != KNOWN] for trait, found in common.items()}
    places = {trait: _coded(engine, trait, listed) for trait, listed in values.items()}
    return _Rows(people, figures - middles, middles, facts.numbers, places, values)


def _floats(cells: pa.ChunkedArray) -> Floats:
    found: Floats = pc.fill_null(cells, float("nan")).to_numpy()
    return np.where(np.abs(found) < BEYOND, found, np.nan)


def _coded(engine: Engine, trait: str, values: Sequence[str]) -> NDArray[np.int16]:
    """Which of the values each person has; one more for any other, -1 for none."""
    it = column(trait, "facts")
    rows = engine.fetch(query("SELECT :it AS it FROM facts ORDER BY customer", it=it)).column(0)
    place = pc.fill_null(pc.index_in(rows, value_set=pa.array(values, rows.type)), len(values))
    unknown = pc.fill_null(pc.equal(rows, ""), fill_value=True)
    found: NDArray[np.int16] = pc.if_else(unknown, -1, place).to_numpy().astype(np.int16)
    return found


def _measured(group: int | None, rows: _Rows, sums: Floats) -> Iterator[Measured]:
    size = len(rows.names)
    counts, first, second = (sums[each * size : (each + 1) * size] for each in range(3))
    for name, n, one, two, middle in zip(
        rows.names, counts, first, second, rows.middles, strict=True
    ):
        if n:
            off, square = one / n, two / n
            variance = square - off * off
            variance = variance if variance > CANCELLED * square else 0.0
            yield Measured(group, name, None, round(n), _settled(middle + off), _settled(variance))
    flags = iter(sums[3 * size :])
    for name, values in rows.values.items():
        known, counted = round(next(flags)), [next(flags) for _ in values]
        for value, count in zip(values, counted, strict=True):
            if known:
                share = count / known
                yield Measured(group, name, value, known, share, share * (1 - share))


def _settled(figure: float) -> float:
    """Cut twice: what lies just at the edge of two figures is put there by the first cut."""
    if not figure or abs(figure) < NOTHING:
        return 0.0
    return float(f"{float(f'{figure:.{EXACT}g}'):.{DIGITS}g}")
