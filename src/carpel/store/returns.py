"""What came back of deliveries: bounces and complaints, each counted once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from carpel.store.deliveries import SLICE, Route
from carpel.store.ledger import Ledger
from carpel.store.suppressions import UNDELIVERABLE, suppress_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

Kind = Literal["delivered", "delayed", "soft", "blocked", "undeliverable", "complaint"]
Noted = Literal["noted", "read before", "still being sent"]
SOFT_IN_A_ROW = 3
"""An address that so many campaigns in a row did not reach is undeliverable."""
BOUNCED = "bounced"
"""How the reason of a delivery begins that came back."""
SETTLES = timedelta(days=5)
"""Mail servers try for so long (RFC 5321, section 4.5.4.1): older messages have arrived."""


@dataclass(frozen=True)
class Return:
    """A report about one delivery; `report` is a hash of it, `status` a code."""

    report: str
    kind: Kind
    status: str


def routes(ledger: Ledger, addresses: Collection[str]) -> dict[str, list[tuple[Route, str]]]:
    """The deliveries to hashes of addresses, each with its occasion."""
    from sqlalchemy import select

    from carpel.store.schema import deliveries as d

    asked, found = sorted(set(addresses)), dict[str, list[tuple[Route, str]]]()
    columns = select(d.c.address, d.c.campaign, d.c.channel, d.c.medium, d.c.step, d.c.occasion)
    for at in range(0, len(asked), SLICE):
        for row in ledger.rows(columns.where(d.c.address.in_(asked[at : at + SLICE]))):
            route = Route(row.campaign, row.channel, row.medium, row.step)
            found.setdefault(row.address, []).append((route, row.occasion))
    return found


def note(
    ledger: Ledger,
    route: Route,
    address: str,
    said: Return,
    *,
    at: datetime,
    actor: str,
    occasion: str = "",
) -> Noted:
    """Settle one delivery by a report, and put its address on the list where it says so."""
    from sqlalchemy import insert, select, update

    from carpel.store.schema import deliveries as d
    from carpel.store.schema import returns

    mine = (
        d.c.campaign == route.campaign,
        d.c.step == route.step,
        d.c.channel == route.channel,
        d.c.address == address,
        d.c.occasion == occasion,
    )
    with ledger.write() as connection:
        if connection.execute(select(returns).where(returns.c.report == said.report)).first():
            return "read before"
        held = connection.execute(select(d).where(*mine)).first()
        if held is None or held.state == "claimed":
            return "still being sent"
        row = {"report": said.report, "address": address, "medium": route.medium}
        connection.execute(
            insert(returns).values(**row, campaign=route.campaign, kind=said.kind, at=at)
        )
        if became := _became(held.state, held.passing, said):
            connection.execute(update(d).where(*mine).values(**became, settled_at=at))
        if reason := _listed(connection, route.medium, address, said.kind, at):
            suppress_in(connection, [address], medium=route.medium, reason=reason, at=at, by=actor)
    return "noted"


def _became(state: str, passing: bool, said: Return) -> dict[str, Any]:
    """What changes of a delivery; nothing of one that had failed for good."""
    over = state == "failed" and not passing
    if said.kind in ("delivered", "complaint"):  # it has arrived
        return {"state": "sent", "reason": "", "passing": False} if state == "uncertain" else {}
    if said.kind == "delayed" or over or (said.kind == "soft" and state == "failed"):
        return {}
    reason = f"{BOUNCED} {said.status}".strip()
    return {"state": "failed", "reason": reason, "passing": said.kind == "soft"}


def _listed(connection: "Connection", medium: str, address: str, kind: Kind, at: datetime) -> str:
    """Why an address must not be contacted any more; empty where it may."""
    if kind == "complaint":
        return "complained"
    unreached = kind == "soft" and _in_a_row(connection, medium, address, at) >= SOFT_IN_A_ROW
    return UNDELIVERABLE if kind == "undeliverable" or unreached else ""


def _in_a_row(connection: "Connection", medium: str, address: str, at: datetime) -> int:
    """Campaigns that did not reach an address since one did."""
    from sqlalchemy import distinct, func, select

    from carpel.store.schema import deliveries as d
    from carpel.store.schema import returns

    arrived = (d.c.address == address, d.c.medium == medium, d.c.state == "sent")
    last = connection.execute(
        select(func.max(d.c.claimed_at)).where(*arrived, d.c.claimed_at <= at - SETTLES)
    ).scalar()
    soft = (returns.c.address == address, returns.c.medium == medium, returns.c.kind == "soft")
    since = () if last is None else (returns.c.at > last,)
    asked = select(func.count(distinct(returns.c.campaign))).where(*soft, *since)
    return int(connection.execute(asked).scalar() or 0)


def counted(ledger: Ledger, campaign: str) -> dict[str, int]:
    """How many reports of each kind came back of a campaign."""
    from sqlalchemy import func, select

    from carpel.store.schema import returns

    asked = select(returns.c.kind, func.count().label("reports")).where(
        returns.c.campaign == campaign
    )
    return {row.kind: row.reports for row in ledger.rows(asked.group_by(returns.c.kind))}


def complained(ledger: Ledger) -> list[tuple[str, str]]:
    """The campaign, and the hash of the address, of every complaint."""
    from sqlalchemy import select

    from carpel.store.schema import returns

    asked = select(returns.c.campaign, returns.c.address).where(returns.c.kind == "complaint")
    return [(row.campaign, row.address) for row in ledger.rows(asked)]


def forget(connection: "Connection", hashes: Sequence[str]) -> None:
    """Leave nothing by which reports lead to these addresses; that there were any stays."""
    from sqlalchemy import select, update

    from carpel.store.schema import returns

    theirs = returns.c.address.in_(list(hashes))
    for report in connection.execute(select(returns.c.report).where(theirs)).scalars().all():
        gone = update(returns).where(returns.c.report == report)
        connection.execute(gone.values(address=f"erased:{uuid4().hex}"))
