"""What moves campaigns: planned, approved, tried, sent, paused, settled; each by who may."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from carpel.access import allow
from carpel.campaigns.approval import (
    approved,
    known,
    ready_to_leave,
    whole_within_budget,
    within_budget,
)
from carpel.campaigns.audience import to_send
from carpel.campaigns.composing import Composer
from carpel.campaigns.coupons import enough
from carpel.campaigns.desk import Desk
from carpel.campaigns.following import follow
from carpel.campaigns.lately import meant
from carpel.campaigns.lists import as_it_stands, keep_up
from carpel.campaigns.plan import Plan
from carpel.campaigns.plan import plan as planned
from carpel.campaigns.recipients import SENT_TO
from carpel.campaigns.sending import Sent, job, send
from carpel.campaigns.warm_up import most_now
from carpel.channels import Carrier, Ready
from carpel.channels.ads import AudienceExportCarrier as OnList
from carpel.errors import CarpelError, ChannelError, Refused
from carpel.evaluation.contacts import addresses
from carpel.specs import AudienceExport, Campaign, Plugin, Speaking, Task, YourSender
from carpel.specs.campaign import HOLDOUT
from carpel.store.addresses import address_hash
from carpel.store.campaigns import State, set_state
from carpel.store.deliveries import claimed, decide_uncertain
from carpel.store.links import point
from carpel.store.suppressions import EVERY, suppress
from carpel.verbs.campaign_desk import carrier_of, desk
from carpel.verbs.reachable import prove
from carpel.verbs.session import Session

EXPORTS = "exports"
"""Where files of channels go, in the project's folder, unless another place is named."""


@dataclass(frozen=True)
class Approval:
    """What was approved: how many people are in each arm, those kept aside too."""

    campaign: str
    approved_by: str
    arms: Mapping[str, int]


@dataclass(frozen=True)
class Sending:
    """What a sending came to; `files` are those that were written."""

    campaign: str
    sent: int
    failed: int
    uncertain: int
    left: int
    files: list[str]
    unknown: int = 0
    """On a platform's list by an address that is not known here any more."""


def plan(session: Session, name: str) -> Plan:
    """Work a campaign out; nothing is kept and nothing leaves."""
    with desk(session, sound=True) as at:
        return planned(at, at.campaign(name))


def approve(session: Session, name: str) -> Approval:
    """Freeze the audience; from here on it may leave. Raises Refused, with nothing done."""
    with desk(session, sound=True) as at:
        campaign = at.campaign(name)
        allow(at.definitions.project.access, session.actor, "approve", campaign)
        done = approved(at, campaign, session.actor)
        sizes = {arm: len(keys) for arm, keys in done.arms.items()}
        return Approval(name, session.actor, sizes)


def leave(session: Session, name: str, to: Path | None = None, limit: int | None = None) -> Sending:
    """Contact everybody who is still to be contacted now; whoever waits is for a later sending.

    Raises Refused or ChannelError with nothing handed over, and ChannelError when the channel
    breaks down on the way: what had left by then is noted.
    """
    with desk(session, sound=True) as at:
        campaign = at.campaign(name)
        allow(at.definitions.project.access, session.actor, "send", campaign)
        held = as_it_stands(at, campaign, ready_to_leave(at, campaign))
        limit = most_now(at, campaign, limit)
        if not campaign.is_sequence:
            people = to_send(at, campaign, held)
            enough(at, campaign, len(people[:limit]))
            all_ = claimed(at.ledger, name) + len(people)
            within_budget(campaign, all_)
            whole_within_budget(at, campaign, all_)
        folder = _folder(session, name, to)
        made: list[Carrier] = []

        def carriers() -> Carrier:
            made.append(carrier_of(session, at, campaign, folder))
            return made[-1]

        with closing(carrier_of(session, at, campaign, folder)) as first:
            _checked(first)
        composer = _made_ready(at, campaign)
        _reachable(session, composer)
        _lead(session, composer)
        go, unknown = follow if campaign.is_sequence else send, 0

        def leaving() -> Sent:
            return go(at, campaign, held, carriers, actor=session.actor, limit=limit)

        if isinstance(first, OnList):
            sent, unknown = keep_up(at, campaign, held, first, leaving)
        else:
            sent = leaving()
    if sent.stopped:
        raise ChannelError(_stopped(name, sent), action=f"carpel send {name}, once it works.")
    files = [str(path) for each in (*made, first) for path in each.written]
    return Sending(
        campaign=name,
        sent=sent.sent,
        failed=sent.failed,
        uncertain=sent.uncertain,
        left=sent.left,
        files=files,
        unknown=unknown,
    )


