"""A day more on top of three years, the clock held still: late events, merges, an edited rule."""

import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection

from benchmarks.segments.built import Tables, line_of, with_sets
from benchmarks.segments.drawn import AS_OF, EVENTS
from benchmarks.segments.grammar import Rule, rules
from benchmarks.segments.shown import Shown
from benchmarks.segments.world import FAMILIES, World
from benchmarks.timing import once
from carpel.evaluation.memberships import stored_sets
from carpel.stages.base import Line
from carpel.store.builds import Build

LATE, MOST_DAYS, MERGES = 100, 7, 100
"""One event in so many is late, by so many days at most; so many people are merged."""
OF_PEOPLE = ("customers", "profiles", "standings", "consents")
LAST = AS_OF.date()


def one_day(made: World, asked: Mapping[str, Rule], shown: Shown) -> None:
    """Sets with and without a parent that knows all but the last day; they must be equal."""
    edited = {**asked, "s0001": rules(1, seed=9)["s0000"]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before, after = _without_last(made), _with_day(made, folder)
        parent = line_of(made, before, folder, asked)
        with_sets(parent)
        known = Build("before", None, parent.clock, parent.as_of, parent.parts)
        parent.engine.close()
        taken, found = {}, {}
        for what in ("incremental", "full"):
            line = line_of(made, after, folder, edited)
            line.parent = known if what == "incremental" else None
            taken[what], _ = once(lambda line=line: with_sets(line))
            found[what] = _sets(line)
    if found["incremental"] != found["full"]:
        raise SystemExit("a day more gives other members than a full build")
    shown.told("a day more, all sets anew", taken["full"])
    shown.told("a day more, on top of the day before", taken["incremental"])
    share = 100 * taken["incremental"] / taken["full"]
    shown.most("a day more, as part of a full evaluation", share, 5, "%")


def _sets(line: Line) -> dict[str, bytes]:
    found = stored_sets(line.engine)
    line.engine.close()
    return {name: each.serialize() for name, each in found.items()}


def _without_last(made: World) -> Tables:
    return {
        name: tuple(each for each in files if each.stem != str(LAST))
        for name, files in made.tables.items()
    }


def _with_day(made: World, folder: Path) -> Tables:
    """All tables with the day: one event in a hundred lies in the days before it."""
    engine, tables = made.bound(), dict(made.tables)
    days = [LAST - timedelta(days=each) for each in range(MOST_DAYS + 1)]
    for event in EVENTS:
        engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE day AS {_late(event)}")
        for family, order in FAMILIES.items():
            name = f"{family}_{event}"
            laid = {each.stem: each for each in tables[name]}
            for day in days:
                laid[str(day)] = _laid(engine.connection, laid.get(str(day)), day, order, folder)
            tables[name] = tuple(laid.values())
    for name in OF_PEOPLE:
        rows = f"SELECT * FROM {name} WHERE customer % 1000 <> 7 OR customer > {1000 * MERGES}"
        tables[name] = (_kept(engine.connection, rows, folder / f"{name}.parquet"),)
    merged = f"""SELECT customer, customer + 1 AS survivor FROM customers
                 WHERE customer % 1000 = 7 AND customer <= {1000 * MERGES}"""
    tables["aliases"] = (_kept(engine.connection, merged, folder / "aliases.parquet"),)
    engine.close()
    return tables


def _late(event: str) -> str:
    back = f"CASE WHEN event_key % {LATE} = 0 THEN 1 + event_key % {MOST_DAYS} ELSE 0 END"
    moved = f'"at" - to_days(CAST({back} AS INTEGER))'
    return f"""SELECT * REPLACE ({moved} AS "at", CAST({moved} AS DATE) AS local_date)
               FROM event_{event} WHERE CAST("at" AS DATE) = DATE '{LAST}'"""


def _laid(
    connection: DuckDBPyConnection, before: Path | None, day: date, order: str, folder: Path
) -> Path:
    """A day's file with what came late; of the last day, without."""
    rows = f"SELECT * FROM day WHERE local_date = DATE '{day}'"
    if before is not None and day != LAST:
        rows = f"SELECT * FROM '{before}' UNION ALL BY NAME {rows}"
    file = folder / f"{len(list(folder.iterdir()))}-{day}.parquet"
    return _kept(connection, f'SELECT * FROM ({rows}) ORDER BY {order}, "at", event_key', file)


def _kept(connection: DuckDBPyConnection, rows: str, file: Path) -> Path:
    connection.execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    return file
