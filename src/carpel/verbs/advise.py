"""`carpel advise`: which way to part people serves a goal, found out on time already past."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from carpel.engine.query import column, query, table
from carpel.errors import CarpelError, MissingExtra, NotFound
from carpel.evaluation.refunds import bought
from carpel.language import Node, RuleError
from carpel.reports.advice import Drawn, html, svg
from carpel.specs import Clusters, Goal
from carpel.stages.base import Line
from carpel.stages.predictions.moments import began
from carpel.stages.reach import reached
from carpel.stats.ways import Judged, Parting, Seen, choose, fixed, judge, tree
from carpel.store.files import replace
from carpel.verbs.advised import PERSON, Advice, Way, verdict
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session
from carpel.verbs.timeline import local, zone_of
from carpel.verbs.ways import (
    STATED,
    Snapshot,
    by_events,
    clustered,
    features,
    groups_of,
    snapshot,
    stated,
)

LONGEST, SHORTEST = 90, 14
"""Days ahead that are foreseen; a quarter of the history between them."""
FEWEST = 200
READY = {"rfm": "RFM", "lifecycle": "Lifecycle", "tiers": "Levels of spend"}
"""What sets are called that have no label."""


def advise(session: Session, goal: str) -> Advice:
    """Compare ways to part people by how well they foresee the goal's figure.

    Raises NotFound, and CarpelError where history is too short or nobody differs.
    """
    goals = session.definitions.goals
    if goal not in goals:
        raise NotFound("goal", goal, goals)
    if find_spec("sklearn") is None:
        raise MissingExtra("science", "compare ways to part people")
    with reading(session, definitions=session.definitions) as reader:
        return _Advising(session, reader, goals[goal]).advice()


def write(found: Advice, to: Path) -> None:
    """Write the comparison to a file: `.html` with its table, `.svg` alone."""
    drawing: Mapping[str, Callable[[Drawn], str]] = {".html": html, ".svg": svg}
    if to.suffix not in drawing:
        raise CarpelError(
            "Advice is drawn as .html or .svg.", place=str(to), action="--to-file advice.html"
        )
    to.parent.mkdir(parents=True, exist_ok=True)
    drawn = Drawn(
        f"{found.label}: which way to part people",
        found.why,
        found.how,
        [asdict(each) for each in found.ways],
        found.taken,
        found.left_out,
    )
    replace(to, drawing[to.suffix](drawn).encode())


class _Advising:
    """One comparison under way, over the current build."""

    def __init__(self, session: Session, reader: Reader, goal: Goal) -> None:
        self.reader, self.goal, self.zone = reader, goal, zone_of(session)
        build = reader.build
        self.line = Line(
            session.folder,
            session.definitions,
            reader.engine,
            session.store.builds.files,
            build.made_at,
            as_of=build.as_of.astimezone(UTC),
            parts=dict(build.parts),
        )
        self.days = self._days()
        self.left_out: dict[str, str] = {}

    def _days(self) -> int:
        first = began(self.line)
        span = (self.line.moment - first).days if first else 0
        if span < 4 * SHORTEST:
            raise CarpelError(
                f"{span} days of history are too few to hold ways against what came after: "
                f"{4 * SHORTEST} are needed."
            )
        return max(SHORTEST, min(LONGEST, self.goal.within_days, span // 4))

    def advice(self) -> Advice:
        """The whole comparison."""
        apart, specs = timedelta(days=self.days), by_events(self.line)
        whom, facts = self._whom(), stated(self.line)
        try:
            then, now = (
                snapshot(self.line, self.line.moment - each * apart, specs, whom, facts)
                for each in (2, 1)
            )
        except (NotFound, RuleError) as error:
            if whom is None:
                raise
            raise CarpelError(
                f"Who was in {self.goal.segment} then cannot be told: {error.message}",
                action="Name a goal for everybody, or a segment whose rule has dates.",
            ) from error
        if min(len(then.people), len(now.people)) < FEWEST:
            raise CarpelError(
                f"{min(len(then.people), len(now.people)):,} people were known then: at least "
                f"{FEWEST} are needed to compare ways."
            )
        seen = [Seen(each.people, self._outcome(each)) for each in (then, now)]
        ways = self._ways(then, now, seen[0])
        try:
            judged = judge({name: each.parting for name, each in ways.items()}, *seen)
        except ValueError:
            raise CarpelError(
                f"{PERSON[self.goal.metric].capitalize()} is the same of everybody in the "
                f"{self.days} days: nothing can be foreseen."
            ) from None
        told = [ways[each.way].told(each, self.reader, then, now) for each in judged]
        told.sort(key=lambda each: -each.explained)
        choice = choose(judged, {each.way: each.groups for each in told})
        return Advice(
            self.goal.name,
            self.goal.label or self.goal.name.replace("_", " ").capitalize(),
            PERSON[self.goal.metric],
            self.days,
            local(then.at, self.zone).date(),
            local(now.at, self.zone).date(),
            now.everybody,
            len(now.people),
            told,
            choice.way,
            verdict(choice, {each.way: each for each in told}, self.goal.metric),
            self.left_out,
        )

    def _whom(self) -> Node | None:
        if self.goal.segment is None:
            return None
        return self.reader.definitions.segments[self.goal.segment].rule

    def _ways(self, then: Snapshot, now: Snapshot, seen: Seen) -> "dict[str, _Way]":
        found: dict[str, _Way] = {}
        own = self.reader.definitions.segmentations
        for name, spec in by_events(self.line).items():
            groups = groups_of(then.places[name], now.places[name])
            label = spec.label or READY.get(name) or name.replace("_", " ").capitalize()
            found[name] = _Way(label, fixed(groups[0], groups[1]), name in own)
        asked = [each for each in own.values() if isinstance(each, Clusters)]
        for each in asked or [Clusters(name="clusters", kind="clusters")]:
            sought, early, late = clustered(each, then, now)
            label = each.label or "Groups in the data"
            if sought.refused:
                self.left_out[label] = sought.refused
            else:
                found[each.name] = _Way(label, fixed(early, late), each.name in own)
        for kind in STATED:
            facts = features(kind, then, now)
            if not facts:
                self.left_out[kind.capitalize()] = "no such attribute is known of enough people"
                continue
            undated = tuple(fact.name for fact in facts if fact.name in now.undated)
            found[kind] = _Way(kind.capitalize(), tree(facts, seen.outcome), False, undated)
        return found

    def _outcome(self, at: Snapshot) -> NDArray[np.float64]:
        """The goal's figure of each person in the days after a moment."""
        revenue = self.line.definitions.project.revenue
        name = f"event_{revenue.event}"
        columns = self.line.engine.columns(name)
        amount = query("TRY_CAST(:it AS DOUBLE)", it=column(revenue.property, "e"))
        rows = self.line.engine.fetch(
            query(
                """SELECT coalesce(a.survivor, e.customer) AS customer,
                          coalesce(sum(:amount), 0)::DOUBLE AS paid,
                          count(*) FILTER (WHERE :bought)::DOUBLE AS orders
                   FROM :events AS e LEFT JOIN aliases AS a ON a.customer = e.customer
                   WHERE e.at > :since AND e.at <= :until GROUP BY 1 ORDER BY 1""",
                amount=amount if revenue.property in columns else query("CAST(NULL AS DOUBLE)"),
                bought=bought(columns, "e"),
                events=table(name),
                since=at.at,
                until=at.at + timedelta(days=self.days),
            )
        )
        paid, orders = (rows.column(each).to_numpy() for each in ("paid", "orders"))
        least = {"active_customers": 1, "repeat_purchase_rate": 2}.get(self.goal.metric)
        figures = paid if least is None else (orders >= least).astype(np.float64)
        keys = rows.column("customer").to_numpy()
        place = np.clip(np.searchsorted(keys, at.people), 0, max(len(keys) - 1, 0))
        if not len(keys):
            return np.zeros(len(at.people))
        found: NDArray[np.float64] = np.where(keys[place] == at.people, figures[place], 0.0)
        return found


