"""Lists on advertising platforms: who is on one moves with the segment, unlike who gets a letter.

What was written before is known by the deliveries; who may not stay is written as a removal, and
is free to be added again once they may.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pyroaring import BitMap

from carpel.campaigns.audience import arm_of, frozen
from carpel.campaigns.composing import Composer
from carpel.campaigns.desk import Desk
from carpel.campaigns.limits import left_out
from carpel.campaigns.recipients import SENT_TO
from carpel.campaigns.sending import Sent, job
from carpel.campaigns.waterfall import PASSING
from carpel.channels import Ready
from carpel.channels.ads import AudienceExportCarrier
from carpel.errors import Refused
from carpel.specs import AudienceExport, Campaign
from carpel.specs.campaign import HOLDOUT, called
from carpel.store.campaigns import Approved
from carpel.store.deliveries import handed_over, take_back

FOR_GOOD = ("do_not_contact", "no_address", "no_permission", "all_campaigns")
"""Steps for which somebody does not stay on a list."""


def as_it_stands(desk: Desk, campaign: Campaign, held: Approved) -> Approved:
    """An approval with the audience of this moment where it is a list, else as it was frozen."""
    if not isinstance(desk.channel(campaign), AudienceExport):
        return held
    found, arms = frozen(desk, campaign)
    gone = {step: keys for step, keys in found.gone.items() if step not in PASSING}
    return replace(held, segment=found.start, left_out=gone, arms=arms)


def keep_up(
    desk: Desk,
    campaign: Campaign,
    held: Approved,
    carrier: AudienceExportCarrier,
    add: Callable[[], Sent],
) -> tuple[Sent, int]:
    """Take off who may not stay, add who is new, write who is on the list then.

    Who has to leave it leaves however few remain. Raises Refused where a list would be too small
    and nobody leaves it. Gives the people added, and how many nobody knows here, see `removed`.
    """
    unknown = removed(desk, campaign, carrier)
    moved, small = bool(carrier.written or unknown), too_small(desk, campaign, arm_of(desk, held))
    if small and not moved:
        raise Refused(small, action="Choose a larger audience, or fewer variants.")
    sent = Sent() if small else add()
    if not small and (moved or sent.sent):
        whole(desk, campaign, carrier)
    return sent, unknown


def too_small(desk: Desk, campaign: Campaign, arms: Mapping[str, BitMap]) -> str:
    """Why a list would not be taken by its platform; empty where it would."""
    spec = desk.channel(campaign)
    if not isinstance(spec, AudienceExport):
        return ""
    aside = arms.get(HOLDOUT, BitMap())
    for arm, keys in arms.items():
        if arm != HOLDOUT and (people := len(keys - aside)) < spec.smallest:
            return (
                f"The list of {campaign.name} ({called(arm)}) would have {people:,} people, and "
                f"{spec.platform} takes {spec.smallest:,} or more: fewer could be told apart."
            )
    return ""


def removed(desk: Desk, campaign: Campaign, carrier: AudienceExportCarrier) -> int:
    """Write who may not stay on the list; gives how many are on it by an address nobody knows here.

    Those were erased, or have another address now: they can only be taken off by putting the whole
    list, see `whole`, in place of the platform's. With another address somebody is added anew.
    """
    rows, known = handed_over(desk.ledger, campaign.name), _by_key(desk, campaign, carrier)
    off = _may_not_stay(desk, campaign, BitMap(who for who, _ in known.values()))
    gone = [each for who, each in known.values() if who in off]
    if any(each.state != "sent" for each in carrier.write(gone, "remove")):
        return 0  # the sending that follows says why nothing can be written
    unknown = [address for address in rows if address not in known]
    take_back(desk.ledger, campaign.name, [*(each.key for each in gone), *unknown])
    return len(unknown)


def whole(desk: Desk, campaign: Campaign, carrier: AudienceExportCarrier) -> None:
    """Write everybody who is on the list now."""
    known = _by_key(desk, campaign, carrier)
    list(carrier.write([each for _, each in known.values()], "all"))


def _by_key(
    desk: Desk, campaign: Campaign, carrier: AudienceExportCarrier
) -> Mapping[str, tuple[int, Ready]]:
    """By hash of the address: today's key and the row of everybody who is on the list by it."""
    rows = handed_over(desk.ledger, campaign.name)
    people = desk.today(who for who, _ in rows.values() if who is not None)
    found = _rendered(desk, campaign, people, carrier)
    listed = ((who, ready) for who, ready in found if ready.key in rows and not ready.problem)
    return {it.key: (who, replace(it, arm=rows[it.key][1])) for who, it in listed}


def _rendered(
    desk: Desk, campaign: Campaign, people: BitMap, carrier: AudienceExportCarrier
) -> Iterator[tuple[int, Ready]]:
    composer = Composer(desk, campaign, frozenset(carrier.fields))
    for row in composer.recipients(people):
        if row[SENT_TO]:
            made = job(composer, carrier, row, "")
            yield made.claim.customer, made.ready


def _may_not_stay(desk: Desk, campaign: Campaign, people: BitMap) -> BitMap:
    out = left_out(desk, campaign, people, BitMap())
    found = people - desk.meant(campaign)
    for step in FOR_GOOD:
        keys = out[step]
        found |= people & (keys if isinstance(keys, BitMap) else keys(people))
    return found
