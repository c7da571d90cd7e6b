"""One page for a team that a campaign concerns: who gets what, until when, what will be asked.

Nothing in it is made up: it says what the campaign's files, the update and the persona say, and
names what nobody has said yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from carpel.campaigns.composing import Composer
from carpel.campaigns.desk import Desk
from carpel.campaigns.lately import meant
from carpel.campaigns.plan import Plan
from carpel.campaigns.plan import plan as planned
from carpel.campaigns.waterfall import STEPS
from carpel.engine.query import query
from carpel.errors import CarpelError, NotFound
from carpel.reports.brief_page import page
from carpel.reports.figures import Figures
from carpel.reports.page import CHANNELS
from carpel.reports.persona import Told
from carpel.specs import Campaign
from carpel.specs.campaign import ALONE, HOLDOUT, called
from carpel.specs.words import counted
from carpel.verbs.campaign_desk import desk
from carpel.verbs.leaving import PAGES, write_page
from carpel.verbs.persona import persona
from carpel.verbs.session import Session

Team = Literal["service", "sales", "product"]
TOLD: dict[str, Sequence[str]] = {
    "service": ("gist", "tone"),
    "sales": ("gist", "needs", "motivations", "objections", "buys", "tone", "recognise"),
    "product": ("gist", "needs", "pains", "buys", "seldom", "objections"),
}
"""By team: what of the persona concerns them."""


@dataclass(frozen=True)
class Brief:
    """A campaign as one team needs to know it."""

    campaign: str
    label: str
    team: Team
    facts: Sequence[tuple[str, str]]
    """What, and what is known of it."""
    open: Sequence[str]
    """What nobody has said yet, as questions to the owner."""
    questions: Sequence[tuple[str, str]] = ()
    """What people are likely to ask, and what to answer."""
    persona: Sequence[tuple[str, Sequence[Told]]] = ()
    """Sections of the persona: their title and sentences."""
    messages: Sequence[dict[str, str]] = field(default_factory=list)
    """`version`, `subject`, `text`, as somebody reads it of whom nothing is known."""


def brief(session: Session, name: str, team: Team, to: Path | None = None) -> Brief:
    """What a team has to know of a campaign; as a page to print too, in a file for `to`.

    Raises NotFound for a campaign or a team that is not there.
    """
    if team not in get_args(Team):
        raise NotFound("team", team, get_args(Team))
    with desk(session) as at:
        campaign = at.campaign(name)
        found = _brief(session, at, campaign, team)
        project = at.definitions.project
        if to is not None:
            if to.suffix not in PAGES:
                raise CarpelError(
                    f"A brief is written as {', '.join(PAGES)}.", action=f"Say --to {to.stem}.html"
                )
            figures = Figures(project.currency, ZoneInfo(project.timezone))
            write_page(page(found, figures, at.as_of), to)
    return found


def _brief(session: Session, at: Desk, campaign: Campaign, team: Team) -> Brief:
    plan = planned(at, campaign)
    return Brief(
        campaign=campaign.name,
        label=plan.label,
        team=team,
        facts=list(_facts(at, campaign, plan, team)),
        open=list(_open(campaign)),
        questions=list(_questions(at, campaign, plan)) if team == "service" else [],
        persona=_persona(session, campaign, team),
        messages=list(_messages(at, campaign)) if team != "product" else [],
    )


def _facts(at: Desk, campaign: Campaign, plan: Plan, team: Team) -> Iterator[tuple[str, str]]:
    channel = at.channel(campaign)
    yield "What is promised", campaign.offer or "nothing: it informs"
    if campaign.offer_until:
        yield "Until", f"{campaign.offer_until}"
    begins = f"when {plan.begins}" if plan.begins else f"from {plan.first_at:%Y-%m-%d}"
    steps = len(campaign.waits)
    yield "When", begins + (f", {steps} messages one after the other" if steps > 1 else "")
    yield "By", f"{campaign.channel} ({CHANNELS.get(channel.medium, channel.medium)})"
    yield "Who gets it", f"{at.label(campaign.audience)}: {_plain(at, campaign.audience)}"
    yield "How many", _how_many(plan)
    if team != "service":
        yield "What it is for", plan.goal
    if team == "product":
        before = "" if plan.before is None else f" ({counted(plan.counted, 'person', 'people')})"
        yield "Can be told apart from chance", f"{plan.answers}{before}"
    yield "Ask", campaign.owner


def _how_many(plan: Plan) -> str:
    of = f" in {plan.lately} days" if plan.lately else ""
    told = [f"{_GET.get(row['arm'], called(row['arm']))} {row['people']:,}" for row in plan.arms]
    return f"{counted(sum(row['people'] for row in plan.arms), 'person', 'people')}{of}: " + (
        ", ".join(told)
    )


def _plain(at: Desk, segment: str) -> str:
    rows = at.engine.rows(query("SELECT plain FROM sizes WHERE segment = :s", s=segment))
    return str(rows[0][0]).rstrip(".") if rows else ""


def _open(campaign: Campaign) -> Iterator[str]:
    if campaign.offer and campaign.offer_until is None:
        yield "Until when does the offer hold? (`offer_until` in the campaign's file)"
    if campaign.offer:
        yield "May somebody who asks for it have it too, who did not get the message?"


def _questions(at: Desk, campaign: Campaign, plan: Plan) -> Iterator[tuple[str, str]]:
    """Likely questions; each answer is a fact of this campaign."""
    plain, medium = _plain(at, campaign.audience), at.channel(campaign).medium
    said = CHANNELS.get(medium, medium)
    yield (
        "Why did I get this?",
        f"You are among “{at.label(campaign.audience)}”: {plain}. You gave permission for "
        f"{campaign.purpose} by {said}. For one person: "
        f"`carpel explain customer WHO campaign {campaign.name}`.",
    )
    left_out = [row for row in plan.waterfall if row["step"] in STEPS and row["people"]]
    reasons = ", ".join(f"{row['why']} ({row['people']:,})" for row in left_out)
    aside = next((row["people"] for row in plan.arms if row["arm"] == HOLDOUT), 0)
    lot = (
        " Those in the comparison group were drawn by lot, so that it shows what the campaign "
        "brings; do not send it to them by hand."
        if aside
        else ""
    )
    yield "Why did somebody else get it, and not I?", f"Not everybody does: {reasons}.{lot}"
    until = f"Until {campaign.offer_until}." if campaign.offer_until else _ASK.format(campaign)
    if campaign.offer:
        yield "How long does it hold?", until
        yield "I did not get it. May I have it too?", _ASK.format(campaign)
    yield (
        "How do I stop these messages?",
        "By the link in each message, at once and without an account; or `carpel suppress WHO`. "
        "No import brings the permission back.",
    )
    yield (
        "I got it twice.",
        "Each address gets each message once; two addresses may be two entries of one person: "
        "`carpel explain customer WHO`.",
    )
    yield (
        "Delete what you know of me.",
        "`carpel erase WHO`, which also names files that have left.",
    )


_GET = {ALONE: "get it", HOLDOUT: "kept aside to compare with"}
_ASK = "Nobody has said so yet: ask {0.owner}."


def _persona(session: Session, campaign: Campaign, team: Team) -> list[tuple[str, Sequence[Told]]]:
    """What the persona of the audience says that concerns a team; nothing where there is none."""
    try:
        card = persona(session, campaign.audience)
    except CarpelError:
        return []
    return [
        (each.title, each.told) for each in card.sections if each.name in TOLD[team] and each.told
    ]


def _messages(at: Desk, campaign: Campaign) -> Iterator[dict[str, str]]:
    """Every message with its fallbacks, as of somebody of whom nothing is known."""
    if not campaign.messages:
        return
    arms = [arm for arm in meant(at, campaign)[1] if arm != HOLDOUT]
    for step in range(len(campaign.waits)):
        composer = Composer(at, campaign, step=step)
        for arm in arms:
            written = composer.rendered({"customer": 0}, arm)
            told = called(arm) + (f", {campaign.steps[step].name}" if campaign.steps else "")
            yield {"version": told, "subject": written.subject, "text": written.text}
