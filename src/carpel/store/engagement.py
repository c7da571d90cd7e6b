"""What people did with messages that another tool sent: read from its exports, each thing once."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from carpel.store.deliveries import SLICE
from carpel.store.ledger import Ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection

Kind = Literal["opened", "clicked", "bounced", "unsubscribed", "complained"]


@dataclass(frozen=True)
class Engaged:
    """One thing that somebody did; `report` is a hash of the export's own words on it."""

    report: str
    address: str
    medium: str
    campaign: str
    kind: Kind
    at: datetime | None
    """When, where the export says so."""
    link: str
    machine: str
    """What did it, if it was no person."""


def fresh(ledger: Ledger, said: Collection[Engaged]) -> list[Engaged]:
    """Those of which nothing was read before, each once."""
    from sqlalchemy import select

    from carpel.store.schema import engagement as e

    asked, known = sorted({each.report for each in said}), set[str]()
    for at in range(0, len(asked), SLICE):
        these = select(e.c.report).where(e.c.report.in_(asked[at : at + SLICE]))
        known |= {row.report for row in ledger.rows(these)}
    return list({each.report: each for each in said if each.report not in known}.values())


def note(ledger: Ledger, said: Sequence[Engaged]) -> None:
    """Keep what is `fresh`."""
    from sqlalchemy import insert

    from carpel.store.schema import engagement

    if said:
        with ledger.write() as connection:
            connection.execute(insert(engagement), [asdict(each) for each in said])


def engaged(ledger: Ledger, *campaigns: str) -> list[Engaged]:
    """All that was read of these campaigns, or of all of them."""
    from sqlalchemy import select

    from carpel.store.schema import engagement as e

    asked = select(e).order_by(e.c.report)
    rows = ledger.rows(asked.where(e.c.campaign.in_(campaigns)) if campaigns else asked)
    return [Engaged(*(getattr(row, name) for name in Engaged.__match_args__)) for row in rows]


def reacted(ledger: Ledger, campaign: str) -> dict[str, int]:
    """How many people did what; `machines`: how many things no person did."""
    told = engaged(ledger, campaign)
    people = {(each.kind, each.address) for each in told if not each.machine}
    machines = sum(bool(each.machine) for each in told)
    counts = Counter(kind for kind, _ in people)
    return {**dict(sorted(counts.items())), **({"machines": machines} if machines else {})}


def forget(connection: "Connection", addresses: Collection[str]) -> None:
    """Leave nothing by which these lead to people; that there were any stays."""
    from sqlalchemy import update

    from carpel.store.schema import engagement as e

    gone = update(e).where(e.c.address.in_(list(addresses)))
    connection.execute(gone.values(address="", link=""))
