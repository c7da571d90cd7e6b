"""Who was in which arm of a campaign, and from when on what they did counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pyroaring import BitMap

from carpel.store.campaigns import approvals
from carpel.store.files import digest
from carpel.store.ledger import Ledger
from carpel.store.occasions import noted


@dataclass(frozen=True)
class Assignment:
    """The arms of a campaign that has begun, as they were drawn, whatever became of messages."""

    campaign: str
    arms: Mapping[str, BitMap]
    """Keys as they were then; those kept aside are an arm."""
    as_of: datetime | None
    """Of the data by which it was approved: who was in which segment is looked up then."""
    since: datetime
    """When the first message left."""
    until: datetime
    """When the last one did."""
    each: Mapping[int, datetime] = field(default_factory=dict)
    """By key: when it began for them, where people go through it one by one."""
    sent: Mapping[str, int] = field(default_factory=dict)
    """By arm: to how many people a message was handed over."""

    def __add__(self, other: "Assignment") -> "Assignment":
        """Both as one campaign: regions of one, whose people are apart."""
        arms = {*self.arms, *other.arms}
        known = [each for each in (self.as_of, other.as_of) if each is not None]
        return Assignment(
            self.campaign,
            {name: _of(self.arms, name) | _of(other.arms, name) for name in arms},
            max(known, default=None),
            min(self.since, other.since),
            max(self.until, other.until),
            {**self.each, **other.each},
            {name: self.sent.get(name, 0) + other.sent.get(name, 0) for name in arms},
        )

    @property
    def fingerprint(self) -> str:
        """Changes with everything above: what a part depends on that reads it."""
        arms = [(name, keys.serialize().hex()) for name, keys in sorted(self.arms.items())]
        own = [(key, str(at)) for key, at in sorted(self.each.items())]
        moments = [str(self.as_of), str(self.since), str(self.until)]
        return digest([self.campaign, arms, own, moments, sorted(self.sent.items())])


def assignments(ledger: Ledger) -> tuple[Assignment, ...]:
    """Of every campaign of which anything has left, the first approved first."""
    handed = _handed_over(ledger)
    found = []
    for name, approved in approvals(ledger).items():
        if name not in handed:
            continue
        since, until, sent = handed[name]
        begun = {} if approved.arms else _begun(ledger, name)
        arms = approved.arms or {arm: BitMap(keys) for arm, keys in begun.items()}
        each = {key: at for keys in begun.values() for key, at in keys.items()}
        found.append(Assignment(name, arms, approved.as_of, since, until, each, sent))
    return tuple(found)


def _of(arms: Mapping[str, BitMap], name: str) -> BitMap:
    return arms.get(name, BitMap())


def _begun(ledger: Ledger, campaign: str) -> dict[str, dict[int, datetime]]:
    """By arm and key: when it first began for somebody; later occasions are what came of it."""
    arms: dict[str, dict[int, datetime]] = {}
    for row in noted(ledger, campaign):
        arms.setdefault(row.arm, {}).setdefault(row.customer, row.at)
    return arms


def _handed_over(ledger: Ledger) -> dict[str, tuple[datetime, datetime, dict[str, int]]]:
    """By campaign: when its first and last message left, and to how many people of each arm."""
    from sqlalchemy import distinct, func, select

    from carpel.store.schema import deliveries as d

    asked = select(
        d.c.campaign,
        d.c.arm,
        func.min(d.c.claimed_at).label("since"),
        func.max(d.c.claimed_at).label("until"),
        func.count(distinct(d.c.customer)).label("people"),
    )
    found: dict[str, tuple[datetime, datetime, dict[str, int]]] = {}
    which = asked.where(d.c.state.in_(("sent", "uncertain"))).group_by(d.c.campaign, d.c.arm)
    for row in ledger.rows(which):
        since, until, sent = found.get(row.campaign, (row.since, row.until, {}))
        moments = min(since, row.since), max(until, row.until)
        found[row.campaign] = (*moments, {**sent, row.arm: row.people})
    return found
