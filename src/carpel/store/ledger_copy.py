"""The ledger's rows as plain data: out into a backup, and merged in from one."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carpel.store.ledger import SCHEMA, Ledger, raise_mark

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
COPIED = (
    "marks",
    "audit",
    "runs",
    "decisions",
    "tombstones",
    "campaigns",
    "audiences",
    "deliveries",
    "occasions",
    "suppressions",
    "returns",
    "coupons",
    "permissions",
    "answers",
    "links",
    "clicks",
    "exposures",
    "engagement",
)
SAME = {
    "audit": ("at", "actor", "verb"),
    "runs": ("holder",),
    "decisions": ("at", "kind", "refs"),
    "tombstones": ("hash",),
    "campaigns": ("campaign",),
    "audiences": ("campaign", "part", "name"),
    "deliveries": ("campaign", "step", "channel", "address", "occasion"),
    "occasions": ("campaign", "customer", "occasion"),
    "suppressions": ("address", "medium"),
    "returns": ("report",),
    "coupons": ("coupon", "folded"),
    "permissions": ("address", "medium", "purpose", "at"),
    "links": ("code", "at"),
    "clicks": ("code", "address", "at"),
    "answers": ("address", "page", "field", "at"),
    "exposures": ("slot", "segment", "arm", "visitor", "at"),
    "engagement": ("report",),
}
"""Columns by which a row of the backup is known to be here already."""


def copied(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """All that outlives a process, as one consistent view; JSON can say it."""
    from sqlalchemy import select

    with ledger.read() as connection:
        return {
            name: [
                {key: _plain(value) for key, value in row._mapping.items() if key != "id"}
                for row in connection.execute(select(_table(name))).all()
            ]
            for name in COPIED
        }


def merged(connection: "Connection", rows: Rows) -> None:
    """Add what is not here yet. Nothing that happened since the backup is forgotten."""
    for mark in rows["marks"]:
        if mark["name"] != SCHEMA:
            raise_mark(connection, mark["name"], mark["value"])
    for name, same in SAME.items():
        _add(connection, _table(name), same, rows.get(name, ()))  # older backups lack some


def _add(
    connection: "Connection",
    table: "Table",
    same: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    from sqlalchemy import insert, select

    here = {tuple(row) for row in connection.execute(select(*(table.c[key] for key in same)))}
    read = [_row(table, row) for row in rows]
    fresh = [row for row in read if tuple(row[key] for key in same) not in here]
    if fresh:
        connection.execute(insert(table), fresh)


def _row(table: "Table", row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a backup; an older one says nothing of what deliveries have no occasion for."""
    read = {key: _read(table, key, value) for key, value in row.items()}
    return {"occasion": "", **read} if table.name == "deliveries" else read


def _table(name: str) -> "Table":
    from carpel.store.schema import LEDGER

    return LEDGER.tables[name]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _read(table: "Table", key: str, value: Any) -> Any:
    from sqlalchemy import LargeBinary

    from carpel.store.schema import Instant

    kind = table.c[key].type
    if isinstance(kind, LargeBinary):
        return b64decode(value)
    return datetime.fromisoformat(value) if isinstance(kind, Instant) and value else value
