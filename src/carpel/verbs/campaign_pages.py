"""Looking at campaigns: the list, one campaign, one person in it, its messages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.approval import fingerprint
from carpel.campaigns.audience import arm_of, audience, frozen, still_to_go
from carpel.campaigns.composing import Composer
from carpel.campaigns.desk import Desk
from carpel.campaigns.quiet import until
from carpel.campaigns.recipients import recipients
from carpel.campaigns.waterfall import STEPS, Waterfall
from carpel.errors import CarpelError
from carpel.messages import TemplateError
from carpel.messages.lint import lint
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT, called
from carpel.store.campaigns import Approved, approval, approvals
from carpel.store.deliveries import counts, delivery
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
    in_two_arms: int
    """People whose records were joined since, and who had been in several arms."""


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


@dataclass(frozen=True)
class Previews:
    """Messages as people would read them; `problems` counts why some could not be written."""

    campaign: str
    shown: Rows
    rendered: int
    problems: dict[str, int] = field(default_factory=dict)
    weak: Sequence[str] = ()
    """What is likely to go wrong in people's hands."""


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
        ]


def show(session: Session, name: str) -> CampaignPage:
    """Everything about one campaign; raises NotFound."""
    with desk(session) as at:
        return _page(at, at.campaign(name))


def reported(session: Session) -> Rows:
    """What a report says of each campaign whose segment the current build has."""
    if not session.understood.campaigns:
        return []
    with desk(session) as at:
        return [
            _reported(at, campaign)
            for campaign in at.definitions.campaigns.values()
            if campaign.audience in at.sets
        ]


def _reported(at: Desk, campaign: Campaign) -> dict[str, Any]:
    page = _page(at, campaign)
    title = campaign.label or campaign.name.replace("_", " ").capitalize()
    arms = [{**row, "called": called(row["arm"])} for row in page.arms]
    return {**vars(page), "title": title, "segment": at.label(campaign.audience), "arms": arms}


def _page(at: Desk, campaign: Campaign) -> CampaignPage:
    name = campaign.name
    held = approval(at.ledger, name)
    found = still_to_go(at, campaign, held) if held else audience(at, campaign)
    done = counts(at.ledger, name)
    arms = arm_of(at, held) if held else frozen(at, campaign)[1]
    waits, quiet = found.gone["waits"], campaign.quiet_hours
    return CampaignPage(
        name,
        campaign.label or name,
        _state(at, campaign, held),
        campaign.goal.told,
        campaign.channel,
        campaign.audience,
        campaign.owner,
        held.approved_by if held else None,
        held.approved_at if held else None,
        found.rows(),
        found.because,
        _arms(arms, found.left, done),
        _failures(done),
        sum(row["people"] for row in done if row["state"] == "uncertain"),
        until(at, waits, quiet, at.clock()) if quiet and waits else None,
        _in_two(at, held) if held else 0,
    )


def explain(session: Session, customer: int, name: str) -> CampaignReasons:
    """Why one person gets a campaign or does not, by the build and the ledger of now."""
    with desk(session) as at:
        campaign = at.campaign(name)
        held = approval(at.ledger, name)
        found = still_to_go(at, campaign, held) if held else audience(at, campaign)
        arms = arm_of(at, held) if held else frozen(at, campaign)[1]
        keys = {customer, *(old for old, new in at.survivors.items() if new == customer)}
        rows = delivery(at.ledger, name, keys)
        step = None if rows else found.step_of(customer)
        arm = next((arm for arm, members in arms.items() if customer in members), None)
        within = arm is not None or step is not None or customer in found.left
        return CampaignReasons(customer, name, within, arm, step, _why(step, within, rows), rows)


def previews(session: Session, name: str, people: int = 3, *, everybody: bool = False) -> Previews:
    """Messages of the first few people of every version; or everybody's, rendered and counted."""
    with desk(session) as at:
        campaign = at.campaign(name)
        if not campaign.messages:
            said = f"{name} goes out by the tool of {campaign.channel}, with that tool's own words."
            raise CarpelError(said, action="Preview it there.")
        arms = {arm: keys for arm, keys in frozen(at, campaign)[1].items() if arm != HOLDOUT}
        composer, shown, problems = Composer(at, campaign), [], Counter[str]()
        rendered, weak = 0, dict[str, None]()
        for arm, keys in arms.items():
            rows = recipients(at, keys, at.channel(campaign).medium, composer.needs)
            for number, row in enumerate(rows if everybody else islice(rows, people)):
                try:
                    message = composer.rendered(row, arm, WAY_OUT)
                except TemplateError as error:
                    problems[error.message] += 1
                    continue
                rendered += 1
                if number < people:
                    weak |= dict.fromkeys(lint(message, WAY_OUT))
                    which = composer.chosen(row, arm)
                    told_ = {"customer": row["customer"], "arm": arm, "message": which}
                    shown.append({**told_, **vars(message)})
        return Previews(name, shown, rendered, dict(problems), list(weak))


WAY_OUT = "https://unsubscribe.invalid/"
"""Stands in previews for the link that unsubscribes."""


def _state(at: Desk, campaign: Campaign, held: Approved | None) -> str:
    if held is None:
        return DRAFT
    edited = held.fingerprint != fingerprint(at, campaign)
    return EDITED if edited and held.state == "approved" else held.state


def _left(at: Desk, campaign: Campaign, held: Approved | None) -> BitMap:
    if held is None and campaign.audience not in at.sets:
        return BitMap()
    found: Waterfall = still_to_go(at, campaign, held) if held else audience(at, campaign)
    return found.left


def _arms(arms: Any, left: BitMap, done: Rows) -> Rows:
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
        {
            "reason": row["reason"],
            "people": row["people"],
            "again": row["passing"],
        }
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
