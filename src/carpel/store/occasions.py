"""Who is on their way through a campaign of several steps, or one with a trigger, and how far."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

State = Literal["waiting", "done", "stopped", "aside"]
"""On their way; through; out before the end, with a reason; in the comparison group."""


@dataclass(frozen=True)
class Occasion:
    """What began a campaign for one person, once."""

    customer: int
    occasion: str
    """What tells it apart from others of the same person; the same whenever it is looked for."""
    at: datetime


@dataclass(frozen=True)
class OnTheWay(Occasion):
    """An occasion, and how far the person is: `step` is the next one, to be taken at `due_at`."""

    arm: str
    step: int
    due_at: datetime
    state: State
    reason: str
    noticed_at: datetime


Rows = Sequence[OnTheWay]


def noted(ledger: Ledger, campaign: str) -> list[OnTheWay]:
    """All occasions of a campaign, the first first."""
    with ledger.read() as connection:
        return _noted(connection, campaign)


def waiting(ledger: Ledger, campaign: str) -> list[OnTheWay]:
    """Those of people who are on their way, the first first."""
    from carpel.store.schema import occasions as o

    with ledger.read() as connection:
        return _noted(connection, campaign, o.c.state == "waiting")


def note(ledger: Ledger, campaign: str, fresh: Callable[[Rows], Iterable[OnTheWay]]) -> int:
    """Note what is `fresh`, given all that is noted; of two at a time the second sees the first's.

    Gives how many there were.
    """
    from sqlalchemy import insert

    from carpel.store.schema import occasions

    with ledger.write() as connection:
        rows = [{"campaign": campaign, **asdict(e)} for e in fresh(_noted(connection, campaign))]
        if rows:
            connection.execute(insert(occasions), rows)
        return len(rows)


def move(ledger: Ledger, campaign: str, moved: Iterable[tuple[OnTheWay, OnTheWay]]) -> None:
    """Take people from one standing to another; who was moved meanwhile stays where they are."""
    from sqlalchemy import bindparam, update

    from carpel.store.schema import occasions as o

    rows = [
        {
            "whose": before.customer,
            "what": before.occasion,
            "from": before.step,
            "step": after.step,
            "due_at": after.due_at,
            "state": after.state,
            "reason": after.reason,
        }
        for before, after in moved
        if before != after
    ]
    if not rows:
        return
    same = (
        o.c.campaign == campaign,
        o.c.customer == bindparam("whose"),
        o.c.occasion == bindparam("what"),
        o.c.step == bindparam("from"),
        o.c.state == "waiting",
    )
    with ledger.write() as connection:
        connection.execute(update(o).where(*same), rows)


def forget(connection: "Connection", customers: Collection[int]) -> None:
    """Leave nothing of these people."""
    from sqlalchemy import delete

    from carpel.store.schema import occasions as o

    connection.execute(delete(o).where(o.c.customer.in_(list(customers))))


def stopped(row: OnTheWay, why: str) -> OnTheWay:
    """Out, for a reason."""
    return replace(row, state="stopped", reason=why)


def _noted(
    connection: "Connection", campaign: str, *which: "ColumnElement[bool]"
) -> list[OnTheWay]:
    from sqlalchemy import select

    from carpel.store.schema import occasions as o

    asked = select(*(each for each in o.c if each.name != "campaign")).order_by(o.c.at)
    rows = connection.execute(asked.where(o.c.campaign == campaign, *which)).all()
    return [OnTheWay(**row._mapping) for row in rows]
