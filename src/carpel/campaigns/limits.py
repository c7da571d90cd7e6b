"""Whom each step of the audience leaves out: by the build, and by what the ledger knows since."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pyarrow as pa
from pyroaring import BitMap

from carpel.campaigns import best_hour
from carpel.campaigns.desk import Desk
from carpel.campaigns.how_often import asked_less
from carpel.campaigns.quiet import waiting
from carpel.campaigns.waterfall import Out
from carpel.engine.query import column, query
from carpel.evaluation.bitmaps import to_keys
from carpel.evaluation.contacts import ADDRESS, do_not_contact, permitted, stated, with_address
from carpel.evaluation.memberships import selected
from carpel.specs import Campaign
from carpel.specs.campaign import HOLDOUT
from carpel.store.addresses import address_hash
from carpel.store.campaigns import Approved, approvals
from carpel.store.deliveries import contacted, decided
from carpel.store.suppressions import suppressed


def left_out(
    desk: Desk,
    campaign: Campaign,
    people: BitMap,
    aside: BitMap,
    due: Mapping[int, datetime] | None = None,
) -> Mapping[str, Out]:
    """By step whom it leaves out of these people; see `STEPS`.

    `aside` are the comparison group; `due` says since when each of them could be written to.
    """
    medium = desk.channel(campaign).medium
    return {
        "do_not_contact": do_not_contact(desk.engine) | _suppressed(desk, medium, campaign.purpose),
        "no_address": people - with_address(desk.engine, medium),
        "no_permission": people - permitted(desk.engine, medium, campaign.purpose),
        "all_campaigns": desk.kept_from(campaign.purpose),
        "same_address": lambda left: _sharing(desk, medium, left),
        "other_campaign": _of_others(desk, campaign, medium) | _of_regions(desk, campaign),
        "capped": _capped(desk, campaign, medium) | asked_less(desk, campaign, medium),
        "waits": _waiting(desk, campaign, people, due),
        "comparison": aside,
    }


def _waiting(
    desk: Desk, campaign: Campaign, people: BitMap, due: Mapping[int, datetime] | None
) -> BitMap:
    """Those whose clock stands in the quiet hours, or not yet in the hour that is theirs."""
    quiet = campaign.quiet_hours
    found = waiting(desk, people, quiet, desk.clock()) if quiet else BitMap()
    return found | best_hour.waiting(desk, campaign, people, due) if campaign.best_hour else found


def _sharing(desk: Desk, medium: str, people: BitMap) -> BitMap:
    """All but the first of those of these people who have one address together."""
    if not people:
        return BitMap()
    desk.engine.register("at_address", pa.table({"customer": to_keys(people)}))
    return selected(
        desk.engine,
        query(
            "SELECT customer FROM contacts SEMI JOIN at_address USING (customer) "
            "QUALIFY row_number() OVER (PARTITION BY lower(:v) ORDER BY customer) > 1",
            v=column(ADDRESS[medium][0]),
        ),
    )


def _suppressed(desk: Desk, medium: str, purpose: str) -> BitMap:
    """People one of whose addresses, in any record, is on Carpel's own do-not-contact list."""
    listed = suppressed(desk.ledger, medium, purpose)
    if not listed:
        return BitMap()
    known = stated(desk.engine)
    named = (k for k, _, each in known if address_hash(desk.key, each) in listed.addresses)
    return desk.today(listed.customers) | BitMap(named)


def _of_others(desk: Desk, campaign: Campaign, medium: str) -> BitMap:
    """People whom an approved campaign that comes first has still to contact."""
    found, listed = BitMap(), approvals(desk.ledger)
    mine = listed.get(campaign.name)
    rank = (-campaign.priority, mine.approved_at if mine else desk.clock())
    for other in listed.values():
        is_other = other.campaign != campaign.name and other.medium == medium
        first = (-other.priority, other.approved_at) < rank
        if is_other and first and other.state == "approved":
            found |= _to_contact(desk, other)
    return found


def _of_regions(desk: Desk, campaign: Campaign) -> BitMap:
    """People whom another region of the same campaign took in first, wherever they are now.

    Where something begins it for each, the claim of each message says so.
    """
    if campaign.within is None or campaign.trigger is not None:
        return BitMap()
    found, listed = BitMap(), approvals(desk.ledger)
    mine = listed.get(campaign.name)
    for other in desk.regions(campaign):
        held = listed.get(other.name)
        first = held and (mine is None or _rank(held) < _rank(mine))
        if held and first and held.state != "cancelled":
            found |= desk.today(BitMap().union(*held.arms.values()))
        found |= desk.today(decided(desk.ledger, other.name, desk.clock()))
    return found


def _rank(held: Approved) -> tuple[datetime, str]:
    return held.approved_at, held.campaign


def _to_contact(desk: Desk, approved: Approved) -> BitMap:
    done = decided(desk.ledger, approved.campaign, desk.clock())
    meant = BitMap().union(*(keys for arm, keys in approved.arms.items() if arm != HOLDOUT))
    return desk.today(meant) - desk.today(done)


def _capped(desk: Desk, campaign: Campaign, medium: str) -> BitMap:
    """People who had as many messages lately as the campaign allows."""
    cap = campaign.cap
    if cap is None:
        return BitMap()
    since = desk.clock() - timedelta(days=cap.within_days)
    had: dict[int, int] = {}
    but = "" if campaign.is_sequence else campaign.name
    for customer, messages in contacted(desk.ledger, medium, since, but).items():
        key = desk.key_today(customer)
        had[key] = had.get(key, 0) + messages
    return BitMap(key for key, messages in had.items() if messages >= cap.messages)
