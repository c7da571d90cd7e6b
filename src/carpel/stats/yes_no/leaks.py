"""Columns that cannot be told from: nothing in them, a name, or the answer itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from carpel.stats.yes_no.columns import Bools, Column, Floats, Ints
from carpel.stats.yes_no.encoding import shared_levels
from carpel.stats.yes_no.folds import in_folds
from carpel.stats.yes_no.judging import auc

ALONE = 0.95
"""AUC of one column by itself from which it is more likely a consequence than a sign."""
PURE, ENOUGH = 0.99, 20
USUAL = 0.7
"""An answer so frequent that some rows are all of it by chance."""
CELLS = 32
ID_LIKE = 0.95


@dataclass(frozen=True)
class LeftOut:
    """A column that is not used, and why."""

    column: str
    reason: str
    leak: bool = False
    """It seems to know the answer."""


def left_out(
    columns: Sequence[Column],
    outcome: Bools,
    day: Floats | None,
    people: Ints,
    trusted: Collection[str] = (),
) -> tuple[LeftOut, ...]:
    """The columns to be left out, in their order; leaks are not sought in `trusted` ones."""
    found: list[LeftOut] = []
    seen: dict[tuple[object, ...], str] = {}
    for column in sorted(columns, key=lambda each: each.name):
        empty = _says_nothing(column) or _is_a_name(column, people) or _again(column, seen)
        leak = "" if empty or column.name in trusted else _leak(column, outcome, day, people)
        if empty or leak:
            found.append(LeftOut(column.name, empty or leak, bool(leak)))
    return tuple(found)


def _says_nothing(column: Column) -> str:
    known = column.values[~np.isnan(column.values)]
    if not len(known):
        return "nothing is known of anybody"
    if (known == known[0]).all() and len(known) == len(column.values):
        return f"it is the same for everybody ({column.shown(float(known[0]))})"
    if column.levels and not shared_levels(column):
        return f"none of its {len(np.unique(known)):,} values is shared by enough people"
    return ""


def _is_a_name(column: Column, people: Ints) -> str:
    """Words or whole numbers that differ for nearly everybody: who it is, not what they are like.

    Whole numbers are names when no two people share one and they follow each other, or when there
    are so many people that a quantity would repeat.
    """
    values = column.values[np.unique(people, return_index=True)[1]]
    known = values[~np.isnan(values)]
    different = len(np.unique(known))
    if len(known) < ENOUGH or different < ID_LIKE * len(known):
        return ""
    whole = bool((known == np.round(known)).all())
    follow = np.ptp(known) < 3 * len(known) or len(known) >= 1_000
    if column.levels or (whole and different == len(known) and follow):
        return "it differs for nearly everybody, like an id"
    return ""


def _again(column: Column, seen: dict[tuple[object, ...], str]) -> str:
    content = (column.values.tobytes(), column.levels)
    first = seen.setdefault(content, column.name)
    return f"it is the same as {first}" if first != column.name else ""


def _leak(column: Column, outcome: Bools, day: Floats | None, people: Ints) -> str:
    return (
        _known_later(column, day)
        or _the_outcome(column, outcome)
        or _known_only_if(column, outcome)
        or _separates(column, outcome, people)
    )


def _known_later(column: Column, day: Floats | None) -> str:
    if day is None or column.known_on is None:
        return ""
    late = int(((column.known_on > day) & ~np.isnan(column.values)).sum())
    return f"in {late:,} rows it was known only after the day of the profile" if late else ""


def _the_outcome(column: Column, outcome: Bools) -> str:
    """Two values, one for each answer; missing counts as a value."""
    values = np.where(np.isnan(column.values), np.inf, column.values)
    yes, no = np.unique(values[outcome]), np.unique(values[~outcome])
    same = len(yes) == 1 and len(no) == 1 and yes[0] != no[0]
    return "it says the outcome itself" if same else ""


def _known_only_if(column: Column, outcome: Bools) -> str:
    """A reason for leaving is asked of those who left."""
    missing = np.isnan(column.values)
    for answers, answer in ((outcome, "yes"), (~outcome, "no")):
        for rows, said in ((~missing, "known"), (missing, "missing")):
            pure = rows.sum() >= ENOUGH and answers[rows].mean() >= PURE
            if pure and answers.mean() <= USUAL:
                return f"it is {said} almost only where the outcome is {answer}"
    return ""


def _separates(column: Column, outcome: Bools, people: Ints) -> str:
    """By the share of yes in cells of the column, learned from other people."""
    cells = _cells(column)
    chances = np.zeros(len(outcome))
    part = in_folds(outcome, people, 5, seed=0)
    for fold in range(5):
        others, rows = part != fold, part == fold
        count = np.bincount(cells[others], minlength=cells.max() + 1)
        yes = np.bincount(cells[others], outcome[others], minlength=cells.max() + 1)
        base = outcome[others].mean()
        chances[rows] = ((yes + base) / (count + 1))[cells[rows]]
    area = auc(chances, outcome)[0]
    return f"alone it separates yes from no nearly perfectly (AUC {area:.3f})" * (area >= ALONE)


def _cells(column: Column) -> Ints:
    """Levels, or about equal numbers of people by value; missing is a cell of its own."""
    missing = np.isnan(column.values)
    if column.levels:
        return np.where(missing, len(column.levels), column.values).astype(np.int64)
    edges = np.unique(np.quantile(column.values[~missing], np.linspace(0, 1, CELLS + 1)[1:-1]))
    place = np.searchsorted(edges, column.values, side="right")
    found: Ints = np.where(missing, len(edges) + 1, place).astype(np.int64)
    return found
