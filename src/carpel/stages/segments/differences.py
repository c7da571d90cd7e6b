"""What sets each segment apart most from everybody else: a few scans for all segments together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlglot import exp

from carpel.engine.query import Tree, aliased, column, query, table
from carpel.evaluation.catalogue import Catalogue, Fact
from carpel.evaluation.comparisons import Clock
from carpel.stages.base import Line
from carpel.stages.rows import as_table
from carpel.stats.difference import Moments, standardised

TOLD = 8
"""Differences told of a segment. Of a category, only values that are commoner inside: the others
are the same news once more."""
FEWEST = 5
"""People with a known value that it takes, inside and outside."""
VALUES = 20
"""The commonest values of a category are looked at, each if it has at least a hundredth."""
NEGLIGIBLE = 0.1
"""Standardised differences below this are not told."""


@dataclass(frozen=True)
class Difference:
    """One trait, or one value of it, inside a segment and among everybody else."""

    trait: str
    value: str | None
    inside: Moments
    outside: Moments

    @property
    def apart(self) -> float:
        """How far, on one scale for numbers and shares."""
        return standardised(self.inside, self.outside)

    def row(self, segment: str) -> dict[str, Any]:
        """A row of `differences`: shares are told as they differ, numbers standardised."""
        shares = self.value is not None
        effect = self.inside.mean - self.outside.mean if shares else self.apart
        return {
            "segment": segment,
            "trait": self.trait,
            "value": self.value,
            "inside": self.inside.mean,
            "outside": self.outside.mean,
            "effect": effect,
            "n": self.inside.n,
        }


def differences(line: Line, segments: Sequence[str]) -> pa.Table:
    """The largest differences of each segment, by the registered table `insiders`."""
    numbers, categories = _facts(line)
    found: dict[int, list[Difference]] = {}
    for index, difference in (*_numbers(line, numbers), *_shares(line, categories)):
        if min(difference.inside.n, difference.outside.n) >= FEWEST:
            found.setdefault(index, []).append(difference)
    rows = [each.row(segments[index]) for index in sorted(found) for each in _largest(found[index])]
    for name in ("facts", "counted"):
        line.engine.drop(name)
    return as_table("differences", rows)


def _largest(found: Iterable[Difference]) -> list[Difference]:
    """The farthest apart; of traits that say the same in other words, the first by name."""
    told: dict[tuple[Moments, Moments], Difference] = {}
    for each in sorted(found, key=lambda each: (-abs(each.apart), each.trait, each.value or "")):
        if abs(each.apart) >= NEGLIGIBLE:
            told.setdefault((each.inside, each.outside), each)
    return list(told.values())[:TOLD]


def _facts(line: Line) -> tuple[list[str], list[str]]:
    """Lay the traits of everybody side by side in `facts`; which are numbers, which categories.

    Personal texts stay out: a name that many share would else stand in a table of figures.
    """
    catalogue = Catalogue(line.engine, Clock(line.moment, line.zone))
    listed = (
        line.engine.rows(
            query("""SELECT trait FROM traits WHERE type IN ('number', 'integer', 'boolean')
                     OR type = 'text' AND sensitivity = 'plain'""")
        )
        if line.table_files("traits")
        else []
    )
    facts = {name: catalogue.trait(name) for (name,) in listed}
    line.engine.create("facts", side_by_side(facts))
    numbers = [name for name, fact in facts.items() if fact.kind in ("number", "integer")]
    return numbers, [name for name in facts if name not in numbers]


def side_by_side(facts: Mapping[str, Fact]) -> Tree:
    """One row a customer: numbers as such, categories as texts, yes and no for what is true."""
    rows = exp.select(column("customer", "customers"), *map(column, facts)).from_(
        table("customers")
    )
    for home in sorted({fact.table for fact in facts.values()}):
        cells = [aliased(_cell(fact), name) for name, fact in facts.items() if fact.table == home]
        there = exp.select(column("customer"), *cells).from_(table(home)).subquery(f"of_{home}")
        rows = rows.join(there, join_type="LEFT", using="customer")
    return rows


def _cell(fact: Fact) -> Tree:
    if fact.kind in ("number", "integer"):
        return query("CAST(:it AS DOUBLE)", it=fact.value)
    if fact.kind == "boolean":
        return query("CASE WHEN :it THEN 'yes' WHEN NOT :it THEN 'no' END", it=fact.value)
    return query("CAST(:it AS VARCHAR)", it=fact.value)


def _numbers(line: Line, traits: Sequence[str]) -> Iterator[tuple[int, Difference]]:
    if not traits:
        return
    measured = [
        query(f"{measure}(:it)", it=column(trait, "facts"))
        for trait in traits
        for measure in ("count", "avg", "var_pop")
    ]
    (whole,) = line.engine.rows(query("SELECT :measured FROM facts", measured=measured))
    everybody = _moments(whole)
    for index, *cells in line.engine.rows(
        query(
            """SELECT insiders.segment, :measured FROM insiders JOIN facts USING (customer)
               GROUP BY insiders.segment""",
            measured=measured,
        )
    ):
        for trait, total, inside in zip(traits, everybody, _moments(cells), strict=True):
            yield index, Difference(trait, None, inside, total.without(inside))


def _moments(cells: Sequence[Any]) -> list[Moments]:
    return [
        Moments(n, mean or 0.0, variance or 0.0)
        for n, mean, variance in zip(cells[::3], cells[1::3], cells[2::3], strict=True)
    ]


def _shares(line: Line, traits: Sequence[str]) -> Iterator[tuple[int, Difference]]:
    """Counts of each value, and of all known, whole and by segment."""
    for trait in traits:
        whole = dict(
            line.engine.rows(
                query(
                    "SELECT :it, count(*) FROM facts WHERE :it IS NOT NULL GROUP BY 1",
                    it=column(trait),
                )
            )
        )
        common = _common(whole)
        if not common:
            continue
        inside: dict[int, dict[str, int]] = {}
        for index, value, people in line.engine.rows(
            query(
                """SELECT insiders.segment, :it, count(*)
                   FROM insiders JOIN facts USING (customer)
                   WHERE :it IS NOT NULL GROUP BY 1, 2""",
                it=column(trait, "facts"),
            )
        ):
            inside.setdefault(index, {})[value] = people
        yield from _told(trait, common, whole, inside)


def _common(whole: dict[str, int]) -> list[str]:
    known = sum(whole.values())
    ranked = sorted(whole, key=lambda value: (-whole[value], value))[:VALUES]
    return [value for value in ranked if whole[value] >= max(known / 100, FEWEST)]


def _told(
    trait: str, common: Sequence[str], whole: dict[str, int], inside: dict[int, dict[str, int]]
) -> Iterator[tuple[int, Difference]]:
    known = sum(whole.values())
    for index, counts in inside.items():
        n = sum(counts.values())
        for value in common:
            having = counts.get(value, 0)
            found = Difference(
                trait,
                value,
                Moments.of_share(n, having),
                Moments.of_share(known - n, whole[value] - having),
            )
            if found.apart > 0:
                yield index, found
