"""Days of birth: those that nobody alive was born on are left out, counted by why."""

from dataclasses import replace
from datetime import date, datetime

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, query
from carpel.reading import Rows, Typed
from carpel.reading.rows import inner

FIRST = date(1900, 1, 1)
"""Nobody alive was born before."""
FILLERS = [date(1, 1, 1), FIRST, date(2999, 12, 31), date(9999, 12, 31)]
"""Days that systems write where they ask for one and nobody gave it."""


def possible(way: Typed, clock: datetime) -> Typed:
    """The same, a day that nobody alive was born on being none."""

    def settle(said: Tree, read: Tree) -> Tree:
        return query(
            "CASE WHEN :v > :first AND :v <= :now THEN :v END",
            v=way.settle(said, read),
            first=FIRST,
            now=clock,
        )

    return replace(way, settle=settle, checked=True)


def refused(engine: Engine, rows: Rows, way: Typed, clock: datetime) -> dict[str, int]:
    """Rows of `way`, as it is before `possible`, whose day is none, by why."""
    whole = exp.select(aliased(way.said, "s"), aliased(way.value, "v")).from_(inner(rows.tree))
    filler = query("CAST(v AS DATE) IN (:days)", days=[query(":d", d=each) for each in FILLERS])
    found = engine.rows(
        query(
            "SELECT CASE WHEN v IS NULL THEN 'cannot be read' WHEN :filler THEN 'placeholder' "
            "WHEN v < :first THEN 'before 1900' ELSE 'in the future' END AS why, count(*) "
            "FROM :t AS t WHERE s IS NOT NULL AND (v IS NULL OR v <= :first OR v > :now) "
            "GROUP BY 1 ORDER BY 1",
            filler=filler,
            first=FIRST,
            now=clock,
            t=whole,
        )
    )
    return dict(found)
