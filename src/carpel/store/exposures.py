"""What stood in slots of web sites, and how often who saw it; only ever added to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Exposure(NamedTuple):
    """Somebody, or nobody known, was shown an arm of a slot on a day of the project's zone."""

    day: str
    slot: str
    segment: str
    """Of the rule that held; empty where none did."""
    arm: str
    visitor: str
    """The hash of an address or of an anonymous visitor's own number; empty for neither."""


@dataclass(frozen=True)
class Seen:
    """One arm of a rule: visitors told apart, how often it was shown, and the days it was."""

    segment: str
    arm: str
    visitors: int
    views: int
    first: str
    last: str


def expose(ledger: Ledger, counted: Mapping[Exposure, int], at: datetime) -> None:
    """Note how often each was shown since the last time."""
    from sqlalchemy import insert

    from carpel.store.schema import exposures as e

    if counted:
        rows = [{**each._asdict(), "views": n, "at": at} for each, n in counted.items()]
        with ledger.write() as connection:
            connection.execute(insert(e), rows)


def exposed(ledger: Ledger, slot: str) -> list[Seen]:
    """What was shown in a slot, by rule and arm."""
    from sqlalchemy import func, select

    from carpel.store.schema import exposures as e

    known = func.count(func.distinct(func.nullif(e.c.visitor, "")))
    figures = (known, func.sum(e.c.views), func.min(e.c.day), func.max(e.c.day))
    asked = select(e.c.segment, e.c.arm, *figures).where(e.c.slot == slot)
    rows = ledger.rows(asked.group_by(e.c.segment, e.c.arm).order_by(e.c.segment, e.c.arm))
    return [Seen(*list(row)) for row in rows]


def forget(connection: "Connection", addresses: Collection[str]) -> None:
    """Leave nothing by which exposures lead to these people; that there were any stays."""
    from sqlalchemy import update

    from carpel.store.schema import exposures as e

    connection.execute(update(e).where(e.c.visitor.in_(list(addresses))).values(visitor=""))
