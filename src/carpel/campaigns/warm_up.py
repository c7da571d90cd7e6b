"""How many messages may leave by a channel today: a server that nobody knows begins slowly."""

from carpel.campaigns.desk import Desk
from carpel.errors import Refused
from carpel.specs import Campaign, Channel, Smtp
from carpel.store.deliveries import by_day

LONGEST = 3_650
"""Days that are counted ahead at most."""


def most_now(desk: Desk, campaign: Campaign, limit: int | None) -> int | None:
    """So many people at most in this sending, by the channel's day and the limit; None for all.

    Raises Refused where the channel has sent all that it may today (in UTC).
    """
    spec = desk.channel(campaign)
    if not isinstance(spec, Smtp) or not _limited(spec):
        return limit
    done, today = by_day(desk.ledger, spec.name), desk.clock().date().isoformat()
    most = _most(spec, len(set(done) - {today}))
    left = most - done.get(today, 0)
    if left <= 0:
        raise Refused(
            f"{spec.name} has sent the {most:,} messages that it may today.",
            action=f"carpel send {campaign.name}, tomorrow.",
        )
    return left if limit is None else min(left, limit)


def days_for(desk: Desk, spec: Channel, messages: int) -> int:
    """On how many days so many messages leave, today the first."""
    if not isinstance(spec, Smtp) or not _limited(spec):
        return 1
    done, today = by_day(desk.ledger, spec.name), desk.clock().date().isoformat()
    before, left, days = len(set(done) - {today}), messages + done.get(today, 0), 1
    while (left := left - _most(spec, before + days - 1)) > 0 and days < LONGEST:
        days += 1
    return days


def _limited(spec: Smtp) -> bool:
    return spec.warm_up is not None or spec.most_per_day is not None


def _most(spec: Smtp, days: int) -> int:
    """How many may leave on a day before which so many had messages."""
    risen = spec.warm_up.most(days) if spec.warm_up else None
    return min(each for each in (risen, spec.most_per_day) if each is not None)
