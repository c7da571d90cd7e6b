"""What it takes for a campaign to be approved, and to leave once it is."""

from collections.abc import Mapping
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.audience import frozen
from carpel.campaigns.desk import Desk
from carpel.campaigns.schedule import leaves_at
from carpel.campaigns.waterfall import PASSING
from carpel.errors import NotFound, Refused
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT
from carpel.store.campaigns import Approved, approval, approvals, approve
from carpel.store.deliveries import claimed
from carpel.store.files import digest


def approved(desk: Desk, campaign: Campaign, actor: str) -> Approved:
    """Freeze the audience and note who approved it; gives what was noted.

    Approved again after an edit, a campaign that has contacted somebody keeps its audience: only
    what is said may change then. Raises Refused where it cannot be approved.
    """
    held = approval(desk.ledger, campaign.name)
    if held and held.state == "cancelled":
        raise Refused(f"{campaign.name} was cancelled.", action="Write another campaign.")
    begun = claimed(desk.ledger, campaign.name) > 0
    if held and begun and held.design != design(campaign):
        raise Refused(
            f"{campaign.name} has contacted people: who gets what cannot change any more.",
            action="Take the edit back, or write another campaign.",
        )
    same = held is not None and held.design == design(campaign)
    fresh = _approval(desk, campaign, actor, held if begun or (campaign.trigger and same) else None)
    approve(desk.ledger, fresh)
    return fresh


def ready_to_leave(desk: Desk, campaign: Campaign) -> Approved:
    """The approval under which a campaign may leave now; raises Refused, with the reason."""
    held = approval(desk.ledger, campaign.name)
    if held is None:
        raise Refused(
            f"Nobody has approved {campaign.name}.", action=f"carpel approve {campaign.name}"
        )
    if held.state != "approved":
        back = f"carpel resume {campaign.name}" if held.state == "paused" else "It stays so."
        raise Refused(f"{campaign.name} is {held.state}.", action=back)
    if held.fingerprint != fingerprint(desk, campaign):
        raise Refused(
            f"{campaign.name}, its messages or its channel were edited after it was approved.",
            action=f"carpel approve {campaign.name}",
        )
    _in_time(desk, campaign, held)
    return held


def within_budget(campaign: Campaign, messages: int) -> None:
    """Raise Refused where so many messages, all counted, cost more than the budget."""
    cost = campaign.costs.of(messages)
    if campaign.budget is not None and cost > campaign.budget:
        raise Refused(
            f"{campaign.name} would cost {cost:,.2f}, and its budget is {campaign.budget:,.2f}.",
            action="Raise `budget`, or choose a smaller audience.",
        )


def whole_within_budget(desk: Desk, campaign: Campaign, messages: int) -> None:
    """The same of so many messages of one region, with what its other regions may send."""
    whole = desk.definitions.campaigns.get(campaign.family)
    if whole is None or whole.regions is None or whole.budget is None:
        return
    held = approvals(desk.ledger)
    cost = whole.costs.fixed + campaign.costs.of(messages)
    for other in desk.regions(campaign):
        arms = held[other.name].arms if other.name in held else {}
        frozen_ = sum(len(keys) for arm, keys in arms.items() if arm != HOLDOUT)
        most = max(frozen_ * len(other.waits), claimed(desk.ledger, other.name))
        cost += other.costs.of(most)
    if cost > whole.budget:
        raise Refused(
            f"{campaign.name} and the other regions would cost {cost:,.2f}, and the budget of "
            f"{whole.name} is {whole.budget:,.2f}.",
            action="Raise `budget`, or leave a region out.",
        )


def fingerprint(desk: Desk, campaign: Campaign) -> str:
    """Of all that decides what people get; another one after any edit of it."""
    messages = desk.definitions.messages
    said: list[Any] = [campaign, desk.channel(campaign), *map(messages.get, campaign.messages)]
    said.append(desk.definitions.coupons.get(campaign.coupon or ""))
    return digest([each.model_dump(mode="json") for each in said if each is not None])


def design(campaign: Campaign) -> str:
    """Of the part that decides who gets which version by which channel."""
    shares = [[each.name, each.share] for each in campaign.arms]
    whole: list[Any] = [campaign.audience, campaign.channel, campaign.purpose, campaign.holdout]
    if campaign.within is not None:
        whole.append(campaign.within.model_dump())
    if campaign.stratify_by is not None:
        whole.append(campaign.stratify_by)
    course = _course(campaign) if campaign.is_sequence else []
    return digest([*whole, shares, *course])


def _course(campaign: Campaign) -> list[Any]:
    """What begins it and which steps there are; when they are taken may change on the way."""
    trigger = campaign.trigger.model_dump(mode="json") if campaign.trigger else None
    return [trigger, [each.name for each in campaign.steps]]


def known(desk: Desk, name: str) -> Approved:
    """A campaign's approval; raises NotFound where there is none."""
    held = approval(desk.ledger, name)
    if held is None:
        raise NotFound("approved campaign", name, approvals(desk.ledger))
    return held


def _approval(desk: Desk, campaign: Campaign, actor: str, held: Approved | None) -> Approved:
    arms, left_out, start = _meant(desk, campaign, held)
    lasting = {step: keys for step, keys in left_out.items() if step not in PASSING}
    meant = sum(len(keys) for arm, keys in arms.items() if arm != HOLDOUT)
    within_budget(campaign, meant * len(campaign.waits))
    whole_within_budget(desk, campaign, meant * len(campaign.waits))
    return Approved(
        campaign=campaign.name,
        state="approved",
        fingerprint=fingerprint(desk, campaign),
        design=design(campaign),
        medium=desk.channel(campaign).medium,
        priority=campaign.priority,
        segment=start,
        build=desk.build,
        as_of=held.as_of if held is not None else desk.as_of,
        approved_at=desk.clock(),
        approved_by=actor,
        left_out=lasting,
        arms=arms,
    )


def _meant(
    desk: Desk, campaign: Campaign, held: Approved | None
) -> tuple[Mapping[str, BitMap], Mapping[str, BitMap], int]:
    """Who is in which arm, whom which step left out, and how many there were before.

    Raises NotFound for an audience that this build does not have, also where it is frozen already.
    """
    desk.meant(campaign)
    if held is not None:
        return held.arms, held.left_out, held.segment
    if campaign.trigger is not None:
        return {}, {}, 0
    found, arms = frozen(desk, campaign)
    if not any(len(keys) for keys in arms.values()):
        raise Refused(f"{campaign.name} would reach nobody. {found.because}".strip())
    return arms, found.gone, found.start


def _in_time(desk: Desk, campaign: Campaign, held: Approved) -> None:
    now, at = desk.clock(), leaves_at(desk, campaign)
    if now < held.approved_at:
        raise Refused(
            "The clock stands before the moment at which this was approved: it was set back.",
            action="Set the clock of this machine right.",
        )
    if at is not None and now < at:
        raise Refused(f"{campaign.name} leaves on {at:%Y-%m-%d %H:%M %Z}, not before.")
    if now.date() > campaign.goal.by:
        raise Refused(
            f"The goal of {campaign.name} was for {campaign.goal.by}: it is over.",
            action="Set another date under `goal`, and approve it again.",
        )
