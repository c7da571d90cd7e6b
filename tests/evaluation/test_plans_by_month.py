"""Churn and retention by month against a table worked out by hand."""

from datetime import UTC, datetime, timedelta
from random import Random

import pyarrow as pa
import pytest

from carpel.engine.base import Engine
from carpel.engine.opening import open_engine
from carpel.evaluation.plans_by_month import plan_months, trials, undated
from carpel.tables import TABLES


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).replace(tzinfo=None)


NOW = day("2026-04-20")
EDGES = [day(f"2026-{month:02d}-01") for month in (1, 2, 3, 4)]
STAMPS = ("started_at", "ended_at", "trial_ends_at", "paused_at", "cancelled_at", "renews_at")
PLANS = [
    # Ada pays 100 all the time; Bo goes from 50 to 80 in January, to 30 in March
    {"customer": 1, "amount": 100.0, "started_at": "2025-06-01"},
    {"customer": 2, "amount": 50.0, "started_at": "2025-07-01", "ended_at": "2026-01-15"},
    {"customer": 2, "amount": 80.0, "started_at": "2026-01-15", "ended_at": "2026-03-10"},
    {"customer": 2, "amount": 30.0, "started_at": "2026-03-10"},
    # Cy pays 1,200 a year, and leaves in February
    {"customer": 3, "amount": 1200.0, "interval": "yearly", "started_at": "2025-02-20",
     "ended_at": "2026-02-20"},
    # Di pays 20 and pauses in January
    {"customer": 4, "amount": 20.0, "started_at": "2025-12-01", "paused_at": "2026-01-20"},
    # Ed tries until February and pays 60 after it; Flo tries and never does
    {"customer": 5, "amount": 60.0, "started_at": "2026-01-25", "trial_ends_at": "2026-02-08"},
    {"customer": 6, "amount": 60.0, "started_at": "2026-01-25", "trial_ends_at": "2026-02-08",
     "ended_at": "2026-02-08"},
    # Gus tries one plan and pays another from three days later; Hal's ends as we look
    {"customer": 7, "amount": 0.0, "started_at": "2026-02-20", "trial_ends_at": "2026-03-06",
     "ended_at": "2026-03-06"},
    {"customer": 7, "amount": 40.0, "started_at": "2026-03-09"},
    {"customer": 8, "amount": 40.0, "started_at": "2026-04-01", "trial_ends_at": "2026-04-15"},
    # over, and nobody knows since when
    {"customer": 9, "amount": 70.0, "started_at": "2025-01-01", "status": "cancelled"},
]  # fmt: skip


def held(plans: list[dict], companies: dict[int, int] | None = None) -> Engine:
    engine = open_engine("duckdb")
    rows = []
    for number, plan in enumerate(plans):
        dated = {name: day(each) for name in STAMPS if (each := plan.get(name))}
        rows.append({"contract_id": f"c{number}", "interval": "month", **plan, **dated})
    names = TABLES["contracts"].columns
    kinds = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "BIGINT": pa.int64()}
    columns = {
        name: pa.array([row.get(name) for row in rows], kinds.get(kind, pa.timestamp("us")))
        for name, kind in names.items()
    }
    engine.register("contracts", pa.table(columns))
    people = companies or {}
    engine.register(
        "belongings",
        pa.table(
            {
                "customer": pa.array(list(people), pa.int64()),
                "account": pa.array(list(people.values()), pa.int64()),
            }
        ),
    )
    nobody = pa.table({"customer": pa.array([], pa.int64()), "survivor": pa.array([], pa.int64())})
    engine.register("aliases", nobody)
    return engine


@pytest.mark.parametrize(
    ("month", "wanted"),
    [
        # Jan: 100 + 50 + 100 + 20 = 270; Di's 20 lost, Bo's 30 more
        (0, (4, 1, 0, 1, 0, 270, 20, 0, 30, 0, 1 / 4, 20 / 270, 250 / 270, 280 / 270)),
        # Feb: 100 + 80 + 100 = 280; Cy's 100 lost, Ed's 60 new
        (1, (3, 1, 0, 0, 1, 280, 100, 0, 0, 60, 1 / 3, 100 / 280, 180 / 280, 180 / 280)),
        # Mar: 100 + 80 + 60 = 240; Bo pays 50 less, Gus 40 new
        (2, (3, 0, 1, 0, 1, 240, 0, 50, 0, 40, 0, 50 / 240, 190 / 240, 190 / 240)),
    ],
)
def test_months_are_as_worked_out_by_hand(month, wanted):
    found = plan_months(held(PLANS), EDGES, NOW, by_account=False)[month]
    got = (
        *vars(found).values(),
        *(found.logo_churn, found.revenue_churn, found.grr, found.nrr),
    )
    assert got == pytest.approx(wanted)


def test_a_company_is_lost_when_the_last_of_its_people_leaves():
    engine = held(PLANS, {1: 10, 2: 10, 3: 11, 4: 10})
    january, february, _ = plan_months(engine, EDGES, NOW, by_account=True)
    assert (january.payers, january.lost, january.paid) == (2, 0, 270)
    assert (january.churned, january.expansion) == (0, 10)  # 170 before, 180 after
    assert (february.payers, february.lost, february.churned) == (2, 1, 100)


def test_trials_count_when_their_week_is_over():
    found = trials(held(PLANS), EDGES, NOW)
    assert [(each.ended, each.paid) for each in found] == [(0, 0), (2, 1), (1, 1)]
    april = [*EDGES, day("2026-05-01")]
    assert trials(held(PLANS), april, NOW)[3].ended == 0
    assert trials(held(PLANS), april, NOW + timedelta(days=3))[3].ended == 1


def test_what_ended_nobody_knows_when_is_counted_apart():
    assert undated(held(PLANS), NOW) == 1


@pytest.mark.parametrize("seed", range(3))
def test_random_plans_against_a_loop(seed):
    random = Random(seed)
    plans = []
    for _ in range(200):
        began = day("2025-10-01") + timedelta(days=random.randint(0, 190))
        over = began + timedelta(days=random.randint(1, 150))
        plan = {"customer": random.randint(1, 60), "amount": float(random.randint(1, 9))}
        plan["started_at"] = began.isoformat()
        if random.random() < 0.7:
            plan["ended_at"] = over.isoformat()
        if random.random() < 0.2:
            plan["trial_ends_at"] = (began + timedelta(days=14)).isoformat()
        plans.append(plan)
    found = plan_months(held(plans), EDGES, NOW, by_account=False)
    for place, month in enumerate(found):
        start, end = (paying(plans, EDGES[place + each]) for each in (0, 1))
        lost = [who for who in start if who not in end]
        change = {who: end[who] - start[who] for who in start if who in end}
        assert month.payers == len(start) and month.lost == len(lost)
        assert month.paid == pytest.approx(sum(start.values()))
        assert month.churned == pytest.approx(sum(start[who] for who in lost))
        assert month.contraction == pytest.approx(-sum(e for e in change.values() if e < 0))
        assert month.expansion == pytest.approx(sum(e for e in change.values() if e > 0))
        assert month.fresh == pytest.approx(sum(end[w] for w in end if w not in start))


def paying(plans: list[dict], moment: datetime) -> dict[int, float]:
    found: dict[int, float] = {}
    for plan in plans:
        begun = max(day(plan["started_at"]), day(plan.get("trial_ends_at", "2000-01-01")))
        over = day(plan["ended_at"]) if "ended_at" in plan else None
        if begun <= moment and (over is None or over > moment):
            found[plan["customer"]] = found.get(plan["customer"], 0) + plan["amount"]
    return found
