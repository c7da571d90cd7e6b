"""Tombstones: by keyed hashes, what an erased person had is known again and tells nothing.

Kept are hashes of the person's source rows (`ref`), of the identifiers that only this person held
and of the shared ones together with the name. Who has not got the project's key cannot even test
a guess.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from carpel.engine.base import Engine
from carpel.engine.query import Tree, column, literal, query, table
from carpel.store.files import digest
from carpel.store.ledger import Ledger
from carpel.store.traces import cells, person_name, said, traces

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAMES = (
    "t_first_name",
    "t_given_name",
    "t_forename",
    "t_last_name",
    "t_surname",
    "t_family_name",
    "t_full_name",
    "t_name",
    "t_contact_name",
    "t_customer_name",
)
"""Columns of `records` that say what somebody is called."""


@dataclass(frozen=True)
class Tombstones:
    """All tombstones of a project; false when there are none."""

    key: bytes
    hashes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.hashes)

    @property
    def fingerprint(self) -> str:
        """Changes with every erasure: what a part depends on that sets erased rows aside."""
        return digest(sorted(self.hashes)) if self.hashes else ""

    def refs_in(self, engine: Engine, records: str = "records") -> list[int]:
        """The refs in a table like `records` that belong to erased people.

        A ref does when it is itself known, when one of its identifiers was an erased person's
        alone, or when a shared identifier stands there with the erased person's name.
        """
        if not self:
            return []
        columns = engine.columns(records)
        gone = _where(engine, records, query("ref"), lambda ref: self.of_ref(ref) in self.hashes)
        for kind in (name[3:] for name in columns if name.startswith("id_")):
            value = query("CAST(:c AS VARCHAR)", c=column(f"id_{kind}"))
            gone |= _where(engine, records, value, partial(self._owned, kind))
            gone |= self._shared_in(engine, records, kind, value, names_in(columns))
        return sorted(gone)

    def in_content(self, content: str | None) -> bool:
        """Whether a row kept as text (JSON or delimited) tells of an erased person."""
        if not self or not content:
            return False
        return any(
            self.of_trace(trace) in self.hashes for cell in cells(content) for trace in traces(cell)
        )

    def _owned(self, kind: str, value: str) -> bool:
        return self.of_identifier(kind, value) in self.hashes

    def of_ref(self, ref: int) -> str:
        """The hash of a source row's key."""
        return self._hash("r", str(ref))

    def of_identifier(self, kind: str, value: object) -> str:
        """The hash of an identifier that one person held alone."""
        return self._hash("i", kind, said(value))

    def of_shared(self, kind: str, value: object, name: str) -> str:
        """The hash of an identifier with the name of one of those who share it."""
        return self._hash("s", kind, said(value), name)

    def of_trace(self, trace: str) -> str:
        """The hash of a trace, see `traces`."""
        return self._hash("t", trace)

    def _hash(self, family: str, *parts: str) -> str:
        text = "\0".join((family, *parts)).encode()
        return family + hashlib.blake2b(text, key=self.key, digest_size=20).hexdigest()

    def _shared_in(
        self, engine: Engine, records: str, kind: str, value: Tree, names: list[Tree]
    ) -> set[int]:
        if not names or not any(each.startswith("s") for each in self.hashes):
            return set()
        rows = engine.rows(
            query(
                "SELECT DISTINCT ref, :v, :names FROM :t WHERE :v IS NOT NULL",
                v=value,
                t=table(records),
                names=names,
            )
        )
        return {
            ref
            for ref, each, *parts in rows
            if self.of_shared(kind, each, person_name(parts)) in self.hashes
        }


def tombstones(ledger: Ledger, key: bytes) -> Tombstones:
    """All tombstones of a project."""
    from sqlalchemy import select

    from carpel.store import schema

    return Tombstones(
        key, frozenset(row.hash for row in ledger.rows(select(schema.tombstones.c.hash)))
    )


def bury(connection: "Connection", hashes: Iterable[str], at: datetime) -> None:
    """Add tombstones, those that are not there yet."""
    from sqlalchemy import insert, select

    from carpel.store import schema

    known = set(connection.execute(select(schema.tombstones.c.hash)).scalars())
    fresh = [{"hash": each, "at": at} for each in sorted(set(hashes) - known)]
    if fresh:
        connection.execute(insert(schema.tombstones), fresh)


def names_in(columns: Iterable[str]) -> list[Tree]:
    """The columns of a table like `records` that say what somebody is called."""
    return [column(each) for each in columns if each in NAMES]


def _where(engine: Engine, records: str, value: Tree, dead: Callable[[Any], bool]) -> set[int]:
    """Refs of the rows whose value is dead; each distinct value is asked about once."""
    distinct = engine.rows(
        query("SELECT DISTINCT :v FROM :t WHERE :v IS NOT NULL", v=value, t=table(records))
    )
    found = [literal(each) for (each,) in distinct if dead(each)]
    if not found:
        return set()
    return {
        ref
        for (ref,) in engine.rows(
            query(
                "SELECT DISTINCT ref FROM :t WHERE :v IN (:f)", v=value, t=table(records), f=found
            )
        )
    }
