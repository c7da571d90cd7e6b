"""Who did what, when, and how it ended."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from carpel.errors import CarpelError
from carpel.store.ledger import Ledger
from carpel.store.process import Clock

RUNNING, DONE = "running", "done"


@dataclass(frozen=True)
class Deed:
    """One use of a verb. `arguments` hold no personal value; a person is named by key only."""

    at: datetime
    actor: str
    verb: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    customer: int | None = None
    outcome: str = RUNNING
    ended_at: datetime | None = None


@contextmanager
def audited(
    ledger: Ledger,
    clock: Clock,
    verb: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    actor: str = "local",
    customer: int | None = None,
) -> Iterator[None]:
    """Note that somebody does something, and when the block ends, how it went.

    The outcome is `done`, or the name of the error (its text may name a person, so it stays out).
    A process that is killed leaves `running`.
    """
    number = _begin(ledger, Deed(clock(), actor, verb, arguments or {}, customer))
    outcome = "Interrupted"
    try:
        yield
        outcome = DONE
    except Exception as error:
        outcome = type(error).__name__ if isinstance(error, CarpelError) else "Error"
        raise
    finally:
        _end(ledger, number, outcome, clock())


def deeds(ledger: Ledger, *verbs: str) -> list[Deed]:
    """What was done, oldest first; of these verbs only, when any are given."""
    from sqlalchemy import select

    from carpel.store.schema import audit

    wanted = select(audit).order_by(audit.c.id)
    rows = ledger.rows(wanted.where(audit.c.verb.in_(verbs)) if verbs else wanted)
    return [
        Deed(
            row.at,
            row.actor,
            row.verb,
            json.loads(row.arguments),
            row.customer,
            row.outcome,
            row.ended_at,
        )
        for row in rows
    ]


def _begin(ledger: Ledger, deed: Deed) -> int:
    from sqlalchemy import insert

    from carpel.store.schema import audit

    with ledger.write() as connection:
        added = insert(audit).values(
            at=deed.at,
            actor=deed.actor,
            verb=deed.verb,
            customer=deed.customer,
            arguments=json.dumps(deed.arguments, sort_keys=True, default=str),
            outcome=deed.outcome,
        )
        return int(connection.execute(added.returning(audit.c.id)).scalar_one())


def _end(ledger: Ledger, number: int, outcome: str, at: datetime) -> None:
    from sqlalchemy import update

    from carpel.store.schema import audit

    with ledger.write() as connection:
        connection.execute(
            update(audit).where(audit.c.id == number).values(outcome=outcome, ended_at=at)
        )
