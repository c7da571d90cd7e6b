"""Merged keys, the moment of the build, what revenue is, contracts and accounts."""

from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest

from .reading import AS_OF, NOON, Row, ago, happened, profiled, traits, utc, values


def orders(*rows: Row) -> dict[str, list[Row]]:
    return {"event_order_completed": list(rows)}


def test_merged_keys_count_for_the_survivor(tmp_path: Path) -> None:
    given = orders(*(happened(key, ago(days=key), amount=1.0) for key in (1, 2, 3)))
    aliases = [{"customer": 2, "survivor": 1}, {"customer": 3, "survivor": 1}]
    line = profiled(tmp_path, {**given, "aliases": aliases}, people=1, as_of=AS_OF)
    found = values(line)
    assert list(found) == [1]
    assert found[1]["orders_total"] == 3
    assert found[1]["first_order_at"] == ago(days=3)


def test_windows_hold_their_end_and_not_their_beginning(tmp_path: Path) -> None:
    given = orders(
        happened(1, ago(days=30), amount=1.0),
        happened(2, ago(days=30) + timedelta(microseconds=1), amount=1.0),
        happened(3, NOON, amount=1.0),
    )
    found = values(profiled(tmp_path, given, as_of=AS_OF))
    assert [found[key]["orders_30d"] for key in (1, 2, 3)] == [0, 1, 1]
    assert found[3]["recency_days"] == 0


def test_as_of_before_the_first_event_knows_nobody_s_orders(tmp_path: Path) -> None:
    given = orders(happened(1, ago(days=1), amount=9.0))
    found = values(profiled(tmp_path, given, as_of=AS_OF - timedelta(days=2)))[1]
    assert (found["orders_total"], found["spend_total"], found["last_order_at"]) == (0, 0, None)
    assert (found["active_days_28d"], found["favourite_weekday"]) == (0, None)


def test_equal_counts_are_told_apart_by_amount_then_name(tmp_path: Path) -> None:
    given = orders(
        happened(1, ago(days=1), amount=1.0, channel="web"),
        happened(1, ago(days=2), amount=5.0, channel="shop"),
        happened(2, ago(days=1), amount=2.0, channel="web"),
        happened(2, ago(days=2), amount=2.0, channel="shop"),
        happened(3, ago(days=2), amount=2.0, channel=None),
    )
    found = values(profiled(tmp_path, given, as_of=AS_OF))
    assert [found[key]["favourite_channel"] for key in (1, 2, 3)] == ["shop", "shop", None]
    assert [found[key]["channels_distinct"] for key in (1, 2, 3)] == [2, 2, 0]


@pytest.mark.parametrize(("refunds", "spend"), [("subtracted", 7.0), ("not_subtracted", 10.0)])
def test_what_revenue_is(tmp_path: Path, refunds: str, spend: float) -> None:
    given = {
        "event_invoice_paid": [happened(1, ago(days=3), net=10.0, amount=99.0)],
        "event_product_returned": [happened(1, ago(days=2), amount=-3.0)],
    }
    revenue = {"event": "invoice_paid", "property": "net", "refunds": refunds}
    line = profiled(tmp_path, given, as_of=AS_OF, revenue=revenue, currency="USD")
    found = values(line)[1]
    assert (found["spend_365d"], found["gross_spend_total"], found["orders_total"]) == (
        spend,
        10,
        1,
    )
    assert traits(line)["spend_365d"]["unit"] == "USD"


def test_amounts_written_as_text_are_read_as_numbers(tmp_path: Path) -> None:
    given = orders(
        happened(1, ago(days=1), amount="4.5"), happened(1, ago(days=2), amount="unknown")
    )
    assert values(profiled(tmp_path, given, as_of=AS_OF))[1]["spend_total"] == 4.5


def held(customer: int, **more: Any) -> Row:
    instants = ("ended_at", "trial_ends_at", "renews_at", "paused_at", "cancelled_at")
    return {"customer": customer, "contract_id": f"k{customer}", "plan": "basic", "amount": 120.0,
            "currency": "EUR", "interval": "year", "seats": 3, "status": "active",
            "started_at": ago(days=100), **dict.fromkeys(instants), **more}  # fmt: skip


def test_contracts(tmp_path: Path) -> None:
    later, before = NOON + timedelta(days=10), ago(days=10)
    rows = [
        held(1, renews_at=later),
        held(2, status="trialing", trial_ends_at=later),
        held(3, ended_at=before),
        held(4, cancelled_at=before, renews_at=later),
        held(5, cancelled_at=before),
        held(6, status="Past Due", plan="gold", interval="month"),
        held(7, paused_at=before),
        held(8, started_at=later),
        held(9, status="cancelled"),
    ]
    line = profiled(tmp_path, {"contracts": rows}, people=10, as_of=AS_OF)
    found = values(line)

    def each(name: str) -> list[Any]:
        return [found[key][name] for key in range(1, 11)]

    assert each("subscribed") == [True, True, False, True, False, True, True, False, False, False]
    assert each("recurring_revenue_monthly") == [10, 0, 0, 10, 0, 120, 0, 0, 0, 0]
    assert each("plan") == ["basic", "basic", None, "basic", None, "gold", "basic", *[None] * 3]
    assert each("past_due") == [False] * 5 + [True] + [False] * 4
    assert each("contract_paused") == [False] * 6 + [True] + [False] * 3
    assert each("trial_days_left") == [None, 10.0, *[None] * 8]
    assert each("days_to_renewal") == [10.0, None, None, 10.0, *[None] * 6]
    assert each("contract_ended_at") == [None, None, before, None, before, *[None] * 5]
    assert each("cancelled_at") == [None] * 3 + [before, before] + [None] * 5
    assert each("tenure_days") == [100.0] * 7 + [None, 100.0, None]
    assert each("seats") == [3, 3, None, 3, None, 3, 3, None, None, None]


