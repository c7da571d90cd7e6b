"""Approved campaigns in the ledger: what was approved, and the audience as it was frozen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pyroaring import BitMap

from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection

State = Literal["approved", "paused", "cancelled"]
Sets = Mapping[str, BitMap]


@dataclass(frozen=True)
class Approved:
    """A campaign as somebody approved it."""

    campaign: str
    state: State
    fingerprint: str
    """Of all that people will get and why; another one means that it was edited since."""
    design: str
    """Of the part that decides who gets what: it must not change once somebody was contacted."""
    medium: str
    priority: int
    segment: int
    build: str
    approved_at: datetime
    approved_by: str
    left_out: Sets
    """By step: who was left out."""
    arms: Sets
    """By variant, and those kept aside: who is in it."""
    as_of: datetime | None = None
    """Of the data by which it was approved; None for approvals by a former version."""


def approve(ledger: Ledger, approved: Approved) -> None:
    """Note an approval with its audience; a former one of the campaign gives way."""
    from sqlalchemy import delete, insert

    from carpel.store.schema import audiences, campaigns

    name = approved.campaign
    plain = {c.name: getattr(approved, c.name) for c in campaigns.columns}
    parts = (("left_out", approved.left_out), ("arm", approved.arms))
    rows = [_row(name, part, each, members) for part, s in parts for each, members in s.items()]
    with ledger.write() as connection:
        for table in (campaigns, audiences):
            connection.execute(delete(table).where(table.c.campaign == name))
        connection.execute(insert(campaigns).values(plain))
        if rows:
            connection.execute(insert(audiences), rows)


def approvals(ledger: Ledger, *names: str) -> dict[str, Approved]:
    """Approved campaigns by name, the first approved first; those named, or all."""
    from sqlalchemy import select

    from carpel.store.schema import audiences, campaigns

    asked, parts = select(campaigns).order_by(campaigns.c.approved_at), select(audiences)
    if names:
        asked = asked.where(campaigns.c.campaign.in_(names))
        parts = parts.where(audiences.c.campaign.in_(names))
    with ledger.read() as connection:
        rows, held = connection.execute(asked).all(), connection.execute(parts).all()
    sets: dict[tuple[str, str], dict[str, BitMap]] = {}
    for each in held:
        members = BitMap.deserialize(each.members)
        sets.setdefault((each.campaign, each.part), {})[each.name] = members
    return {
        row.campaign: Approved(
            **row._mapping,
            left_out=sets.get((row.campaign, "left_out"), {}),
            arms=sets.get((row.campaign, "arm"), {}),
        )
        for row in rows
    }


def approval(ledger: Ledger, campaign: str) -> Approved | None:
    """What was approved of a campaign; None where nobody approved it."""
    return approvals(ledger, campaign).get(campaign)


def set_state(ledger: Ledger, campaign: str, state: State) -> None:
    """Pause, resume or cancel an approved campaign."""
    from sqlalchemy import update

    from carpel.store.schema import campaigns

    with ledger.write() as connection:
        connection.execute(
            update(campaigns).where(campaigns.c.campaign == campaign).values(state=state)
        )


def forget(connection: "Connection", customers: Collection[int]) -> None:
    """Take these keys out of every frozen audience."""
    from sqlalchemy import select, update

    from carpel.store.schema import audiences

    gone, key = BitMap(customers), audiences.c
    for row in connection.execute(select(audiences)).all():
        members = BitMap.deserialize(row.members)
        if members & gone:
            fresh = _row(row.campaign, row.part, row.name, members - gone)
            same = (key.campaign == row.campaign, key.part == row.part, key.name == row.name)
            connection.execute(update(audiences).where(*same).values(fresh))


def _row(campaign: str, part: str, name: str, members: BitMap) -> dict[str, object]:
    compact = members.copy()
    compact.run_optimize()
    named = {"campaign": campaign, "part": part, "name": name}
    return {**named, "people": len(members), "members": compact.serialize()}
