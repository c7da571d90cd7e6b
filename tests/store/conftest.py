"""A small store with two builds, whose people have names, addresses and deeds."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

from carpel.engine.duckdb import DuckDB
from carpel.store.builds import Build, Made
from carpel.store.store import Store, open_store

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Ticking:
    """A clock that moves a second at every look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def column(kind: str, *values: object) -> pa.Array:
    return pa.array(values, kind)


def bitmap(*keys: int) -> bytes:
    return bytes(BitMap(keys).serialize())


def people() -> dict[str, pa.Table]:
    """Ada (1, once 4 as well) and her daughter Eva (2) share an address; Bob (3) stands alone."""
    refs = (11, 12, 21, 31)
    return {
        "records": pa.table(
            {
                "ref": column("uint64", *refs),
                "source": ["crm", "till", "crm", "crm"],
                "file": ["crm.csv"] * 4,
                "row": column("int64", 1, 9, 2, 3),
                "id_email": [
                    "lovelace@home.example",
                    None,
                    "lovelace@home.example",
                    "bob@b.example",
                ],
                "id_phone": ["+442079460001", "+442079460001", None, "+442079460003"],
                "id_card": [None, "12", "21", "31"],
                "t_first_name": ["Ada", None, "Eva", "Bob"],
                "t_last_name": ["Lovelace", None, "Lovelace", "Stone"],
                "t_city": ["London", None, "London", "Leeds"],
            }
        ),
        "identities": pa.table(
            {
                "ref": column("uint64", *refs),
                "source": ["crm", "till", "crm", "crm"],
                "customer": column("int64", 1, 1, 2, 3),
                "origin": column("int64", 1, 4, 2, 3),
            }
        ),
        "customers": pa.table(
            {"customer": column("int64", 1, 2, 3), "records": column("int64", 2, 1, 1)}
        ),
        "aliases": pa.table({"customer": column("int64", 4), "survivor": column("int64", 1)}),
        "links": pa.table(
            {
                "left_ref": column("uint64", 11, 11),
                "right_ref": column("uint64", 12, 21),
                "how": ["exact", "exact"],
                "kind": ["phone", "email"],
                "value": ["+442079460001", "lovelace@home.example"],
            }
        ),
        "contacts": pa.table(
            {
                "customer": column("int64", 1, 2, 3),
                "id_email": ["lovelace@home.example", "lovelace@home.example", "bob@b.example"],
                "t_first_name": ["Ada", "Eva", "Bob"],
            }
        ),
        "staged_event_bought": pa.table(
            {
                "ref": column("uint64", 12, 21, 31),
                "event_key": column("uint64", 101, 102, 103),
                "amount": column("float64", 5, 6, 7),
            }
        ),
        "event_bought": pa.table(
            {
                "customer": column("int64", 1, 2, 3, 1),
                "event_key": column("uint64", 101, 102, 103, 104),
                "amount": column("float64", 5, 6, 7, 8),
            }
        ),
        "accounts": pa.table(
            {
                "account": column("int64", 1, 2),
                "account_key": ["ada-alone", "lovelaces"],
                "name": ["A", "L"],
            }
        ),
        "belongings": pa.table(
            {"customer": column("int64", 1, 1, 2), "account": column("int64", 1, 2, 2)}
        ),
        "set_aside": pa.table(
            {
                "source": ["crm"] * 4,
                "file": ["crm.csv"] * 4,
                "row": column("int64", 5, 6, 7, 8),
                "reason": ["date"] * 4,
                "column": ["born"] * 4,
                "content": [
                    '{"tel": "020 7946 0001", "born": "x"}',
                    '{"mail": "LOVELACE@home.example", "name": "Lovelace, Ada"}',
                    '{"mail": "lovelace@home.example", "name": "Eva Lovelace"}',
                    "Bob;12;31",
                ],
            }
        ),
        "findings": pa.table({"message": ["one bad number: +44 20 7946 0001", "all is well"]}),
        "memberships": pa.table(
            {
                "segment": ["vip", "new"],
                "part": ["members", "members"],
                "cause": ["data", "data"],
                "people": column("int64", 2, 2),
                "members": [bitmap(1, 2), bitmap(2, 3)],
            }
        ),
        "account_segments": pa.table(
            {
                "segment": ["near"],
                "accounts": column("int64", 3),
                "people": column("int64", 4),
                "members": [bitmap(1, 2, 3)],
            }
        ),
    }


def write_build(
    store: Store,
    name: str,
    tables: Mapping[str, pa.Table],
    parent: str | None = None,
    **notes: object,
) -> Build:
    files = {}
    for table, data in tables.items():
        fresh = store.builds.files.fresh()
        pq.write_table(data, fresh)
        files[table] = (store.builds.files.keep(fresh),)
    build = Build(name, parent, START, START, {"all": Made("f", files, notes)}, {"people": 3})
    store.builds.write(build)
    store.builds.publish(name)
    return build


def rows(store: Store, build: str, table: str) -> list[dict[str, object]]:
    read = store.builds.read(build)
    tables = [pq.read_table(store.builds.files.path(each)) for each in read.tables()[table]]
    return list(pa.concat_tables(tables).to_pylist())


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def store(tmp_path: Path, clock: Ticking) -> Store:
    return open_store(tmp_path, clock)


@pytest.fixture
def engine() -> DuckDB:
    return DuckDB()


@pytest.fixture
def shop(tmp_path: Path) -> Store:
    return people_in(tmp_path)


def people_in(project: Path, *tables: str) -> Store:
    """A project of two builds: in the first, Eva's record was wrongly taken for Bob's."""
    store = open_store(project, Ticking())
    chosen = {name: data for name, data in people().items() if not tables or name in tables}
    before = dict(chosen)
    before["identities"] = before["identities"].set_column(
        2, "customer", column("int64", 1, 1, 3, 3)
    )
    write_build(store, "b1", {**before, "extra": pa.table({"customer": column("int64", 1)})})
    write_build(store, "b2", chosen, "b1", sample="saw lovelace@home.example of Ada Lovelace")
    return store
