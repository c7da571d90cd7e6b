"""Levels earned within a window: the one reached, what it brings, how far the next is."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from carpel.engine.query import Tree, literal, query
from carpel.specs import Tiers
from carpel.specs.standings import NO_TIER
from carpel.stages.segments.occurrences import Moment


def tiers(spec: Tiers, occurrences: Tree, moment: Moment) -> Tree:
    """One row a customer: value within the window, place, its benefits, the next level, to_next.

    `to_next` is what is missing to the next level in the value's own unit; unknown at the top.
    """
    measure = (
        "count(*) FILTER (WHERE NOT returned)"
        if spec.property is None
        else "round(coalesce(sum(value), 0), 6)"
    )
    return query(
        f"""
        WITH earned AS (SELECT customer, CAST({measure} AS DOUBLE) AS value
                        FROM :occurrences AS o WHERE at > :since GROUP BY customer),
        valued AS (SELECT c.customer, coalesce(earned.value, 0) AS value
                   FROM customers AS c LEFT JOIN earned USING (customer)),
        placed AS (SELECT *, :place AS place, :benefits AS benefits, :next AS next,
                          :next_from AS next_from FROM valued)
        SELECT customer, value, place, benefits, next, round(next_from - value, 6) AS to_next
        FROM placed ORDER BY customer""",
        occurrences=occurrences,
        since=literal(moment.back(spec.within_days)),
        **_columns(spec),
    )


def _columns(spec: Tiers) -> dict[str, Tree]:
    """From the highest level down, the first that the value reaches; the next is the one above."""
    levels = sorted(spec.levels, key=lambda level: -level.at_least)
    reached = [query("value >= :least", least=level.at_least) for level in levels]
    return {
        "place": _first(reached, [level.name for level in levels], NO_TIER.name),
        "benefits": _first(reached, [_texts(level.benefits) for level in levels], _texts(())),
        "next": _first(reached, [None, *(level.name for level in levels[:-1])], levels[-1].name),
        "next_from": _first(
            reached, [None, *(level.at_least for level in levels[:-1])], levels[-1].at_least
        ),
    }


def _first(conditions: Sequence[Tree], values: Sequence[Any], otherwise: Any) -> Tree:
    case = exp.Case()
    for condition, value in zip(conditions, values, strict=True):
        case = case.when(condition, literal(value))
    return case.else_(literal(otherwise))


def _texts(texts: Sequence[str]) -> Tree:
    return query("CAST(:texts AS VARCHAR[])", texts=exp.array(*(literal(each) for each in texts)))
