"""What sets each segment apart most from everybody else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from carpel.engine.query import literal, query
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.facts import UNMEASURED, lay
from carpel.evaluation.moments import Measured, common_values, moments
from carpel.evaluation.movements import EVERYBODY
from carpel.specs.segment import COMPARED
from carpel.stages.base import Line
from carpel.stages.rows import as_table
from carpel.stats.difference import Moments, standardised

TOLD = 8
"""Differences told of a segment. Of a category, only values that are commoner inside: the others
are the same news once more."""
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


def measured(line: Line, sets: Sequence[BitMap]) -> list[Measured]:
    """Every trait that may be told, in every set.

    Personal texts stay out: a name that many share would else stand in a table of figures. So do
    coordinates, of which a mean says nothing.
    """
    listed = (
        line.engine.rows(
            query(
                """SELECT trait FROM traits WHERE trait NOT IN (:unmeasured)
                   AND (type IN ('number', 'integer', 'boolean')
                        OR type = 'text' AND sensitivity <> 'personal')""",
                unmeasured=[literal(each) for each in UNMEASURED],
            )
        )
        if line.table_files("traits")
        else []
    )
    facts = lay(line.engine, Clock(line.moment, line.zone), [name for (name,) in listed])
    common = common_values(line.engine, facts.categories)
    found = list(moments(line.engine, sets, facts, common))
    line.engine.drop("facts")
    return found


def moments_table(found: Iterable[Measured], segments: Sequence[str]) -> pa.Table:
    """What was measured as rows of `moments`."""
    rows = (
        {**vars(each), "segment": EVERYBODY if each.group is None else segments[each.group]}
        for each in found
    )
    return as_table("moments", rows)


def differences(line: Line, found: Sequence[Measured], segments: Sequence[str]) -> pa.Table:
    """The largest differences of each segment; of special categories of data, none."""
    whole = {(each.trait, each.value): each for each in found if each.group is None}
    quiet = {
        name
        for (name,) in line.engine.rows(
            query("SELECT trait FROM traits WHERE sensitivity = 'special'")
        )
    }
    told: dict[int, list[Difference]] = {}
    for each in found:
        if each.group is not None and each.trait not in quiet:
            found_here = _difference(each, whole[each.trait, each.value])
            if _is_told(found_here):
                told.setdefault(each.group, []).append(found_here)
    return as_table("differences", _rows(told, segments))


def _difference(inside: Measured, whole: Measured) -> Difference:
    part, everybody = (Moments(it.n, it.mean, it.variance) for it in (inside, whole))
    return Difference(inside.trait, inside.value, part, everybody.without(part))


def _is_told(found: Difference) -> bool:
    enough = min(found.inside.n, found.outside.n) >= COMPARED
    return enough and (found.value is None or found.apart > 0)


def _rows(told: dict[int, list[Difference]], segments: Sequence[str]) -> Iterator[dict[str, Any]]:
    for index in sorted(told):
        yield from (each.row(segments[index]) for each in _largest(told[index]))


def _largest(found: Iterable[Difference]) -> list[Difference]:
    """The farthest apart; of traits that say the same in other words, the first by name."""
    told: dict[tuple[Moments, Moments], Difference] = {}
    for each in sorted(found, key=lambda each: (-abs(each.apart), each.trait, each.value or "")):
        if abs(each.apart) >= NEGLIGIBLE:
            told.setdefault((each.inside, each.outside), each)
    return list(told.values())[:TOLD]
