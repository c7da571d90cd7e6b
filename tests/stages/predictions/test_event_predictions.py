"""Predictions of a named event: people as they were known, planted truth, refusals, leaks."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from carpel.errors import ProjectError
from carpel.evaluation import Evaluator
from carpel.language import parse_text
from carpel.manifest.load import load
from carpel.specs import Definitions, EventPrediction, ExpressionTrait, Project
from carpel.stages.predictions import Predictions
from carpel.stages.profiles import Profiles, as_known
from carpel.testing.line import line_with, read, take

pytestmark = pytest.mark.slow

pytest.importorskip("sklearn")
DAY_0, SPAN = date(2025, 1, 1), 420
AS_OF = datetime(2026, 2, 25, 12, tzinfo=UTC)
CHURN = EventPrediction(name="churn", kind="event", not_did="order_completed", within="60 days")


def shop(people: int, chance: np.random.Generator, *, leave: float = 1 / 120) -> list[dict]:
    """People who order about every ten days, the faithful for ever, others until they leave."""
    found = []
    for customer in range(1, people + 1):
        day, rate = chance.uniform(0, 200), chance.choice([1 / 6, 1 / 25])
        until = day + (chance.exponential(1 / leave) if rate < 0.1 else 1e9)
        while day < min(SPAN, until):
            on = DAY_0 + timedelta(days=int(day))
            at = datetime(on.year, on.month, on.day, 10)  # noqa: DTZ001 - as tables hold it
            row = {"customer": customer, "at": at, "local_date": on, "local_hour": 10}
            amount = round(float(chance.gamma(3, 10)), 2)
            found.append({**row, "amount": amount, "source": "till", "event_key": len(found)})
            day += chance.exponential(1 / rate)
    return found


def line_of(folder, orders, spec=CHURN, *, contacts=None, contracts=None, traits=(), as_of=AS_OF):
    people = max(row["customer"] for row in orders)
    tables = {
        "customers": pa.table(
            {
                "customer": pa.array(range(1, people + 1), pa.int64()),
                "known_since": pa.nulls(people, pa.timestamp("us")),
            }
        ),
        "event_order_completed": pa.Table.from_pylist(orders),
    }
    tables |= {"contacts": contacts} if contacts is not None else {}
    tables |= {"contracts": contracts} if contracts is not None else {}
    definitions = Definitions(
        Project(name="trial"),
        predictions={spec.name: spec},
        traits={each.name: each for each in traits},
    )
    return line_with(folder, tables, definitions=definitions, as_of=as_of)


def made(*given, **more):
    return take(line_of(*given, **more), [Profiles(), Predictions(as_known)])


@pytest.fixture(scope="module")
def orders():
    return shop(900, np.random.default_rng(3))


@pytest.fixture(scope="module")
def line(tmp_path_factory, orders):
    left = [f"code {each % 3}" if each % 2 else None for each in range(900)]
    contacts = pa.table({"customer": range(1, 901), "t_reason_for_leaving": left})
    return made(tmp_path_factory.mktemp("line"), orders, contacts=contacts)


def test_who_orders_often_hardly_stays_away_and_who_has_slowed_down_does(line, orders):
    found = {row["customer"]: row["churn"] for row in read(line, "predictions")}
    assert sorted(found) == list(range(1, 901))
    recent = {row["customer"] for row in orders if AS_OF.date() - row["local_date"] < timedelta(59)}
    known = {customer for customer, chance in found.items() if chance is not None}
    assert recent <= known and all(0 < found[each] < 1 for each in known)
    count = np.bincount([row["customer"] for row in orders], minlength=901)
    often = np.array([count[each] >= 40 for each in sorted(known)])
    chances = np.array([found[each] for each in sorted(known)])
    assert chances[often].mean() < 0.03 < 0.2 < chances[~often].mean()


def test_the_card_tells_the_moments_what_was_left_out_and_how_good_it_is(line):
    (card,) = read(line, "model_cards")
    assert card["used"] and card["error"] < card["naive_error"]
    more = json.loads(card["card"])
    dates = [each["at"] for each in more["moments"]]
    assert dates == ["2025-06-30", "2025-08-29", "2025-10-28", "2025-12-27"]
    assert more["time_honest"] and more["judged"]["calibration_error"] < 0.05
    assert more["undated"] == ["reason_for_leaving"]
    assert "reason_for_leaving" not in more["columns"] and "inactive_days" in more["columns"]
    assert card["foreseen"] == pytest.approx(card["happened"], rel=0.25)


def test_the_chance_is_a_trait_that_rules_read_with_its_reasons(line):
    (trait,) = (row for row in read(line, "traits") if row["table"] == "predictions")
    assert trait["trait"] == "churn"
    assert trait["label"] == "Chance of no order completed within 60 days"
    evaluator = Evaluator(line.engine, as_of=line.moment, zone=line.zone)
    rows = read(line, "predictions")
    assert trait["known"] == sum(row["churn"] is not None for row in rows)
    likely = {row["customer"] for row in rows if (row["churn"] or 0) > 0.3}
    assert set(evaluator.sets(parse_text("churn > 0.3")).yes) == likely
    riskiest = max(rows, key=lambda row: row["churn"] or 0)
    assert any("raises it" in each for each in riskiest["churn_reasons"])


def test_people_are_seen_as_a_build_of_that_day_would_have_seen_them(tmp_path, orders):
    """Profiles of a moment are those of a line that holds nothing later."""
    then = datetime(2025, 9, 1, 12, tzinfo=UTC)
    moment = then.replace(tzinfo=None)
    ended = [datetime(2025, 7, 1), datetime(2025, 12, 1), None] * 300  # noqa: DTZ001
    plans = {
        "customer": list(range(1, 901)),
        "plan": ["basic", "pro", "pro"] * 300,
        "amount": [10.0, 20.0, 20.0] * 300,
        "interval": ["month"] * 900,
        "started_at": [datetime(2025, 3, 1)] * 900,  # noqa: DTZ001
        "contract_id": [str(each) for each in range(900)],
    }
    kinds = {"ended_at": "us", "cancelled_at": "us", "paused_at": "us", "renews_at": "us",
             "trial_ends_at": "us"}  # fmt: skip
    missing = {name: pa.nulls(900, pa.timestamp(unit)) for name, unit in kinds.items()}
    seen = {"status": ["ended", "ended", "past due"] * 300, "seats": [1, 2, 3] * 300}
    unseen = {"status": pa.nulls(900, pa.string()), "seats": pa.nulls(900, pa.int64())}
    plans |= {"currency": ["EUR"] * 900}
    today = pa.table({**plans, **missing, **seen, "ended_at": ended})
    by_then = [each if each and each <= moment else None for each in ended]
    known = pa.table(
        {**plans, **missing, **unseen, "ended_at": pa.array(by_then, pa.timestamp("us"))}
    )
    born = pa.table({"customer": range(1, 901), "t_birth_date": [date(1980, 5, 5)] * 900})
    whole = take(line_of(tmp_path / "a", orders, contacts=born, contracts=today), [Profiles()])
    former = [row for row in orders if row["at"] <= moment]
    cut = take(
        line_of(tmp_path / "b", former, contacts=born, contracts=known, as_of=then), [Profiles()]
    )
    expected = {row["customer"]: row for row in read(cut, "profiles")}
    listed = {row["trait"]: row["known"] for row in read(cut, "traits")}
    with as_known(whole, moment) as earlier:
        found = {row["customer"]: row for row in read(earlier.line, "profiles")}
        traits = {row["trait"]: row["known"] for row in read(earlier.line, "traits")}
    assert {each: found[each] for each in expected} == expected
    assert traits == listed and "age" in traits and earlier.undated == ()
    after = {row["trait"] for row in read(whole, "traits")}
    assert "past_due" in after and "past_due" not in traits
    assert len(read(whole, "customers")) == 900


def test_expressions_over_undated_traits_are_left_out_and_come_back_when_trusted(tmp_path, orders):
    contacts = pa.table({"customer": range(1, 901), "t_fees": [float(each) for each in range(900)]})
    own = (
        ExpressionTrait(name="burden", kind="expression", expression="fees / spend_total"),
        ExpressionTrait(name="twice", kind="expression", expression="2 * burden"),
        ExpressionTrait(name="rate", kind="expression", expression="spend_total / orders_total"),
    )
    whole = take(line_of(tmp_path, orders, contacts=contacts, traits=own), [Profiles()])
    with as_known(whole, datetime(2025, 9, 1)) as earlier:  # noqa: DTZ001
        traits = {row["trait"] for row in read(earlier.line, "traits")}
    assert earlier.undated == ("burden", "fees", "twice") and "rate" in traits
    with as_known(whole, datetime(2025, 9, 1), ("fees",)) as earlier:  # noqa: DTZ001
        assert {"fees", "burden"} <= {row["trait"] for row in read(earlier.line, "traits")}
    assert (earlier.undated, earlier.trusted) == ((), ("burden", "fees", "twice"))


def test_where_nobody_differs_nothing_is_used_and_the_reason_is_told(tmp_path):
    """Everybody stays away by the same chance, whatever they did before."""
    chance = np.random.default_rng(5)
    orders = []
    for customer in range(1, 601):
        for day in np.flatnonzero(chance.random(SPAN) < 1 / 60):
            on = DAY_0 + timedelta(days=int(day))
            at = datetime(on.year, on.month, on.day, 10)  # noqa: DTZ001
            row = {"customer": customer, "at": at, "local_date": on, "local_hour": 10}
            orders.append({**row, "amount": 10.0, "source": "till", "event_key": len(orders)})
    line = made(tmp_path, orders)
    (card,) = read(line, "model_cards")
    assert not card["used"] and "not better beyond chance: not used" in card["reason"]
    assert all(row["churn"] is None for row in read(line, "predictions"))


def test_too_short_a_history_is_refused_with_what_is_needed(tmp_path, orders):
    spec = CHURN.model_copy(update={"within": "150 days"})
    (card,) = read(made(tmp_path, orders, spec), "model_cards")
    assert not card["used"]
    assert "of history: 450 are needed" in card["reason"]


def test_whom_it_is_about_is_asked_of_what_was_known_then(tmp_path, orders):
    text = "orders_total >= 5"
    spec = EventPrediction(
        name="again",
        kind="event",
        did="order_completed",
        where={"amount": {"at_least": 40}},
        within="8 weeks",
        among=parse_text(text),
    )
    line = made(tmp_path, orders, spec)
    evaluator = Evaluator(line.engine, as_of=line.moment, zone=line.zone)
    asked = set(evaluator.sets(parse_text(text)).yes)
    found = {r["customer"] for r in read(line, "predictions") if r["again"] is not None}
    (card,) = read(line, "model_cards")
    assert card["used"] and found == asked
    more = json.loads(card["card"])
    first, *_, last = (each["people"] for each in more["moments"])
    assert first < last <= len(asked)


WRONG = {
    "did: a\nnot_did: b": "say one of `did` and `not_did`",
    "within: 90 days": "say one of `did` and `not_did`",
    "did: order_completed\nwithin: 3 days": "within is 7 to 730 days",
    "did: order_completed\nwithin: soon": "within:",
    "did: order_complete": "there is no event 'order_complete'",
    "did: order_completed\namong: {segment: vips}": "predictions are made before segments",
    "did: order_completed\namong: {trait: orders_totl, gt: 1}": "there is no trait 'orders_totl'",
}


@pytest.mark.parametrize("said", WRONG, ids=WRONG.values())
def test_mistakes_are_told_with_the_file(tmp_path, said):
    (tmp_path / "predictions").mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "carpel.yml").write_text("name: shop\n")
    (tmp_path / "sources" / "till.yml").write_text(
        "read: till.csv\nidentifiers: {card: card}\n"
        "track: [{event: order_completed, at: at, properties: {amount: amount}}]\n"
    )
    (tmp_path / "predictions" / "churn.yml").write_text(f"kind: event\n{said}\n")
    with pytest.raises(ProjectError) as error:
        load(tmp_path, {"orders_total"}).sound()
    assert any(WRONG[said] in str(each) for each in error.value.problems)
    assert {each.file for each in error.value.problems} == {"predictions/churn.yml"}


def test_a_prediction_has_a_name_of_its_own(tmp_path):
    (tmp_path / "predictions").mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "carpel.yml").write_text("name: shop\n")
    (tmp_path / "sources" / "till.yml").write_text(
        "read: till.csv\nidentifiers: {card: card}\ntrack: [{event: order_completed, at: at}]\n"
    )
    (tmp_path / "predictions" / "spend.yml").write_text("kind: event\ndid: order_completed\n")
    with pytest.raises(ProjectError, match="there is a trait 'spend' already"):
        load(tmp_path, {"spend"}).sound()
