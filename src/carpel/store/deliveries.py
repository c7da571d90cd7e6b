"""Deliveries: what became of each message to each person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

Settled = Literal["sent", "failed", "uncertain"]
State = Literal["claimed", "sent", "failed", "uncertain"]
MOST_ATTEMPTS = 5
"""A failure that may pass is tried so often, then it stays."""
PAUSE = timedelta(minutes=15)
"""How long a failure that may pass is left alone."""
SLICE = 500
"""Hashes asked for at a time."""


@dataclass(frozen=True)
class Claim:
    """One message that one process may hand over, once."""

    address: str
    customer: int
    arm: str
    occasion: str = ""
    """What began it for them; nothing where it began for all at once."""


@dataclass(frozen=True)
class Receipt:
    """What became of a claim; a `passing` failure may be tried again, an `undeliverable` address
    is put on the do-not-contact list."""

    address: str
    state: Settled
    reason: str = ""
    passing: bool = False
    undeliverable: bool = False


@dataclass(frozen=True)
class Route:
    """What deliveries of a campaign have in common."""

    campaign: str
    channel: str
    medium: str
    step: int = 0


def due(row: "Row[Any] | None", now: datetime) -> bool:
    """Whether a delivery is a failure that may have passed by now."""
    return (
        row is not None
        and row.state == "failed"
        and row.passing
        and row.attempts < MOST_ATTEMPTS
        and (row.settled_at is None or now - row.settled_at >= PAUSE)
    )


def decide_uncertain(ledger: Ledger, campaign: str, state: Settled, at: datetime) -> int:
    """A person says what became of a campaign's uncertain deliveries; gives how many there were.

    Those that were not `sent` after all may be sent by the next sending.
    """
    from sqlalchemy import delete, update

    from carpel.store.schema import deliveries as d

    which = (d.c.campaign == campaign, d.c.state == "uncertain")
    settled = update(d).where(*which).values(state="sent", reason="a person said so", settled_at=at)
    with ledger.write() as connection:
        done = connection.execute(settled if state == "sent" else delete(d).where(*which))
        return int(done.rowcount)


def counts(ledger: Ledger, *campaigns: str) -> list[dict[str, Any]]:
    """How many deliveries a campaign, arm, state and reason; of these campaigns, or of all."""
    from sqlalchemy import func, select

    from carpel.store.schema import deliveries as d

    by = (d.c.campaign, d.c.arm, d.c.state, d.c.passing, d.c.reason)
    asked = select(*by, func.count().label("people")).group_by(*by).order_by(*by)
    rows = ledger.rows(asked.where(d.c.campaign.in_(campaigns)) if campaigns else asked)
    return [dict(row._mapping) for row in rows]


def claimed(ledger: Ledger, campaign: str) -> int:
    """How many messages of a campaign were claimed, whatever became of them."""
    from sqlalchemy import func, select

    from carpel.store.schema import deliveries as d

    return int(ledger.rows(select(func.count()).where(d.c.campaign == campaign))[0][0])


def by_step(ledger: Ledger, campaign: str) -> list[dict[str, Any]]:
    """How many deliveries of a campaign a step and state."""
    from sqlalchemy import func, select

    from carpel.store.schema import deliveries as d

    by = (d.c.step, d.c.state)
    asked = select(*by, func.count().label("people")).where(d.c.campaign == campaign)
    return [dict(row._mapping) for row in ledger.rows(asked.group_by(*by).order_by(*by))]


def contacted(ledger: Ledger, medium: str, since: datetime, but: str) -> dict[int, int]:
    """By key: how many messages of other campaigns went out, or may have, by a medium since."""
    from sqlalchemy import func, select

    from carpel.store.schema import deliveries as d

    gone = (d.c.medium == medium, d.c.claimed_at >= since, d.c.customer.is_not(None))
    which: tuple[ColumnElement[bool], ...] = (*gone, d.c.state != "failed", d.c.campaign != but)
    asked = select(d.c.customer, func.count().label("messages")).where(*which)
    rows = ledger.rows(asked.group_by(d.c.customer))
    return {row.customer: row.messages for row in rows}


def decided(ledger: Ledger, campaign: str, at: datetime) -> set[int]:
    """Keys with whom a campaign is done: all but passing failures whose time has come again."""
    from sqlalchemy import select

    from carpel.store.schema import deliveries as d

    asked = select(d.c.customer, d.c.state, d.c.passing, d.c.attempts, d.c.settled_at)
    rows = ledger.rows(asked.where(d.c.campaign == campaign, d.c.customer.is_not(None)))
    return {row.customer for row in rows if not due(row, at)}


def by_day(ledger: Ledger, channel: str) -> dict[str, int]:
    """By day in UTC, as 2026-03-01: how many messages left by a channel, or may have."""
    from sqlalchemy import Text, func, select

    from carpel.store.schema import deliveries as d

    day = func.date(d.c.claimed_at, type_=Text())
    asked = select(day.label("day"), func.count().label("messages")).group_by(day)
    rows = ledger.rows(asked.where(d.c.channel == channel, d.c.state != "failed"))
    return {str(row.day): row.messages for row in rows}


def handed_over(ledger: Ledger, campaign: str) -> dict[str, tuple[int | None, str]]:
    """By hash of an address, who was sent something there, or may have been, and in which arm."""
    from sqlalchemy import select

    from carpel.store.schema import deliveries as d

    asked = select(d.c.address, d.c.customer, d.c.arm).where(d.c.campaign == campaign)
    rows = ledger.rows(asked.where(d.c.state.in_(("sent", "uncertain"))))
    return {row.address: (row.customer, row.arm) for row in rows}


def take_back(ledger: Ledger, campaign: str, addresses: Sequence[str]) -> None:
    """Forget deliveries to hashes of addresses: they may be sent something again."""
    from sqlalchemy import delete

    from carpel.store.schema import deliveries as d

    with ledger.write() as connection:
        for at in range(0, len(addresses), SLICE):
            these = d.c.address.in_(addresses[at : at + SLICE])
            connection.execute(delete(d).where(d.c.campaign == campaign, these))


def taken(ledger: Ledger, campaign: str, step: int) -> "Sequence[Row[Any]]":
    """What became of a step of everybody who has got so far."""
    from sqlalchemy import select

    from carpel.store.schema import deliveries as d

    asked = select(
        d.c.customer,
        d.c.occasion,
        d.c.state,
        d.c.passing,
        d.c.attempts,
        d.c.reason,
        d.c.claimed_at,
        d.c.settled_at,
    )
    return ledger.rows(asked.where(d.c.campaign == campaign, d.c.step == step))


def delivery(ledger: Ledger, campaign: str, customers: Collection[int]) -> list[dict[str, Any]]:
    """A person's deliveries of a campaign: arm, state, reason and when."""
    from sqlalchemy import select

    from carpel.store.schema import deliveries as d

    asked = select(
        d.c.step, d.c.arm, d.c.state, d.c.passing, d.c.reason, d.c.claimed_at, d.c.settled_at
    ).order_by(d.c.claimed_at)
    whose = (d.c.campaign == campaign, d.c.customer.in_(list(customers)))
    return [dict(row._mapping) for row in ledger.rows(asked.where(*whose))]


