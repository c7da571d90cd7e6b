"""How many messages may leave by a channel today: a server that nobody knows begins slowly."""

from datetime import UTC

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
    most = most_today(desk, spec)
    if most is None:
        return limit
    left = most - by_day(desk.ledger, campaign.channel).get(_today(desk), 0)
    if left <= 0:
        raise Refused(
            f"{campaign.channel} has sent the {most:,} messages that it may today.",
            action=f"carpel send {campaign.name}, tomorrow.",
        )
    return left if limit is None else min(left, limit)


def most_today(desk: Desk, spec: Channel) -> int | None:
    """How many messages may leave by a channel on this day (in UTC); None where any number may.

    What has left counts in; a sending claims no more, see `sending`.
    """
    if not isinstance(spec, Smtp) or not _limited(spec):
        return None
    return _most(spec, len(set(by_day(desk.ledger, spec.name)) - {_today(desk)}))


def days_for(desk: Desk, spec: Channel, messages: int) -> int:
    """On how many days so many messages leave, today the first."""
    if not isinstance(spec, Smtp) or not _limited(spec):
        return 1
    done, today = by_day(desk.ledger, spec.name), _today(desk)
    before, left, days = len(set(done) - {today}), messages + done.get(today, 0), 1
    while (left := left - _most(spec, before + days - 1)) > 0 and days < LONGEST:
        days += 1
    return days


def _today(desk: Desk) -> str:
    return desk.clock().astimezone(UTC).date().isoformat()


def _limited(spec: Smtp) -> bool:
    return spec.warm_up is not None or spec.most_per_day is not None


def _most(spec: Smtp, days: int) -> int:
    """How many may leave on a day before which so many had messages."""
    risen = spec.warm_up.most(days) if spec.warm_up else None
    return min(each for each in (risen, spec.most_per_day) if each is not None)
