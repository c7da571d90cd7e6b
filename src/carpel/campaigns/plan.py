"""What is known of a campaign before anything leaves: its reach, what it could show, its cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.audience import audience
from carpel.campaigns.best_hour import hours
from carpel.campaigns.by_segment import by_segment
from carpel.campaigns.coupons import lacking
from carpel.campaigns.desk import Desk
from carpel.campaigns.lately import DAYS, meant
from carpel.campaigns.lists import too_small
from carpel.campaigns.past import Past, known_for, past
from carpel.campaigns.schedule import days_needed, first_at
from carpel.campaigns.telling import answers, other_goals, smallest
from carpel.campaigns.warned import warnings
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT
from carpel.specs.words import counted
from carpel.store.campaigns import approval

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
    is_money: bool
    """Whether `before`, `wanted` and `smallest` are amounts in the currency, or else shares."""
    waterfall: Rows
    because: str
    arms: Rows
    segments: Rows
    """A row a segment that matters to it: contacted, kept aside, `smallest`; see `by_segment`."""
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
    begins: str | None = None
    """What begins it for one person after the other; then people are those of `lately` days."""
    lately: int | None = None
    hours_known: int | None = None
    """For how many of those contacted an hour is known, where they are written to at theirs."""


def plan(desk: Desk, campaign: Campaign) -> Plan:
    """Work a campaign out over the current build."""
    found, arms = meant(desk, campaign)
    contact = BitMap().union(*(keys for name, keys in arms.items() if name != HOLDOUT))
    messages, everybody = len(contact) * len(campaign.waits), BitMap().union(*arms.values())
    known = past(desk, campaign.goal, everybody)
    wanted = None if known is None else campaign.goal.target - known.mean
    starts, days = first_at(desk, campaign), days_needed(desk, campaign, messages)
    answer_on = (starts + timedelta(days=days)).date()
    cost = campaign.costs.of(messages)
    time = min((campaign.goal.by - starts.date()).days, known_for(desk, campaign.goal))
    others = list(other_goals(campaign.goal, time))
    held = approval(desk.ledger, campaign.name)
    return Plan(
        campaign=campaign.name,
        label=campaign.label or campaign.name,
        goal=campaign.goal.told(desk.definitions.project.currency),
        is_money=campaign.goal.is_money,
        waterfall=found.rows(),
        because=found.because,
        arms=_arms(campaign, known, arms),
        segments=by_segment(desk, campaign, arms),
        before=known.mean if known else None,
        counted=known.n if known else 0,
        wanted=wanted,
        answers=answers(
            campaign, known, arms, wanted, others, lambda goal: past(desk, goal, everybody)
        ),
        first_at=starts,
        answer_on=answer_on,
        days_needed=days,
        messages=messages,
        cost=cost,
        budget=campaign.budget,
        expected=wanted * messages if wanted is not None and wanted > 0 else None,
        overlaps=_overlaps(desk, campaign, contact),
        warnings=[
            *warnings(campaign, found, arms, wanted, cost, answer_on),
            *_short(desk, campaign, arms, len(contact)),
            *_nowhere(desk, campaign),
        ],
        currency=desk.definitions.project.currency,
        approved=held.state if held else None,
        begins=campaign.trigger.told if campaign.trigger else None,
        lately=DAYS if campaign.trigger else None,
        hours_known=sum(map(len, hours(desk, campaign, contact).values()))
        if campaign.best_hour
        else None,
    )


def _arms(campaign: Campaign, known: Past | None, arms: Mapping[str, BitMap]) -> Rows:
    """A row a version, and one of those kept aside last."""
    aside = len(arms[HOLDOUT])
    return [
        {
            "arm": name,
            "people": len(arms[name]),
            "before": known.mean if known else None,
            "smallest": smallest(campaign.goal, known, len(arms[name]), aside)
            if known and name != HOLDOUT
            else None,
        }
        for name in sorted(arms, key=lambda each: each == HOLDOUT)
    ]


def _short(
    desk: Desk, campaign: Campaign, arms: Mapping[str, BitMap], people: int
) -> Iterator[str]:
    """What a coupon or a platform's list lacks for this audience."""
    if why := lacking(desk, campaign, people):
        yield f"the coupon {campaign.coupon} {why}"
    if why := too_small(desk, campaign, arms):
        yield why.removesuffix(".")


def _nowhere(desk: Desk, campaign: Campaign) -> Iterator[str]:
    """Whom no region of the campaign is for."""
    out = len(desk.segment(campaign.audience)) - len(desk.meant(campaign))
    if campaign.regions and out:
        yield f"{counted(out, 'person is', 'people are')} in no region, and get nothing"


def _overlaps(desk: Desk, campaign: Campaign, contact: BitMap) -> Rows:
    """Other campaigns that mean people of this one, by the same build."""
    rows = []
    for other in desk.definitions.campaigns.values():
        own = other.family == campaign.family
        if own or other.regions or other.trigger or other.audience not in desk.sets:
            continue
        shared = len(contact & audience(desk, other).left)
        if shared:
            rows.append({"campaign": other.name, "people": shared, "priority": other.priority})
    return sorted(rows, key=lambda row: (-row["people"], row["campaign"]))
