"""How often people want to be written to, as they said on a page: a cap of each one's own."""

from collections.abc import Mapping
from datetime import timedelta

from pyroaring import BitMap

from carpel.campaigns.desk import Desk
from carpel.evaluation.contacts import stated
from carpel.specs import Campaign, Preferences
from carpel.store.addresses import address_hash
from carpel.store.answers import answers, latest
from carpel.store.deliveries import contacted

MARKETING = "marketing"


def asked_less(desk: Desk, campaign: Campaign, medium: str) -> BitMap:
    """People who had a message by this medium in so many days as they want one in.

    What they said last counts from the next sending on, whichever address they said it by; of
    several answers the one that asks for least.
    """
    wanted = _wanted(desk, _asked(desk, campaign, medium))
    but, found = "" if campaign.is_sequence else campaign.name, BitMap()
    for days, people in wanted.items():
        had = contacted(desk.ledger, medium, desk.clock() - timedelta(days=days), but)
        found |= people & desk.today(had)
    return found


Asked = Mapping[tuple[str, str], Mapping[str, int]]
"""By page and question, how many days each answer means."""


def _asked(desk: Desk, campaign: Campaign, medium: str) -> Asked:
    """Questions on pages that are about messages such as those of this campaign."""
    return {
        (name, ask.name): ask.days
        for name, page in desk.definitions.pages.items()
        if isinstance(page, Preferences) and medium in page.by
        if campaign.purpose in (page.permissions or {MARKETING})
        for ask in page.asks
        if ask.days
    }


def _wanted(desk: Desk, asked: Asked) -> dict[int, BitMap]:
    """By number of days who wants one message in them at most."""
    said: dict[str, int] = {}
    for each in latest(answers(desk.ledger)).values() if asked else ():
        days = asked.get((each.page, each.field), {}).get(each.value)
        if days is not None:
            said[each.address] = max(days, said.get(each.address, 0))
    longest: dict[int, int] = {}
    for customer, _, address in stated(desk.engine) if said else ():
        if (days := said.get(address_hash(desk.key, address))) is not None:
            longest[customer] = max(days, longest.get(customer, 0))
    found: dict[int, BitMap] = {}
    for customer, days in longest.items():
        found.setdefault(days, BitMap()).add(customer)
    return found
