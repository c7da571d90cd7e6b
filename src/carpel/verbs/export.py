"""A segment's people, out of Carpel: as a table of traits, or as a CSV to contact them."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carpel.engine.query import aliased, column, query
from carpel.values.formulas import harmless
from carpel.verbs import companies
from carpel.verbs.leaving import leaving, writable
from carpel.verbs.reader import Reader, reading
from carpel.verbs.session import Session

if TYPE_CHECKING:
    import pyarrow as pa


def members(session: Session, segment: str) -> "pa.Table":
    """Members with their profile, ordered by key; no names or addresses.

    Of a segment of accounts: their keys, and how many people each has.
    """
    with reading(session) as reader:
        if companies.is_of_accounts(reader, segment):
            return companies.members(reader, segment)
        _select(reader, segment)
        return reader.engine.fetch(
            query("SELECT p.* FROM profiles AS p SEMI JOIN chosen USING (customer) ORDER BY 1")
        )


def export(
    session: Session, segment: str, to: Path, *, include_suppressed: bool = False
) -> Mapping[str, int]:
    """Write key, contact and permission of every member, one row a person, to a CSV.

    People on the do-not-contact list are left out unless asked for. Text that a spreadsheet would
    execute gets a leading apostrophe. The file appears whole or not at all; raises NotFound where
    its folder is not there. Of a segment of accounts: a row an account, with its people counted.
    """
    path = writable(to)
    with reading(session) as reader:
        if companies.is_of_accounts(reader, segment):
            return _accounts(reader, segment, path)
        _select(reader, segment)
        found = reader.engine.fetch(_people(reader))
    rows = found.to_pylist()
    suppressed = [row for row in rows if row["do_not_contact"]]
    kept = rows if include_suppressed else [row for row in rows if not row["do_not_contact"]]
    _write(path, found.column_names, kept)
    return {"written": len(kept), "suppressed": len(suppressed)}


def _accounts(reader: Reader, segment: str, path: Path) -> Mapping[str, int]:
    found = reader.engine.fetch(companies.rows_to_export(reader, segment))
    _write(path, found.column_names, found.to_pylist())
    return {"written": found.num_rows, "suppressed": 0, "accounts": found.num_rows}


def _select(reader: Reader, segment: str) -> None:
    import pyarrow as pa

    keys = pa.array(reader.segment(segment), pa.int64())
    reader.engine.register("chosen", pa.table({"customer": keys}))


def _people(reader: Reader) -> Any:
    """Contacts of the chosen people with one column a channel: may they be contacted by it."""
    channels = [
        row[0]
        for row in reader.engine.rows(
            query("SELECT DISTINCT channel FROM consents ORDER BY channel")
        )
    ]
    permissions = [
        aliased(
            query(
                "(SELECT bool_and(granted) FROM consents AS p "
                "WHERE p.customer = chosen.customer AND p.channel = :channel)",
                channel=each,
            ),
            f"may_{each}",
        )
        for each in channels
    ]
    contact = [aliased(column(each, "c"), name) for each, name in reader.stated.items()]
    return query(
        """SELECT chosen.customer, :contact, :permissions,
                    coalesce((SELECT bool_or(suppressed) FROM consents AS p
                              WHERE p.customer = chosen.customer), FALSE) AS do_not_contact
                    FROM chosen LEFT JOIN contacts AS c ON c.customer = chosen.customer
                    ORDER BY chosen.customer""",
        contact=contact,
        permissions=permissions,
    )


def _write(to: Path, names: list[str], rows: list[dict[str, Any]]) -> None:
    with leaving(to) as fresh, fresh.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(harmless, names))
        writer.writerows([harmless(row[name]) for name in names] for row in rows)
