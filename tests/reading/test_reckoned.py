"""Values that are worked out of several columns of a row."""

from datetime import date

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.reading import FILE, ROW, Home, Rows, typed
from carpel.specs import Column


def value(spec, **cells):
    engine = DuckDB()
    chosen = ", ".join(f"CAST(:{name} AS VARCHAR) AS {name}" for name in cells)
    rows = query(f"SELECT 'f' AS {FILE}, 1 AS {ROW}, {chosen}", **cells)
    way = typed(engine, Rows(rows, dict.fromkeys(cells, "VARCHAR")), Column(**spec), Home())
    return engine.value(query("SELECT :v FROM :t AS t", v=way.value, t=rows))


LESS = {"column": "price", "times": "pieces", "less": "off"}
SHARE = {"column": "back", "share": ("part", "whole")}


@pytest.mark.parametrize(
    ("price", "pieces", "off", "left"),
    [
        ("10.00", "3", "4.50", 25.5),
        ("10.00", "3", "-4.50", 25.5),
        ("10.00", "-3", "4.50", -25.5),
        ("10.00", "3", "", 30.0),
        ("10.00", "3", "none at all", 30.0),
        ("10.00", "", "4.50", None),
        ("dear", "3", "4.50", None),
    ],
)
def test_a_discount_is_taken_off_towards_nothing(price, pieces, off, left):
    assert value(LESS, price=price, pieces=pieces, off=off) == left


@pytest.mark.parametrize(
    ("back", "part", "whole", "counts"),
    [
        ("121.00", "100.00", "121.00", 100.0),
        ("12.10", "100.00", "121.00", 10.0),
        ("50.00", "130.00", "121.00", 50.0),
        ("50.00", "", "121.00", 50.0),
        ("50.00", "100.00", "0", 50.0),
        ("", "100.00", "121.00", None),
    ],
)
def test_a_share_counts_and_the_whole_where_none_is_known(back, part, whole, counts):
    assert value(SHARE, back=back, part=part, whole=whole) == counts


@pytest.mark.parametrize(
    ("first", "second", "third", "counts"),
    [
        ("2026-03-02", "2026-02-01", "2026-01-01", date(2026, 3, 2)),
        ("", "2026-02-01", "2026-01-01", date(2026, 2, 1)),
        ("n/a", " ", "2026-01-01", date(2026, 1, 1)),
        ("", "", "", None),
        ("nonsense", "2026-02-01", "", None),
    ],
)
def test_where_a_column_is_empty_the_next_counts(first, second, third, counts):
    spec = {"column": "first", "otherwise": ("second", "third"), "type": "date"}
    assert value(spec, first=first, second=second, third=third) == counts


def test_nothing_stands_in_for_a_constant_or_for_what_is_worked_out():
    with pytest.raises(ValueError, match="otherwise"):
        Column(constant=1, otherwise=("a",))
    with pytest.raises(ValueError, match="otherwise"):
        Column(column="a", times="b", otherwise=("c",))
