"""Looking at campaigns: the list, one campaign, one person in it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.approval import fingerprint
from carpel.campaigns.audience import arm_of, still_to_go
from carpel.campaigns.best_hour import first
from carpel.campaigns.coupons import redemptions
from carpel.campaigns.desk import Desk
from carpel.campaigns.lately import meant
from carpel.campaigns.lists import as_it_stands
from carpel.campaigns.quiet import until
from carpel.campaigns.waterfall import STEPS, Waterfall
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT, called
from carpel.store import returns
from carpel.store.campaigns import Approved, approval, approvals
from carpel.store.deliveries import counts, delivery
from carpel.store.engagement import reacted
from carpel.store.links import followed
from carpel.verbs.campaign_course import course, ended, occasions_of, on_the_way, said_of
from carpel.verbs.campaign_desk import desk
from carpel.verbs.session import Session

Rows = list[dict[str, Any]]
DRAFT = "draft"
EDITED = "edited since it was approved"


@dataclass(frozen=True)
class CampaignPage:
    """One campaign: what it is for, who gets it, who does not and why, and what became of it.

    `arms` has a row a version: people, and how many are sent, failed, uncertain or still to go.
    """

    campaign: str
    label: str
    state: str
    goal: str
    channel: str
    audience: str
    owner: str
    approved_by: str | None
    approved_at: datetime | None
    waterfall: Rows
    because: str
    arms: Rows
    failures: Rows
    uncertain: int
    waits_until: datetime | None
    came_back: Mapping[str, int]
    """Reports read since, by what they say: undeliverable, blocked, soft, complaint and more."""
    coupons: Rows
    """A row a version: codes given, redeemed, in how many orders of others, and the revenue."""
    coupon_segments: Rows
    """Given and redeemed by segment and version, where anybody redeemed one."""
    followed: Mapping[str, int]
    """By who followed links: `people`, each once, and each kind of machine, each time."""
    reacted: Mapping[str, int]
    """By what they did with messages of another tool: people, and `machines`, each time."""
    in_two_arms: int
    """People whose records were joined since, and who had been in several arms."""
    begins: str | None = None
    """What begins it for one person after the other."""
    course: Rows = field(default_factory=list)
    """Of a campaign that people go through one by one: a row a step, who waits and what became."""
    ended: Rows = field(default_factory=list)
    """Why people are not on their way any more."""
    regions: Rows = field(default_factory=list)
    """Of a campaign with regions a row each: where it stands, whose it is, what became of it."""


@dataclass(frozen=True)
class CampaignReasons:
    """Why somebody gets a campaign or not, and what became of it."""

    customer: int
    campaign: str
    in_segment: bool
    arm: str | None
    step: str | None
    why: str
    deliveries: Rows
    occasions: Rows = field(default_factory=list)
    """What began it for them, where people go through it one by one."""


def ls(session: Session) -> Rows:
    """Every campaign that is written, and where it stands."""
    with desk(session) as at:
        held, done = approvals(at.ledger), Counter[tuple[str, str]]()
        for row in counts(at.ledger):
            done[row["campaign"], row["state"]] += row["people"]
        return [
            {
                "campaign": name,
                "label": each.label,
                "state": _state(at, each, held.get(name)),
                "segment": each.audience,
                "channel": each.channel,
                "people": len(_left(at, each, held.get(name))),
                **{state: done[name, state] for state in ("sent", "failed", "uncertain")},
            }
            for name, each in at.definitions.campaigns.items()
            if not each.regions
        ]


def show(session: Session, name: str) -> CampaignPage:
    """Everything about one campaign; raises NotFound."""
    with desk(session) as at:
        return _page(at, at.campaign(name))


def reported(session: Session) -> Rows:
    """What a report says of each campaign whose segments the current build has."""
    if not session.understood.campaigns:
        return []
    with desk(session) as at:
        return [
            _reported(at, campaign)
            for campaign in at.definitions.campaigns.values()
            if not campaign.regions and campaign.segments <= at.sets.keys()
        ]


def _reported(at: Desk, campaign: Campaign) -> dict[str, Any]:
    page = _page(at, campaign)
    title = campaign.label or campaign.name.replace("_", " ").capitalize()
    arms = [{**row, "called": called(row["arm"])} for row in page.arms]
    return {**vars(page), "title": title, "segment": at.label(campaign.audience), "arms": arms}


def _page(at: Desk, campaign: Campaign) -> CampaignPage:
    name = campaign.name
    held = approval(at.ledger, name)
    found, arms = _standing(at, campaign, held)
    done = counts(at.ledger, name)
    codes, by_segment = redemptions(at, campaign)
    waits = found.gone["waits"]
    return CampaignPage(
        campaign=name,
        label=campaign.label or name,
        state=_state(at, campaign, held),
        goal=campaign.goal.told(at.definitions.project.currency),
        channel=campaign.channel,
        audience=campaign.audience,
        owner=campaign.owner,
        approved_by=held.approved_by if held else None,
        approved_at=held.approved_at if held else None,
        waterfall=found.rows(),
        because=found.because,
        arms=_arms(arms, found.left, done),
        failures=_failures(done),
        uncertain=sum(row["people"] for row in done if row["state"] == "uncertain"),
        waits_until=_waits_until(at, campaign, waits) if waits else None,
        came_back=returns.counted(at.ledger, name),
        coupons=codes,
        coupon_segments=by_segment,
        followed=followed(at.ledger, name),
        reacted=reacted(at.ledger, name),
        in_two_arms=_in_two(at, held) if held else 0,
        begins=campaign.trigger.told if campaign.trigger else None,
        course=course(at, campaign) if held and campaign.is_sequence else [],
        ended=ended(at, campaign) if held and campaign.is_sequence else [],
    )


def _waits_until(at: Desk, campaign: Campaign, waits: BitMap) -> datetime | None:
    """When the quiet hours of the first of them end, or their own hour begins."""
    quiet = until(at, waits, campaign.quiet_hours, at.clock()) if campaign.quiet_hours else None
    own = first(at, campaign, waits) if campaign.best_hour else None
    return min((each for each in (quiet, own) if each is not None), default=None)


def explain(session: Session, customer: int, name: str) -> CampaignReasons:
    """Why one person gets a campaign or does not, by the build and the ledger of now."""
    with desk(session) as at:
        campaign = at.campaign(name)
        found, arms = _standing(at, campaign, approval(at.ledger, name))
        keys = {customer, *(old for old, new in at.survivors.items() if new == customer)}
        rows = delivery(at.ledger, name, keys)
        begun = occasions_of(at, campaign, keys)
        step = None if rows or begun else found.step_of(customer)
        arm = next((arm for arm, members in arms.items() if customer in members), None)
        within = arm is not None or step is not None or customer in found.left
        return CampaignReasons(
            customer=customer,
            campaign=name,
            in_segment=within,
            arm=arm,
            step=step,
            why=said_of(begun) if campaign.is_sequence else _why(step, within, rows),
            deliveries=rows,
            occasions=begun,
        )


def _standing(
    at: Desk, campaign: Campaign, held: Approved | None
) -> tuple[Waterfall, Mapping[str, BitMap]]:
    """The decision about everybody, and who is in which arm: as approved, or as it would be now."""
    if held is None:
        return meant(at, campaign)
    if campaign.is_sequence:
        return on_the_way(at, campaign)
    now = as_it_stands(at, campaign, held)
    return still_to_go(at, campaign, now), arm_of(at, now)


def _state(at: Desk, campaign: Campaign, held: Approved | None) -> str:
    if held is None:
        return DRAFT
    edited = held.fingerprint != fingerprint(at, campaign)
    return EDITED if edited and held.state == "approved" else held.state


def _left(at: Desk, campaign: Campaign, held: Approved | None) -> BitMap:
    if not campaign.segments <= at.sets.keys():
        return BitMap()
    return _standing(at, campaign, held)[0].left


def _arms(arms: Mapping[str, BitMap], left: BitMap, done: Rows) -> Rows:
    rows = []
    for arm, members in arms.items():
        states = Counter[str]()
        for row in done:
            if row["arm"] == arm:
                states[row["state"]] += row["people"]
        settled = sum(states.values())
        rows.append(
            {
                "arm": arm,
                "people": len(members),
                **{state: states[state] for state in ("sent", "failed", "uncertain", "claimed")},
                "to_go": 0 if arm == HOLDOUT else max(0, len(members & left) - settled),
            }
        )
    return rows


def _failures(done: Rows) -> Rows:
    return [
        {"reason": row["reason"], "people": row["people"], "again": row["passing"]}
        for row in done
        if row["state"] in ("failed", "uncertain")
    ]


def _in_two(at: Desk, held: Approved) -> int:
    seen, twice = BitMap(), BitMap()
    for keys in held.arms.values():
        today = at.today(keys)
        twice |= seen & today
        seen |= today
    return len(twice)


def _why(step: str | None, within: bool, rows: Rows) -> str:
    if rows:
        return ": ".join(filter(None, (rows[-1]["state"], rows[-1]["reason"])))
    if step is not None:
        return STEPS[step]
    return "gets it" if within else "not in the segment"
