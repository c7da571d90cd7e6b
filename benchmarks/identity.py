"""A million made-up contacts with planted truth: pairwise precision, recall, seconds and memory.

    python benchmarks/identity.py [contacts]

Made by `carpel.testing.people` from a seed; the stage sees the entries alone, never the truth.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from carpel.engine.duckdb import DuckDB
from carpel.engine.query import query
from carpel.stages.base import Output
from carpel.stages.identity import Identity
from carpel.testing.line import line_with
from carpel.testing.people import RECORDED, Population, population

LEAST_F1, MOST_SECONDS, MOST_GIGABYTES = 0.95, 120.0, 6.0
ENTRIES_A_PERSON = 1.865
COLUMNS = {**RECORDED, "updated_at": "seen_at"}


def records(made: Population) -> tuple[pa.Table, pa.Table]:
    """Entries as rows of `records`, and (ref, person) of each."""
    engine = DuckDB(memory="4GB")
    engine.register("truth", made.truth)
    for name, known in made.systems.items():
        engine.register(
            f"known_{name}",
            known.rename_columns([COLUMNS.get(each, each) for each in known.column_names]),
        )
    engine.create(
        "entries",
        query(
            "SELECT 'crm' AS source, * FROM known_crm UNION ALL BY NAME "
            "SELECT 'shop' AS source, * FROM known_shop"
        ),
    )
    engine.create(
        "numbered",
        query("""
        SELECT CAST(row_number() OVER (ORDER BY source, entry) AS UBIGINT) AS ref,
               concat(source, '.csv') AS file, entry AS row, * FROM entries"""),
    )
    said = engine.fetch(query("SELECT * EXCLUDE (entry), seen_at AS first_seen_at FROM numbered"))
    truth = engine.fetch(
        query("""
        SELECT n.ref, t.person FROM numbered AS n
        JOIN truth AS t ON t.system = n.source AND t.entry = n.entry""")
    )
    engine.close()
    return said, truth


def agreement(found: pa.Table, truth: pa.Table) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1 of (ref, customer) against (ref, person)."""
    engine = DuckDB(memory="4GB")
    engine.register("found", found)
    engine.register("truth", truth)
    pairs = [
        int(
            engine.value(
                query(f"""
            SELECT CAST(coalesce(sum(n * (n - 1) / 2), 0) AS BIGINT) FROM (
              SELECT count(*) AS n FROM truth JOIN found USING (ref) GROUP BY {by})""")
            )
        )
        for by in ("customer", "person", "customer, person")
    ]
    engine.close()
    joined, true, both = (max(each, 1) for each in pairs)
    return both / joined, both / true, 2 * both / (joined + true)


def main(contacts: int = 1_000_000) -> None:
    """Make, resolve, compare and print."""
    made = population(round(contacts / ENTRIES_A_PERSON), seed=20261122)
    said, truth = records(made)
    with tempfile.TemporaryDirectory() as folder:
        line = line_with(Path(folder), {"records": said})
        started = time.monotonic()
        for part in Identity().parts(line):
            output = Output(line)
            part.make(output)
        seconds = time.monotonic() - started
        found = pq.read_table(line.files.path(output.tables["identities"][0]))
    precision, recall, f1 = agreement(found.select(["ref", "customer"]), truth)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{said.num_rows:,} contacts: precision {precision:.4f}, recall {recall:.4f}, "
        f"F1 {f1:.4f}, {seconds:.1f} s, {memory:.1f} GB at most"
    )
    if f1 < LEAST_F1 or memory > MOST_GIGABYTES or seconds > MOST_SECONDS:
        raise SystemExit(f"F1 {LEAST_F1}, {MOST_SECONDS:.0f} s or {MOST_GIGABYTES:.0f} GB missed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