def contacted_at(ledger: Ledger, campaign: str, address: str) -> datetime | None:
    """When the last message of a campaign to an address was handed over."""
    from sqlalchemy import func, select

    from carpel.store.schema import deliveries as d

    last = select(func.max(d.c.settled_at))
    found = ledger.rows(last.where(d.c.campaign == campaign, d.c.address == address))[0][0]
    return found if isinstance(found, datetime) else None


def recipient(ledger: Ledger, address: str) -> int | None:
    """The key of who was written to at an address last."""
    from sqlalchemy import select

    from carpel.store.schema import deliveries as d

    asked = select(d.c.customer).where(d.c.address == address, d.c.customer.is_not(None))
    found = ledger.rows(asked.order_by(d.c.claimed_at.desc()).limit(1))
    return found[0].customer if found else None


def forget(connection: "Connection", customers: Collection[int], hashes: Collection[str]) -> None:
    """Leave nothing by which deliveries lead to these people; that there were any stays."""
    from sqlalchemy import or_, select, update

    from carpel.store.schema import deliveries as d

    theirs = or_(d.c.customer.in_(list(customers)), d.c.address.in_(list(hashes)))
    found = select(*d.primary_key).where(theirs)
    for row in connection.execute(found).all():
        same = [d.c[name] == value for name, value in row._mapping.items()]
        gone = {"customer": None, "address": f"erased:{uuid4().hex}"}
        connection.execute(update(d).where(*same).values(gone))
