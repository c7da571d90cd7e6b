"""Plans: renewals foreseen, spells put together, what is known already, what is refused."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from carpel.specs import Definitions, Project, RenewalPrediction
from carpel.stages.predictions import Predictions
from carpel.stages.predictions.spells import MONTH, held
from carpel.stages.profiles import as_known
from carpel.stats.contracts.shifted_beta_geometric import ShiftedBetaGeometric
from carpel.stats.contracts.staying import Renewing, Running
from carpel.stats.contracts.survival import Weibull
from carpel.testing.line import line_with, read, take

pytest.importorskip("scipy")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENTS = ("started_at", "ended_at", "trial_ends_at", "renews_at", "paused_at", "cancelled_at")
SPEC = RenewalPrediction(name="renewal", kind="renewal", months=6)


def ago(months: float | None) -> datetime | None:
    """A moment so many months before (or, below 0, after) the build's."""
    return None if months is None else NOW.replace(tzinfo=None) - timedelta(seconds=months * MONTH)


def plan(customer: int, started: float, ended: float | None = None, **more) -> dict:
    """A contract, by months ago."""
    said = {"plan": "basic", "amount": 10.0, "currency": "EUR", "interval": "month", "seats": 1,
            "status": None, "contract_id": str(customer)}  # fmt: skip
    dated = {"started_at": ago(started), "ended_at": ago(ended)}
    return {"customer": customer, **said, **dict.fromkeys(MOMENTS), **dated, **more}


def line_of(folder, plans, spec=SPEC, aliases=()):
    people = max(each["customer"] for each in plans) + 1
    schema = pa.schema(
        [("customer", pa.int64()), ("contract_id", pa.string()), ("plan", pa.string()),
         ("amount", pa.float64()), ("currency", pa.string()), ("interval", pa.string()),
         ("seats", pa.int64()), ("status", pa.string()),
         *((each, pa.timestamp("us")) for each in MOMENTS)]
    )  # fmt: skip
    tables = {
        "customers": pa.table({"customer": list(range(1, people + 1))}),
        "contracts": pa.Table.from_pylist(plans, schema=schema),
    }
    definitions = Definitions(Project(name="gym"), predictions={spec.name: spec})
    return line_with(folder, tables, definitions=definitions, as_of=NOW)


def made(folder, plans, spec=SPEC):
    return take(line_of(folder, plans, spec), [Predictions(as_known)])


def members(people: int, chance, alpha: float, beta: float, *, longest: float = 30.0):
    """Monthly plans whose holders each have a chance of their own to say no."""
    found = []
    for customer in range(1, people + 1):
        begun, theta = chance.uniform(0.2, longest), chance.beta(alpha, beta)
        lasted = int(chance.geometric(theta))
        found.append(plan(customer, begun, begun - lasted if lasted <= begun else None))
    return found


@pytest.fixture(scope="module")
def plans():
    return members(3000, np.random.default_rng(11), 0.8, 4.0)


@pytest.fixture(scope="module")
def line(tmp_path_factory, plans):
    return made(tmp_path_factory.mktemp("line"), plans)


def test_the_chance_to_renew_is_that_of_those_who_stayed_as_long(line, plans):
    """Of Beta(0.8, 4) who said yes n times says it again with (4 + n) / (4.8 + n)."""
    found = {row["customer"]: row for row in read(line, "predictions")}
    for each in plans:
        row = found[each["customer"]]
        if each["ended_at"] is not None:
            assert row["p_renewal"] is None
            continue
        age = (NOW.replace(tzinfo=None) - each["started_at"]).total_seconds() / MONTH
        truth = (4 + int(age)) / (4.8 + int(age))
        assert row["p_renewal"] == pytest.approx(truth, abs=0.05)
        assert row["p_renewal_low"] <= row["p_renewal"] <= row["p_renewal_high"]
        assert 0 <= row["p_leaving_6m"] <= 1 and 0 < row["plan_months_6m"] <= 6


def test_the_card_says_how_many_stayed_and_how_many_were_foreseen(line):
    (card,) = read(line, "model_cards")
    assert card["used"] and card["model"] == "shifted beta-geometric"
    assert card["foreseen"] == pytest.approx(card["happened"], rel=0.05)
    assert card["reason"].startswith("plans of 1 month: shifted beta-geometric foresaw")
    assert 200 < card["held_out_days"] < 240 and card["naive"] == "every renewal alike"


