"""How many messages may leave by a channel today: a server that nobody knows begins slowly."""

from carpel.campaigns.desk import Desk
from carpel.errors import Refused
from carpel.specs import Campaign, Smtp
from carpel.store.deliveries import by_day


def most_now(desk: Desk, campaign: Campaign, limit: int | None) -> int | None:
    """So many people at most in this sending, by the channel's day and the limit; None for all.

    Raises Refused where the channel has sent all that it may today (in UTC).
    """
    spec = desk.channel(campaign)
    if not isinstance(spec, Smtp) or (spec.warm_up is None and spec.most_per_day is None):
        return limit
    done, today = by_day(desk.ledger, spec.name), desk.clock().date().isoformat()
    most = [spec.most_per_day] if spec.most_per_day else []
    if spec.warm_up:
        most.append(spec.warm_up.most(len(set(done) - {today})))
    left = min(most) - done.get(today, 0)
    if left <= 0:
        raise Refused(
            f"{spec.name} has sent the {min(most):,} messages that it may today.",
            action=f"carpel send {campaign.name}, tomorrow.",
        )
    return left if limit is None else min(left, limit)
