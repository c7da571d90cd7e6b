"""The stage `goals`: where each goal stands.

Over the `within_days` up to `as_of`: the repeat purchase rate is the share of those who bought at
all who bought more than once; active customers are those who bought; revenue is what they paid.
Where no orders are known, active customers are those who did what the lifecycle or the RFM map is
of; the other two have no value.

The path of a goal is the same figure at earlier moments, a month apart, by the data of now: as far
back as the data fills the figure's time, and of a segment as far as it is known who was in it. From
the path follows where it would end on the goal's date.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from carpel.engine.query import column, query, table
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.history import History
from carpel.evaluation.memberships import stored_sets
from carpel.evaluation.windows import instants
from carpel.specs import Goal, Lifecycle, Rfm
from carpel.stages.base import Line, Output, Part
from carpel.stages.rows import as_table
from carpel.stats.drift import ahead

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


STEP, STEPS = timedelta(days=30), 12
"""How far apart the moments of a path lie, and how many there are before now."""


class Goals:
    """Writes goals, one row each, with how far it is; and goal_path, a row a goal and moment."""

    name = "goals"
    version = 3
    writes = ("goals", "goal_path")

    def parts(self, line: Line) -> Iterable[Part]:
        project, goals = line.definitions.project, line.definitions.goals
        if not goals:
            return
        events = [f"event_{each}" for each in _events(line)]
        read = (*events, "aliases", "memberships", "movements")
        asked = [goal.model_dump(mode="json") for goal in goals.values()]
        yield Part(
            "goals",
            {
                **{each: line.table_files(each) for each in read},
                "goals": asked,
                "as_of": line.moment,
                "zone": str(line.zone),
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
    goals = line.definitions.goals.values()
    paths = {goal.name: _path(line, goal) for goal in goals}
    walked = [
        {"goal": name, "at": at, "value": told[0], "n": told[1]}
        for name, path in paths.items()
        for at, told in path.items()
    ]
    for table_, rows in (
        ("goals", [_told(line, goal, paths[goal.name]) for goal in goals]),
        ("goal_path", walked),
    ):
        line.engine.register("measured", as_table(table_, rows))
        out.write(table_, query("SELECT * FROM measured ORDER BY goal"))
        line.engine.drop("measured")


Measured = tuple[float | None, int, int]
"""A value, how many people stand behind it, and of how many."""


def _path(line: Line, goal: Goal) -> dict[datetime, Measured]:
    """Oldest first; the last is now, whatever is known."""
    events = _events(line)
    if not events or (_bought(line) is False and goal.metric != "active_customers"):
        return {line.moment: (None, 0, 0)}
    begun = line.engine.rows(query("SELECT min(at) FROM :e", e=table(f"event_{events[0]}")))[0][0]
    history, within = History(line.engine), timedelta(days=goal.within_days)
    moments = [line.moment - STEP * step for step in range(STEPS, 0, -1)]
    since = history.began(goal.segment) if goal.segment else begun
    known = [
        moment
        for moment in moments
        if begun and since and begun <= moment - within and since <= moment
    ]
    path = {
        each: _measured(line, goal, each, _members(line, goal, each, history)) for each in known
    }
    return {**path, line.moment: _measured(line, goal, line.moment, _members(line, goal))}


def _bought(line: Line) -> bool:
    return line.definitions.project.revenue.event in _events(line)


def _measured(line: Line, goal: Goal, moment: datetime, members: pa.Array) -> Measured:
    events, revenue, bought = _events(line), line.definitions.project.revenue, _bought(line)
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
            since=moment - timedelta(days=goal.within_days),
            until=moment,
        )
    )
    of, figure, n = measured[0]
    return None if figure is None else float(figure), n, of


def _told(line: Line, goal: Goal, path: Mapping[datetime, Measured]) -> dict[str, Any]:
    value, n, of = path[line.moment]
    known = [each for each, _, _ in path.values() if each is not None]
    to_go = (_midnight(goal.by, line.zone) - line.moment) / STEP
    found = ahead(known, to_go) if to_go > 0 and len(known) == len(path) else None
    ends = (found.value, found.low, found.high) if found else (None, None, None)
    most = 1.0 if goal.metric == "repeat_purchase_rate" else inf
    least = -inf if goal.metric == "revenue" else 0.0
    return {
        "goal": goal.name,
        "metric": goal.metric,
        "segment": goal.segment,
        "value": value,
        "target": goal.target,
        "by": goal.by,
        "n": n,
        "of": of,
        **{
            name: None if each is None else min(most, max(least, each))
            for name, each in zip(("ends", "ends_low", "ends_high"), ends, strict=True)
        },
    }


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day is over, as tables store it."""
    return instants(day, zone)[1]


def _members(
    line: Line, goal: Goal, moment: datetime | None = None, history: History | None = None
) -> pa.Array:
    """Of a segment who is in it, or was at an earlier moment; else everybody."""
    if goal.segment is None:
        return line.engine.fetch(query("SELECT customer FROM customers")).column(0)
    if moment is None or history is None:
        return to_keys(stored_sets(line.engine)[goal.segment])
    return to_keys(history.members_at(goal.segment, moment))
