"""Orders that a source brings beside those derived from lines."""

import pyarrow as pa
import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query, table
from carpel.stages.events.orders import orders_beside


@pytest.mark.parametrize(
    ("numbers", "kept"), [(["o1", None], 3), (["o3", None], 4), (None, 4)], ids=str
)
def test_an_order_is_derived_only_where_none_of_its_number_was_brought(
    numbers: list[str | None] | None, kept: int
) -> None:
    engine = DuckDB()
    brought = {"survivor": ["p", "p"], "amount": [1.0, 2.0]}
    if numbers:
        brought["order_id"] = numbers
    engine.register("brought", pa.table(brought))
    engine.register("lines", pa.table({"survivor": ["p", "p"], "order_id": ["o1", "o2"]}))
    direct, derived = (query("SELECT * FROM :t AS t", t=table(t)) for t in ("brought", "lines"))
    found = orders_beside(direct, derived, engine)
    assert engine.value(query("SELECT count(*) FROM :f AS f", f=found)) == kept
