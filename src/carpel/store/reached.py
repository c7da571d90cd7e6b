"""To whom messages of campaigns went, when, and whether anything says that they did not arrive."""

from dataclasses import dataclass
from datetime import datetime

from carpel.store.ledger import Ledger
from carpel.store.returns import BOUNCED


@dataclass(frozen=True)
class Reached:
    """One message that was handed over; of erased people nobody knows whose it was."""

    campaign: str
    customer: int | None
    address: str
    at: datetime
    state: str
    """`sent`, `uncertain`, or `failed` where it came back."""


def reached(ledger: Ledger) -> list[Reached]:
    """Every message that was handed over or may have been, those that came back too."""
    from sqlalchemy import or_, select

    from carpel.store.schema import deliveries as d

    gone = or_(d.c.state.in_(("sent", "uncertain")), d.c.reason.startswith(BOUNCED))
    asked = select(d.c.campaign, d.c.customer, d.c.address, d.c.claimed_at, d.c.state)
    rows = ledger.rows(asked.where(gone).order_by(d.c.claimed_at))
    return [Reached(r.campaign, r.customer, r.address, r.claimed_at, r.state) for r in rows]
