"""The stage `goals`: where each goal stands.

Over the `within_days` up to `as_of`: the repeat purchase rate is the share of those who bought at
all who bought more than once; active customers are those who bought; revenue is what they paid.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pyarrow as pa

from carpel.engine.query import column, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.memberships import stored_sets
from carpel.specs import Goal
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
    version = 1
    writes = ("goals",)

    def parts(self, line: Line) -> Iterable[Part]:
        project, goals = line.definitions.project, line.definitions.goals
        event = f"event_{project.revenue.event}"
        if not goals or not line.table_files(event):
            return
        depends = {each: line.table_files(each) for each in (event, "aliases", "memberships")}
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


def _write(line: Line, out: Output) -> None:
    rows = [_row(line, goal) for goal in line.definitions.goals.values()]
    line.engine.register("measured", as_table("goals", rows))
    out.write("goals", query("SELECT * FROM measured ORDER BY goal"))


def _row(line: Line, goal: Goal) -> dict[str, Any]:
    members = _members(line, goal)
    line.engine.register("of_segment", pa.table({"customer": members}))
    value, people = FIGURES[goal.metric]
    revenue = line.definitions.project.revenue
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
            amount=column(revenue.property),
            events=table(f"event_{revenue.event}"),
            since=line.moment - timedelta(days=goal.within_days),
            until=line.moment,
        )
    )
    of, figure, n = measured[0]
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
