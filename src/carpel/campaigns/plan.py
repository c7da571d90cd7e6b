"""What is known of a campaign before anything leaves: its reach, what it could show, its cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pyroaring import BitMap

from carpel.campaigns.audience import audience, frozen
from carpel.campaigns.desk import Desk
from carpel.campaigns.past import Past, past
from carpel.campaigns.waterfall import Waterfall
from carpel.specs import Campaign, Smtp
from carpel.specs.campaign import HOLDOUT, called
from carpel.stats.effects import detectable
from carpel.stats.proportions import smallest_lift
from carpel.store.campaigns import approvals

SMALL = 30
"""People in an arm or kept aside from which a difference can be told at all."""
NARROW = 0.2
"""Share of the segment from which a campaign says that it leaves most of it out."""
SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
"""Comparison groups that are tried."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Plan:
    """A campaign as it would go now; nothing has left and nothing is kept.

    `arms` has a row an arm: people, what they would do without it (`before`), the smallest change
    that 4 times out of 5 would show (`smallest`, in the goal's own unit; None when not even the
    largest would). `answers` says whether the target could be told from chance, and what could.
    """

    campaign: str
    label: str
    goal: str
    waterfall: Rows
    because: str
    arms: Rows
    before: float | None
    counted: int
    """People of whom `before` is told."""
    wanted: float | None
    """By how much the target is above `before`."""
    answers: str
    first_at: datetime
    answer_on: date
    """When the last contact's window is over."""
    days_needed: int
    messages: int
    cost: float
    budget: float | None
    expected: float | None
    """What reaching the target would bring: orders or people, or money in the currency."""
    overlaps: Rows
    warnings: Sequence[str]
    currency: str
    approved: str | None = None


def plan(desk: Desk, campaign: Campaign) -> Plan:
    """Work a campaign out over the current build."""
    found, arms = frozen(desk, campaign)
    contact = {name: keys for name, keys in arms.items() if name != HOLDOUT}
    messages = sum(map(len, contact.values()))
    known = past(desk, campaign.goal, BitMap().union(*arms.values()))
    listed = [_arm(campaign, known, name, len(keys), arms) for name, keys in contact.items()]
    first_at = _first_at(desk, campaign)
    days = _days(desk, campaign, messages)
    answer_on = (first_at + timedelta(days=days)).date()
    wanted = None if known is None else campaign.goal.target - known.mean
    costs = campaign.costs
    cost = costs.fixed + costs.per_message * messages
    overlaps = _overlaps(desk, campaign, BitMap().union(*contact.values()))
    held = approvals(desk.ledger, campaign.name).get(campaign.name)
    return Plan(
        campaign.name,
        campaign.label or campaign.name,
        told(campaign),
        found.rows(),
        found.because,
        [*listed, _aside(known, arms)],
        known.mean if known else None,
        known.n if known else 0,
        wanted,
        _answers(campaign, known, arms, wanted),
        first_at,
        answer_on,
        days,
        messages,
        cost,
        campaign.budget,
        wanted * messages if wanted is not None and wanted > 0 else None,
        overlaps,
        list(_warnings(campaign, found, arms, wanted, cost, answer_on)),
        desk.definitions.project.currency,
        held.state if held else None,
    )


def told(campaign: Campaign) -> str:
    """The goal in words."""
    goal = campaign.goal
    if goal.metric == "revenue_per_person":
        return f"{goal.target:,g} a person within {goal.within_days} days, by {goal.by}"
    does = "order" if goal.metric == "order_rate" else f"do “{goal.event}”"
    rate = f"{100 * goal.target:g} %"
    return f"{rate} of people {does} within {goal.within_days} days, by {goal.by}"


def smallest(campaign: Campaign, known: Past, contacted: int, aside: int) -> float | None:
    """The smallest change of the goal's figure that would show 4 times out of 5.

    Of shares by `smallest_lift`; of money by the spread that people had before, see `detectable`.
    """
    if min(contacted, aside) < 1:
        return None
    if campaign.goal.metric != "revenue_per_person":
        return smallest_lift(known.mean, contacted, aside)
    least = float(detectable(np.array([contacted]), np.array([aside]))[0])
    return least * known.spread or None  # without any spread nobody knows how it varies


