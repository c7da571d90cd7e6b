"""Figures over time against tables worked out by hand."""

from datetime import UTC, date, datetime
from math import sqrt
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from carpel.engine.base import Engine
from carpel.engine.opening import open_engine
from carpel.evaluation.catalogue import Catalogue
from carpel.evaluation.comparisons import Clock
from carpel.evaluation.over_time import Point, over_time
from carpel.specs import Project
from carpel.tables import TABLES

NOW = datetime(2026, 4, 20, tzinfo=UTC).replace(tzinfo=None)
ZONE = ZoneInfo("Europe/Berlin")
KINDS = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "UBIGINT": pa.uint64(),
    "DOUBLE": pa.float64(),
    "TIMESTAMP": pa.timestamp("us"),
}
PEOPLE = [
    # who, since (UTC), the sources that know them; the fourth was joined to the first
    (1, "2026-01-31T22:59:59", ["till", "web"]),  # a second before February begins in Berlin
    (2, "2026-01-31T23:00:00", ["web"]),
    (3, "2026-02-10", ["web"]),
    (5, "2026-03-02", ["till"]),
    (6, "2026-04-05", ["till"]),  # in the month that runs
]
ORDERS = [
    *((1, "2026-01-10"), (1, "2026-02-05"), (4, "2026-03-08"), (2, "2026-02-11")),
    *((3, "2026-02-12"), (3, "2026-02-13"), (5, "2026-03-03"), (6, "2026-04-06")),
]
COSTS = [
    ("2026-02-01", 300.0, "EUR"),
    ("2026-02-20", 100.0, None),
    ("2026-02-20", 77.0, "USD"),
    ("2026-03-09", 50.0, "EUR"),
]
NPS = [
    *((1, "2026-02-01", 3), (1, "2026-02-09", 9), (2, "2026-02-09", 10), (3, "2026-02-10", 7)),
    *((5, "2026-02-10", 0), (4, "2026-03-10", 6), (1, "2026-03-09", 10)),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def table(columns: dict[str, str], rows: list[dict]) -> pa.Table:
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], KINDS.get(kind, pa.string()))
            for name, kind in columns.items()
        }
    )


@pytest.fixture(scope="module")
def engine() -> Engine:
    engine = open_engine("duckdb")
    held = {
        "customers": [{"customer": w, "known_since": at(t)} for w, t, _ in PEOPLE],
        "identities": [
            {"ref": 10 * who + n, "source": source, "customer": who, "known_since": at(since)}
            if n == 0
            else {"ref": 10 * who + n, "source": source, "customer": who, "known_since": NOW}
            for who, since, sources in [*PEOPLE, (4, "2026-02-20", ["web"])]
            for n, source in enumerate(sources)
        ],
        "aliases": [{"customer": 4, "survivor": 1}],
        "costs": [{"at": at(t), "amount": a, "currency": c} for t, a, c in COSTS],
        "contracts": [],
        "belongings": [],
    }
    for name, rows in held.items():
        engine.register(name, table(dict(TABLES[name].columns), rows))
    done = {"customer": "BIGINT", "at": "TIMESTAMP"}
    orders = [{"customer": who, "at": at(when)} for who, when in ORDERS]
    engine.register("event_order_completed", table(done, orders))
    asked = [{"customer": who, "at": at(when), "nps": str(score)} for who, when, score in NPS]
    asked.append({"customer": 2, "at": at("2026-02-09"), "satisfaction": "4"})
    asked.append({"customer": 3, "at": at("2026-02-09"), "satisfaction": "2"})
    columns = {**done, "nps": "VARCHAR", "satisfaction": "VARCHAR"}
    engine.register("event_survey_answered", table(columns, asked))
    return engine


@pytest.fixture(scope="module")
def found(engine: Engine) -> dict[str, list[Point]]:
    project = Project(name="shop", currency="EUR", market_size=50)
    series = over_time(Catalogue(engine, Clock(NOW, ZONE)), project)
    return {each.name: list(each.points) for each in series}


def told(points: list[Point]) -> list[tuple[int, float | None, int]]:
    assert {each.month.year for each in points} == {2026}
    return [(each.month.month, each.value, each.n) for each in points]


def test_people_come_in_local_months_by_the_source_that_knew_them_first(found):
    rows = [(each.month, each.by, each.value) for each in found["new_people"]]
    assert rows == [
        (date(2026, 1, 1), "till", 1),
        (date(2026, 2, 1), "web", 2),
        (date(2026, 3, 1), "till", 1),
    ]


def test_buyers_and_what_one_costs(found):
    assert told(found["new_buyers"]) == [(1, 1, 1), (2, 2, 2), (3, 1, 1)]
    assert told(found["cac"]) == [(1, None, 1), (2, 400 / 2, 2), (3, 50, 1)]


def test_who_bought_again_is_of_those_of_the_month_before(found):
    assert told(found["bought_again"]) == [(2, 1.0, 1), (3, 1 / 3, 3)]
    assert 0 < found["bought_again"][1].low < 1 / 3 < found["bought_again"][1].high < 1


def test_the_share_of_the_market_only_grows(found):
    assert told(found["penetration"]) == [(1, 1 / 50, 1), (2, 3 / 50, 3), (3, 4 / 50, 4)]


def test_each_ones_last_answer_of_the_month_counts(found):
    # February: 9, 10, 7, 0; March: the fourth is the first, whose last answer is a 6
    assert told(found["nps"]) == [(2, 1 / 4, 4), (3, -1.0, 1)]
    february = found["nps"][0]
    reach = 1.959964 * sqrt((3 / 4 - 1 / 16) / 4)
    assert (february.low, february.high) == pytest.approx((1 / 4 - reach, 1.0), rel=1e-5)
    assert told(found["csat"])[0] == (2, 1 / 2, 2)


def test_what_the_data_does_not_have_is_no_figure(found):
    assert not {"logo_churn", "nrr", "trial_to_paid"} & found.keys()
