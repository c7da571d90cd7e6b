"""Who gets a campaign: by the current build and the ledger, at this moment."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.campaigns.limits import left_out
from carpel.campaigns.missing import missing
from carpel.campaigns.waterfall import PASSING, Waterfall, waterfall
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT
from carpel.stats.assignment import arms, drawn_exactly, held_out
from carpel.store.campaigns import Approved
from carpel.store.deliveries import decided


def audience(desk: Desk, campaign: Campaign) -> Waterfall:
    """The whole decision about everybody in the segment, as if it were sent now."""
    found = about(desk, campaign, desk.meant(campaign))
    return found if found.left else replace(found, because=missing(desk, campaign, found))


def about(desk: Desk, campaign: Campaign, people: BitMap) -> Waterfall:
    """The whole decision about these people."""
    if campaign.stratify_by is None:
        aside = assigned(campaign, people)[HOLDOUT]
        return waterfall(people, left_out(desk, campaign, people, aside))
    found = waterfall(people, left_out(desk, campaign, people, BitMap()))
    aside = in_arms(desk, campaign, people, found)[HOLDOUT]
    gone = {**found.gone, "comparison": found.left & aside}
    return replace(found, gone=gone, left=found.left - aside)


def frozen(desk: Desk, campaign: Campaign) -> tuple[Waterfall, dict[str, BitMap]]:
    """The decision that lasts: whom the lasting steps leave out, and everybody else in an arm."""
    found = audience(desk, campaign)
    return found, in_arms(desk, campaign, desk.meant(campaign), found)


def in_arms(
    desk: Desk, campaign: Campaign, people: BitMap, decision: Waterfall
) -> dict[str, BitMap]:
    """In an arm each, whom of these people no lasting step of the decision leaves out."""
    lasting = (gone for step, gone in decision.gone.items() if step not in PASSING)
    everybody = people - BitMap().union(*lasting)
    if campaign.stratify_by is None:
        return assigned(campaign, everybody)
    return _stratified(desk, campaign, everybody)


def still_to_go(desk: Desk, campaign: Campaign, approved: Approved) -> Waterfall:
    """Of the frozen audience: who was left out then or is now, and who is contacted or will be.

    Those with whom the campaign is done are not decided about again. People are counted by the
    keys of today: of somebody in several arms since a merge, who was kept aside stays so.
    """
    held = arm_of(desk, approved)
    everybody = BitMap().union(*held.values())
    done = desk.today(decided(desk.ledger, campaign.name, desk.clock())) & everybody
    people, aside = everybody - done, held.get(HOLDOUT, BitMap()) - done
    now = waterfall(people, left_out(desk, campaign, people, aside))
    before = {step: desk.today(gone) - everybody for step, gone in approved.left_out.items()}
    gone = {step: now.gone[step] | before.get(step, BitMap()) for step in now.gone}
    start = len(now.left) + len(done) + sum(map(len, gone.values()))
    return Waterfall(start, gone, now.left | done)


def to_send(desk: Desk, campaign: Campaign, approved: Approved) -> BitMap:
    """Whom the next sending contacts."""
    done = desk.today(decided(desk.ledger, campaign.name, desk.clock()))
    return still_to_go(desk, campaign, approved).left - done


def arm_of(desk: Desk, approved: Approved) -> Mapping[str, BitMap]:
    """The arms by today's keys; nobody is in two of them."""
    taken, found = BitMap(), {}
    for arm in sorted(approved.arms, key=lambda each: (each != HOLDOUT, each)):
        found[arm] = desk.today(approved.arms[arm]) - taken
        taken |= found[arm]
    return found


def _stratified(desk: Desk, campaign: Campaign, people: BitMap) -> dict[str, BitMap]:
    """The same with the share of each arm exact to one person in each stratum."""
    keys = np.asarray(people.to_array())
    strata, left = desk.strata(str(campaign.stratify_by), people), 1.0
    wanted = {HOLDOUT: campaign.holdout}
    wanted |= {each.name: (1 - campaign.holdout) * each.share for each in campaign.arms}
    *first, last = wanted
    found, open_ = {}, np.ones(len(keys), bool)
    for arm in first:
        salt, inside = f"{campaign.family}\0{arm}", open_.copy()
        inside[open_] = drawn_exactly(keys[open_], strata[open_], salt, wanted[arm] / left)
        found[arm] = BitMap(keys[inside])
        open_, left = open_ & ~inside, left - wanted[arm]
    found[last] = BitMap(keys[open_])
    return found


def assigned(campaign: Campaign, people: BitMap) -> dict[str, BitMap]:
    """Everybody in one arm; the arm depends on the key, the name of the whole and shares alone."""
    keys = np.asarray(people.to_array())
    aside = held_out(keys, campaign.family, campaign.holdout)
    shares = {each.name: each.share for each in campaign.arms}
    found = {HOLDOUT: BitMap(keys[aside])}
    for arm, inside in arms(keys, campaign.family, shares).items():
        found[arm] = BitMap(keys[inside & ~aside])
    return found