def test_columns_that_no_contract_fills_give_no_trait(tmp_path: Path) -> None:
    line = profiled(tmp_path, {"contracts": [held(1)]})
    assert not {"trial_ends_at", "trial_days_left", "renews_at"} & set(traits(line))


def test_accounts_sum_what_their_people_spend(tmp_path: Path) -> None:
    given = orders(*(happened(key, ago(days=1), amount=float(key)) for key in (1, 2, 3)))
    belongings = [{"customer": 1, "account": 1}, {"customer": 2, "account": 1}]
    found = values(profiled(tmp_path, {**given, "belongings": belongings}, as_of=AS_OF))
    assert [found[key]["account_people"] for key in (1, 2, 3)] == [2, 2, None]
    assert [found[key]["account_spend_365d"] for key in (1, 2, 3)] == [3.0, 3.0, None]


def test_orders_with_a_day_and_no_hour_have_no_time_of_day(tmp_path: Path) -> None:
    days = orders(
        happened(1, utc(2026, 2, 1), amount=1.0), happened(2, utc(2026, 2, 2), amount=1.0)
    )
    assert "favourite_daypart" not in traits(profiled(tmp_path / "days", days))
    hours = {**happened(1, utc(2026, 2, 2, 19), amount=1.0), "source": "till"}
    mixed = values(profiled(tmp_path / "mixed", orders(*days["event_order_completed"], hours)))
    assert [mixed[key]["favourite_daypart"] for key in (1, 2)] == ["evening", None]
    assert mixed[1]["favourite_weekday"] == "Monday"


def test_summer_is_in_january_in_the_south(tmp_path: Path) -> None:
    given = orders(happened(1, utc(2026, 1, 5, 9), amount=1.0))
    there = values(profiled(tmp_path / "a", given, country="AU"))
    here = values(profiled(tmp_path / "b", given, country="NL"))
    assert (there[1]["favourite_season"], here[1]["favourite_season"]) == ("summer", "winter")


def test_facts_about_accounts_are_facts_about_their_people(tmp_path: Path) -> None:
    given = {
        "contacts": [{"customer": 1, "t_city": "Utrecht"}],
        "belongings": [{"customer": 1, "account": 1}, {"customer": 2, "account": 1}],
        "accounts": [{"account": 1, "account_key": "k", "name": "Firm", "t_industry": "baking",
                      "t_employees": 40, "t_city": "Paris", "t_phone": "1"}],
    }  # fmt: skip
    line = profiled(tmp_path, given)
    found = values(line)
    assert [found[key]["industry"] for key in (1, 2, 3)] == ["baking", "baking", None]
    assert (found[2]["employees"], found[1]["city"], found[1]["account_city"]) == (
        40, "Utrecht", "Paris")  # fmt: skip
    assert not {"phone", "name", "account_key"} & set(traits(line))
    assert not {"t_phone", "name"} & set(line.engine.columns("profiles"))


def test_answers_are_traits_by_question(tmp_path: Path) -> None:
    given = {
        "event_survey_answered": [
            happened(1, ago(days=9), question="How tidy are you?", answer="3"),
            happened(1, ago(days=2), question="How tidy are you?", answer="5"),
            happened(2, ago(days=2), question="Why?", answer="it's cheap"),
        ]
    }
    line = profiled(tmp_path, given)
    found = values(line)
    assert [found[key]["survey_how_tidy_are_you"] for key in (1, 2)] == [5.0, None]
    assert [found[key]["survey_why"] for key in (1, 2)] == [None, "it's cheap"]
    assert traits(line)["survey_why"]["criterion"] == "psychographic"


def test_free_text_is_not_a_question(tmp_path: Path) -> None:
    asked = [happened(1, ago(days=n), question=f"q{n}", answer="x") for n in range(1, 70)]
    line = profiled(tmp_path, {"event_survey_answered": asked})
    assert not [name for name in traits(line) if name.startswith("survey_")]


def test_days_follow_the_project_s_own_calendar(tmp_path: Path) -> None:
    late = utc(2026, 2, 2, 23, 30)
    given = orders({**happened(1, late, amount=1.0), "local_date": date(2026, 2, 3)})
    moment = utc(2026, 3, 1, 23, 30).replace(tzinfo=UTC)
    there = profiled(tmp_path / "a", given, as_of=moment, timezone="Europe/Berlin")
    here = profiled(tmp_path / "b", given, as_of=moment, timezone="UTC")
    assert (values(there)[1]["active_days_28d"], values(here)[1]["active_days_28d"]) == (1, 1)
    earlier = orders({**happened(1, late, amount=1.0), "local_date": date(2026, 2, 2)})
    before = profiled(tmp_path / "c", earlier, as_of=moment, timezone="Europe/Berlin")
    assert values(before)[1]["active_days_28d"] == 0


@pytest.mark.parametrize(("refunds", "spend"), [("subtracted", 6.0), ("not_subtracted", 10.0)])
def test_an_order_of_a_refund_alone_is_no_order(tmp_path: Path, refunds: str, spend: float) -> None:
    given = orders(
        happened(1, ago(days=9), amount=10.0),
        happened(1, ago(days=2), amount=-4.0),
        happened(2, ago(days=1), amount=-5.0),
    )
    line = profiled(tmp_path, given, as_of=AS_OF, revenue={"refunds": refunds})
    one, two = (values(line)[key] for key in (1, 2))
    assert (one["orders_total"], one["recency_days"], one["average_order_value"]) == (1, 9, 10.0)
    assert one["spend_365d"] == spend
    assert (two["orders_total"], two["last_order_at"]) == (0, None)