def test(session: Session, name: str) -> Sending:
    """Send every version, as its first person would read it, to the channel's seed list."""
    with desk(session, sound=True) as at:
        campaign = at.campaign(name)
        allow(at.definitions.project.access, session.actor, "send", campaign)
        spec = at.channel(campaign)
        if not isinstance(spec, Speaking) or not spec.seeds:
            raise CarpelError(
                f"{campaign.channel} has no addresses for tests.",
                action=f"Name some under `seeds` in channels/{campaign.channel}.yml.",
            )
        with closing(carrier_of(session, at, campaign, _folder(session, name, None))) as carrier:
            _checked(carrier)
            _lead(session, _made_ready(at, campaign))
            states = [each.state for each in carrier.send(_tests(at, campaign, spec, carrier))]
            files = [str(path) for path in carrier.written]
    return Sending(
        campaign=name,
        sent=states.count("sent"),
        failed=states.count("failed"),
        uncertain=states.count("uncertain"),
        left=states.count("unsent"),
        files=files,
    )


def change(session: Session, name: str, state: State) -> None:
    """Pause, resume or cancel an approved campaign."""
    with desk(session) as at:
        allow(at.definitions.project.access, session.actor, "send", at.campaign(name))
        if known(at, name).state == "cancelled":
            raise Refused(f"{name} was cancelled, and stays so.")
        set_state(at.ledger, name, state)


def settle(session: Session, name: str, *, sent: bool) -> int:
    """Say what became of the uncertain deliveries of a campaign; gives how many there were."""
    with desk(session) as at:
        allow(at.definitions.project.access, session.actor, "send", at.campaign(name))
        return decide_uncertain(at.ledger, name, "sent" if sent else "failed", at.clock())


def leave_alone(session: Session, customer: int) -> int:
    """Put every address of a person on the do-not-contact list; gives how many are new on it."""
    with desk(session) as at:
        hashes = [address_hash(at.key, each) for each in addresses(at.engine, customer)]
        return suppress(
            at.ledger,
            hashes,
            medium=EVERY,
            reason="a person said so",
            at=at.clock(),
            actor=session.actor,
            customer=customer,
        )


def exports(session: Session, name: str) -> Path | None:
    """Where a campaign's files go when nobody says; None for what leaves by a server."""
    definitions = session.understood
    campaign = definitions.campaigns.get(name)
    channel = definitions.channels.get(campaign.channel) if campaign else None
    filed = isinstance(channel, YourSender | AudienceExport | Plugin)
    filed = filed or (isinstance(channel, Task) and not channel.hook)
    return session.folder / EXPORTS if filed else None


def _made_ready(at: Desk, campaign: Campaign) -> Composer:
    """With every message of the campaign, so that it is known where their links lead."""
    composer = Composer(at, campaign)
    for each in campaign.messages:
        composer.message(each)
    return composer


def _reachable(session: Session, composer: Composer) -> None:
    """Raise ChannelError where links would lead to pages of ours that nobody can open."""
    at, campaign = composer.desk, composer.campaign
    spec, ours = at.channel(campaign), at.definitions.project.public_url
    if not ours or not isinstance(spec, Speaking):
        return
    linked = any("pages" in composer.message(each).needs for each in campaign.messages)
    if linked or composer.targets or (spec.unsubscribe_url or "").startswith(f"{ours}/"):
        prove(session, ours)


def _lead(session: Session, composer: Composer) -> None:
    """Let tracked links lead where the messages say."""
    at = composer.desk
    if composer.targets:
        point(at.ledger, composer.targets, at=at.clock(), actor=session.actor)


def _folder(session: Session, name: str, to: Path | None) -> Path:
    """Where files go; the project's own folder for them is made when it is needed."""
    own = exports(session, name)
    if to is None and own is not None:
        own.mkdir(exist_ok=True)
    return to or own or session.folder


def _checked(carrier: Carrier) -> None:
    if wrong := carrier.check():
        raise ChannelError(f"Nothing was sent: {'; '.join(wrong)}.")


def _stopped(name: str, sent: Sent) -> str:
    return (
        f"Sending {name} stopped: {sent.stopped}. Sent: {sent.sent:,}, failed: {sent.failed:,}, "
        f"uncertain: {sent.uncertain:,}, not tried: {sent.left:,}."
    )


def _tests(at: Desk, campaign: Campaign, spec: Speaking, carrier: Carrier) -> list[Ready]:
    """Every version of every step, as its first person would read it, to each seed."""
    arms = {arm: keys for arm, keys in meant(at, campaign)[1].items() if keys and arm != HOLDOUT}
    ready: list[Ready] = []
    for step in range(len(campaign.waits)):
        composer = Composer(at, campaign, step=step)
        for arm, keys in arms.items():
            row = next(composer.recipients(keys[:1]))
            for seed in spec.seeds:
                ready.append(job(composer, carrier, {**row, SENT_TO: seed}, arm).ready)
    return ready
