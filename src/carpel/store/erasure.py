"""Erasing a person: from every build that is kept, from the ledger, and for good."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from carpel.engine.base import Engine
from carpel.errors import NotFound
from carpel.store import (
    answers,
    campaigns,
    corrections,
    coupons,
    deliveries,
    engagement,
    exposures,
    links,
    occasions,
    permissions,
    returns,
    suppressions,
)
from carpel.store.addresses import address_hash
from carpel.store.audit import DONE, RUNNING, Deed, deeds
from carpel.store.builds import Build
from carpel.store.cleaning import GONE, Cleaner
from carpel.store.files import replace
from carpel.store.person import Person
from carpel.store.points import reach
from carpel.store.search import Search
from carpel.store.store import Store
from carpel.store.tombstones import bury, tombstones

if TYPE_CHECKING:
    from sqlalchemy import Connection

LEFT = ("export", "report", "backup", "send", "set-aside ls")
"""Verbs whose result leaves the store, where they say `to` which file."""
UNTOLD = (DONE, RUNNING, "Interrupted", "Error")
"""Outcomes of what may have been written; every other is an error before the file was there."""
BEFORE_SENDING = ("Refused", "ProjectError", "NotFound")
"""Outcomes of a sending that ended before anything left: another error may come on the way."""
REPORT = "carpel-report.html"
"""The report in the project's folder: in sight, and still ours to erase, so nobody else's name."""
Elsewhere = Callable[[Collection[int], Collection[str]], None]
"""Forgets people, by their keys, where builds were copied to; the names of files that may stay."""


def nowhere(customers: Collection[int], files: Collection[str]) -> None:
    """Builds were copied nowhere."""


@dataclass(frozen=True)
class Erasure:
    """What was erased, and what is beyond our reach."""

    records: int
    """Records of the person that builds held."""
    files: int
    """Data files that were written anew."""
    builds: int
    rows: Sequence[tuple[str, str, int]]
    """Source, file and first row of each record: the user's own files still speak of the person
    there, and in later rows that say the same of them."""
    left: Sequence[Deed]
    """What was written to files outside before: they may hold the person, we cannot know."""


def erase(
    store: Store,
    engine: Engine,
    customer: int,
    *,
    actor: str = "local",
    elsewhere: Elsewhere = nowhere,
) -> Erasure:
    """Erase a person for good; the key names them in the current build.

    Afterwards no file of the store holds a value that only this person had, nor their key; the
    same rows, read again, are known by tombstones and set aside; who shares an identifier with
    the person is untouched. Needs no other process to stop: a reader that still has a build open
    may find a file gone and must open it again. Raises NotFound when nobody has the key and Busy
    while somebody builds; what `elsewhere` raises leaves the person in the store, so that erasing
    can be repeated.
    """
    with store.lease("erase", actor=actor) as lease:
        builds = list(store.builds.all())
        current = store.builds.current()
        if current is None:
            raise NotFound("customer", str(customer))
        person = Search(engine, store.builds.files, builds).customer(customer, current)
        cleaner = Cleaner(engine, store.builds.files, person)
        cleaned = [cleaner.clean(build) for build in builds]
        reach("erase.rewritten")
        lease.confirm()
        elsewhere(person.customers, {name for build in cleaned for name in build.files()})
        _clean_folder(store.folder, person)
        with store.ledger.write() as connection:
            bury(connection, person.hashes(tombstones(store.ledger, store.key)), store.clock())
            _forget(connection, person, store.key)
        reach("erase.ledger_cleaned")
        store.builds.rewrite(cleaned)
        store.builds.sweep()
        reach("erase.deleted")
        store.ledger.forget_deleted()
    return Erasure(
        len(person.refs),
        cleaner.rewritten(),
        len(builds),
        sorted(person.rows),
        [deed for deed in deeds(store.ledger, *LEFT) if _may_have_left(deed)],
    )


def _may_have_left(deed: Deed) -> bool:
    """Whether a file may be outside: one that was refused never was, unless on its way."""
    on_its_way = deed.verb == "send" and deed.outcome not in BEFORE_SENDING
    return bool(deed.arguments.get("to")) and (on_its_way or deed.outcome in UNTOLD)


def erase_again(store: Store, engine: Engine, builds: Sequence[Build]) -> list[Build]:
    """Builds from a backup as they may come back: without anybody who has a tombstone.

    The ledger, with the backup's rows merged in, forgets them once more as well.
    """
    stones = tombstones(store.ledger, store.key)
    if not stones:
        return list(builds)
    person = Search(engine, store.builds.files, builds).erased(stones)
    cleaner = Cleaner(engine, store.builds.files, person)
    cleaned = [cleaner.clean(build) for build in builds]
    corrections.forget(store.folder, person)
    with store.ledger.write() as connection:
        _forget(connection, person, store.key)
    return cleaned


def _clean_folder(folder: Path, person: Person) -> None:
    """Logs and corrected rows lose those that tell of the person; what can be made again goes."""
    corrections.forget(folder, person)
    (folder.parent / REPORT).unlink(missing_ok=True)
    (folder / "report.html").unlink(missing_ok=True)  # where former versions wrote it
    for cache in ("cache", "reports", "scratch"):
        rmtree(folder / cache, ignore_errors=True)
    for log in sorted((folder / "logs").rglob("*")):
        if log.is_file():
            lines = log.read_text(errors="replace").splitlines(keepends=True)
            kept = [line for line in lines if not person.told_by(line)]
            if len(kept) < len(lines):
                replace(log, "".join(kept).encode())


def _forget(connection: "Connection", person: Person, key: bytes) -> None:
    """Leave nothing of the person in the ledger's rows; that they must not be contacted stays."""
    hashes = [address_hash(key, value) for _, value in person.own]
    campaigns.forget(connection, person.customers)
    deliveries.forget(connection, person.customers, hashes)
    occasions.forget(connection, person.customers)
    suppressions.forget(connection, person.customers)
    returns.forget(connection, hashes)
    coupons.forget(connection, person.customers, hashes)
    permissions.forget(connection, hashes)
    answers.forget(connection, hashes)
    links.forget(connection, hashes)
    exposures.forget(connection, hashes)
    engagement.forget(connection, hashes)
    _clean_decisions(connection, person.refs)
    _clean_audit(connection, person)


def _clean_decisions(connection: "Connection", refs: Collection[int]) -> None:
    from sqlalchemy import delete, select

    from carpel.store.schema import decisions

    for row in connection.execute(select(decisions.c.id, decisions.c.refs)).all():
        if any(set(side) & set(refs) for side in json.loads(row.refs)):
            connection.execute(delete(decisions).where(decisions.c.id == row.id))


def _clean_audit(connection: "Connection", person: Person) -> None:
    """What was done stays in the log, with whom it was done to does not."""
    from sqlalchemy import select, update

    from carpel.store.schema import audit

    keys = list(person.customers)
    connection.execute(update(audit).where(audit.c.customer.in_(keys)).values(customer=None))
    for row in connection.execute(select(audit.c.id, audit.c.arguments)).all():
        kept = json.dumps(_scrubbed(json.loads(row.arguments), person), sort_keys=True)
        if kept != row.arguments:
            connection.execute(update(audit).where(audit.c.id == row.id).values(arguments=kept))


def _scrubbed(arguments: dict[str, Any], person: Person) -> dict[str, Any]:
    def names(name: str, value: object) -> bool:
        by_key = name == "customer" and str(value) in map(str, person.customers)
        return by_key or person.told_by(str(value))

    return {name: GONE if names(name, value) else value for name, value in arguments.items()}
