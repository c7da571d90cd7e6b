"""What a report says, gathered from the tables of a build."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, query, table
from carpel.reports.figures import Figures
from carpel.reports.headline import headline
from carpel.specs import Definitions, Rfm
from carpel.store.builds import Build

Rows = list[dict[str, Any]]
MOST_FINDINGS = 12
MONTHS = 25


@dataclass(frozen=True)
class Content:
    """Everything that the report's page is made of: figures as numbers, in the order shown."""

    definitions: Definitions
    build: Build
    figures: Figures
    headline: str
    totals: Mapping[str, Any]
    months: Rows
    goals: Rows
    accounting: Rows
    findings: Rows
    scores: Mapping[str, float]
    segments: Rows
    places: Mapping[str, Rows]
    grids: Mapping[str, Rows]
    reach: Mapping[str, Rows]
    differences: Mapping[str, Rows]
    traits: Rows


def gather(engine: Engine, definitions: Definitions, build: Build) -> Content:
    """Read one build; its tables are bound in the engine."""
    reader = _Tables(engine, build)
    project = definitions.project
    figures = Figures(project.currency, reader.zone(project.timezone))
    sizes = reader.dicts(query("SELECT * FROM sizes ORDER BY revenue_365d DESC NULLS LAST, "
                               "people DESC, segment"))
    revenue = f"event_{project.revenue.event}"
    return Content(
        definitions, build, figures, headline(sizes, figures),
        totals=_totals(reader, revenue, project.revenue.property),
        months=_months(reader, revenue, project.revenue.property),
        goals=reader.dicts(query("SELECT * FROM goals ORDER BY goal")),
        accounting=_accounting(reader),
        findings=reader.dicts(query(
            "SELECT * FROM findings ORDER BY list_position(['error', 'warning', 'note'], severity)"
            ", rows DESC LIMIT :n", n=MOST_FINDINGS)),
        scores={row["source"]: row["score"] for row in reader.dicts(query("SELECT * FROM scores"))},
        segments=[row for row in sizes if "." not in row["segment"]],
        places=_places(sizes),
        grids={name: _grid(reader, name) for name, spec in definitions.segmentations.items()
               if isinstance(spec, Rfm) and reader.has(f"rfm_{name}")},
        reach=_by_segment(reader.dicts(query("SELECT * FROM reach ORDER BY channel"))),
        differences=_by_segment(reader.dicts(query("""
            SELECT d.*, t.label, t.unit, t.type FROM differences AS d
            LEFT JOIN traits AS t ON t.trait = d.trait
            ORDER BY d.segment, abs(d.effect) DESC"""))),
        traits=reader.dicts(query(
            "SELECT * FROM traits WHERE known > 0 ORDER BY criterion, trait")))


class _Tables:
    def __init__(self, engine: Engine, build: Build) -> None:
        self._engine, self._written, self.build = engine, set(build.tables()), build

    def has(self, name: str) -> bool:
        return name in self._written

    def dicts(self, tree: Tree) -> Rows:
        rows: Rows = self._engine.fetch(tree).to_pylist()
        return rows

    @staticmethod
    def zone(name: str) -> Any:
        from zoneinfo import ZoneInfo

        return ZoneInfo(name)


def _totals(reader: _Tables, revenue: str, amount: str) -> dict[str, Any]:
    totals = reader.dicts(query("SELECT count(*) AS people FROM customers"))[0]
    if reader.has(revenue):
        until = reader.build.as_of.replace(tzinfo=None)
        totals |= reader.dicts(query(
            """SELECT count(*) AS orders, count(DISTINCT customer) AS buyers,
                      coalesce(sum(:amount), 0) AS revenue, min(at) AS first
               FROM :orders WHERE at > :since AND at <= :until""",
            amount=column(amount), orders=table(revenue), since=until - timedelta(days=365),
            until=until))[0]
    return totals


def _months(reader: _Tables, revenue: str, amount: str) -> Rows:
    if not reader.has(revenue):
        return []
    until = reader.build.as_of.replace(tzinfo=None)
    return reader.dicts(query(
        """SELECT strftime(date_trunc('month', local_date), '%Y-%m-%d') AS month,
                  coalesce(sum(:amount), 0) AS revenue, count(DISTINCT customer) AS buyers
           FROM :orders WHERE at <= :until GROUP BY 1 ORDER BY 1 DESC LIMIT :n""",
        amount=column(amount), orders=table(revenue), until=until, n=MONTHS))[::-1]


def _accounting(reader: _Tables) -> Rows:
    return reader.dicts(query("""
        SELECT source, sum(rows)::BIGINT AS read,
               coalesce(sum(rows) FILTER (WHERE fate = 'loaded'), 0)::BIGINT AS loaded,
               coalesce(sum(rows) FILTER (WHERE fate = 'merged'), 0)::BIGINT AS merged,
               coalesce(sum(rows) FILTER (WHERE fate = 'set aside'), 0)::BIGINT AS set_aside,
               string_agg(DISTINCT reason, '; ') FILTER (WHERE fate = 'set aside') AS reasons,
               sum(amount) AS amount,
               sum(amount) FILTER (WHERE fate = 'set aside') AS amount_set_aside
        FROM accounting GROUP BY source ORDER BY source"""))


def _places(sizes: Sequence[Mapping[str, Any]]) -> dict[str, Rows]:
    """Rows of `sizes` that are places of a set of segments, by that set."""
    found: dict[str, Rows] = {}
    for row in sizes:
        segmentation, dot, _ = row["segment"].partition(".")
        if dot:
            found.setdefault(segmentation, []).append(dict(row))
    return found


def _grid(reader: _Tables, name: str) -> Rows:
    return reader.dicts(query("""
        SELECT r, f, count(*) AS people, sum(monetary) AS monetary FROM :rfm
        WHERE r IS NOT NULL AND f IS NOT NULL GROUP BY r, f ORDER BY r, f""",
                              rfm=table(f"rfm_{name}")))


def _by_segment(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row["segment"], []).append(row)
    return found
