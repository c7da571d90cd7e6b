"""People at earlier moments: what was known of them then, and what they did in the time after."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carpel.engine.query import literal, query, table
from carpel.evaluation import Evaluator
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.facts import UNMEASURED, facts_of
from carpel.language import Node
from carpel.stages.base import AsKnown, Line
from carpel.stats.likelihood import Refused

MOST = 4
"""Moments that are learned from and judged by, a time ahead apart."""
SAMPLE = 50_000
"""People of one moment who are learned from; of more this many are drawn."""
KINDS = ("number", "integer", "boolean", "text")


@dataclass(frozen=True)
class Moment:
    """People at a moment, ascending, with a row of traits each, and those nothing dates."""

    at: datetime
    customers: NDArray[np.int64]
    traits: pa.Table
    undated: tuple[str, ...]


def began(line: Line) -> datetime | None:
    """When the first event up to the line's moment happened."""
    firsts = [
        line.engine.value(
            query("SELECT min(at) FROM :t WHERE at <= :now", t=table(name), now=line.moment)
        )
        for name in line.tables("event")
    ]
    return min((each for each in firsts if each is not None), default=None)


def earlier(line: Line, days: int) -> list[datetime]:
    """Moments `days` apart, oldest first, whose time after is over and that have as long before.

    Raises Refused where there are not two: one to learn from and a later one to judge by.
    """
    first, apart = began(line), timedelta(days=days)
    steps = (line.moment - first) // apart - 1 if first else 0
    if steps < 2:
        span = (line.moment - first).days if first else 0
        raise Refused(
            f"{span:,} days of history: {3 * days:,} are needed, {days} before the first moment "
            f"that is learned from, {days} after it, and {days} to judge by"
        )
    return [line.moment - each * apart for each in range(min(steps, MOST), 0, -1)]


def people_at(
    line: Line,
    at: datetime,
    whom: Node | None,
    as_known: AsKnown,
    trusted: Collection[str] = (),
    most: int | None = None,
) -> Moment:
    """Those whom the rule took at a moment, by what was known of them then."""
    with as_known(line, at, trusted) as then:
        return people(then.line, whom, most, then.undated)


def people(
    line: Line, whom: Node | None, most: int | None = None, undated: tuple[str, ...] = ()
) -> Moment:
    """Those whom the rule takes at the line's moment, by the tables as they are bound."""
    engine, at = line.engine, line.moment
    evaluator = Evaluator(engine, as_of=at.replace(tzinfo=UTC), zone=line.zone)
    taken = evaluator.universe if whom is None else evaluator.sets(whom).yes
    customers = np.sort(np.asarray(to_keys(taken), np.int64))
    if most is not None and len(customers) > most:
        drawn = np.random.default_rng(len(customers)).choice(customers, most, replace=False)
        customers = np.sort(drawn)
    traits = facts_of(engine, Clock(at, line.zone), _telling(line), customers)
    return Moment(at, customers, traits, undated)


def came_true(
    line: Line, moment: datetime, days: int, outcome: Node, customers: NDArray[np.int64]
) -> NDArray[np.float64]:
    """For each, 1 where the rule holds once the days after the moment are over, else 0."""
    end = (moment + timedelta(days=days)).replace(tzinfo=UTC)
    found = Evaluator(line.engine, as_of=end, zone=line.zone).sets(outcome).yes
    keys = np.asarray(to_keys(found), np.int64)
    return np.isin(customers, keys).astype(np.float64)


def _telling(now: Line) -> list[str]:
    """Traits that a model can read and that do not say who somebody is."""
    rows = now.engine.rows(
        query(
            "SELECT trait FROM traits WHERE sensitivity = 'plain' AND type IN (:kinds) "
            "AND trait NOT IN (:never) ORDER BY trait",
            kinds=[literal(each) for each in KINDS],
            never=[literal(each) for each in UNMEASURED],
        )
    )
    return [str(name) for (name,) in rows]


def labels(line: Line) -> dict[str, str]:
    """What traits are called on screen."""
    return dict(line.engine.rows(query("SELECT trait, label FROM traits")))
