"""Orders that say who, when and their own number on their first line only."""

from sqlglot import exp

from carpel.engine.base import Engine
from carpel.engine.query import Tree, aliased, column, query, table
from carpel.inference.files import Verdict, verdict
from carpel.inference.kind import MOMENT, PERSON
from carpel.inference.reading import spread
from carpel.inference.roles import roles
from carpel.inference.sample import Sample, with_filled

FEWEST = 0.05
"""Share of rows without an order below which these are rows that miss it, not further lines."""
FIGURES = ("money", "count", "reduction", "rate")
"""Kinds of roles that are summed: one figure an order must not be counted on each line."""


def understood(engine: Engine, sample: Sample) -> tuple[Sample, Verdict]:
    """What a file is, after further lines of orders were given what their first line says."""
    found = verdict(sample)
    if names := _first_line_only(engine, sample, found):
        sample = with_filled(engine, sample, names)
        found = verdict(sample)
    return sample, found


def _first_line_only(engine: Engine, sample: Sample, found: Verdict) -> list[str]:
    """The order's number and what is empty with it, where who and when are; else nothing."""
    have = spread(found.readings)
    if "order_id" not in have:
        return []
    order = have["order_id"].column
    rows, filled = _without(engine, sample, order)
    whose = [have[role].column for role in (*PERSON, *MOMENT, "time") if role in have]
    lines = [name for name, n in filled.items() if 2 * n > rows]
    if rows < max(2, FEWEST * sample.rows) or not lines or not whose:
        return []
    if any(filled[name] for name in whose if name in filled):
        return []
    return [
        look.name
        for look in sample.looks
        if look.filled and not filled[look.name] and not _figure(found, look.name)
    ]


def _without(engine: Engine, sample: Sample, order: str) -> tuple[int, dict[str, int]]:
    """Rows without an order after the first that has one, and how many fill in each column."""
    names = [look.name for look in sample.looks]
    counts = [
        aliased(query("count(*) FILTER (WHERE :there)", there=_there(name)), f"n{place}")
        for place, name in enumerate(names)
    ]
    row = engine.rows(
        query(
            "SELECT count(*), :counts FROM :t WHERE NOT (:there) AND _row > "
            "(SELECT min(_row) FROM :t WHERE :there)",
            counts=counts,
            t=table(sample.table),
            there=_there(order),
        )
    )[0]
    return row[0], dict(zip(names, row[1:], strict=True))


def _there(name: str) -> Tree:
    return exp.paren(query("coalesce(:c, '') <> ''", c=column(name)))


def _figure(found: Verdict, name: str) -> bool:
    role = found.readings[name].role
    return role in roles() and roles()[role].kind in FIGURES
