"""Predictions on the line: figures with intervals, the card, refusals, and rules over them."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from carpel.errors import ProjectError
from carpel.evaluation import Evaluator
from carpel.language import parse_text
from carpel.specs import BuyingPrediction, Definitions, Project
from carpel.stages.predictions import Predictions, ordering
from carpel.stages.profiles import as_known
from carpel.stats.buying.bg_nbd import BgNbd
from carpel.testing.line import line_with, read, take

AS_OF = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY_0 = date(2025, 1, 1)
SPEC = BuyingPrediction(name="orders", kind="buying", days=(30, 90), margin=0.5)


def rows(people: int, draw) -> list[dict]:
    """Orders of people, numbered from 1, on the days since DAY_0 that `draw` gives."""
    found = []
    for customer in range(1, people + 1):
        for day, amount in draw(customer):
            on = DAY_0 + timedelta(days=int(day))
            at = datetime(on.year, on.month, on.day, 10)  # noqa: DTZ001 - as tables hold it
            found.append({"customer": customer, "at": at, "local_date": on, "amount": amount})
    return found


def shop(chance: np.random.Generator):
    """How BG/NBD and Gamma-Gamma say that people buy."""

    def draw(_customer):
        rate, leave = chance.gamma(0.8, 1 / 25), chance.beta(0.8, 4)
        worth, day = chance.gamma(4, 1 / 60), chance.uniform(0, 300)
        while day < 424:
            yield day, round(float(chance.gamma(6, 1 / worth)), 2)
            if chance.random() < leave:
                return
            day += chance.exponential(1 / rate)

    return draw


def made(folder, orders, specs=(SPEC,), idle=1, aliases=()):
    people = max(row["customer"] for row in orders) + idle
    tables = {
        "customers": pa.table({"customer": list(range(1, people + 1))}),
        "event_order_completed": pa.Table.from_pylist(orders),
    }
    if aliases:
        tables["aliases"] = pa.table(dict(zip(("customer", "survivor"), aliases, strict=True)))
    definitions = Definitions(
        Project(name="trial"), predictions={each.name: each for each in specs}
    )
    return line_with(folder, tables, definitions=definitions, as_of=AS_OF)


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    pytest.importorskip("scipy")
    orders = rows(500, shop(np.random.default_rng(7)))
    return take(made(tmp_path_factory.mktemp("line"), orders), [Predictions(as_known)])


def test_everybody_who_ordered_has_figures_within_their_ends(line):
    found = read(line, "predictions")
    assert [row["customer"] for row in found] == list(range(1, 502))
    assert all(value is None for key, value in found[-1].items() if key != "customer")
    for row in found[:-1]:
        assert 0 <= row["p_alive_low"] <= row["p_alive"] <= row["p_alive_high"] <= 1
        assert 0 <= row["predicted_orders_30d"] <= row["predicted_orders_90d"]
        assert row["predicted_orders_90d_low"] <= row["predicted_orders_90d_high"]
        assert row["clv_90d"] >= 0 and row["clv_90d_low"] <= row["clv_90d_high"]
        assert (row["next_order_at"] is None) == (row["p_alive"] < 0.5)
        if row["next_order_at"]:
            assert AS_OF.replace(tzinfo=None) - timedelta(days=1) < row["next_order_at"]
            assert row["next_order_at_low"] <= row["next_order_at"]
            last = row["next_order_at_high"]  # none where it may take a hundred years
            assert last is None or row["next_order_at"] <= last


def test_the_card_says_what_was_tried_and_how_it_did(line):
    (card,) = read(line, "model_cards")
    assert card["used"] and card["model"] in ("BG/NBD", "Pareto/NBD")
    assert card["error"] < card["naive_error"] and card["people"] == 500
    assert card["reason"].startswith(card["model"]) and "held-out time" in card["reason"]
    assert card["at"] == AS_OF.replace(tzinfo=None)
    span = (AS_OF.date() - card["data_from"]).days
    assert card["held_out_days"] == span // 4
    more = json.loads(card["card"])
    assert set(more["totals"]) == {"30", "90"} and len(more["tried"]) == 2
    low, mean, high = (more["totals"]["90"][each] for each in ("low", "mean", "high"))
    assert low < mean < high and more["value"]["margin"] == 0.5


def test_predictions_are_traits_that_rules_read(line):
    listed = {row["trait"]: row for row in read(line, "traits")}
    assert set(listed) == {
        "p_alive", "predicted_orders_30d", "predicted_orders_90d", "next_order_at", "clv_90d"
    }  # fmt: skip
    assert listed["p_alive"]["known"] == 500 and listed["p_alive"]["of"] == 501
    assert listed["clv_90d"]["unit"] == "EUR"
    assert listed["predicted_orders_90d"]["label"] == "Orders expected in 90 days"
    evaluator = Evaluator(line.engine, as_of=line.moment, zone=line.zone)
    sets = evaluator.all({"gone": parse_text("p_alive < 0.5")})["gone"]
    below = {row["customer"] for row in read(line, "predictions") if (row["p_alive"] or 1) < 0.5}
    assert set(sets.yes) == below and set(sets.unknown) == {501}


def test_merged_customers_are_one_and_orders_of_a_day_are_one(tmp_path):
    pytest.importorskip("scipy")
    orders = rows(300, shop(np.random.default_rng(3)))
    first = min(row["local_date"] for row in orders if row["customer"] == 1)
    twin = [{**row, "customer": 999} for row in orders if row["customer"] == 1]
    line = made(tmp_path, [*orders, *twin], aliases=([999], [1]))
    found = ordering.orders(line)
    assert 999 not in found.customers
    days = {row["local_date"] for row in orders if row["customer"] == 1}
    mine = found.day[found.people == 0]
    assert len(mine) == len(days) and mine.min() == (first - date(1970, 1, 1)).days


def renewals(chance):
    def draw(_customer):
        start = chance.uniform(0, 60)
        return [(start + 30 * month, 9.0) for month in range(chance.integers(3, 12))]

    return draw


@pytest.mark.parametrize(
    ("people", "draw", "reason"),
    [
        (300, renewals, "as by the calendar"),
        (40, shop, "40 people had bought|people had bought before the held-out time"),
        (300, lambda chance: lambda _: [(chance.uniform(0, 300), 5.0)], "ever bought again"),
    ],
    ids=["renewals", "few people", "nobody again"],
)
def test_what_cannot_be_foretold_is_refused_with_the_reason(people, draw, reason, tmp_path):
    pytest.importorskip("scipy")
    orders = rows(people, draw(np.random.default_rng(5)))
    line = take(made(tmp_path, orders), [Predictions(as_known)])
    (card,) = read(line, "model_cards")
    assert not card["used"]
    assert any(each in card["reason"] for each in reason.split("|"))
    assert all(row["p_alive"] is None for row in read(line, "predictions"))
    assert {row["known"] for row in read(line, "traits")} == {0}


def test_without_the_extra_the_reason_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(ordering, "find_spec", lambda _name: None)
    line = take(made(tmp_path, rows(5, shop(np.random.default_rng(1)))), [Predictions(as_known)])
    (card,) = read(line, "model_cards")
    assert not card["used"] and "carpel[science]" in card["reason"]


def test_nothing_asked_is_nothing_done_and_two_of_a_kind_are_an_error(tmp_path):
    orders = rows(5, shop(np.random.default_rng(1)))
    assert list(Predictions(as_known).parts(made(tmp_path, orders, specs=()))) == []
    twice = [SPEC, SPEC.model_copy(update={"name": "again"})]
    with pytest.raises(ProjectError, match="predicts orders already"):
        take(made(tmp_path / "twice", orders, specs=twice), [Predictions(as_known)])


def test_no_orders_at_all_are_no_error(tmp_path):
    tables = {"customers": pa.table({"customer": [1, 2]})}
    definitions = Definitions(Project(name="trial"), predictions={"orders": SPEC})
    line = take(line_with(tmp_path, tables, definitions=definitions), [Predictions(as_known)])
    (card,) = read(line, "model_cards")
    assert not card["used"] and [row["p_alive"] for row in read(line, "predictions")] == [None] * 2


def test_a_model_of_the_stage_is_that_of_stats(line):
    found = ordering.orders(line)
    from carpel.stats.buying.histories import from_purchases

    (card,) = read(line, "model_cards")
    each = from_purchases(found.people, found.day, found.until)
    if card["model"] == "BG/NBD":
        model, _ = BgNbd.fitted(each)
        figures = [row["p_alive"] for row in read(line, "predictions")[:-1]]
        assert model.alive(each) == pytest.approx(figures, abs=1e-3)
