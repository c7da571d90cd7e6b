"""Rows that were set aside: listed, written out to be corrected, taken in again."""

from pathlib import Path
from typing import Any

from carpel.engine.query import query
from carpel.stages.sources.corrected import export_set_aside, load_corrected
from carpel.store.accounting import accounts
from carpel.store.corrections import FOLDER
from carpel.verbs.leaving import writable
from carpel.verbs.reader import reading
from carpel.verbs.session import Session


def listed(session: Session, to: Path | None) -> list[dict[str, Any]]:
    """Rows by source, file and reason, `of` those read; with `to`, all of them whole in a CSV,
    but for those that tell of somebody erased: nothing is kept of them to correct."""
    path = None if to is None else writable(to)
    with reading(session) as reader:
        if path is not None:
            columns = {
                name: notes.get("columns", [])
                for name, notes in reader.build.notes("sources").items()
            }
            rows = reader.dicts(
                query(
                    "SELECT * FROM set_aside WHERE content IS NOT NULL ORDER BY source, file, row"
                )
            )
            export_set_aside(rows, columns, path)
        read = {each.source: each.read for each in accounts(reader.engine)}
        found = reader.dicts(
            query("""
            SELECT source, file, reason, "column", count(*) AS rows, min(row) AS first_row
            FROM set_aside GROUP BY ALL ORDER BY rows DESC, source, reason""")
        )
        return [{**row, "of": read[row["source"]]} for row in found]


def load(session: Session, file: Path) -> int:
    """Keep corrected rows for the next run; gives how many."""
    session.store  # noqa: B018  # makes the folder they are kept in
    return load_corrected(file, session.hidden / FOLDER, session.understood.sources)
