"""Files of many columns: every one is read as what it is, in little memory."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import column, query, table
from carpel.reading import Shapes
from carpel.specs import Definitions, Project, Source
from carpel.stages.sources import Sources
from carpel.testing.line import line_with, read, take

ENGINE = DuckDB()
WIDTH, ROWS = 300, 200
BERLIN = ZoneInfo("Europe/Berlin")


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC).replace(tzinfo=None)  # type: ignore[arg-type, misc]


KINDS: tuple[tuple[str | None, Callable[[int], str], Callable[[int], Any]], ...] = (
    (None, lambda n: f"{n}.25", lambda n: n + 0.25),
    (None, lambda n: f"$ {n},000.50", lambda n: n * 1000 + 0.5 if n else 0.5),
    (None, lambda n: f"word {n % 9}", lambda n: f"word {n % 9}"),
    (
        "instant",
        lambda n: f"0{n % 9 + 1}/2{n % 9}/2024 10:30",
        lambda n: berlin(2024, n % 9 + 1, 20 + n % 9, 10, 30),
    ),
    ("date", lambda n: f"2024-03-{n % 20 + 10}", lambda n: date(2024, 3, n % 20 + 10)),
)


def wide(folder: Path) -> Source:
    """A file whose column `p<i>` holds in row n what the kind i % 5 makes of i + n."""
    with (folder / "wide.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["who", "at", *(f"p{i}" for i in range(WIDTH))])
        for n in range(ROWS):
            cells = [KINDS[i % len(KINDS)][1](i + n) for i in range(WIDTH)]
            rows.writerow([f"c{n % 60}", f"2024-05-{n % 28 + 1:02d}", *cells])
    kinds = [KINDS[i % len(KINDS)][0] for i in range(WIDTH)]
    properties = {
        f"p{i}": {"column": f"p{i}"} | ({"type": kind} if kind else {})
        for i, kind in enumerate(kinds)
    }
    track = {"event": "told", "at": "at", "key": ["who", "at"], "properties": properties}
    return Source.model_validate(
        {"name": "wide", "read": "wide.csv", "identifiers": {"card": "who"}, "track": [track]}
    )


@pytest.mark.slow
def test_three_hundred_columns_are_read_in_little_memory(tmp_path: Path) -> None:
    definitions = Definitions(
        Project(name="trial", timezone="Europe/Berlin"), sources={"wide": wide(tmp_path)}
    )
    line = line_with(tmp_path, definitions=definitions)
    # Reading takes about 280 MB here; a query that repeats each column took over 1.8 GB.
    line.engine = DuckDB(memory="600MB")
    told = read(take(line, [Sources()]), "staged_event_told")
    with (tmp_path / "wide.csv").open() as file:
        written = {row["p2"] + row["p0"]: n for n, row in enumerate(csv.DictReader(file))}
    assert len(told) == len(written) == ROWS
    for row in told:
        n = written[row["p2"] + f"{row['p0']:.2f}"]
        assert [row[f"p{i}"] for i in range(WIDTH)] == [
            KINDS[i % len(KINDS)][2](i + n) for i in range(WIDTH)
        ]


cells = st.one_of(st.none(), st.sampled_from(["", " 1,5 ", "€ 12.50", "07/13/2024", "Ann 5", "x"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), max_size=8))
def test_shapes_are_the_same_found_together_or_alone(rows: list[tuple[str | None, ...]]) -> None:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    ENGINE.register(
        "shaped",
        pa.table({n: pa.array(c, pa.string()) for n, c in zip("abc", columns, strict=True)}),
    )
    tree = query("SELECT * FROM :t", t=table("shaped"))
    together = Shapes(ENGINE, tree)
    together.ahead([column(each) for each in "abc"])
    for each in "abc":
        assert together.of(column(each)) == Shapes(ENGINE, tree).of(column(each))
