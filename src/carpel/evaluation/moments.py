"""What traits are like in groups of people: sizes, means and variances, in a few scans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import column, literal, query, table
from carpel.evaluation.facts import Facts

VALUES = 20
"""The commonest values of a category are looked at, each if it has at least a hundredth."""
FEWEST = 5
"""People that a value of a category has at least."""
EXACT, DIGITS = 12, 9
"""Means and variances have so many significant digits: what hangs on the order in which an engine
adds rows up is cut off where it arises."""
NOTHING = 1e-9
"""A mean or variance below this is 0: numbers that cancel out leave such crumbs."""

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


def moments(engine: Engine, groups: str, facts: Facts, common: Common) -> Iterator[Measured]:
    """Measure `facts` among everybody and in each group of the table `groups`.

    That table has a row a membership: `segment` (a number) and `customer`. Groups with nobody of
    whom a trait is known have no row for it; nor have values that are not `common`.
    """
    yield from _numbers(engine, groups, facts.numbers)
    for trait, values in common.items():
        yield from _shares(engine, groups, trait, values)


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


def _numbers(engine: Engine, groups: str, traits: Sequence[str]) -> Iterator[Measured]:
    if not traits:
        return
    cells = [
        query(f"{measure}(:it)", it=column(trait, "facts"))
        for trait in traits
        for measure in ("count", "avg", "var_pop")
    ]
    whole = query("SELECT CAST(NULL AS INT), :cells FROM facts", cells=cells)
    grouped = query(
        """SELECT g.segment, :cells FROM :groups AS g JOIN facts USING (customer)
           GROUP BY g.segment""",
        cells=cells,
        groups=table(groups),
    )
    for group, *row in (*engine.rows(whole), *engine.rows(grouped)):
        yield from _measured(group, traits, row)


def _measured(group: int | None, traits: Sequence[str], row: Sequence[Any]) -> Iterator[Measured]:
    for trait, n, mean, variance in zip(traits, row[::3], row[1::3], row[2::3], strict=True):
        if n:
            yield Measured(group, trait, None, n, _settled(mean), _settled(variance))


def _settled(figure: float | None) -> float:
    """Cut twice: what lies just at the edge of two figures is put there by the first cut."""
    if not figure or abs(figure) < NOTHING:
        return 0.0
    return float(f"{float(f'{figure:.{EXACT}g}'):.{DIGITS}g}")


def _shares(engine: Engine, groups: str, trait: str, common: dict[str, int]) -> Iterator[Measured]:
    inside: dict[int | None, dict[str, int]] = {None: common}
    for group, value, people in engine.rows(
        query(
            """SELECT g.segment, CASE WHEN :it IN (:listed) THEN :it ELSE '' END, count(*)
               FROM :groups AS g JOIN facts USING (customer)
               WHERE :it IS NOT NULL AND :it <> '' GROUP BY 1, 2""",
            it=column(trait, "facts"),
            groups=table(groups),
            listed=[literal(value) for value in common if value],
        )
    ):
        inside.setdefault(group, {})[value] = people
    for group, counts in inside.items():
        known = counts[KNOWN] if group is None else sum(counts.values())
        for value in common:
            if value:
                share = counts.get(value, 0) / known
                yield Measured(group, trait, value, known, share, share * (1 - share))
