"""Fifty campaigns judged: 20 segments, 15 metrics, a million people, 50 million events.

    python -m benchmarks verdicts [--people N] [--events N]

Events are heavy-tailed by person and lie in Parquet by event, sorted by time, as a build keeps
them. Each campaign has a fifth of the people in two versions and a comparison group, and begins on
a day of its own in three years. Timed are the stages `outcomes` and `estimates` as a run takes
them, with their tables written, and one figure of a dashboard read from what is stored; beside
them one hand-written query of one campaign, one metric and all its segments, times all of them.
"""

import argparse
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from benchmarks.timing import once, peak_gigabytes, seconds
from carpel.engine.query import query, table
from carpel.evaluation.bitmaps import to_bytes
from carpel.specs import Campaign, Definitions, MeanMetric, Project, RatioMetric, ShareMetric
from carpel.stages.base import Line, Output
from carpel.stages.estimates import Estimates
from carpel.stages.outcomes import Outcomes
from carpel.store.assignments import Assignment
from carpel.store.builds import Made
from carpel.testing.line import line_with

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CAMPAIGNS, SEGMENTS, DAYS = 50, 20, 1095
EVENTS = {"order_completed": 0.16, "product_purchased": 0.4, "page_viewed": 0.4, "ticket": 0.04}
"""What share of all events each is."""
ALONE = 3
"""Hand-written queries that are timed."""


def main() -> None:
    """Lay the events out, judge all campaigns, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=50_000_000)
    given, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as name:
        line = laid_out(Path(name), given.people, given.events)
        judge(line)
        line.engine.close()


def judge(line: Line) -> None:
    """Take both stages, and read one figure."""
    taken = {}
    for stage in (Outcomes(), Estimates()):
        taken[stage.name], _ = once(lambda stage=stage: made(line, stage))  # type: ignore[misc]
    wanted = query(
        "SELECT value, low, high FROM estimates WHERE experiment = :e AND metric = :m AND "
        "segment = :s AND arm = 'a' AND against = 'comparison'",
        e="campaign_7",
        m="revenue_per_person",
        s="segment_3",
    )
    figure = seconds(lambda: line.engine.rows(wanted))
    rows = line.engine.value(query("SELECT count(*) FROM estimates"))
    by_hand, _ = once(lambda: [alone(line, each) for each in range(ALONE)])
    whole = sum(taken.values())
    queries = CAMPAIGNS * len(metrics())
    for stage_name, spent in taken.items():
        print(f"  {stage_name:<34}{spent:9.2f} s")
    print(f"  {'together':<34}{whole:9.2f} s   {rows:,} estimates, {peak_gigabytes():.1f} GB")
    print(f"  {'one figure of a dashboard':<34}{1000 * figure:9.2f} ms")
    print(
        f"  {'by hand, a query a metric':<34}{by_hand / ALONE * queries:9.2f} s   "
        f"{by_hand / ALONE * queries / whole:.1f} x, from {ALONE} of {queries}"
    )


def made(line: Line, stage: Any) -> None:
    for part in stage.parts(line):
        output = Output(line)
        part.make(output)
        line.parts[part.name] = Made(part.name, output.tables, output.notes)
        line.bind(output.tables)


def laid_out(folder: Path, people: int, events: int) -> Line:
    """A line with events, segments and campaigns that have begun."""
    draw = np.random.default_rng(20260301)
    keys = np.arange(1, people + 1)
    sets = [BitMap(keys[draw.random(people) < 0.3]) for _ in range(SEGMENTS)]
    given = {
        "customers": pa.table(
            {"customer": keys, "known_since": [NOW.replace(tzinfo=None)] * people}
        )
        if people <= 1000
        else pa.table({"customer": keys}),
        "memberships": pa.table(
            {
                "segment": [f"segment_{n}" for n in range(SEGMENTS)],
                "part": ["members"] * SEGMENTS,
                "people": [len(each) for each in sets],
                "members": [to_bytes(each) for each in sets],
            }
        ),
    }
    told = Definitions(
        Project(name="trial"),
        campaigns={each.name: each for each in map(campaign, range(CAMPAIGNS))},
        metrics=metrics(),
    )
    line = line_with(folder, given, definitions=told, as_of=NOW, clock=NOW)
    for event, share in EVENTS.items():
        lay(line, event, people, int(events * share))
    line.assignments = tuple(assigned(n, people, draw) for n in range(CAMPAIGNS))
    return line


def lay(line: Line, event: str, people: int, count: int) -> None:
    """One event's file, sorted by time; a twentieth of the people do half of everything."""
    rows = query(
        """SELECT CAST(1 + floor(:people * pow(hash(i, :event, 'who') / pow(2.0, 64), 3))
                       AS BIGINT) AS customer,
                  CAST(:start AS TIMESTAMP)
                      + to_seconds(CAST(hash(i, :event, 'at') % :span AS BIGINT)) AS at,
                  ['tea', 'cups', 'books', 'toys'][CAST(1 + hash(i, 'what') % 4 AS BIGINT)]
                      AS category,
                  1 + (hash(i, 'amount') % 10000) / 100.0 AS amount,
                  CAST(hash(i, 'kind') % 5 AS INTEGER) AS kind
           FROM range(:count) AS r(i) ORDER BY at""",
        people=people,
        event=event,
        start=(NOW - timedelta(days=DAYS)).replace(tzinfo=None),
        span=DAYS * 86_400,
        count=count,
    )
    fresh = line.files.fresh()
    line.engine.write(rows, fresh)
    line.parts[f"given/{event}"] = Made(event, {f"event_{event}": (line.files.keep(fresh),)})
    line.bind([f"event_{event}"])


