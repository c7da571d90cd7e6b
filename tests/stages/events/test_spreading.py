"""An order's discount over its lines: to the cent, in proportion, and never below nothing."""

from collections import defaultdict

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.stages.events.spreading import of_orders, spread

CENTS = st.integers(-500, 100_000)
ORDERS = st.lists(
    st.tuples(st.lists(CENTS, min_size=1, max_size=6), st.integers(0, 50_000), st.booleans()),
    min_size=1,
    max_size=6,
)


def lines(orders):
    return [
        {
            "survivor": 1,
            "source": "till",
            "order_id": f"o{number}",
            "event_key": number * 100 + at,
            "amount": cents / 100,
            "shared_discount": -less / 100 if at == 0 or everywhere else None,
        }
        for number, (amounts, less, everywhere) in enumerate(orders)
        for at, cents in enumerate(amounts)
    ]


def spread_over(rows):
    engine = DuckDB()
    engine.register("lines", pa.Table.from_pylist(rows))
    given_lines = query("SELECT * FROM lines")
    return engine.fetch(spread(engine.columns(given_lines), given_lines)).to_pylist()


@given(ORDERS)
@example([([1, 1, 1], 1, True)])
@example([([0, -5], 100, False)])
def test_the_parts_are_the_whole(orders):
    rows = lines(orders)
    before = {row["event_key"]: row["amount"] for row in rows}
    parts = defaultdict(list)
    for row in spread_over(rows):
        taken = before[row["event_key"]] - row["amount"]
        assert abs(taken - row["discount"]) < 1e-6 and taken >= -1e-9
        assert taken <= max(before[row["event_key"]], 0) + 0.0051
        parts[row["order_id"]].append((before[row["event_key"]], taken))
        assert "shared_discount" not in row
    for number, (amounts, less, _) in enumerate(orders):
        worth = sum(max(each, 0) for each in amounts) / 100
        found = parts[f"o{number}"]
        assert abs(sum(taken for _, taken in found) - min(less / 100, worth)) < 1e-6
        for amount, taken in found:
            share = max(amount, 0) / worth if worth else 0
            assert abs(taken - share * min(less / 100, worth)) <= 0.0101


def test_a_line_keeps_its_own_discount_and_without_a_shared_one_nothing_changes():
    rows = [{**row, "discount": -2.0} for row in lines([([1000, 3000], 400, True)])]
    found = sorted((row["amount"], row["discount"]) for row in spread_over(rows))
    assert found == [(9.0, 3.0), (27.0, 5.0)]
    plain = [{key: row[key] for key in row if key != "shared_discount"} for row in rows]
    assert spread_over(plain) == plain


def brought(amount, discount, **further):
    return {"survivor": 1, "order_id": "o0", "amount": amount, "discount": discount, **further}


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (brought(36.0, 4.0), [9.0, 27.0]),
        (brought(36.0, -4.0), [9.0, 27.0]),
        (brought(40.95, 4.0, shipping=4.95), [9.0, 27.0]),
        (brought(48.51, 4.0, shipping=4.95, tax=7.56), [9.0, 27.0]),
        (brought(40.0, 4.0), [10.0, 30.0]),  # the lines are after it
        (brought(90.0, 4.0), [10.0, 30.0]),  # not all lines are here
        (brought(40.0, None), [10.0, 30.0]),
        ({**brought(36.0, 4.0), "survivor": 2}, [10.0, 30.0]),
    ],
)
def test_a_discount_that_the_order_states_is_its_lines_where_it_adds_up(order, left):
    engine = DuckDB()
    plain = [{key: row[key] for key in row if key != "shared_discount"}
             for row in lines([([1000, 3000], 0, False)])]  # fmt: skip
    engine.register("lines", pa.Table.from_pylist(plain))
    engine.register("orders", pa.table({key: pa.array([each], pa.string() if key == "order_id" else
                    pa.int64() if key == "survivor" else pa.float64())
                    for key, each in order.items()}))  # fmt: skip
    told, known = query("SELECT * FROM lines"), query("SELECT * FROM orders")
    with_discount = of_orders(engine.columns(told), told, engine.columns(known), known)
    found = engine.fetch(spread(engine.columns(with_discount), with_discount)).to_pylist()
    assert sorted(row["amount"] for row in found) == left
