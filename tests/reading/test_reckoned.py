"""Values that are worked out of several columns of a row."""

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
