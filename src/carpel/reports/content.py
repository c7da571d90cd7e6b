"""What a report says, gathered from the tables of a build."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from carpel.engine.base import Engine
from carpel.engine.query import column, query, table
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.cohorts import Cohort, cohorts
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.over_time import Series, over_time
from carpel.evaluation.refunds import bought
from carpel.reports.accounts import Account, accounts
from carpel.reports.bridge import Step, bridge
from carpel.reports.caused import Caused, caused
from carpel.reports.figures import Figures
from carpel.reports.fitness import Card, cards
from carpel.reports.headline import headline
from carpel.reports.likeness import likeness
from carpel.reports.moves import Lately, lately, moves
from carpel.reports.persona import PersonaCard, personas
from carpel.reports.sought import Sought, sought, there
from carpel.reports.tables import Rows, Tables
from carpel.specs import Clusters, Definitions, Project, Rfm
from carpel.store.builds import Build

MONTHS = 25
COHORTS = 13


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
    goal_paths: Mapping[str, Rows]
    accounts: Sequence[Account]
    bridge: Sequence[Step]
    """From money read to revenue."""
    segments: Rows
    places: Mapping[str, Rows]
    grids: Mapping[str, Rows]
    sought: Mapping[str, Sought]
    reach: Mapping[str, Rows]
    differences: Mapping[str, Rows]
    fitness: Mapping[str, Card]
    personas: Mapping[str, PersonaCard]
    moves: Mapping[str, Mapping[str, Rows]]
    lately: Lately | None
    traits: Rows
    cohorts: Sequence[Cohort]
    over_time: Sequence[Series]
    likeness: Rows
    caused: Sequence[Caused]
    returns: bool
    """Whether anything was returned, so that months and totals differ."""


def gather(engine: Engine, definitions: Definitions, build: Build) -> Content:
    """Read one build; its tables are bound in the engine."""
    tables = Tables(engine, build)
    project = definitions.project
    figures = Figures(project.currency, ZoneInfo(project.timezone))
    sizes = tables.dicts(
        query("SELECT * FROM sizes ORDER BY revenue_365d DESC NULLS LAST, people DESC, segment")
    )
    traits = tables.dicts(query("SELECT * FROM traits WHERE known > 0 ORDER BY criterion, trait"))
    totals, told = _totals(tables, project), caused(tables, figures)
    return Content(
        definitions,
        build,
        figures,
        headline(sizes, totals["people"], figures, told),
        totals,
        months=_months(tables, project),
        goals=tables.dicts(query("SELECT * FROM goals ORDER BY goal")),
        goal_paths=_by(tables.dicts(query("SELECT * FROM goal_path ORDER BY at")), "goal"),
        accounts=accounts(tables, definitions),
        bridge=bridge(tables, project, totals.get("revenue")),
        segments=[row for row in sizes if "." not in row["segment"]],
        places=_places(sizes, definitions),
        grids={
            name: _grid(tables, name)
            for name, spec in definitions.segmentations.items()
            if isinstance(spec, Rfm) and tables.has(f"rfm_{name}")
        },
        sought=sought(tables, definitions),
        reach=_by_segment(tables.dicts(query("SELECT * FROM reach ORDER BY channel"))),
        differences=_by_segment(
            tables.dicts(
                query("""
            SELECT d.*, t.label, t.unit, t.type FROM differences AS d
            JOIN traits AS t ON t.trait = d.trait AND t.sensitivity = 'plain'
            ORDER BY d.segment, abs(d.effect) DESC""")
            )
        ),
        fitness=cards(tables, figures),
        personas=personas(tables, definitions.personas),
        moves=moves(tables),
        lately=lately(tables, definitions),
        traits=traits,
        cohorts=_cohorts(tables, figures, project),
        over_time=over_time(Catalogue(engine, Clock(tables.moment, figures.zone)), project),
        likeness=likeness(tables, traits),
        caused=told,
        returns=tables.has("event_product_returned"),
    )


def _totals(tables: Tables, project: Project) -> dict[str, Any]:
    """How many there are; where they buy, what they did in the 365 days before the moment."""
    totals = tables.dicts(query("SELECT count(*) AS people FROM customers"))[0]
    orders = f"event_{project.revenue.event}"
    if tables.has(orders) and tables.has("profiles", "spend_365d"):
        totals |= tables.dicts(
            query(
                """SELECT count(*) AS orders,
                      count(DISTINCT coalesce(a.survivor, o.customer)) AS buyers
               FROM :orders AS o LEFT JOIN aliases AS a ON a.customer = o.customer
               WHERE at > :since AND at <= :until AND :bought""",
                orders=table(orders),
                bought=bought(tables.engine.columns(orders), "o"),
                since=tables.moment - timedelta(days=365),
                until=tables.moment,
            )
        )[0]
        totals |= tables.dicts(
            query("SELECT coalesce(sum(spend_365d), 0) AS revenue FROM profiles")
        )[0]
    return totals


def _months(tables: Tables, project: Project) -> Rows:
    orders = f"event_{project.revenue.event}"
    if not tables.has(orders, project.revenue.property):
        return []
    return tables.dicts(
        query(
            """SELECT strftime(date_trunc('month', local_date), '%Y-%m-%d') AS month,
                  coalesce(sum(:amount), 0) AS revenue,
                  count(DISTINCT coalesce(a.survivor, o.customer)) FILTER (WHERE :bought) AS buyers
           FROM :orders AS o LEFT JOIN aliases AS a ON a.customer = o.customer
           WHERE at <= :until GROUP BY 1 ORDER BY 1 DESC LIMIT :n""",
            amount=column(project.revenue.property),
            bought=bought(tables.engine.columns(orders), "o"),
            orders=table(orders),
            until=tables.moment,
            n=MONTHS,
        )
    )[::-1]


def _cohorts(tables: Tables, figures: Figures, project: Project) -> list[Cohort]:
    """Who came back, by the month of their first order; not worth a table within two months."""
    event = f"event_{project.revenue.event}"
    if not tables.has(event):
        return []
    today = tables.build.as_of.astimezone(figures.zone).date()
    found = cohorts(tables.engine, event, tables.moment, today)[-COHORTS:]
    return found if found and found[0].complete > 1 else []


def _places(sizes: Rows, definitions: Definitions) -> dict[str, Rows]:
    """Rows of `sizes` that are places of a set of segments, by that set."""
    found: dict[str, Rows] = {}
    for row in sizes:
        segmentation, dot, _ = row["segment"].partition(".")
        if dot:
            found.setdefault(segmentation, []).append(dict(row))
    for name, spec in definitions.segmentations.items():
        if isinstance(spec, Clusters) and name in found:
            found[name] = there(found[name])
    return found


def _grid(tables: Tables, name: str) -> Rows:
    return tables.dicts(
        query(
            """
        SELECT r, f, count(*) AS people, sum(monetary) AS monetary FROM :rfm
        WHERE r IS NOT NULL AND f IS NOT NULL GROUP BY r, f ORDER BY r, f""",
            rfm=table(f"rfm_{name}"),
        )
    )


def _by_segment(rows: Rows) -> dict[str, Rows]:
    return _by(rows, "segment")


def _by(rows: Rows, what: str) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row[what], []).append(row)
    return found