@dataclass(frozen=True)
class _Way:
    label: str
    parting: Parting
    own: bool
    undated: tuple[str, ...] = ()

    def told(self, judged: Judged, reader: Reader, then: Snapshot, now: Snapshot) -> Way:
        early, late = self.parting(np.arange(len(then.people)))
        shares = np.unique(late, return_counts=True)[1] / len(late)
        return Way(
            judged.way,
            self.label,
            len(shares),
            float(shares.min()),
            float(shares.max()),
            judged.explained,
            judged.low,
            judged.high,
            judged.lift,
            _stays(then, now, early, late),
            _reached(reader, now, late),
            self.own,
            self.undated,
        )


def _stays(
    then: Snapshot, now: Snapshot, early: NDArray[np.int64], late: NDArray[np.int64]
) -> float:
    """Of those there at both moments, the share in the same group."""
    _, before, after = np.intersect1d(then.people, now.people, return_indices=True)
    return float((early[before] == late[after]).mean()) if len(before) else float("nan")


def _reached(reader: Reader, now: Snapshot, groups: NDArray[np.int64]) -> float | None:
    """The share of people that the best channel reaches in the group where that is least."""
    sets = {
        str(each): BitMap(now.people[groups == each].astype(np.uint32))
        for each in np.unique(groups)
    }
    best: dict[str, float] = {}
    for row in reached(reader.engine, sets):
        name, share = str(row["segment"]), int(row["reachable"]) / max(int(row["people"]), 1)
        best[name] = max(best.get(name, 0.0), share)
    return min(best.values(), default=None)
