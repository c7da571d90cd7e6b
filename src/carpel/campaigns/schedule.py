"""When a campaign leaves, and when its answer is there."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from carpel.campaigns.desk import Desk
from carpel.campaigns.warm_up import days_for
from carpel.evaluation.windows import shift
from carpel.language import Period
from carpel.specs import Campaign, Speaking


def leaves_at(desk: Desk, campaign: Campaign) -> datetime | None:
    """The moment before which nothing may leave; None without one."""
    if campaign.schedule is None:
        return None
    at = campaign.schedule.at
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(desk.definitions.project.timezone))


def first_at(desk: Desk, campaign: Campaign) -> datetime:
    """When the first message can leave: now, or as the schedule says."""
    now = desk.clock()
    return max(now, leaves_at(desk, campaign) or now)


def later(
    moment: datetime, period: Period | None, zone: ZoneInfo, *, back: bool = False
) -> datetime:
    """A period after a moment, or before it; hours, days and weeks are always as long."""
    if period is None:
        return moment
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    return shift(plain, period, zone, back=back).replace(tzinfo=UTC)


def days_needed(desk: Desk, campaign: Campaign, messages: int) -> int:
    """From the first message to the end of the last one's window."""
    channel = desk.channel(campaign)
    rate = channel.most_per_minute if isinstance(channel, Speaking) else None
    days = messages // (rate * 24 * 60) if rate else 0
    return campaign.goal.within_days + max(days, days_for(desk, channel, messages) - 1)
