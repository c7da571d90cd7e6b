"""A made-up business: heavy-tailed people and categories, three years, a base and daily increments.

The files are Carpel's own: per event and tier, sorted by category and time, and sorted by customer;
beside them one plain Parquet of all events, a part a month, in the order they happened. Each file
is made once: who was stopped goes on where he was.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.segments.drawn import AS_OF, BEGIN, EVENTS, doings, persons, tables, times
from carpel.engine.duckdb import DuckDB
from carpel.engine.query import Tree, query, table
from carpel.stages.events.tiers import Tier, tiers

FAMILIES = {"event": "category", "activity": "customer"}
"""What the files of each family are sorted by, before time."""


@dataclass(frozen=True)
class World:
    """The files of a made-up business by table, and the plain one of all events."""

    folder: Path
    people: int
    events: int
    tables: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)

    @property
    def plain(self) -> Path:
        """All events in the order they happened, as one file."""
        return self.folder / "scratch" / "plain.parquet"

    @property
    def months(self) -> Sequence[Path]:
        """The same, a file a month."""
        return sorted((self.folder / "scratch" / "plain").glob("*.parquet"))

    def bound(self) -> DuckDB:
        """An engine with all tables by name."""
        engine = DuckDB(self.folder / "scratch")
        for name, files in self.tables.items():
            engine.bind(name, files)
        return engine


def world(people: int, events: int) -> World:
    """The business of this size; what is not in the cache yet is made."""
    name = f"segments-{people}-{events}"
    made = World(Path(tempfile.gettempdir()) / "carpel-benchmarks" / name, people, events)
    if not (made.folder / "done").exists():
        (made.folder / "scratch" / "plain").mkdir(parents=True, exist_ok=True)
        _make(made)
        (made.folder / "done").touch()
    _plain(made)
    found: dict[str, tuple[Path, ...]] = {}
    for file in sorted(made.folder.glob("*/*.parquet")):
        found[file.parent.name] = (*found.get(file.parent.name, ()), file)
    return World(made.folder, people, events, found)


def _make(made: World) -> None:
    engine = DuckDB(made.folder / "scratch", memory="6GB")
    for name, tree in tables(made.people).items():
        _keep(engine, tree, made.folder / name / "all.parquet")
    for month in _months(engine, made):
        engine.bind("month", sorted(month.glob("*.parquet")))
        part = f"{month.name.removeprefix('month=')}.parquet"
        _keep(engine, doings(table("month")), made.folder / "scratch" / "plain" / part)
    for tier in tiers(BEGIN, AS_OF):
        for event in EVENTS:
            _lay(engine, made, tier, event)
    engine.close()
    shutil.rmtree(made.folder / "scratch" / "times")


def _plain(made: World) -> None:
    engine = DuckDB(made.folder / "scratch")
    engine.bind("plain", made.months)
    _keep(engine, query("SELECT * FROM plain"), made.plain)
    engine.close()


def _months(engine: DuckDB, made: World) -> Sequence[Path]:
    """Who did something when, a folder a month: so nothing as large as all has to be sorted."""
    whole = made.folder / "scratch" / "times"
    if not whole.exists():
        engine.create("persons", persons(made.people, made.events))
        fresh = whole.with_suffix(".fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        engine.connection.execute(
            f"COPY ({engine.text(times())}) TO '{fresh}' (FORMAT parquet, PARTITION_BY (month))"
        )
        engine.drop("persons")
        fresh.rename(whole)
    return sorted(whole.glob("month=*"))


def _lay(engine: DuckDB, made: World, tier: Tier, event: str) -> None:
    """An event of a tier in both orders."""
    files = {
        order: made.folder / f"{family}_{event}" / f"{tier.name}.parquet"
        for family, order in FAMILIES.items()
    }
    if all(file.exists() for file in files.values()):
        return
    start, end = (f"{each:%Y%m}.parquet" for each in (tier.start, tier.end))
    engine.bind("plain", [each for each in made.months if start <= each.name <= end])
    rows = "SELECT * EXCLUDE (event) FROM plain WHERE event = :event AND at >= :start AND at < :end"
    engine.create("laid", query(rows, event=event, start=tier.start, end=tier.end))
    for order, file in files.items():
        _keep(engine, query(f"SELECT * FROM laid ORDER BY {order}, at, event_key"), file)


def _keep(engine: DuckDB, tree: Tree, file: Path) -> None:
    """Write a file unless it is there; there is never half of one."""
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        fresh = file.with_suffix(".fresh")
        engine.write(tree, fresh)
        fresh.rename(file)
