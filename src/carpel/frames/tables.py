"""The tables that the engine needs, made of a table that somebody has at hand."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pyarrow as pa

from carpel.engine.base import Engine
from carpel.engine.query import query, table
from carpel.errors import CarpelError
from carpel.evaluation.comparisons import kind_of
from carpel.frames.columns import column_of, days, instants, numbers, plain
from carpel.specs.words import counted

Moments = datetime | date | str | None


def people_tables(engine: Engine, people: pa.Table, zone: ZoneInfo) -> None:
    """The tables `customers`, `profiles` and `traits`: a person is the number of their row."""
    keys = pa.array(range(people.num_rows), pa.int64())
    cells = {f"c{index}": plain(each, zone) for index, each in enumerate(people.columns)}
    engine.register("customers", pa.table({"customer": keys}))
    engine.register("profiles", pa.table({"customer": keys, **cells}))
    types = engine.columns("profiles")
    listed = [
        {"trait": name, "type": kind_of(types[cell]), "table": "profiles", "expression": cell}
        for cell, name in zip(cells, people.column_names, strict=True)
    ]
    schema = pa.schema([(name, pa.string()) for name in ("trait", "type", "table", "expression")])
    engine.register("traits", pa.Table.from_pylist(listed, schema=schema))


def key_people(engine: Engine, people: pa.Table, customer: str | None) -> None:
    """`customers` with the key by which events name people."""
    if customer is None:
        raise CarpelError(
            "Events need a column that says whose they are.",
            action="Give its name, which the people have too: customer='…'",
        )
    keys = column_of(people, customer)
    if len(keys.unique()) < len(keys):
        raise CarpelError(
            f"Some people have two rows with one {customer!r}.", action="Keep one row a person."
        )
    engine.register(
        "customers",
        pa.table({"customer": pa.array(range(len(keys)), pa.int64()), "original": keys}),
    )


def occurred(
    rows: pa.Table, customer: str, at: str, zone: ZoneInfo, renamed: Mapping[str, str] | None = None
) -> pa.Table:
    """Rows as events: original key, at (UTC), local_date, and properties (all, or the renamed)."""
    when = instants(column_of(rows, at), at, zone)
    keys = column_of(rows, customer)
    for name, cells in ((customer, keys), (at, when)):
        if cells.null_count:
            raise CarpelError(
                f"{name!r} is empty in {counted(cells.null_count, 'row')}.",
                action="Fill them in, or leave those rows out.",
            )
    wanted = (
        renamed
        if renamed is not None
        else {
            name: name
            for name in rows.column_names
            if name not in (customer, at, "at", "local_date")
        }
    )
    taken = {new: column_of(rows, old) for old, new in wanted.items()}
    if renamed:
        taken = {new: numbers(cells, new) for new, cells in taken.items()}
    return pa.table({**taken, "original": keys, "at": when, "local_date": days(when, zone)})


def track(engine: Engine, event: str) -> None:
    """The table of an event, of the registered table `given`; nobody was ever merged."""
    engine.bind("aliases", [])
    engine.create(
        f"event_{event}",
        query(
            """SELECT c.customer, g.* EXCLUDE (original) FROM given AS g
           JOIN customers AS c ON c.original = g.original"""
        ),
    )


def moment_of(engine: Engine, as_of: Moments, zone: ZoneInfo, events: Iterable[str]) -> datetime:
    """UTC without a zone: what was asked for, or the last event, or now."""
    if isinstance(as_of, str):
        as_of = _read(as_of)
    if isinstance(as_of, date) and not isinstance(as_of, datetime):
        as_of = datetime.combine(as_of, time(), zone)
    if as_of is not None:
        aware = as_of if as_of.tzinfo else as_of.replace(tzinfo=zone)
        return aware.astimezone(UTC).replace(tzinfo=None)
    last = [
        engine.value(query("SELECT max(at) FROM :t", t=table(f"event_{event}"))) for event in events
    ]
    # The front door is where the clock comes from: below it, time is always passed in.
    return max(filter(None, last), default=datetime.now(UTC).replace(tzinfo=None))


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise CarpelError(
            f"as_of is {text!r}, which is no moment.", action="Write it like 2026-12-01."
        ) from None
