"""Figures over time: each defined once, told a month at a time, for every place that shows it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from zoneinfo import ZoneInfo

from carpel.engine.query import query, table
from carpel.evaluation import arrivals, plans_by_month, satisfaction
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.windows import local, utc
from carpel.specs import Project
from carpel.specs.metric import Shown
from carpel.stats.proportions import wilson
from carpel.stats.tails import NORMAL_95

MONTHS = 24
"""Months that are told of at most; only those that are over."""


@dataclass(frozen=True)
class Point:
    """One figure of one month, of `n`; with what is likely (95 %) where it is of a sample."""

    month: date
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    by: str = ""
    """Of which part, where the figure is told by parts."""


@dataclass(frozen=True)
class Series:
    """One figure over time: what it is, what `n` counts, and a point a month, oldest first."""

    name: str
    label: str
    definition: str
    shown: Shown
    of: str
    points: Sequence[Point]


class _Known:
    """What all figures are worked out from."""

    def __init__(self, catalogue: Catalogue, project: Project) -> None:
        self.catalogue, self.engine, self.project = catalogue, catalogue.engine, project
        self.moment, self.zone = catalogue.clock.moment, catalogue.clock.zone
        self.months = _months(self.moment, self.zone)
        self.edges = [utc(datetime(e.year, e.month, 1), self.zone) for e in self.months]  # noqa: DTZ001

    @property
    def orders(self) -> str | None:
        """The table of orders, where there is one."""
        home = f"event_{self.project.revenue.event}"
        return home if home in self.engine.tables() else None

    @property
    def by_account(self) -> bool:
        """Whether people belong to companies."""
        return bool(self.engine.rows(query("SELECT 1 FROM belongings LIMIT 1")))


def over_time(catalogue: Catalogue, project: Project) -> list[Series]:
    """Every figure that the data has, over the months that are over."""
    known = _Known(catalogue, project)
    found = [series for make in MADE for series in make(known)]
    return [each for each in found if each.points]


def _months(moment: datetime, zone: ZoneInfo) -> list[date]:
    """The first days of the last months that are over, and of the one that runs."""
    today = local(moment, zone).date()
    last = 12 * today.year + today.month - 1
    return [date(*_split(each)) for each in range(last - MONTHS, last + 1)]


def _split(months: int) -> tuple[int, int, int]:
    return months // 12, months % 12 + 1, 1


def _series(
    name: str, label: str, definition: str, shown: Shown, of: str,
    points: Sequence[Point],
) -> Series:  # fmt: skip
    """Without the months before the first of which anything is known."""
    begun = next((each.month for each in points if each.n), None)
    told = [each for each in points if begun is not None and each.month >= begun]
    return Series(name, label, definition, shown, of, told)


def _came(known: _Known) -> Iterator[Series]:
    found = arrivals.came(known.engine, known.edges)
    points = [
        Point(month, float(people), people, by=source)
        for month, sources in zip(known.months, found, strict=False)
        for source, people in sorted(sources.items())
    ]
    yield _series(
        "new_people", "new people", "People who became known in the month, by the data "
        "source that knew them first.", "number", "people", points,
    )  # fmt: skip


def _bought(known: _Known) -> Iterator[Series]:
    if known.orders is None:
        return
    rows = arrivals.buyers(known.engine, known.orders, known.edges)
    costs = arrivals.spent(known.engine, known.project.currency, known.edges)
    months = known.months
    yield _series(
        "new_buyers", "new buyers", "People whose first order falls in the month.",
        "number", "people",
        [Point(month, float(row[1]), row[1]) for month, row in zip(months, rows, strict=False)],
    )  # fmt: skip
    yield _series(
        "bought_again", "bought again", "Of those who bought in the month before, the share "
        "who bought in this one.", "share", "people who bought in the month before",
        [
            _share(month, row[2], before[0])
            for month, before, row in zip(months[1:], rows, rows[1:], strict=False)
        ],
    )  # fmt: skip
    if any(each is not None for each in costs):
        yield _series(
            "cac", "cost of a new buyer", "All costs of the month, of every data source that "
            "brings some, over people whose first order falls in it.", "money", "new buyers",
            [
                Point(month, cost / row[1] if cost is not None and row[1] else None, row[1])
                for month, cost, row in zip(months, costs, rows, strict=False)
            ],
        )  # fmt: skip
    if (market := known.project.market_size) is not None:
        yield _series(
            "penetration", "share of the market", "People who have bought by the end "
            f"of the month, of the {market:,} who might.", "share",
            "people who have bought",
            [Point(each, row[3] / market, row[3]) for each, row in zip(months, rows, strict=False)],
        )  # fmt: skip


def _held(known: _Known) -> Iterator[Series]:
    engine, months = known.engine, known.months
    rows = plans_by_month.plan_months(engine, known.edges, known.moment, known.by_account)
    who = "companies" if known.by_account else "people"
    paid = f"{who} who paid when it began"
    for name, label, definition, of in PLANS:
        points = [
            Point(month, of(row), row.payers) for month, row in zip(months, rows, strict=False)
        ]
        yield _series(name, label, definition, "share", paid, points)
    tried = plans_by_month.trials(engine, known.edges, known.moment)
    yield _series(
        "trial_to_paid", "trial to paid", "Of trials that ended in the month, the share "
        "after which the same person paid within 7 days.", "share", "trials that ended",
        [_share(month, row.paid, row.ended) for month, row in zip(months, tried, strict=False)],
    )  # fmt: skip


PLANS: Sequence[tuple[str, str, str, Callable[[plans_by_month.PlanMonth], float | None]]] = (
    (
        "logo_churn",
        "left",
        "Of those who paid when the month began, the share who pay nothing when it ends.",
        lambda row: row.logo_churn,
    ),
    (
        "revenue_churn",
        "revenue lost",
        "Of what they paid a month when it began, the share that leaving and paying less took.",
        lambda row: row.revenue_churn,
    ),
    (
        "grr",
        "revenue kept",
        "What is left of it without any growth (gross revenue retention).",
        lambda row: row.grr,
    ),
    (
        "nrr",
        "revenue kept, with growth",
        "What is left of it with what the same ones pay more (net revenue retention).",
        lambda row: row.nrr,
    ),
)


def _asked(known: _Known) -> Iterator[Series]:
    nps = _answers(known, "nps")
    yield _series(
        "nps", "would recommend", "Share who answered 9 or 10 less share who answered 0 to 6 "
        "(NPS, -1 to 1); each one’s last answer of the month.", "share", "people who answered",
        [_nps(month, each) for month, each in nps],
    )  # fmt: skip
    happy = _answers(known, "satisfaction")
    yield _series(
        "csat", "satisfied", "Share who answered 4 or 5 of 5 (CSAT); each one’s last answer "
        "of the month.", "share", "people who answered",
        [_share(month, each.good, each.people) for month, each in happy],
    )  # fmt: skip


def _answers(known: _Known, what: str) -> list[tuple[date, satisfaction.Said]]:
    """By month; where only an attribute says it, as it stands in the month that runs."""
    found = satisfaction.said(known.engine, what, known.edges)
    if found:
        return list(zip(known.months, found, strict=False))
    if (trait := f"{what}_score") not in known.catalogue.traits:
        return []
    fact = known.catalogue.trait(trait)
    rows = query(
        "SELECT customer, CAST(:v AS DOUBLE) AS v FROM :t", v=fact.value, t=table(fact.table)
    )
    return [(known.months[-1], satisfaction.stated(known.engine, what, rows))]


def _nps(month: date, said: satisfaction.Said) -> Point:
    """With the standard error of a difference of two shares of the same people."""
    if not said.people:
        return Point(month, None, 0)
    good, bad = said.good / said.people, said.bad / said.people
    value = good - bad
    reach = NORMAL_95 * sqrt(max(0.0, good + bad - value * value) / said.people)
    return Point(month, value, said.people, max(-1.0, value - reach), min(1.0, value + reach))


def _share(month: date, having: int, of: int) -> Point:
    if not of:
        return Point(month, None, 0)
    return Point(month, having / of, of, *wilson(having, of))


MADE: Sequence[Callable[[_Known], Iterator[Series]]] = (_came, _bought, _held, _asked)
