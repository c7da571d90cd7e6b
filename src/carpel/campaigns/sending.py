"""Handing a campaign over: rendered, claimed, handed over, settled, a batch at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pyroaring import BitMap

from carpel.campaigns.audience import arm_of, to_send
from carpel.campaigns.composing import Composer
from carpel.campaigns.coupons import with_codes
from carpel.campaigns.desk import Desk
from carpel.campaigns.threads import Carriers, Job, at_work
from carpel.campaigns.warm_up import most_today
from carpel.channels import Carrier, Ready
from carpel.messages import TemplateError
from carpel.specs import Campaign, Smtp
from carpel.store.campaigns import Approved
from carpel.store.deliveries import Claim, Route
from carpel.store.sendings import sending


@dataclass(frozen=True)
class Sent:
    """What one sending came to; `left` are people it did not get to, `stopped` says why."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    left: int = 0
    stopped: str = ""

    @property
    def tried(self) -> int:
        """Messages that were handed over, or could not be."""
        return self.sent + self.failed + self.uncertain

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            sent=self.sent + other.sent,
            failed=self.failed + other.failed,
            uncertain=self.uncertain + other.uncertain,
            left=self.left + other.left,
            stopped=self.stopped or other.stopped,
        )


@dataclass(frozen=True)
class Going:
    """Who is to be contacted in a step, in which arm, and on which occasion where it has one."""

    people: BitMap
    arms: Mapping[str, BitMap]
    step: int = 0
    occasions: Mapping[int, str] = field(default_factory=dict)

    def claim(self, customer: int, address: str) -> Claim:
        """What is claimed for one of these people, by the hash of their address."""
        arm = next(name for name, keys in self.arms.items() if customer in keys)
        return Claim(address, customer, arm, self.occasions.get(customer, ""))


def send(
    desk: Desk,
    campaign: Campaign,
    approved: Approved,
    carriers: Carriers,
    *,
    actor: str,
    limit: int | None = None,
) -> Sent:
    """Contact everybody who is still to be contacted now, `limit` of them at most."""
    people = to_send(desk, campaign, approved)
    if limit is not None:
        people = people[:limit]
    going = Going(people, arm_of(desk, approved))
    return hand_over(desk, campaign, going, carriers, actor=actor)


def hand_over(
    desk: Desk, campaign: Campaign, going: Going, carriers: Carriers, *, actor: str
) -> Sent:
    """Contact these people.

    Whoever else sends the same campaign at the same time gets other people: each message belongs
    to whom it was claimed by. Killed, it leaves at most a batch a connection uncertain.
    """
    channel = desk.channel(campaign)
    number = channel.connections if isinstance(channel, Smtp) else 1
    route = Route(campaign.name, campaign.channel, channel.medium, going.step)
    regions = [each.name for each in desk.regions(campaign)] if campaign.within else []
    most = most_today(desk, channel)
    claiming = sending(desk.ledger, desk.clock, route, actor, regions, most)
    with claiming as claims, at_work(number) as threads:
        threads.start(carriers, claims)
        rest = jobs(desk, campaign, going, threads.carrier)
        while batch := list(islice(rest, threads.carrier.batch)):
            if not threads.take(batch):
                break
    done = threads.done
    gone = sum(done[each] for each in ("sent", "failed", "uncertain", "others"))
    return Sent(
        sent=done["sent"],
        failed=done["failed"],
        uncertain=done["uncertain"],
        left=len(going.people) - gone,
        stopped=threads.stopped,
    )


def jobs(desk: Desk, campaign: Campaign, going: Going, carrier: Carrier) -> Iterator[Job]:
    """Everybody's message, rendered; one that cannot be is a job with its problem."""
    composer = Composer(desk, campaign, frozenset(carrier.fields), going.step)
    rows = composer.recipients(going.people)

    def claim(row: Mapping[str, Any]) -> Claim:
        return going.claim(row["customer"], composer.key(row))

    for row in with_codes(composer, rows, claim):
        made = claim(row)
        yield job(composer, carrier, row, made.arm, made.occasion)


def job(
    composer: Composer, carrier: Carrier, row: Mapping[str, Any], arm: str, occasion: str = ""
) -> Job:
    """One person's message, rendered."""
    customer = row["customer"]
    try:
        person = composer.person(row, arm, occasion)
    except TemplateError as error:
        key = composer.key(row)
        return Job(Claim(key, customer, arm, occasion), Ready(key, "", arm, problem=error.message))
    return Job(Claim(person.key, customer, arm, occasion), carrier.render(person))
