"""The stage `goals`: where each goal stands.

Over the `within_days` up to `as_of`: the repeat purchase rate is the share of those who bought at
all who bought more than once; active customers are those who bought; revenue is what they paid.
Where no orders are known, active customers are those who did what the lifecycle or the RFM map is
of; the other two have no value.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pyarrow as pa

from carpel.engine.query import column, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.memberships import stored_sets
from carpel.specs import Goal, Lifecycle, Rfm
from carpel.stages.base import Line, Output, Part
from carpel.stages.rows import as_table

FIGURES = {
    "repeat_purchase_rate": (
        "count(*) FILTER (WHERE orders > 1) / nullif(count(*) FILTER (WHERE orders > 0), 0)",
        "count(*) FILTER (WHERE orders > 1)",
    ),
    "active_customers": (
        "count(*) FILTER (WHERE orders > 0)",
        "count(*) FILTER (WHERE orders > 0)",
    ),
    "revenue": ("coalesce(sum(paid), 0)", "count(*)"),
}
"""Each metric over one row a buyer: its value, and how many people stand behind it."""


class Goals:
    """Writes goals: one row each, with how far it is."""

    name = "goals"
    version = 2
    writes = ("goals",)

    def parts(self, line: Line) -> Iterable[Part]:
        project, goals = line.definitions.project, line.definitions.goals
        if not goals:
            return
        events = [f"event_{each}" for each in _events(line)]
        depends = {each: line.table_files(each) for each in (*events, "aliases", "memberships")}
        asked = [goal.model_dump(mode="json") for goal in goals.values()]
        yield Part(
            "goals",
            {
                **depends,
                "goals": asked,
                "as_of": line.moment,
                "revenue": project.revenue.model_dump(),
            },
            lambda out: _write(line, out),
        )


def _events(line: Line) -> list[str]:
    """By what somebody is seen to be active, the best first: buying, else what a set is of."""
    sets = line.definitions.segmentations.values()
    of_sets = [each.event for each in sets if isinstance(each, Lifecycle | Rfm)]
    wanted = dict.fromkeys((line.definitions.project.revenue.event, *of_sets))
    return [each for each in wanted if line.table_files(f"event_{each}")]


def _write(line: Line, out: Output) -> None:
    rows = [_row(line, goal) for goal in line.definitions.goals.values()]
    line.engine.register("measured", as_table("goals", rows))
    out.write("goals", query("SELECT * FROM measured ORDER BY goal"))


def _row(line: Line, goal: Goal) -> dict[str, Any]:
    events, revenue = _events(line), line.definitions.project.revenue
    bought = revenue.event in events
    if not events or (not bought and goal.metric != "active_customers"):
        return _told(goal, None, 0, 0)
    members = _members(line, goal)
    line.engine.register("of_segment", pa.table({"customer": members}))
    value, people = FIGURES[goal.metric]
    measured = line.engine.rows(
        query(
            """SELECT count(*), :value, :people FROM (
               SELECT coalesce(a.survivor, e.customer) AS customer, sum(:amount) AS paid,
                      count(*) FILTER (WHERE NOT coalesce(:amount < 0, false)) AS orders
               FROM :events AS e LEFT JOIN aliases AS a ON a.customer = e.customer
               WHERE at > :since AND at <= :until GROUP BY 1)
           SEMI JOIN of_segment USING (customer)""",
            value=query(value),
            people=query(people),
            amount=column(revenue.property) if bought else query("CAST(NULL AS DOUBLE)"),
            events=table(f"event_{events[0]}"),
            since=line.moment - timedelta(days=goal.within_days),
            until=line.moment,
        )
    )
    of, figure, n = measured[0]
    return _told(goal, figure, n, of)


def _told(goal: Goal, figure: float | None, n: int, of: int) -> dict[str, Any]:
    return {
        "goal": goal.name,
        "metric": goal.metric,
        "segment": goal.segment,
        "value": figure,
        "target": goal.target,
        "by": goal.by,
        "n": n,
        "of": of,
    }


def _members(line: Line, goal: Goal) -> pa.Array:
    if goal.segment is None:
        return line.engine.fetch(query("SELECT customer FROM customers")).column(0)
    return to_keys(stored_sets(line.engine)[goal.segment])