def _arm(
    campaign: Campaign, known: Past | None, name: str, people: int, arms: dict[str, BitMap]
) -> dict[str, Any]:
    aside = len(arms[HOLDOUT])
    least = smallest(campaign, known, people, aside) if known else None
    return {
        "arm": name,
        "people": people,
        "before": known.mean if known else None,
        "smallest": least,
    }


def _aside(known: Past | None, arms: dict[str, BitMap]) -> dict[str, Any]:
    before = known.mean if known else None
    return {"arm": HOLDOUT, "people": len(arms[HOLDOUT]), "before": before, "smallest": None}


def _answers(
    campaign: Campaign, known: Past | None, arms: dict[str, BitMap], wanted: float | None
) -> str:
    """Whether the target could be told from chance; if not, the split that could, if one can."""
    if known is None or wanted is None or not (known.spread or known.mean):
        return "Cannot tell yet: nobody here has done anything like it lately."
    if wanted <= 0:
        return "The target is reached without a campaign: set a higher one."
    people, aside = sum(map(len, arms.values())), len(arms[HOLDOUT])
    least = smallest(campaign, known, people - aside, aside)
    if least is not None and least <= wanted:
        return "Yes: a change as large as the target asks for would show."
    for share in SHARES:
        kept = round(share * people)
        least = smallest(campaign, known, people - kept, kept)
        if share > campaign.holdout and least is not None and least <= wanted:
            return f"Not so: it would with a comparison group of {100 * share:g} %."
    return "No: for this target the audience is too small; count for longer, or ask more people."


def _first_at(desk: Desk, campaign: Campaign) -> datetime:
    now = desk.clock()
    return max(now, leaves_at(desk, campaign) or now)


def leaves_at(desk: Desk, campaign: Campaign) -> datetime | None:
    """The moment before which nothing may leave; None without one."""
    if campaign.schedule is None:
        return None
    at = campaign.schedule.at
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(desk.definitions.project.timezone))


def _days(desk: Desk, campaign: Campaign, messages: int) -> int:
    """From the first message to the end of the last one's window."""
    channel = desk.channel(campaign)
    rate = channel.most_per_minute if isinstance(channel, Smtp) else None
    return campaign.goal.within_days + (messages // (rate * 24 * 60) if rate else 0)


def _overlaps(desk: Desk, campaign: Campaign, contact: BitMap) -> Rows:
    """Other campaigns that mean people of this one, by the same build."""
    rows = []
    for other in desk.definitions.campaigns.values():
        if other.name == campaign.name or other.audience not in desk.sets:
            continue
        shared = len(contact & audience(desk, other).left)
        if shared:
            rows.append({"campaign": other.name, "people": shared, "priority": other.priority})
    return sorted(rows, key=lambda row: (-row["people"], row["campaign"]))


def _warnings(
    campaign: Campaign,
    found: Waterfall,
    arms: dict[str, BitMap],
    wanted: float | None,
    cost: float,
    answer_on: date,
) -> Iterator[str]:
    contact = sum(len(keys) for name, keys in arms.items() if name != HOLDOUT)
    for name, keys in arms.items():
        kept = name != HOLDOUT or campaign.holdout
        if kept and len(keys) < SMALL:
            yield f"too small: {called(name)}, {len(keys)} people; chance decides below {SMALL}"
    if found.start and contact + len(arms[HOLDOUT]) < NARROW * found.start:
        yield f"leaves most of the segment out: {contact:,} of {found.start:,} people get it"
    if not campaign.holdout:
        yield f"nobody is kept aside, so nobody can tell what it brings: {_why(campaign)}"
    if campaign.budget is not None and cost > campaign.budget:
        yield f"costs {cost:,.2f}, and the budget is {campaign.budget:,.2f}"
    if answer_on > campaign.goal.by:
        yield f"the answer comes on {answer_on}, after the goal's date {campaign.goal.by}"
    if wanted is not None and wanted <= 0:
        yield "the target is reached already, without a campaign"


def _why(campaign: Campaign) -> str:
    return campaign.no_holdout_because.strip()
