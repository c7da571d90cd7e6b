"""Too little memory is said as what it is, whatever the engine was doing."""

from contextlib import closing

import pytest

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.errors import StoreError

LARGE = "SELECT list(i ORDER BY hash(i)) AS l FROM range(30000000) AS t(i)"


@pytest.mark.parametrize("asked", ["create", "fetch"])
def test_it_says_that_there_is_not_enough_memory(asked):
    with closing(DuckDB(memory="100MB")) as engine:
        engine.connection.execute("SET max_temp_directory_size = '0KiB'")
        with pytest.raises(StoreError, match="not enough memory") as error:
            if asked == "create":
                engine.create("large", query(LARGE))
            else:
                engine.fetch(query(LARGE))
    assert "former build is still current" in error.value.action


def test_it_says_so_when_memory_runs_out_half_way():
    long = query(
        "SELECT i, repeat('x', CASE WHEN i > 500000 THEN 200000 ELSE 1 END) AS s "
        "FROM range(1000000) AS t(i)"
    )
    with closing(DuckDB(memory="100MB", threads=1)) as engine:
        engine.connection.execute("SET max_temp_directory_size = '0KiB'")
        batches = engine.batches(long)
        assert len(batches.read_next_batch()), "the first rows come"
        with pytest.raises(StoreError, match="not enough memory"):
            for _ in batches:
                pass