def test_they_are_traits_with_what_they_mean(line):
    listed = {row["trait"]: row for row in read(line, "traits")}
    assert set(listed) == {"p_renewal", "p_leaving_6m", "plan_months_6m"}
    assert listed["plan_months_6m"]["unit"] == "months"
    runs = sum(row["p_renewal"] is not None for row in read(line, "predictions"))
    assert listed["p_renewal"]["known"] == runs > 500


def test_who_cancelled_stays_as_long_as_is_paid(tmp_path, plans):
    gone = plan(3001, 5.5, cancelled_at=ago(0.2), renews_at=ago(-0.5))
    row = next(
        row
        for row in read(made(tmp_path, [*plans, gone]), "predictions")
        if row["customer"] == 3001
    )
    assert (row["p_renewal"], row["p_leaving_6m"]) == (0, 1)
    assert row["plan_months_6m"] == pytest.approx(0.5, abs=1e-6)


def test_where_everybody_is_alike_the_naive_guess_is_as_good(tmp_path):
    alike = members(800, np.random.default_rng(2), 1e6, 9e6)
    (card,) = read(made(tmp_path, alike), "model_cards")
    assert not card["used"] and "no better than" in card["reason"]


def test_too_few_are_refused_by_number(tmp_path):
    (card,) = read(made(tmp_path, members(40, np.random.default_rng(2), 1, 5)), "model_cards")
    assert not card["used"] and "at least 50 are needed" in card["reason"]


SPELLS = {
    "a plan after a plan is one": ([(1, 9, 6), (1, 6, None)], [(1, 9, None)]),
    "a week between two is nothing": ([(1, 9, 6.2), (1, 6, 2)], [(1, 9, 2)]),
    "who came back began anew": ([(1, 9, 6), (1, 3, None)], [(1, 9, 6), (1, 3, None)]),
    "two at once are one": ([(1, 9, None), (1, 5, 3)], [(1, 9, None)]),
    "the longer of two at once counts": ([(1, 9, 2), (1, 5, 3)], [(1, 9, 2)]),
    "an end to come is none yet": ([(1, 9, -2)], [(1, 9, None)]),
    "what has not begun is not held": ([(1, -1, None), (2, 3, None)], [(2, 3, None)]),
}


@pytest.mark.parametrize("given", SPELLS)
def test_spells(tmp_path, given):
    rows, expected = SPELLS[given]
    line = line_of(tmp_path, [plan(*each) for each in rows])
    ((group,), undated) = held(line, ())
    seen = [
        (int(who), pytest.approx(begun), None if np.isnan(over) else pytest.approx(over))
        for who, begun, over in zip(
            group.customers, group.spells.begun, group.spells.over, strict=True
        )
    ]
    assert seen == expected and undated == 0


def test_trials_are_not_paid_and_ends_without_a_date_are_counted(tmp_path):
    rows = [
        plan(1, 9, trial_ends_at=ago(8)),
        plan(2, 9, 8.5, trial_ends_at=ago(8)),
        plan(3, 0.2, trial_ends_at=ago(-0.2)),
        plan(4, 9, status="cancelled"),
        plan(5, 4, interval=None),
        plan(6, 4, plan="pro"),
    ]
    line = line_of(tmp_path, rows)
    groups, undated = held(line, ())
    assert undated == 1 and [each.interval for each in groups] == [1.0, None]
    assert [each.customers.tolist() for each in groups] == [[1, 6], [5]]
    assert groups[0].spells.begun == pytest.approx([8, 4])
    assert held(line, ("pro",))[0][0].customers.tolist() == [6]


def test_months_to_come_by_hand():
    """Yes with .8 and .9: half a month is paid, then a month each with .8, .72 (a half of it)."""
    sure = ShiftedBetaGeometric(1.0, 4.0)
    found = Renewing(sure, 1.0).ahead(np.array([0.5]), 2.0)
    assert found.renewal[0] == pytest.approx(4 / 5)
    twice = 4 / 5 * 5 / 6
    assert found.leaving[0] == pytest.approx(1 - twice)
    assert found.months[0] == pytest.approx(0.5 + 4 / 5 + twice / 2)
    never = Renewing(sure, 12.0).ahead(np.array([3.0]), 6.0)
    assert (never.leaving[0], never.months[0]) == (0, 6)


def test_a_plan_without_an_interval_has_no_next_renewal():
    found = Running(Weibull(1.0, 10.0), None).ahead(np.array([0.0, 50.0]), 5.0)
    assert np.isnan(found.renewal).all()
    assert found.leaving == pytest.approx(1 - np.exp(-0.5))
    due = Running(Weibull(1.0, 10.0), 1.0).ahead(np.array([2.5]), 5.0)
    assert due.renewal[0] == pytest.approx(np.exp(-0.05))