def metrics() -> dict[str, Any]:
    """Eleven besides the four that are built in."""
    shares = {
        f"did_{event}_{n}": ShareMetric(name=f"did_{event}_{n}", kind="share", event=event)
        for n, event in enumerate(EVENTS)
        if event != "order_completed"
    }
    spent = {
        f"spent_on_{it}": MeanMetric(
            name=f"spent_on_{it}",
            kind="mean",
            event="product_purchased",
            aggregate="sum",
            property="amount",
            where={"category": it},
        )
        for it in ("tea", "cups", "books", "toys")
    }
    often = {
        f"times_{event}": MeanMetric(name=f"times_{event}", kind="mean", event=event)
        for event in ("product_purchased", "page_viewed", "ticket")
    }
    ratio = {"line": RatioMetric(name="line", kind="ratio", of="spent_on_tea", per="times_ticket")}
    return {**shares, **spent, **often, **ratio}


def campaign(number: int) -> Campaign:
    """One of two versions with a fifth kept aside."""
    return Campaign.model_validate(
        {
            "name": f"campaign_{number}",
            "goal": {"metric": "order_rate", "target": 0.2, "by": "2099-12-31"},
            "audience": "segment_0",
            "channel": "tool",
            "holdout": 0.2,
            "variants": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5}],
        }
    )


def assigned(number: int, people: int, draw: np.random.Generator) -> Assignment:
    """A fifth of the people in three arms, from a day of the three years on."""
    mine = draw.choice(np.arange(1, people + 1), people // 5, replace=False)
    parts = np.split(mine, [len(mine) // 5, len(mine) * 3 // 5])
    since = NOW - timedelta(days=int(draw.integers(30, DAYS - 100)))
    arms = dict(zip(("comparison", "a", "b"), map(BitMap, parts), strict=True))
    sent = {"a": len(parts[1]), "b": len(parts[2])}
    return Assignment(f"campaign_{number}", arms, since, since, since + timedelta(days=1), {}, sent)


def alone(line: Line, number: int) -> list[Any]:
    """One campaign and metric by segment, as somebody would write it."""
    each = line.assignments[number]
    arms = pa.table(
        {
            "customer": np.concatenate([np.asarray(keys) for keys in each.arms.values()]),
            "arm": np.repeat(list(each.arms), [len(keys) for keys in each.arms.values()]),
        }
    )
    sets = line.engine.rows(query("SELECT segment, members FROM memberships"))
    members = pa.concat_tables(
        [
            pa.table({"customer": keys, "segment": [name] * len(keys)})
            for name, data in sets
            if (keys := np.asarray(BitMap.deserialize(data))) is not None
        ]
    )
    line.engine.register("arms", arms)
    line.engine.register("inside", members)
    return line.engine.rows(
        query(
            """SELECT i.segment, a.arm, count(*), sum(y), sum(y * y) FROM (
                   SELECT a.customer, a.arm, coalesce(sum(e.amount), 0) AS y FROM arms AS a
                   LEFT JOIN :events AS e ON e.customer = a.customer
                       AND e.at > :since AND e.at <= :until
                   GROUP BY 1, 2) AS a JOIN inside AS i USING (customer) GROUP BY 1, 2""",
            events=table("event_order_completed"),
            since=each.since.replace(tzinfo=None),
            until=each.until.replace(tzinfo=None) + timedelta(days=14),
        )
    )
