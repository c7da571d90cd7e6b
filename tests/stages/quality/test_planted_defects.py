"""Known truth: so many defects planted, exactly so many found, and nothing else."""

import importlib.util
import random
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from carpel.stages.quality import Quality
from carpel.testing.line import line_with, read, take

pytestmark = pytest.mark.slow

_spec = importlib.util.spec_from_file_location("planted", Path(__file__).with_name("planted.py"))
planted = sys.modules["planted"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(planted)
NOW, Planted = planted.NOW, planted.Planted

ALWAYS = {("set_aside", ""): 60, ("duplicated", ""): 40}
EVENT = "product_purchased"
DEFECTS = {
    "nothing": ([], {}),
    "missing": (
        [("people", {"id_email": None}), ("people", {"t_first_name": " "})],
        {("missing", "email"): 0, ("missing", "first_name"): 1},
    ),
    "malformed": (
        [
            ("people", {"id_email": lambda row: f"{row['ref']}.example.org"}),
            ("people", {"id_phone": "call me"}),
            ("people", {"t_country": "Narnia"}),
            ("people", {"t_postcode": "near the river"}),
        ],
        {
            ("malformed", "email"): 0,
            ("malformed", "phone"): 1,
            ("malformed", "country"): 2,
            ("malformed", "postcode"): 3,
        },
    ),
    "dates": (
        [
            ("lines", {"at": planted.future()}),
            ("lines", {"at": NOW - timedelta(days=25_000)}),
            ("people", {"seen_at": NOW - timedelta(days=900)}),
        ],
        {
            ("future_dated", f"{EVENT}.at"): 0,
            ("implausible_date", f"{EVENT}.at"): 1,
            ("stale", "seen_at"): 2,
        },
    ),
    "contradictions": (
        [
            ("lines", {"discount": lambda row: -row["amount"] - 50.0}),
            ("contracts", {"ended_at": NOW - timedelta(days=200)}),
            ("contracts", {"amount": -5.0}),
            ("people", {"t_birth_date": (NOW - timedelta(days=0)).date()}),
        ],
        {
            ("contradictory", f"{EVENT}.discount"): 0,
            ("contradictory", "ended_at"): 1,
            ("contradictory", "amount"): 2,
            ("contradictory", "birth_date"): 3,
        },
    ),
    "prices": (
        [("lines", {"unit_price": lambda row: -row["unit_price"]})],
        {("contradictory", f"{EVENT}.unit_price"): 0},
    ),
    "amounts": (
        [("lines", {"amount": lambda row: row["amount"] * 1.5 + 3})],
        {("contradictory", f"{EVENT}.amount"): 0},
    ),
    "orders": (
        [("orders", {"amount": lambda row: row["amount"] * 1.5})],
        {("order_totals", "order_completed.amount"): 0},
    ),
    "outlying": (
        [("contracts", {"amount": 25_000.0})],
        {("outlying", "amount"): 0},
    ),
    "orphans": (
        [("lines", {"product_id": lambda row: f"gone{row['event_key']}"})],
        {("orphaned", f"{EVENT}.product_id"): 0},
    ),
    "currencies": (
        [("lines", {"currency": "USD"})],
        {("mixed_currencies", f"{EVENT}.currency"): 0},
    ),
    "slips": (
        [("people", {"id_email": lambda row: f"{row['ref']}@gmial.com"})],
        {("mistyped", "email"): 0},
    ),
    "categories": (
        [("people", {"t_category": "unknown"}), ("people", {"t_category": "GOLD"})],
        {("unknown_category", "category"): (0, 1)},
    ),
}
SIDE = {
    "dates": {("contradictory", "birth_date")},
    # what a planted defect drags along: born after a purchase long ago, an amount not q x price
    "contradictions": {("contradictory", f"{EVENT}.amount")},
    "prices": {("contradictory", f"{EVENT}.amount")},
    "amounts": {("order_totals", "order_completed.amount")},
}


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("seed", [random.randrange(10**6)], ids=["fresh"])
def test_as_many_are_found_as_were_planted(tmp_path, defect, seed):
    plants, expected = DEFECTS[defect]
    source = Planted(seed)
    counts = [source.dice.randint(2, 8) for _ in plants]
    for (table, spoiled), count in zip(plants, counts, strict=True):
        source.plant(table, count, **spoiled)
    found = Counter()
    for each in _findings(tmp_path, source):
        found[each["check"], each["column"]] += each["rows"]
    wanted = dict(ALWAYS)
    for key, which in expected.items():
        wanted[key] = sum(counts[at] for at in (which if isinstance(which, tuple) else (which,)))
    for key in SIDE.get(defect, ()):
        found.pop(key, None)
    assert dict(found) == wanted, f"seed {seed}"


def _findings(folder, source):
    line = line_with(folder, source.tables(), definitions=planted.DEFINITIONS)
    return [each for each in read(take(line, [Quality()]), "findings") if each["source"] == "shop"]


def test_repeated_rows_are_counted(tmp_path):
    source = Planted(1)
    source.lines += [dict(source.lines[at], event_key=90_000 + at) for at in range(7)]
    found = {(each["check"], each["column"]): each["rows"] for each in _findings(tmp_path, source)}
    assert found["duplicated", EVENT] == 7


def test_an_address_at_too_many_people_is_found(tmp_path):
    source = Planted(2)
    source.plant("people", 25, id_email="office@example.org")
    source.plant("people", 15, id_email="family@example.org")
    found = {
        each["column"]: each for each in _findings(tmp_path, source) if each["check"] == "shared"
    }
    assert {key: each["rows"] for key, each in found.items()} == {"email": 25}


def test_a_month_in_cents_is_found(tmp_path):
    source = Planted(3)
    rows = [line for line in source.lines if (line["at"].year, line["at"].month) == (2025, 11)]
    for line in rows:
        line |= {each: line[each] * 100 for each in ("unit_price", "amount", "discount")}
    found = {
        each["column"]: each
        for each in _findings(tmp_path, source)
        if each["check"] == "wrong_scale"
    }
    assert found[f"{EVENT}.amount"]["rows"] == len(rows) > 30
    assert "2025-11" in found[f"{EVENT}.amount"]["message"]


def test_outlying_bounds_are_named_and_hold(tmp_path):
    source = Planted(4)
    source.plant("contracts", 3, amount=25_000.0)
    (found,) = [each for each in _findings(tmp_path, source) if each["check"] == "outlying"]
    low, high = (
        float(each.replace(",", ""))
        for each in found["message"].split("outside ")[1].rstrip(".").split(" to ")
    )
    assert low < 9 and 13 < high < 25_000 and found["rows"] == 3


def test_rates_turn_another_currency_into_a_fix(tmp_path):
    import pyarrow as pa

    source = Planted(5)
    source.plant("lines", 4, currency="USD")
    source.plant("lines", 3, currency="GBP")
    tables = source.tables() | {
        "described_currency": pa.table({"currency": ["USD"], "rate": [0.9]})
    }
    line = take(line_with(tmp_path, tables, definitions=planted.DEFINITIONS), [Quality()])
    found = {
        each["fixed"]: each
        for each in read(line, "findings")
        if each["check"] == "mixed_currencies"
    }
    assert {fixed: each["rows"] for fixed, each in found.items()} == {True: 4, False: 3}
    assert "GBP" in found[False]["message"] and "USD" not in found[False]["message"]


def test_no_personal_value_is_repeated_in_a_message(tmp_path):
    source = Planted(6)
    source.plant(
        "people", 5, id_email="secretvalue", id_phone="secretvalue", t_country="secretvalue"
    )
    assert not [each for each in _findings(tmp_path, source) if "secretvalue" in each["message"]]


def test_where_most_are_equal_the_others_say_what_is_far(tmp_path):
    source = Planted(7)
    for line in source.lines:
        line |= {"quantity": 1, "unit_price": line["amount"] + 1.0}
    for line, quantity in zip(source.lines[:200], [2, 2, 2, 3, 12] * 40, strict=True):
        line |= {"quantity": quantity, "amount": quantity * line["unit_price"] - 1.0}
    source.plant("lines", 4, quantity=80_000, unit_price=0.0001, amount=7.0)
    found = [each for each in _findings(tmp_path, source) if each["check"] == "outlying"]
    assert {each["column"]: each["rows"] for each in found}[f"{EVENT}.quantity"] == 4


def test_evenly_spread_whole_numbers_hold_no_outlier_and_a_mark_among_them_does(tmp_path):
    source = Planted(8)
    for at, line in enumerate(source.lines):
        line |= {"quantity": at % 300, "unit_price": 1.0, "amount": 1.0 * (at % 300)}
    clean = [each for each in _findings(tmp_path / "clean", source) if each["check"] == "outlying"]
    assert not clean
    for line in source.lines[1:4]:
        line |= {"quantity": 999_999, "amount": 999_999.0}
    found = {
        each["column"]: each
        for each in _findings(tmp_path / "marked", source)
        if each["check"] == "outlying"
    }
    assert {column: each["rows"] for column, each in found.items()} == {
        f"{EVENT}.quantity": 3,
        f"{EVENT}.amount": 3,
    }
    assert " above " in found[f"{EVENT}.quantity"]["message"]
    assert "cents" in found[f"{EVENT}.amount"]["proposal"]
    assert "cents" not in found[f"{EVENT}.quantity"]["proposal"]
